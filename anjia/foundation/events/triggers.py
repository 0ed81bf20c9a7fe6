"""The database itself refuses to change or delete what is append-only, and puts every entry before the sealer.

Events, the access log, the seals over both, and what was sealed of people: a correction is a new row. An
event or a reading, however it is written, waits for its seal from the same statement on. The triggers are
put up, or put back, whenever `anjia migrate` has run (SQLite loses them when a migration copies a table).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("events_event", "events_access", "events_seal", "vault_sealed")
FUNCTION = "events_refuse_change"
#: Entries that a seal is to cover: table → what the sealer calls them.
SEALED = {"events_event": "event", "events_access": "access"}
WAITS = "events_wait_for_seal"


def ensure(using: str) -> None:
    """After migrating: whatever is missing is put up."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    if there.issuperset(TABLES) and not wanted(settings.TESTING, connection.vendor) <= installed(connection):
        create(connection, may_empty=settings.TESTING)


def wanted(may_empty: bool, vendor: str) -> set[str]:
    """Names of the triggers there must be."""
    return {
        found[1]
        for one in statements(vendor, may_empty=may_empty)
        if (found := re.match(r"CREATE (?:OR REPLACE )?TRIGGER (?:IF NOT EXISTS )?(\w+)", one))
    }


def create(connection: BaseDatabaseWrapper, *, may_empty: bool = False) -> None:
    """Put up all triggers; `may_empty` leaves out those that would stop a whole table from being emptied."""
    drop(connection)
    with connection.cursor() as cursor:
        for statement in statements(connection.vendor, may_empty=may_empty):
            cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take down what refuses changes, if it is there; entries go on waiting for their seal."""
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
        sql = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    else:
        sql = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name for name, table in cursor.fetchall() if table in TABLES}


def _waiting(kind: str) -> str:
    return f"INSERT INTO events_unsealed (id, kind, mac) VALUES (NEW.id, {kind}, NEW.mac)"  # noqa: S608


def _sqlite(may_empty: bool) -> Iterator[str]:
    for table, kind in SEALED.items():
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {table}_waits AFTER INSERT ON {table} "
            f"BEGIN {_waiting(repr(kind))}; END"
        )
    for table in TABLES:
        # Emptying a table is a DELETE without condition here, so under tests only UPDATE is refused.
        for what in ("update",) if may_empty else ("update", "delete"):
            yield (
                f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _postgresql(may_empty: bool) -> Iterator[str]:
    yield (
        f"CREATE OR REPLACE FUNCTION {WAITS}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN {_waiting('TG_ARGV[0]')}; RETURN NULL; END$$"
    )
    for table, kind in SEALED.items():
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_waits AFTER INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {WAITS}('{kind}')"
        )
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
