"""What was made once by the real actions, laid down again for each further test of a process.

Half the time of the suite went into founding the same small city some thousand times. The first time it is
founded by the actions, as a city would be; its rows, read back from the database, are then put into every later
test's transaction. The database's own triggers act on them as on any row.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection

#: Written by triggers, again when the rows are laid down.
BY_TRIGGER = frozenset({"posts_revision", "events_unsealed"})
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def is_new() -> bool:
    """Whether this database holds nothing of ours, so that what is there afterwards is what was made."""
    return not any(rows for _columns, rows in read().values())


def read() -> Rows:
    """All rows of all tables that have any, as the database gives them."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT * FROM {table}")
            rows = cursor.fetchall()
            if rows:
                found[table] = ([one[0] for one in cursor.description], rows)
    return found


def tables() -> list[str]:
    return sorted({model._meta.db_table for model in apps.get_models()} - BY_TRIGGER)


def lay(rows: Rows) -> None:
    """Put them in, one statement a table."""
    with connection.cursor() as cursor:
        for table, (columns, values) in rows.items():
            row = f"({', '.join(['%s'] * len(columns))})"
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * len(values))}",
                [value for one in values for value in one],
            )
