"""The SQL of a batch: one statement for all of a segment (PostgreSQL), or one after the other (SQLite)."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from anjia.foundation.core.batch_plan import Insert, Segment, Update, UpdateWhere
from anjia.foundation.core.verdict import Stale

Sql = tuple[str, list[Any]]


def keep_long_statements() -> None:
    """Let the driver remember how our long statements are written for the server.

    psycopg reads a statement once and keeps the result, but only up to 4,096 characters and 50 values, because
    longer ones seldom come again. Ours do: reading one anew cost a tenth of an intake's processor time. The two
    numbers have no public name; a test says when a new version of the driver no longer looks at them.
    """
    from psycopg import _queries

    _queries.MAX_CACHED_STATEMENT_LENGTH = 32_768  # type: ignore[misc]
    _queries.MAX_CACHED_STATEMENT_PARAMS = 1_000  # type: ignore[misc]


def write_at_once(connection: BaseDatabaseWrapper, segment: Segment) -> None:
    """All changes as one statement: `WITH u0 AS (UPDATE …), i0 AS (INSERT …) SELECT counts`."""
    parts: list[str] = []
    params: list[Any] = []
    must_be_one: list[str] = []
    for n, change in enumerate(segment.updates()):
        sql, values = update_sql(connection, change)
        parts.append(f"u{n} AS ({sql} RETURNING 1)")
        params += values
        if isinstance(change, Update):
            must_be_one.append(f"(SELECT count(*) FROM u{n})")  # noqa: S608 - names of our own parts
    for n, rows in enumerate(segment.inserts()):
        sql, values = insert_sql(connection, rows)
        parts.append(f"i{n} AS ({sql} RETURNING 1)")
        params += values
    if not parts:
        return
    # The selected counts also make the updates run first and in order.
    statement = f"WITH {', '.join(parts)} SELECT {', '.join(must_be_one) or '1'}"
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        counts = cursor.fetchone() or ()
    if must_be_one and any(count != 1 for count in counts):
        raise Stale()


def write_in_sequence(connection: BaseDatabaseWrapper, segment: Segment) -> None:
    """The same changes one after the other; all new rows of a table in one `executemany`."""
    with connection.cursor() as cursor:
        for change in segment.updates():
            sql, values = update_sql(connection, change)
            cursor.execute(sql, values)
            if isinstance(change, Update) and cursor.rowcount != 1:
                raise Stale()
        for rows in segment.inserts():
            sql, _ = insert_sql(connection, rows[:1])
            cursor.executemany(sql, [list(row.values.values()) for row in rows])


def update_sql(connection: BaseDatabaseWrapper, change: Update | UpdateWhere) -> Sql:
    """`UPDATE t SET … WHERE …`; with nothing to write, a write of the key to itself that checks the row."""
    quote = connection.ops.quote_name
    sets, params = [], []
    for column, value in change.values.items():
        sets.append(f"{quote(column)} = %s")
        params.append(value)
    if not sets:
        sets.append(f"{quote(change.pk)} = {quote(change.pk)}")
    if isinstance(change, Update):
        conditions = [(change.pk, "exact", change.key)]
        conditions += [
            (c, "isnull" if v is None else "exact", True if v is None else v)
            for c, v in change.expect.items()
        ]
    else:
        conditions = list(change.where)
    where = []
    for column, how, value in conditions:
        sql, values = condition_sql(quote(column), how, value)
        where.append(sql)
        params += values
    table = quote(change.table)
    return f"UPDATE {table} SET {', '.join(sets)} WHERE {' AND '.join(where)}", params  # noqa: S608 - quoted names


def condition_sql(column: str, how: str, value: Any) -> Sql:
    """Equality, emptiness or membership; membership in nothing is never true."""
    if how == "isnull":
        return f"{column} IS {'' if value else 'NOT '}NULL", []
    if how == "in":
        return (f"{column} IN ({', '.join(['%s'] * len(value))})", list(value)) if value else ("1 = 0", [])
    return f"{column} = %s", [value]


def insert_sql(connection: BaseDatabaseWrapper, rows: list[Insert]) -> Sql:
    """`INSERT INTO t (…) VALUES (…), (…)` for rows of one table with the same columns."""
    quote = connection.ops.quote_name
    columns = list(rows[0].values)
    one = f"({', '.join(['%s'] * len(columns))})"
    params = [row.values[column] for row in rows for column in columns]
    names = ", ".join(quote(c) for c in columns)
    values = ", ".join([one] * len(rows))
    return f"INSERT INTO {quote(rows[0].table)} ({names}) VALUES {values}", params  # noqa: S608 - quoted names
