"""The master key is renewed while the office works; whoever kills the renewal makes nothing unreadable."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from report import row

pytestmark = [pytest.mark.assurance, pytest.mark.django_db(transaction=True)]

ROWS = 1500
KILLS = 20
SCRIPT = Path(__file__).parent / "rotating.py"


def start(var: Path, *words: str, out: Any = subprocess.PIPE) -> subprocess.Popen[bytes]:
    """A process of its own with its own keys, on the database under test (SQLite: a file of its own)."""
    used, url = connection.settings_dict, ""
    if connection.vendor == "postgresql":
        url = f"postgresql://{used['USER']}:{used['PASSWORD']}@{used['HOST']}:{used['PORT']}/{used['NAME']}"
    own = {"DJANGO_SETTINGS_MODULE": "anjia.config.settings", "ANJIA_VAR": str(var), "ANJIA_DATABASE": url}
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), *words],
        env={**os.environ, "PYTHONPATH": str(settings.ROOT), **own},
        stdout=out,
        stderr=subprocess.DEVNULL,
    )


def told(var: Path, *words: str) -> dict[str, int]:
    out, _ = (process := start(var, *words)).communicate(timeout=120)
    assert process.returncode == 0
    said: dict[str, int] = json.loads(out or b"{}")
    return said


def test_twenty_kills_of_a_rotation_leave_nothing_unreadable(tmp_path: Path) -> None:
    told(tmp_path, "prepare", str(ROWS))
    rng, log = random.Random(20260309), tmp_path / "served"
    unfinished = unreadable = looked = 0
    with log.open("wb") as out:
        office = start(tmp_path, "serve", out=out)
        try:
            for _ in range(KILLS):
                rotation = start(tmp_path, "rotate")
                time.sleep(0.9 + rng.random())
                rotation.kill()
                rotation.communicate()
                state = told(tmp_path, "report")
                unfinished += bool(state["older"])
                unreadable += state["unreadable"]
                looked += state["roots"]
        finally:
            office.kill()
            office.communicate()
    served = log.read_text().split("\n")[:-1]
    refused = [line for line in served if line not in ("ok", "added")]
    last = told(tmp_path, "report", "finish")
    keys = len((tmp_path / "keys" / "master").read_text().split())
    row(
        13,
        "root keys readable after kill -9 in the middle of a rotation of the master key, and by the office "
        "that works meanwhile",
        looked + len(served),
        unreadable + len(refused),
        f"{KILLS} kills, {unfinished} in the middle; {keys} master keys in the end ({connection.vendor})",
    )
    assert (unreadable, refused) == (0, [])
    assert last == {"roots": last["roots"], "unreadable": 0, "older": 0, "masters": 1}
    assert last["roots"] > ROWS, "the office took nothing in meanwhile"
    assert unfinished >= KILLS / 4, "the kills came too late to prove anything"


def test_control_a_key_file_written_in_place_would_lose_the_older_keys(tmp_path: Path) -> None:
    """The control: what a rotation that replaced the key instead of adding one would do is noticed."""
    told(tmp_path, "prepare", "10")
    path = tmp_path / "keys" / "master"
    path.chmod(0o600)
    path.write_text(os.urandom(32).hex() + "\n")
    path.chmod(0o400)
    process = start(tmp_path, "report")
    process.communicate()
    assert process.returncode != 0
