"""One moment of the database on disk and back, for SQLite and PostgreSQL, without the wrapped root keys.

The keys go apart, because they have a shorter life: a database may be kept for years, its keys 35 days.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction

from anjia.cli.cluster import PG_BIN
from anjia.foundation.vault.models import DataKey

KEYS = DataKey._meta.db_table
Key = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """What was copied: how many rows of each table, and the wrapped keys."""

    counts: dict[str, int]
    keys: list[Key]


def tables() -> list[str]:
    """Every table of the product."""
    return sorted({model._meta.db_table for model in apps.get_models()})


def copy(target: Path) -> Moment:
    """A copy of one moment while everybody goes on working; the keys are not in the file."""
    return _copy_postgresql(target) if connection.vendor == "postgresql" else _copy_sqlite(target)


def put_back(source: Path) -> None:
    """Fill the empty database from a copy."""
    if connection.vendor == "postgresql":
        _run("pg_restore", "--no-owner", "--exit-on-error", "--dbname", _name(), str(source))
        return
    place = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    shutil.move(source, place)


def put_back_keys(keys: Iterable[Key]) -> int:
    """The wrapped root keys; whatever the copy does not know is left out."""
    rows = [
        DataKey(UUID(k["root"]), k["master_id"], k["wrap_version"], bytes.fromhex(k["wrapped"])) for k in keys
    ]
    with transaction.atomic():
        DataKey.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def is_empty() -> bool:
    """Whether there is nothing yet that a restore would overwrite."""
    if connection.vendor == "postgresql":
        return not connection.introspection.table_names()
    return not Path(str(connection.settings_dict["NAME"])).exists()


def counts() -> dict[str, int]:
    """How many rows each table holds now."""
    with connection.cursor() as cursor:
        return {name: _count(cursor, name) for name in tables()}


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608  names of our own tables
    return int(cursor.fetchone()[0])


def _keys() -> list[Key]:
    return [
        {"root": str(r), "master_id": m, "wrap_version": v, "wrapped": bytes(w).hex()}
        for r, m, v, w in DataKey.objects.values_list("root", "master_id", "wrap_version", "wrapped")
    ]


def _copy_sqlite(target: Path) -> Moment:
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as live,
        closing(sqlite3.connect(target)) as copied,
    ):
        live.backup(copied)
        found = {name: _count(copied.cursor(), name) for name in tables()}
        rows = copied.execute(f"SELECT root, master_id, wrap_version, wrapped FROM {KEYS}").fetchall()  # noqa: S608
        keys = [
            {"root": str(UUID(r)), "master_id": m, "wrap_version": v, "wrapped": bytes(w).hex()}
            for r, m, v, w in rows
        ]
        copied.execute("PRAGMA secure_delete=ON")
        copied.execute(f"DELETE FROM {KEYS}")  # noqa: S608
        copied.commit()
        copied.execute("VACUUM")  # no page that held a key is left
    return Moment(found, keys)


def _copy_postgresql(target: Path) -> Moment:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        moment = Moment(counts(), _keys())
        _run(
            "pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--exclude-table-data={KEYS}",
            "--file", str(target), _name(),
        )  # fmt: skip
    return moment


@contextmanager
def another() -> Iterator[str]:
    """An empty PostgreSQL database beside ours, for a drill; its name. Dropped afterwards."""
    name = f"{_name()}_drill_{secrets.token_hex(4)}"
    _run("createdb", name)
    try:
        yield name
    finally:
        _run("dropdb", "--force", name)


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _run(program: str, *words: str) -> None:
    """One of PostgreSQL's own programs on our server; the password is in its environment only."""
    used = connection.settings_dict
    given = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    own = {name: str(used[key]) for name, key in given.items() if used[key]}
    path = shutil.which(program) or str(PG_BIN / program)
    subprocess.run([path, *words], check=True, env={**os.environ, **own})
