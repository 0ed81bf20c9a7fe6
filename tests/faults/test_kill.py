"""Killing the process at any point of a move loses nothing that was acknowledged and doubles nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "journeys"))
from town import Town, database  # noqa: E402

pytestmark = pytest.mark.slow
KILLS = 30
SEED = 20260309
WARM = 400  # bytes of the ledger: a few acts, so that the kill falls between the acts of a warm process
MAKE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from anjia.engine.matters.tests.world import build
build()
"""
AFTER = """
import sys, json
import django; django.setup()
from anjia.engine.matters.models import Duty, Matter, Notice, Seat
from anjia.foundation.events.models import Event
from anjia.foundation.outbox import worker
from anjia.foundation.outbox.models import Outbox
from anjia.foundation.core.clock import now
while worker.drain(now()):
    pass
matters = {str(m.id): m.stage for m in Matter.objects.all()}
events = {}
for e in Event.objects.order_by("seq"):
    events.setdefault(str(e.matter), []).append(e.move)
print(json.dumps({
    "matters": matters, "events": events,
    "seats": [str(m) for m in Seat.objects.values_list("matter_id", flat=True)],
    "duties": [str(m) for m in Duty.objects.values_list("matter_id", flat=True)],
    "notices": Notice.objects.filter(kind="new").count(), "told": Outbox.objects.filter(kind="matters.notice").count(),
    "left": Outbox.objects.filter(done_at=None).count(),
}))
"""
AGAIN = """
import sys, json, uuid
import django; django.setup()
sys.argv = ["x", "/dev/null"]
sys.path.insert(0, {folder!r})
import clicker
print(json.dumps({{key: str(clicker.open_one(key)) for key in {keys!r}}}))
"""


def python(town: Town, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=town.environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def click_and_kill(town: Town, ledger: Path, kills: int, *words: str) -> list[list[str]]:
    """Start the clicker and kill it, again and again; what it acknowledged is outside the system."""
    rng = random.Random(SEED)
    for _kill in range(kills):
        before = ledger.stat().st_size if ledger.exists() else 0
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("clicker.py")), str(ledger), *words],
            env=town.environment(), cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        started = time.monotonic()
        while (ledger.stat().st_size if ledger.exists() else 0) <= before + WARM:
            assert process.poll() is None, process.stderr.read().decode()[-2000:]  # type: ignore[union-attr]
            assert time.monotonic() - started < 60
            time.sleep(0.005)
        time.sleep(rng.uniform(0.0, 0.12))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return [line.split() for line in ledger.read_text().splitlines()]


def made(tmp_path: Path) -> Town:
    town = Town(tmp_path, database())
    python(town, MAKE)
    return town


def test_thirty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    import json

    town = made(tmp_path / "town" if (tmp_path / "town").mkdir() is None else tmp_path)
    lines = click_and_kill(town, tmp_path / "ledger", KILLS)
    opened = {key: matter for what, key, matter in (x for x in lines if x[0] == "opened")}
    moved = [x[2] for x in lines if x[0] == "moved"]
    tried = [x[1] for x in lines if x[0] == "try"]
    assert len(opened) > KILLS
    state = json.loads(python(town, AFTER))
    assert not [m for m in opened.values() if m not in state["matters"]]  # nothing acknowledged is lost
    assert not [m for m in moved if state["events"][m].count("accept_in") != 1]
    for m in state["matters"]:  # nothing is there in part
        assert state["events"][m].count("open") == 1
        assert m in state["seats"]
        assert m in state["duties"]
    assert state["left"] == 0
    again = json.loads(python(town, AGAIN.format(folder=str(Path(__file__).parent), keys=tried[-40:])))
    for key, matter in again.items():  # a retry with the same key is the same matter
        assert opened.get(key, matter) == matter
    assert len(set(again.values())) == len(again)
    assert len(json.loads(python(town, AFTER))["matters"]) <= len(set(tried))
    done = town.command("ledger", "verify")
    assert done.returncode == 0, done.stderr


def test_acknowledging_before_the_commit_is_seen_to_lose(tmp_path: Path) -> None:
    """The negative control: the harness can tell a system that loses from one that does not."""
    import json

    (tmp_path / "town").mkdir()
    town = made(tmp_path / "town")
    for _try in range(6):
        lines = click_and_kill(town, tmp_path / "ledger", 10, "early")
        opened = [x[2] for x in lines if x[0] == "opened"]
        there = json.loads(python(town, AFTER))["matters"]
        if [m for m in opened if m not in there]:
            return
    pytest.fail("the control lost nothing in sixty kills: this harness proves nothing")
