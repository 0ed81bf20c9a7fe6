"""The sheet for a village's meeting: its own work, and nobody's name that the neighbours may not know."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from anjia.casework.mediation.tests.disputes import AGREED, dispute
from anjia.engine.letters import weekly
from anjia.engine.matters import actions
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.engine.matters.tests.world import HIS_NAME, NAME, PHONE, STORY, VILLAGE, WHERE, World, at
from anjia.foundation.core.verdict import NotFound
from anjia.foundation.events import access
from anjia.foundation.events.models import Event

WHEN = "03-12 09:00"
NEXT = date(2026, 3, 16)  # the week in which the village's visit falls due


def week(world: World, who: str = "street", when: str = WHEN, first: date = date(2026, 3, 9)) -> weekly.Week:
    actor = world.actor(who, when)
    with access.reading(actor, route="t"):
        return weekly.week(actor, first, at(when))


def lines(made: weekly.Week) -> str:
    return "\n".join(f"{v.name} {one.label['zh']} {one.whose}" for v in made.villages for one in v.lines)


def visited(world: World, *, tell: bool) -> UUID:
    """A case in which the village's own office owes a visit; `tell`: she agreed that the community may know."""
    m = world.responding(decisions=Decisions(tell, True, True))
    ground = (
        {}
        if tell
        else {"disclosure_ground": "danger_to_life", "ground_words": "他扬言杀人", "told_her_first": "yes"}
    )
    world.does("county", "invite_village", m, "03-11 10:30", **ground)
    world.does(
        "county", "plan_visit", m, "03-11 11:00", visit_whom="complained", visit_way="agreed_place",
        visit_task="讲清告诫书", **ground,
    )  # fmt: skip
    return m


def in_the_village(world: World) -> UUID:
    """A dispute of somebody whose village is known."""
    first = PartyInput(
        role="asking",
        sealed={"label": {"name": "许长富"}, "identity": {"residence": VILLAGE}},
        residence=VILLAGE,
    )
    second = PartyInput(role="other", sealed={"label": {"their_name": "许小军"}})
    return actions.open_matter(
        playbook="dispute-mediation", actor=world.actor("mediators", "03-10 09:00"), now=at("03-10 09:00"),
        channel="outreach", place=VILLAGE, parties=[first, second],
        data={"mediation_source": "found", "dispute_kind": "elder_support", "dispute_words": "赡养费"},
    ).matter  # fmt: skip


def test_a_dispute_stands_under_its_village_with_the_names(world: World) -> None:
    in_the_village(world)
    made = week(world)
    assert [v.code for v in made.villages] == [VILLAGE]
    assert "许长富" in lines(made)


def test_without_her_word_the_village_reads_a_number_and_no_name(world: World) -> None:
    m = visited(world, tell=False)
    text = lines(week(world, "county", first=NEXT))
    assert world.row(m).number in text
    assert NAME not in text
    assert HIS_NAME not in text


def test_with_her_word_whoever_leads_may_put_the_name(world: World) -> None:
    visited(world, tell=True)
    assert NAME in lines(week(world, "county", first=NEXT))
    assert NAME not in lines(week(world, "street", first=NEXT))  # the township sees the case masked


def test_what_others_owe_in_a_case_never_stands_on_a_villages_sheet(world: World) -> None:
    m = visited(world, tell=True)
    made = week(world, "county", first=NEXT)
    village_work = {d.kind for d in [world.duty(m, "village_visit")]}
    assert village_work == {"village_visit"}
    assert sum(len(v.lines) for v in made.villages) == 1
    assert made.elsewhere >= 1


def test_a_case_the_village_does_not_know_is_not_there_at_all(world: World) -> None:
    world.responding(decisions=Decisions(True, True, True))
    for who in ("county", "street"):
        made = week(world, who, first=NEXT)
        assert made.villages == ()


def test_nothing_told_and_no_address_is_on_it(world: World) -> None:
    m = visited(world, tell=True)
    world.does("county", "record_whereabouts", m, "03-11 14:00", now_at=WHERE)
    text = lines(week(world, "county", first=NEXT))
    assert not [s for s in (PHONE, STORY, WHERE) if s in text]


def test_every_sheet_has_its_number_and_the_office_remembers_it(world: World) -> None:
    m = in_the_village(world)
    actor, made = world.actor("street", WHEN), week(world)
    copy = weekly.release(actor=actor, made=made, villages=[VILLAGE], now=at(WHEN))
    assert copy.number == "ZB2026-0001"
    kept = Event.objects.get(move=weekly.GIVEN).codes
    assert kept["matters"] == [str(m)]
    with pytest.raises(NotFound):
        weekly.release(actor=actor, made=made, villages=["321003990002"], now=at(WHEN))


def test_a_dispute_whose_village_nobody_said_is_counted_apart(world: World) -> None:
    m = dispute(world, when="03-10 09:00")
    made = week(world)
    assert made.villages == ()
    assert made.elsewhere >= 1
    assert m
    assert AGREED
