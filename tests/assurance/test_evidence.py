"""What is kept as evidence is what came in: one changed byte anywhere is found, and no half-taken file counts."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from report import row

from anjia.engine.matters.tests.world import at, build
from anjia.foundation.files import files, rechecking
from anjia.foundation.files.models import File

pytestmark = pytest.mark.assurance

FLIPS, KILLS = 200, 20
SEED = 20260309
SCRIPT = Path(__file__).parent / "uploading.py"
TEN = 10


@pytest.mark.django_db
def test_one_flipped_byte_anywhere_is_found_by_the_weekly_check(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    world, rng = build(), random.Random(SEED)
    m = world.responding()
    for n in range(TEN):
        data = b"%PDF-1.4\n" + rng.randbytes(rng.randrange(20, 3000)).hex().encode() + b"\n%%EOF\n"
        upload = SimpleUploadedFile(f"{n}.pdf", data)
        world.does("county", "attach", m, f"03-11 10:{n:02d}", files=[upload], paper_kind="other")
    rows, now = list(File.objects.order_by("id")), at("03-18 10:00")
    rechecking.recheck(now=now)
    assert rechecking.broken() == 0, "the control: untouched files are in order"
    missed: list[str] = []
    for _ in range(FLIPS):
        now += timedelta(days=7)
        file = rng.choice(rows)
        path = files.path_of(file.id)
        whole = path.read_bytes()
        flipped, at_byte = bytearray(whole), rng.randrange(len(whole))
        flipped[at_byte] ^= 1 << rng.randrange(8)
        path.chmod(0o600)
        path.write_bytes(flipped)
        rechecking.recheck(now=now)
        found = dict(File.objects.values_list("id", "fault"))
        if found != {r.id: "changed" if r.id == file.id else "" for r in rows}:
            missed.append(f"{file.id} {at_byte}")
        path.write_bytes(whole)
    row("13c", "single bytes of stored evidence flipped, found by the weekly check and by no other file's name", FLIPS,
        len(missed))  # fmt: skip
    assert missed == [], f"seed {SEED}"


def start(var: Path, *words: str) -> subprocess.Popen[bytes]:
    """A process of its own on the database under test (SQLite: a file of its own)."""
    used, url = connection.settings_dict, ""
    if connection.vendor == "postgresql":
        url = f"postgresql://{used['USER']}:{used['PASSWORD']}@{used['HOST']}:{used['PORT']}/{used['NAME']}"
    own = {"DJANGO_SETTINGS_MODULE": "anjia.config.settings", "ANJIA_VAR": str(var), "ANJIA_DATABASE": url}
    env = {**os.environ, "PYTHONPATH": str(settings.ROOT), **own}
    return subprocess.Popen([sys.executable, str(SCRIPT), *words], env=env, stdout=subprocess.PIPE)


def told(var: Path, *words: str) -> dict[str, int]:
    out, _ = (process := start(var, *words)).communicate(timeout=120)
    assert process.returncode == 0
    said: dict[str, int] = json.loads(out or b"{}")
    return said


@pytest.mark.django_db(transaction=True)
def test_killed_while_taking_files_nothing_half_taken_is_evidence(tmp_path: Path) -> None:
    told(tmp_path, "prepare")
    rng = random.Random(SEED)
    wrong = acknowledged = rest = 0
    state: dict[str, int] = {}
    for _ in range(KILLS):
        office = start(tmp_path, "take")
        assert office.stdout
        office.stdout.readline()
        time.sleep(rng.uniform(0.0, 0.15))
        office.kill()
        acknowledged += 1 + office.communicate()[0].count(b"taken")
        state = told(tmp_path, "report")
        rest += state["orphans"]
        wrong += state["broken"] + (state["left"] != state["rows"])
    lost = max(0, acknowledged - state["rows"])
    row("13d", "kills while files are taken: rows without their bytes, bytes without a row that stay, taken files lost",
        KILLS, wrong + lost, f"{acknowledged} taken, {lost} lost; {rest} rests swept ({connection.vendor})")  # fmt: skip
    assert (wrong, lost) == (0, 0)
    assert rest, "the control: not one kill fell between the bytes and the row"
