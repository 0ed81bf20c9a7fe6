"""At the desk a matter that does not exist, one he is walled off from and one of another county are one and the same."""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from report import row

from anjia.engine.matters import actions
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.engine.matters.models import Matter, Wall
from anjia.engine.matters.numbers import new_number
from anjia.engine.matters.tests.world import COUNTY, OTHER, World, at, build
from anjia.foundation.core import clock
from anjia.foundation.limits import limits
from anjia.registry.posts import actions as people
from anjia.registry.posts import actors

pytestmark = [pytest.mark.assurance, pytest.mark.django_db]

PAIRS = 1_000
EACH = 40  # matters of each kind, asked for again and again in another order
NOON = at("03-12 12:00")
Ask = Callable[[Client, UUID, str], Any]
ASKED: dict[str, Ask] = {
    "page": lambda c, m, _n: c.get(f"/desk/m/{m}/"),
    "step": lambda c, m, _n: c.get(f"/desk/m/{m}/do/note/"),
    "sent step": lambda c, m, _n: c.post(f"/desk/m/{m}/do/note/", {"words": "x", "ver": "1", "key": "k" * 32}),
    "who looked": lambda c, m, _n: c.get(f"/desk/m/{m}/looked/"),
    "evidence": lambda c, m, _n: c.get(f"/desk/m/{m}/evidence/"),
    "search": lambda c, _m, n: c.post("/desk/search/", {"q": n}),
    "find": lambda c, m, n: c.post("/desk/find/", {"q": n, "on": str(m)}),
}  # fmt: skip


def opened(world: World, place: str, n: int) -> Matter:
    who = "county" if place == COUNTY else "other"
    asking = PartyInput(
        role="asking", sealed={"label": {"name": f"某{n}"}}, decisions=Decisions(), residence=place
    )
    made = actions.open_matter(
        playbook="dv-case", actor=world.actor(who, "03-10 09:00"), now=at("03-10 09:00"), channel="call", place=place,
        parties=[asking], data={"facts": "…"},
    )  # fmt: skip
    return Matter.objects.get(pk=made.matter)


def plain(answer: Any, number: str) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Without what is new in every answer, and without what he typed himself."""
    body = re.sub(rb'name="(?:csrfmiddlewaretoken|key)" value="[^"]*"', b"", answer.content)
    body = body.replace(number.encode(), b"#")
    headers = [(k, v) for k, v in sorted(answer.headers.items()) if k != "Content-Length"]
    return answer.status_code, body, headers


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> tuple[World, Client]:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    for name in ("search.account", "upload.account"):
        monkeypatch.setitem(limits.LIMITS, name, limits.Limit(10**9, timedelta(minutes=1)))
    world = build()
    post = world.posts["officer"]
    client = Client()
    client.cookies["s"] = people.sign_in(account=post.account, post=post, now=NOON)
    client.cookies["c"] = "c" * 32
    return world, client


def kinds(world: World) -> dict[str, list[tuple[UUID, str]]]:
    """Matters that are not for this officer: behind his wall, of another county, of nobody."""
    account = actors.for_post(world.posts["officer"].id, NOON).account_id
    found: dict[str, list[tuple[UUID, str]]] = {"walled": [], "other county": [], "none": []}
    for n in range(EACH):
        walled, other = opened(world, COUNTY, n), opened(world, OTHER, n)
        Wall.objects.create(account_id=account, root=walled.root, cause="recused", since=NOON)
        found["walled"].append((walled.id, walled.number))
        found["other county"].append((other.id, other.number))
        found["none"].append((uuid4(), new_number(COUNTY, NOON)))
    return found


def test_none_walled_and_elsewhere_answer_alike(asking: tuple[World, Client]) -> None:
    world, client = asking
    there, rng = kinds(world), random.Random(20260309)
    took: dict[str, list[float]] = {kind: [] for kind in there}
    wrong: list[tuple[str, str]] = []
    counted = 0
    for how, ask in ASKED.items():
        for kind in ("walled", "other county"):
            for _ in range(PAIRS // len(ASKED) + 1):
                answers = {}
                for one in rng.sample((kind, "none"), 2):
                    m, number = rng.choice(there[one])
                    began = time.perf_counter()
                    answer = ask(client, m, number)
                    took[one].append(time.perf_counter() - began)
                    answers[one] = plain(answer, number)
                counted += 1
                if answers[kind] != answers["none"]:
                    wrong.append((how, kind))
    middle = ", ".join(f"{kind} {statistics.median(t) * 1000:.2f} ms" for kind, t in took.items())
    row("18b", "matters behind a wall or of another county told apart from ones that do not exist, by status, words or "
        "headers of the desk", counted, len(wrong), f"medians {middle} (told, not judged)")  # fmt: skip
    assert not wrong, set(wrong)
    assert counted >= 2 * PAIRS


def test_control_one_he_may_see_is_told_apart(asking: tuple[World, Client]) -> None:
    world, client = asking
    his, none = opened(world, COUNTY, 0), (uuid4(), new_number(COUNTY, NOON))
    for how, ask in ASKED.items():
        if how != "sent step":
            assert plain(ask(client, his.id, his.number), his.number) != plain(ask(client, *none), none[1]), (
                how
            )
