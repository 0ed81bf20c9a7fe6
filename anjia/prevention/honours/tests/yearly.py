"""A year's round for tests: begun with its basis, households that apply, the clock that closes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from anjia.engine.matters import actions
from anjia.engine.matters.inputs import Opened
from anjia.engine.matters.tests.world import VILLAGE, World, at, paper
from anjia.foundation.outbox import worker
from anjia.prevention.honours import applying, rounds
from anjia.prevention.honours.applying import Adult

BASIS = {
    "basis_kind": "safety_plan",
    "basis_number": "平安办〔2026〕演2号",
    "basis_until": "2026-12-31",
    "closes_on": "2026-04-15",
}
#: Closed at midnight after 04-15; five working days later it may be put up; the notice of 04-28 runs until 05-08.
CLOSED, CHECKED, LISTED, ASKED = "04-16 00:10", "04-23 00:10", "04-28 09:00", "04-17 10:00"


def begun(world: World, who: str = "county", **more: Any) -> UUID:
    """A round that takes applications since 20 March."""
    m = registered(world, who)
    world.does(who, "open_round", m, "03-20 09:00", files=(paper(),), **{**BASIS, **more})
    return m


def registered(world: World, who: str = "county") -> UUID:
    """At the desk, like any other matter: it waits for its basis."""
    office = world.offices[who]
    opened = actions.open_matter(
        playbook=rounds.ROUND,
        actor=world.actor(who, "03-19 09:00"),
        now=at("03-19 09:00"),
        channel="transfer",
        parties=(),
        place=office.county or office.city,
        data={"round_year": 2026},
    )
    return opened.matter


def applies(
    *names: str, when: str = "03-25 20:00", key: str = "", village: str = VILLAGE, **more: Any
) -> Opened:
    """A household: every adult agrees and lets the name stand on the notice."""
    adults = [Adult(n, agrees=True, named=True) for n in names]
    given = {"minors": 1, "words": "邻里有事都搭把手。", **more}
    return applying.apply(village=village, adults=adults, key=key, now=at(when), **given)


def until(when: str) -> datetime:
    """The worker goes on until then."""
    now = at(when)
    worker.drain(now)
    return now


def listed(world: World, round_: UUID, who: str = "county") -> None:
    """Closed, checked and put up."""
    until(CLOSED)
    until(CHECKED)
    world.does(who, "list_all", round_, LISTED)
    until(LISTED)


def many(n: int) -> dict[str, UUID]:
    """Invented households, by the name of the first adult."""
    surnames = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
    pairs = [(f"{surnames[i % 16]}甲{i}", f"{surnames[(i + 3) % 16]}乙{i}") for i in range(n)]
    return {his: applies(his, hers).matter for his, hers in pairs}
