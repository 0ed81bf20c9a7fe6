"""Referral is a child matter: accepted, returned with a reason, sent again, answered in writing, recorded on behalf."""

from __future__ import annotations

import pytest

from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.models import Duty, Party
from anjia.engine.matters.tests.world import PHONE, STORY, WHERE, World
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events.models import Event

REPLY = {"outcome": "done", "reply_text": "已办理"}


def test_court_returns_with_a_reason_and_gets_it_again(world: World) -> None:
    m = world.responding()
    child = world.refers(m, "refer_court", "court", "03-17 10:00")
    assert world.row(child).holder == world.offices["court"]
    with pytest.raises(RuleBroken) as refused:
        world.does("court", "return_back", child, "03-17 11:00", return_reason="incomplete")
    assert "return_words" in refused.value.fields
    world.does(
        "court", "return_back", child, "03-17 11:20", return_reason="incomplete", return_words="缺目录"
    )
    assert world.row(child).holder == world.offices["county"]
    assert world.duty(child, "resend").agency == world.offices["county"]
    world.does("county", "resend", child, "03-18 09:00", what_changed="补齐了")
    world.does("court", "accept", child, "03-18 10:05")
    assert world.duty(child, "answer").agency == world.offices["court"]
    world.does("court", "give_reply", child, "03-19 16:00", **REPLY)
    row = world.row(child)
    assert (row.stage, row.result) == ("replied", "replied")
    assert row.closed_at is not None
    assert Event.objects.filter(matter=m, move="child_replied").count() == 1


def test_receiver_is_told_only_what_it_needs(world: World) -> None:
    m = world.responding()
    world.does("county", "record_whereabouts", m, "03-11 08:30", now_at=WHERE)
    child = world.refers(m, "refer_court", "court", "03-11 09:00", request="请审查保护令申请")
    page = world.page("court", child)
    shown = str([(p.name, p.identity, p.contact) for p in page.people]) + str(page.entries)
    assert "周晓兰" in shown
    assert WHERE not in shown
    assert STORY not in shown  # her story stays with the county
    assert not any(p.has_whereabouts for p in page.people)
    with pytest.raises(NotFound):
        world.page("court", m)  # the case itself is not the court's
    assert page.parent is None


def test_school_would_not_learn_who_complained(world: World) -> None:
    m = world.responding()
    child = world.refers(m, "refer_shelter", "shelter", "03-11 09:00")
    assert not Party.objects.filter(matter=child, role="complained").exists()


def test_holder_of_the_case_records_on_behalf_and_the_agency_confirms(world: World) -> None:
    m = world.responding(decisions=Decisions(tell_police=True))
    child = world.refers(m, "refer_police", "police", "03-11 09:00")
    world.does("county", "accept", child, "03-11 15:00", behalf="police", happened_at="2026-03-11T11:00")
    entry = world.page("county", child).entries[-1]
    assert (entry.on_behalf_of, entry.is_confirmed) == ("柳浦派出所", False)
    done = Duty.objects.get(matter=child, kind="accept")
    assert done.done_at == entry.at  # the police's clock stops when they accepted, not when it was typed
    world.does("police", "confirm", child, "03-12 08:00", event=str(entry.event), confirmed="yes")
    assert world.page("county", child).entries[-2].is_confirmed is True


def test_only_the_federation_that_leads_records_for_others(world: World) -> None:
    m = world.responding(decisions=Decisions(tell_police=True))
    child = world.refers(m, "refer_police", "police", "03-11 09:00")
    with pytest.raises(NotFound):
        world.does("court", "accept", child, "03-11 15:00", behalf="police")
    with pytest.raises(NotAllowed):
        world.does("county", "accept", child, "03-11 15:00", behalf="court")
    with pytest.raises(NotAllowed):
        world.does("county", "accept", child, "03-11 15:00")


def test_case_does_not_end_while_a_referral_is_unanswered(world: World) -> None:
    m = world.responding()
    child = world.refers(m, "refer_legal_aid", "aid", "03-11 09:00")
    with pytest.raises(NotAllowed):
        world.does("county", "close_resolved", m, "03-12 09:00", outcome=["safe_now"], why="平安")
    world.does("county", "detach", m, "03-12 09:30", child=str(child), reason="她自己请了律师")
    world.does("county", "close_resolved", m, "03-12 10:00", outcome=["safe_now"], why="平安")


def test_copied_contact_is_the_safe_one_for_police_only_of_hers(world: World) -> None:
    m = world.responding(decisions=Decisions(tell_police=True))
    child = world.refers(m, "refer_police", "police", "03-11 09:00")
    people = {p.role: p for p in world.page("police", child).people}
    assert people["asking"].contact["phone"] == PHONE
    assert people["complained"].contact == {}


def test_an_end_waits_for_every_referral_even_where_the_playbook_does_not_say_so(world: World) -> None:
    """The police asked the legal aid centre in turn; their own answer waits until that is answered or let go."""
    m = world.responding(decisions=Decisions(tell_police=True))
    child = world.refers(m, "refer_police", "police", "03-11 09:00")
    world.does("police", "accept", child, "03-11 10:00")
    asked = {"agency": str(world.offices["aid"].id), "urgency": "urgent", "request": "请指派律师"}
    grandchild = world.does("police", "refer", child, "03-11 11:00", **asked).child
    with pytest.raises(NotAllowed):
        world.does("police", "give_reply", child, "03-12 09:00", **REPLY)
    world.does("police", "detach", child, "03-12 09:10", child=str(grandchild), reason="已另行安排")
    world.does("police", "give_reply", child, "03-12 09:20", **REPLY)
    assert world.row(child).result == "replied"
