"""Workers killed at any moment, on a database on disk: every effect once."""

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

ROWS = 60
KILLED_PAIRS = 6


def start(var: Path, *words: str) -> subprocess.Popen[bytes]:
    """A process of its own with its own keys, on the database under test (SQLite: a file of its own)."""
    used = connection.settings_dict
    url = ""
    if connection.vendor == "postgresql":
        url = f"postgresql://{used['USER']}:{used['PASSWORD']}@{used['HOST']}:{used['PORT']}/{used['NAME']}"
    own = {"DJANGO_SETTINGS_MODULE": "anjia.config.settings", "ANJIA_VAR": str(var), "ANJIA_DATABASE": url}
    return subprocess.Popen(
        [sys.executable, "-m", "anjia.foundation.outbox.tests.kill_worker", *words],
        env={**os.environ, "PYTHONPATH": str(settings.ROOT), **own},
        cwd=settings.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def answer(var: Path, *words: str) -> bytes:
    process = start(var, *words)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return out


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_and_double_nothing(tmp_path: Path) -> None:
    answer(tmp_path, "prepare", str(ROWS))
    rng = random.Random(7)
    state: dict[str, Any] = {"effects": [], "left": ROWS}
    for n in range(30):
        workers = [start(tmp_path, "work"), start(tmp_path, "work")]
        time.sleep(1.0 + rng.random() / 2 if n < KILLED_PAIRS else 3)
        for process in workers:
            process.kill()
            process.communicate()
        state = json.loads(answer(tmp_path, "report"))
        if not state["left"] and n >= KILLED_PAIRS:
            break
    assert state == {"effects": list(range(ROWS)), "left": 0}
