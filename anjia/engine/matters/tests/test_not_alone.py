"""不得单独上门: everybody who may go there is told that two go, nobody but who reads the case is told why."""

from __future__ import annotations

from uuid import UUID

import pytest

from anjia.engine.matters import actions, not_alone, worklists
from anjia.engine.matters.models import Duty, Matter, Party
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import World, at
from anjia.foundation.core.verdict import NotAllowed, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.law.codes import book
from anjia.law.playbooks.schema import Move

WEAPON = book()["not-alone-why"].label("weapon", "zh")


def visited(world: World) -> UUID:
    """She lets the community know and somebody come; the village is asked to look in."""
    m = world.responding()
    world.does("county", "change_decisions", m, "03-10 14:00", tell_community="yes", come_to_door="yes")
    world.does("county", "invite_village", m, "03-10 14:10")
    world.does("county", "plan_visit", m, "03-10 14:20", visit_whom="asking", visit_way="door")
    return m


def said(world: World, m: UUID, when: str = "03-10 15:00", who: str = "county") -> None:
    world.does(who, "not_alone", m, when, not_alone_why=["weapon"], more="厨房里有砍刀")


def test_the_village_is_told_that_two_go_and_not_why(world: World) -> None:
    m = visited(world)
    said(world, m)
    page = world.page("village", m, "03-11 09:00")
    assert page.not_alone
    assert page.not_alone_why is None
    words = [str(w) for e in page.entries for _label, w in e.words]
    assert not any("砍刀" in w or WEAPON in w for w in words)
    assert [d.kind for d in page.duties if d.is_mine and d.in_company] == ["village_visit"]
    actor = world.actor("village", "03-11 09:00")
    with access.reading(actor, route="desk:duties", how="list"):
        rows = worklists.duties(visible_to(actor)).rows
    assert [r.in_company for r in rows if r.kind == "village_visit"] == [True]
    assert world.page("county", m).not_alone_why == dict(book()["not-alone-why"].codes["weapon"])
    assert not any(r.in_company for r in rows if r.kind != "village_visit")


def test_why_stands_nowhere_in_the_clear(world: World) -> None:
    m = visited(world)
    said(world, m)
    event = Event.objects.get(matter=m, move="not_alone")
    assert "weapon" not in str(event.codes)
    assert "weapon" not in str(Matter.objects.get(pk=m).data)


def test_a_visit_made_alone_says_why_and_a_telephone_call_is_asked_nothing(world: World) -> None:
    m = visited(world)
    visit = {"visit_found": "safe"}
    world.does(
        "village", "village_visit_done", m, "03-10 14:40", **visit
    )  # nothing stands yet: nothing asked
    said(world, m)
    with pytest.raises(RuleBroken) as refused:
        world.does("village", "village_visit_done", m, "03-11 10:00", **visit)
    assert set(refused.value.fields) == {"visit_company"}
    with pytest.raises(RuleBroken) as refused:
        world.does("village", "village_visit_done", m, "03-11 10:00", visit_company="alone", **visit)
    assert set(refused.value.fields) == {"alone_reason"}
    world.does(
        "village", "village_visit_done", m, "03-11 10:00", visit_company="alone", alone_reason="她在楼下等我", **visit
    )  # fmt: skip
    facts = Event.objects.filter(matter=m, move="village_visit_done").latest("seq").codes["facts"]
    assert facts["visit_company"] == "alone"
    hers = {"visit_whom": "asking", "was_alone": "yes", **visit}
    world.does("county", "visit_done", m, "03-12 10:00", visit_way="phone", **hers)
    with pytest.raises(RuleBroken) as refused:
        world.does("county", "visit_done", m, "03-12 11:00", visit_way="door", **hers)
    assert set(refused.value.fields) == {"visit_company"}
    entry = next(e for e in world.page("county", m).entries if "visit_company" in str(e.codes))
    assert "她在楼下等我" in [w for _label, w in entry.words]


