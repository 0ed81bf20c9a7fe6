"""Capability 68 · 婚姻家庭纠纷人民调解员队伍 · Roster of family mediators.

Works when: kin and conflict are blocked when a mediator is appointed, and the roster shows term, load and who may
be appointed, to whoever looks after the committees.
Screen: /desk/mediators/, /desk/m/<id>/do/appoint_mediator/
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from anjia.casework.mediation.tests.disputes import accepted, dispute
from anjia.engine.matters.tests.world import FOUNDED, World
from anjia.registry.posts import actors
from anjia.registry.posts.actions import accounts

SignIn = Callable[[str], Client]
KEPT = "杏湾村3组12号"


def test_kin_is_blocked_and_the_roster_says_who_is_free(world: World, signed_in: SignIn) -> None:
    mine = world.posts["mediators"]
    head = signed_in("mediators")
    page = head.get("/desk/mediators/").content.decode()
    for words in ("某mediators", "空着", "任期至", "可以派", "应有3至9名委员"):
        assert words in page
    saved = head.post(f"/desk/mediators/{mine.id}/", {"address": KEPT, "sex": "female"})
    assert saved.status_code == 302
    assert KEPT not in head.get(f"/desk/mediators/{mine.id}/").content.decode()
    m = dispute_without_mediator(world)
    page = signed_in("mediators").get(f"/desk/m/{m}/do/appoint_mediator/").content.decode()
    assert "某mediators" in page
    refused = head.post(f"/desk/m/{m}/do/appoint_mediator/", {"mediator": str(mine.id)})
    assert "应当回避" in refused.content.decode()
    assert world.row(m).assignee is None


def dispute_without_mediator(world: World) -> str:
    """The first party lives at the mediator's address."""
    m = dispute(world)
    world.does("mediators", "accept", m, "04-08 09:00", applied="yes", dispute_kind="elder_support")
    return str(m)


def test_load_shows_as_a_band_and_a_full_term_as_a_reason(world: World, signed_in: SignIn) -> None:
    accepted(world)
    account = accounts.add_account(login="old", name="某老", actor=actors.SYSTEM, now=FOUNDED)
    accounts.give_post(
        account=account, agency=world.offices["mediators"], role="officer", title="调解员",
        from_on=FOUNDED.date().replace(year=2020), actor=actors.SYSTEM, now=FOUNDED,
    )  # fmt: skip
    page = signed_in("street").get("/desk/mediators/").content.decode()
    assert "1–5项" in page
    assert "任期已满三年" in page


@pytest.mark.parametrize("who", ["police", "court", "village", "leader"])
def test_the_roster_is_for_whoever_looks_after_committees(signed_in: SignIn, who: str) -> None:
    assert signed_in(who).get("/desk/mediators/").status_code in (403, 404)
