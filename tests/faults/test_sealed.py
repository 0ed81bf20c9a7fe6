"""A stolen database and every stolen file: none of the demo's names, numbers, addresses or sentences is in them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "journeys"), str(ROOT / "tests" / "assurance")]
import scanner  # noqa: E402
from town import Town, copied  # noqa: E402

pytestmark = pytest.mark.slow
CJK = re.compile(r"[\u4e00-\u9fff]")
#: What an office, a street or a role is called is public; the demo's invented street and community too.
PUBLIC = (
    "柳浦街道",
    "杨林社区",
    "庇护",
    "权益部",
    "派出所",
    "妇联",
    "书记员",
    "主任",
    "法官",
    "网格",
    "行政区划",
    "各县的一年",
    "一个家庭",
    "岗位",
)
USE = """
import django; django.setup()
from django.test import Client
from anjia.demo import cast
from anjia.foundation.core.clock import now
from anjia.registry.posts import actions
from anjia.engine.matters.models import Matter
player = next(p for p in cast.players(now()) if p.seat.key == "hanjiang")
client = Client(raise_request_exception=False)
client.cookies["s"] = actions.sign_in(account=player.post.account, post=player.post, now=now())
m = Matter.objects.filter(playbook="dv-case").order_by("opened_at").first()
for path in ("/desk/", f"/desk/m/{m.id}/", "/desk/search/?q=周晓兰", "/desk/nowhere/", f"/desk/m/{m.id}/do/nothing/"):
    client.get(path)
client.post("/desk/new/", {"name": "周晓兰", "phone": "10013500034", "facts": "他喝了酒就动手", "key": "k" * 32})
client.post(f"/desk/m/{m.id}/do/refer_police/", {"request": "他喝了酒就动手", "ver": m.ver})
from anjia.foundation.outbox import outbox, worker
from anjia.foundation.core.batch import Batch
from django.db import transaction
@outbox.handler("test.breaks")
def breaks(*, body, outbox_id, now):
    raise ValueError(body["words"])
with transaction.atomic():
    batch, body = Batch(), {"words": "他喝了酒就动手 周晓兰 10013500034"}
    outbox.put(batch, kind="test.breaks", body=body, now=now())
    batch.flush()
worker.drain(now())
"""


def secrets() -> list[str]:
    """Every name, number and sentence that the demo tells, read out of its source."""
    found: set[str] = set()
    demo = ROOT / "anjia" / "demo"
    for path in [*demo.glob("story*.py"), demo / "answers.py", *sorted((demo / "ways").glob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    from anjia.demo.seats import SEATS

    names = {seat.name for seat in SEATS} | {"周晓兰", "丁海峰", "丁语桐"}
    sentences = {t for t in found if len(CJK.findall(t)) >= 5 and "\n" not in t and not t.endswith(".")}
    numbers = {
        t for t in found if re.fullmatch(r"[\d-]{8,}", t) and not t.startswith(("2026", "1991", "3210"))
    }
    told = {t for t in sentences if not any(p in t for p in PUBLIC) or len(t) > 12}
    return sorted(names | told | numbers | {"999999199108060347", "10013500034", "湖滨小区"})


def hits(body: bytes, wanted: list[str]) -> set[str]:
    return {word for word, _how in scanner.found(body, wanted)}


def everything(town: Town) -> Iterator[tuple[str, bytes]]:
    """Every byte a thief could take: the database and all files, keys apart."""
    for path in sorted(town.var.rglob("*")):
        if path.is_file() and "static" not in path.relative_to(town.var).parts:
            yield str(path.relative_to(town.var)), path.read_bytes()
    if town.database:
        dump = subprocess.run(["pg_dump", "--dbname", town.database], capture_output=True, check=True)
        yield "pg_dump", dump.stdout


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Town, bytes]:
    made = copied(tmp_path_factory.getbasetemp())
    used = subprocess.run(
        [sys.executable, "-c", USE], env=made.environment(), cwd=ROOT, capture_output=True, check=False
    )
    assert used.returncode == 0, used.stderr[-2000:]
    return made, used.stdout + used.stderr


def test_nothing_of_the_demo_lies_anywhere_in_the_clear(town: tuple[Town, bytes]) -> None:
    made, logs = town
    wanted = secrets()
    assert len(wanted) > 80
    found = {name: hits(body, wanted) for name, body in [*everything(made), ("logs", logs)]}
    assert not {name: sorted(words) for name, words in found.items() if words}


def test_the_scanner_finds_what_is_planted(town: tuple[Town, bytes]) -> None:
    """Without this the test above could not fail."""
    for form in scanner.forms("周晓兰的新住处").values():
        assert hits(b"\x00" * 7 + form + b"\x01", ["周晓兰的新住处"])
    made, _logs = town
    names = [name for name, _body in everything(made)]
    assert any("sqlite3" in n for n in names) or "pg_dump" in names