def test_it_is_looked_at_again_within_six_months_and_does_not_lapse_by_itself(world: World) -> None:
    m = visited(world)
    said(world, m)
    review = world.duty(m, "alone_review")
    assert review.due_at.date().isoformat() == "2026-09-10"
    not_alone.lapse(now=at("12-01 09:00"))
    assert not_alone.stands(Matter.objects.get(pk=m))
    world.does("county", "alone_kept", m, "09-09 10:00", reason="上月又持刀")
    assert world.duty(m, "alone_review").due_at.date().isoformat() == "2027-03-09"
    world.does("county", "alone_over", m, "09-10 10:00", reason="刀已收缴,人在押")
    assert not not_alone.stands(Matter.objects.get(pk=m))
    assert not Duty.objects.filter(matter=m, kind="alone_review", done_at=None).exists()
    with pytest.raises(NotAllowed):
        world.does("county", "alone_kept", m, "09-11 10:00", reason="没有在标")


def test_every_matter_of_the_case_has_it_also_those_opened_later_or_by_the_same_step(world: World) -> None:
    m = world.responding()
    before = world.refers(m, "refer_legal_aid", "aid", "03-10 14:00")
    world.does("county", "change_decisions", m, "03-10 14:05", tell_police="yes")
    letter = world.does(
        "county", "record_police_report", m, "03-10 15:00", behalf="police", reported_at="2026-03-10T14:30",
        not_alone_why=["attacked_staff"],
    ).child  # fmt: skip
    after = world.refers(m, "refer_court", "court", "03-10 16:00")
    flagged = set(Matter.objects.filter(not_alone_of=m).values_list("id", flat=True))
    assert flagged == {m, before, letter, after}
    world.does("county", "alone_over", m, "03-11 10:00", reason="核实没有此事")
    assert not Matter.objects.filter(not_alone_of__isnull=False).exists()


def test_it_can_be_said_at_the_intake(world: World) -> None:
    m = world.help_wanted(data={"not_alone_why": ["dog"], "facts": "养了两条狼狗"}).matter
    assert not_alone.stands(Matter.objects.get(pk=m))
    assert world.duty(m, "alone_review").agency_id == world.offices["county"].id
    assert "dog" not in str(Event.objects.get(matter=m).codes)


def test_a_later_matter_of_the_same_person_carries_it_and_says_nothing_of_the_first(world: World) -> None:
    first = world.responding()
    second = world.help_wanted("03-20 09:00", name="周晓兰", phone="10013500099").matter
    his = {p.matter_id: p.id for p in Party.objects.filter(role="complained")}
    said(world, first, "03-11 09:00")
    assert not not_alone.stands(Matter.objects.get(pk=second))
    actions.link_person(
        matter_id=second, party=his[second], theirs=his[first], why="papers", words="同一张身份证",
        actor=world.actor("county", "03-20 10:00"), now=at("03-20 10:00"),
    )  # fmt: skip
    page = world.page("county", second, "03-20 11:00")
    assert page.not_alone
    assert page.not_alone_why is None
    world.does("county", "alone_over", first, "03-21 10:00", reason="已收缴")
    assert not not_alone.stands(Matter.objects.get(pk=second))
    said(world, first, "03-22 09:00")  # linked already: at once
    assert not_alone.stands(Matter.objects.get(pk=second))


def test_six_months_after_an_ended_case_it_is_gone(world: World) -> None:
    m = world.responding()
    said(world, m)
    world.does("county", "close_resolved", m, "03-20 10:00", outcome=["safe_now"], why="搬离")
    not_alone.lapse(now=at("05-01 09:00"))
    assert not_alone.stands(Matter.objects.get(pk=m))
    not_alone.lapse(now=at("09-11 09:00"))
    assert not not_alone.stands(Matter.objects.get(pk=m))


def test_the_line_above_sees_no_mark_of_danger_and_nobody_has_a_list_of_it(world: World) -> None:
    m = world.responding()
    said(world, m)
    page = world.page("city", m)
    assert page.is_masked
    assert not page.not_alone
    assert page.not_alone_why is None
    assert not any(d.in_company for d in page.duties)
    assert not any("alone" in name for name in worklists.FILTERS)


def test_who_only_helps_is_told_too(world: World) -> None:
    m = world.responding()
    child = world.refers(m, "refer_legal_aid", "aid", "03-10 14:00")
    said(world, m)
    page = world.page("aid", child)
    assert page.not_alone
    assert page.not_alone_why is None


def test_control_a_talk_is_no_visit() -> None:
    assert not not_alone.is_visit(Move(name="note", label={"zh": "", "en": ""}, from_=(), by=()))
