"""The database itself refuses to change or delete what is append-only.

Events, the access log, the seals over both, and what was sealed of people: a correction is a new row. The
triggers are put up, or put back, whenever `anjia migrate` has run (SQLite loses them when a migration
copies a table).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("events_event", "events_access", "events_seal", "vault_sealed")
FUNCTION = "events_refuse_change"


def ensure(using: str) -> None:
    """After migrating: whatever is missing is put up."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    if there.issuperset(TABLES) and not wanted(settings.TESTING, connection.vendor) <= installed(connection):
        create(connection, may_empty=settings.TESTING)


def wanted(may_empty: bool, vendor: str) -> set[str]:
    """Names of the triggers there must be."""
    return {
        re.sub(r"CREATE TRIGGER (\w+) .*", r"\1", one, flags=re.S)
        for one in statements(vendor, may_empty=may_empty)
        if one.startswith("CREATE TRIGGER")
    }


def create(connection: BaseDatabaseWrapper, *, may_empty: bool = False) -> None:
    """Create the triggers; `may_empty` leaves out those that would stop a whole table from being emptied."""
    drop(connection)
    with connection.cursor() as cursor:
        for statement in statements(connection.vendor, may_empty=may_empty):
            cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers, if they exist."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for what in ("update", "delete", "truncate"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{what}{on}")
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {FUNCTION}()")


def statements(vendor: str, *, may_empty: bool = False) -> Sequence[str]:
    """The SQL for one kind of database."""
    return list(_postgresql(may_empty) if vendor == "postgresql" else _sqlite(may_empty))


def installed(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of our triggers that exist."""
    if connection.vendor == "postgresql":
        sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE %s"
    else:
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, ["%\\_no\\_%" if connection.vendor == "postgresql" else "%_no_%"])
        return {name for (name,) in cursor.fetchall()}


def _sqlite(may_empty: bool) -> Iterator[str]:
    for table in TABLES:
        # Emptying a table is a DELETE without condition here, so under tests only UPDATE is refused.
        for what in ("update",) if may_empty else ("update", "delete"):
            yield (
                f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _postgresql(may_empty: bool) -> Iterator[str]:
    yield (
        f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END$$"
    )
    for table in TABLES:
        for what in ("update", "delete"):
            yield (
                f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()"
            )
        if not may_empty:
            yield (
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
            )
