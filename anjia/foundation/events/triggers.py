"""The database itself refuses to change or delete what is append-only (events and the access log).

A migration calls `install` after the tables exist:

    operations = [migrations.RunPython(triggers.install, triggers.remove)]

A later migration that alters these tables on SQLite (which copies the table) must call it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("events_event", "events_access")
FUNCTION = "events_refuse_change"


def install(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For RunPython: create the triggers. Under tests the test runner must still be able to empty tables."""
    create(schema_editor.connection, may_empty=settings.TESTING)


def remove(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For RunPython backwards: drop the triggers."""
    drop(schema_editor.connection)


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
        sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'events_%%'"
    else:
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'events_%%'"
    with connection.cursor() as cursor:
        cursor.execute(sql, [])
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
