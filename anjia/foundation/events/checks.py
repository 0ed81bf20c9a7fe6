"""What the database must be set to before anything is served (run with `check --database default`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from anjia.foundation.events import triggers

#: PRAGMA -> what it must read back as, and what would happen otherwise.
PRAGMAS: dict[str, tuple[tuple[object, ...], str]] = {
    "journal_mode": (("wal",), "readers would wait for writers"),
    "synchronous": ((2,), "what was acknowledged could be lost in a power cut"),
    "foreign_keys": ((1,), "rows could point to nothing"),
    "secure_delete": ((1,), "deleted content would stay readable in the file"),
}


def sqlite_is_safe(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The settings that were asked for are those that SQLite reads back."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "sqlite":
            continue
        for name, value in read_pragmas(connection).items():
            allowed, otherwise = PRAGMAS[name]
            if name == "journal_mode" and connection.is_in_memory_db():  # type: ignore[attr-defined]
                continue  # a database in memory (tests) has no journal file
            if value not in allowed:
                text = f"SQLite reads back {name}={value}, it must be {allowed[0]}: {otherwise}"
                found.append(Error(text, id="events.E001"))
    return found


def read_pragmas(connection: BaseDatabaseWrapper) -> dict[str, object]:
    """The settings as SQLite says them."""
    values = {}
    with connection.cursor() as cursor:
        for name in PRAGMAS:
            cursor.execute(f"PRAGMA {name}")
            values[name] = cursor.fetchone()[0]
    return values


def append_only(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """What is append-only refuses to be changed, once its tables exist."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if settings.TESTING or "events_event" not in connection.introspection.table_names():
            continue
        missing = triggers.wanted(False, connection.vendor) - triggers.installed(connection)
        if missing:
            text = f"these triggers are missing: {', '.join(sorted(missing))}; run: anjia migrate"
            found.append(Error(text, id="events.E002"))
    return found


def commits_are_durable(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """On PostgreSQL a commit is on disk before it is acknowledged."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            value = cursor.fetchone()[0]
        if value not in ("on", "remote_apply"):
            text = f"PostgreSQL has synchronous_commit={value}, must be on: a crash could lose data"
            found.append(Error(text, id="events.E003"))
    return found
