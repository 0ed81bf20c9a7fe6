"""停用 acts in one process; what the next request in another process gets. No clock is asked: it is the next one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from report import row

pytestmark = pytest.mark.assurance
SCRIPT = Path(__file__).parent / "stopping.py"
STAYS = {"court", "village"}


def begin(var: Path, *words: str) -> subprocess.Popen[str]:
    """A process of its own, on a database file of its own (SQLite; the condition is the same SQL on either)."""
    own = {"DJANGO_SETTINGS_MODULE": "anjia.config.settings", "ANJIA_VAR": str(var), "ANJIA_DATABASE": ""}
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), *words],
        env={**os.environ, "PYTHONPATH": str(settings.ROOT), **own},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def told(var: Path, *words: str) -> dict[str, object]:
    out, _ = begin(var, *words).communicate(timeout=120)
    said: dict[str, object] = json.loads(out.splitlines()[-1])
    return said


def ask(process: subprocess.Popen[str]) -> dict[str, int]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("now\n")
    process.stdin.flush()
    said: dict[str, int] = json.loads(process.stdout.readline())
    return said


def test_the_next_request_in_another_process_is_refused(tmp_path: Path) -> None:
    city = told(tmp_path, "prepare")
    asking = begin(tmp_path, "ask", json.dumps(city["cookies"]))
    try:
        before = [ask(asking) for _n in range(3)]
        told(tmp_path, "stop", str(city["head"]))
        after = [ask(asking) for _n in range(3)]
    finally:
        asking.kill()
        asking.wait(30)
    answered = [who for each in after for who, status in each.items() if who not in STAYS and status == 200]
    tried = sum(len(each) for each in after)
    row(
        "1c",
        "next requests in another process after an office was stopped that were answered",
        tried,
        len(answered),
    )
    assert {status for each in before for status in each.values()} == {
        200
    }  # control: nothing else shut them out
    assert {each[who] for each in after for who in STAYS} == {200}
    assert not answered
