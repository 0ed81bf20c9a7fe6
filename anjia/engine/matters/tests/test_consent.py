"""Her three decisions hold everybody: community, door, police. The law's grounds are named, never assumed."""

from __future__ import annotations

from typing import Any

import pytest

from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.models import Seat
from anjia.engine.matters.tests.world import World
from anjia.foundation.core.verdict import NotAllowed, NotFound

GROUND = {"disclosure_ground": "danger_to_life", "ground_words": "扬言今晚动手", "told_her_first": "yes"}


def test_village_is_not_invited_against_her_word(world: World) -> None:
    m = world.responding()
    with pytest.raises(NotAllowed):
        world.does("county", "invite_village", m, "03-11 09:00")
    assert not Seat.objects.filter(matter=m, agency=world.offices["village"]).exists()


def test_village_is_invited_when_she_says_yes(world: World) -> None:
    m = world.responding(decisions=Decisions(tell_community=True))
    world.does("county", "invite_village", m, "03-11 09:00")
    assert world.page("village", m, "03-11 10:00").capacity == "village"


def test_danger_ground_needs_words_and_that_she_was_told(world: World) -> None:
    m = world.responding()
    for missing in ("ground_words", "told_her_first"):
        with pytest.raises(NotAllowed):
            world.does("county", "invite_village", m, "03-11 09:00", **{**GROUND, missing: ""})
    world.does("county", "invite_village", m, "03-11 09:00", **GROUND)


@pytest.mark.parametrize("ground", ["her_consent", "warning_notice"])
def test_ground_must_fit_what_is_told(world: World, ground: str) -> None:
    m = world.responding()
    with pytest.raises(NotAllowed):  # neither is a reason to tell police
        world.refers(m, "refer_police", "police", "03-11 09:00", **{**GROUND, "disclosure_ground": ground})


def test_police_are_not_told_against_her_word(world: World) -> None:
    m = world.responding()
    with pytest.raises(NotAllowed):
        world.refers(m, "refer_police", "police", "03-11 09:00")
    world.does("county", "change_decisions", m, "03-11 09:05", tell_police="yes")
    world.refers(m, "refer_police", "police", "03-11 09:10")


def test_generic_referral_is_no_back_door_to_police_or_village(world: World) -> None:
    m = world.responding()
    for to in ("police", "bureau", "village"):
        with pytest.raises(NotAllowed):
            world.refers(m, "refer", to, "03-11 09:00")
    world.refers(m, "refer", "aid", "03-11 09:00")


def test_generic_referral_is_no_back_door_to_a_mediator(world: World) -> None:
    """A kind clerk asks the village mediators to reconcile the two: refused, with the law's words."""
    m = world.responding()
    with pytest.raises(NotAllowed) as refused:
        world.refers(m, "refer", "mediators", "03-11 09:00")
    assert "暴力本身不调解" in str(refused.value)


def visit(way: str, whom: str) -> dict[str, Any]:
    return {"visit_way": way, "visit_whom": whom, "visit_found": "safe", "was_alone": "yes"}


def test_nobody_comes_to_her_door_against_her_word(world: World) -> None:
    m = world.responding()
    with pytest.raises(NotAllowed):
        world.does("county", "visit_done", m, "03-11 09:00", **visit("door", "asking"))
    world.does("county", "visit_done", m, "03-11 09:00", **visit("phone", "asking"))


def test_taking_back_her_yes_holds_at_once(world: World) -> None:
    m = world.responding(decisions=Decisions(tell_community=True, come_to_door=True))
    world.does("county", "invite_village", m, "03-11 09:00")
    world.does("county", "change_decisions", m, "03-11 10:00", come_to_door="no", tell_community="no")
    with pytest.raises(NotAllowed):
        world.does("county", "plan_visit", m, "03-11 11:00", visit_whom="asking", visit_way="door")


def test_uninvited_village_learns_nothing(world: World) -> None:
    m = world.responding()
    with pytest.raises(NotFound):
        world.page("village", m)
    with pytest.raises(NotFound):
        world.does("village", "note", m, "03-11 09:00", words="看看")
