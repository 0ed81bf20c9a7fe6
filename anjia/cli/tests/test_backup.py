"""A backup is worth what comes back: rows, files, ledger, sealed words; and nothing that was erased."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from anjia.cli.backup import databases, store, streams
from anjia.foundation.vault.errors import SealBroken

MAKE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from django.core.files.uploadedfile import SimpleUploadedFile
from anjia.engine.matters.tests.world import build
from anjia.foundation.events import events
from anjia.foundation.core import clock
world = build()
for n in range(3):
    m = world.help_wanted(phone=f"1001350009{n}").matter
    photo = SimpleUploadedFile("a.txt", f"材料{n}".encode(), content_type="text/plain")
    world.does("county", "attach", m, "03-10 09:00", files=[photo])
events.seal_now(clock.now())
"""
ERASE = """
import django; django.setup()
from django.db import transaction
from anjia.engine.matters.models import Matter
from anjia.foundation.vault import erasing
from anjia.foundation.core import clock
with transaction.atomic():
    erasing.forget(Matter.objects.order_by("id")[0].root, clock.now())
"""
SPOIL = """
import django; django.setup()
from anjia.foundation.files.files import folder
for path in folder().glob("??/*"):
    path.chmod(0o600)
    data = bytearray(path.read_bytes()); data[-1] ^= 1
    path.write_bytes(bytes(data))
"""


class Place:
    """An instance of its own: a folder, and on PostgreSQL a database of its own."""

    def __init__(self, var: Path, database: str) -> None:
        self.var = var
        self.env = {
            **os.environ, "ANJIA_VAR": str(var), "ANJIA_DATABASE": database, "ANJIA_TESTING": "0", "ANJIA_DEMO": "0",
            "PYTHONPATH": str(settings.ROOT), "DJANGO_SETTINGS_MODULE": "anjia.config.settings",
        }  # fmt: skip

    def python(self, text: str) -> None:
        subprocess.run([sys.executable, "-c", text], env=self.env, cwd=settings.ROOT, check=True)

    def anjia(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "anjia.cli", *words]
        return subprocess.run(
            command, env=self.env, cwd=settings.ROOT, check=False, text=True, capture_output=True
        )


def dsn(name: str) -> str:
    used = connection.settings_dict
    who = f"{quote(str(used['USER']))}:{quote(str(used['PASSWORD']))}"
    return f"postgresql://{who}@{used['HOST']}:{used['PORT']}/{name}"


@pytest.fixture
def place(tmp_path: Path, db: None) -> Iterator[Place]:
    if connection.vendor == "postgresql":
        with databases.another() as name:
            yield Place(tmp_path / "var", dsn(name))
    else:
        yield Place(tmp_path / "var", "")


@pytest.mark.slow
def test_a_drill_brings_everything_back_and_says_so_in_one_line(place: Place, tmp_path: Path) -> None:
    place.python(MAKE)
    told = place.anjia("drill")
    assert told.returncode == 0, told.stderr
    assert "3 个材料 files" in told.stdout
    assert "0 处不符" in told.stdout
    place.python(ERASE)
    told = place.anjia("drill")
    assert (told.returncode, "2 个材料 files" in told.stdout) == (0, True), told.stdout + told.stderr
    place.python(SPOIL)
    told = place.anjia("drill")
    assert told.returncode == 1, "the control: one flipped bit in a file"
    assert "✗ file" in told.stderr


@pytest.mark.slow
def test_what_was_erased_after_a_backup_does_not_come_back_with_it(place: Place, tmp_path: Path) -> None:
    place.python(MAKE)
    backups = tmp_path / "backups"
    assert place.anjia("backup", str(backups)).returncode == 0
    made = next(p for p in backups.iterdir() if p.name not in ("keys", "files"))
    occupied = place.anjia("restore", str(made))
    assert (occupied.returncode, "empty place" in occupied.stderr) == (2, True)
    place.python(ERASE)
    if connection.vendor == "postgresql":
        with databases.another() as name:
            restored(Place(place.var, dsn(name)), made)
    else:
        for path in place.var.glob("anjia.sqlite3*"):
            path.unlink()
        restored(place, made)


def restored(place: Place, made: Path) -> None:
    told = place.anjia("restore", str(made))
    assert told.returncode == 0, told.stderr
    assert "3 个数据密钥" in told.stdout
    assert "清除已销毁的 1 件" in told.stdout
    assert place.anjia("ledger", "verify").returncode == 0


@pytest.mark.parametrize("size", [0, 1, streams.PIECE - 1, streams.PIECE, streams.PIECE * 2 + 5])
def test_a_stream_comes_back_whole_or_not_at_all(tmp_path: Path, size: int) -> None:
    data = os.urandom(min(size, 1024)).ljust(size, b"x")
    total = streams.seal(BytesIO(data), tmp_path / "one", "one")
    assert total == streams.sum_of(tmp_path / "one")
    assert b"".join(streams.unseal(tmp_path / "one", "one")) == data
    whole = (tmp_path / "one").read_bytes()
    assert b"x" * 64 not in whole
    with pytest.raises(SealBroken):
        list(streams.unseal(tmp_path / "one", "another"))
    first = streams.LENGTH_BYTES + int.from_bytes(whole[:4], "big")
    for wrong in (whole[:-1], whole[:first][:-1], whole[first:] or b"\0", whole + b"\0\0\0\0", whole[:20]):
        (tmp_path / "two").write_bytes(wrong)
        with pytest.raises(SealBroken):
            list(streams.unseal(tmp_path / "two", "one"))
    if size > streams.PIECE:  # cut exactly between two pieces
        (tmp_path / "two").write_bytes(whole[:first])
        with pytest.raises(SealBroken):
            list(streams.unseal(tmp_path / "two", "one"))


def test_keys_of_more_than_35_days_ago_are_gone_but_never_the_last(tmp_path: Path) -> None:
    now = datetime(2026, 6, 1, 2, tzinfo=UTC)
    for days in (90, 36, 34, 0):
        (tmp_path / (now - timedelta(days=days)).strftime(store.STAMP)).write_text("")
    store.forget_old_keys(tmp_path, now)
    assert sorted(p.name[:10] for p in tmp_path.iterdir()) == ["2026-04-28", "2026-06-01"]
    store.forget_old_keys(tmp_path, now + timedelta(days=900))
    assert [p.name[:10] for p in tmp_path.iterdir()] == ["2026-06-01"]
