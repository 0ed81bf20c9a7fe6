"""人身安全保护令: filed, decided within hours, served on everybody, asked about before it lapses; her address nowhere."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from anjia.engine.matters.models import Duty
from anjia.engine.matters.tests.world import NAME, PHONE, WHERE, World, paper
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events.models import Event

PACKET = {
    "who_applies": "herself", "measures_sought": ["no_violence"], "evidence_kinds": ["statement", "help_sought"],
    "facts": "多次殴打",
}  # fmt: skip
ORDER = {
    "order_no": "演9号",
    "order_on": "2026-03-19",
    "order_until": "2026-09-19",
    "order_measures": ["no_violence"],
}
EVERYBODY = ["applicant", "respondent", "police_station", "village_committee"]


def due(world: World, m: UUID, kind: str) -> str:
    return world.duty(m, kind).due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def preparing(world: World, m: UUID, urgent: str = "yes") -> UUID:
    child = world.does("county", "apply_order", m, "03-17 09:00", urgent=urgent).child
    assert child is not None
    return child


def accepted(world: World, urgent: str = "yes") -> UUID:
    order = preparing(world, world.responding(), urgent)
    world.does("county", "packet", order, "03-17 09:30", urgent=urgent, **PACKET)
    world.does("county", "file", order, "03-17 10:00", urgent=urgent, to_court=str(world.offices["court"].id))
    world.does("court", "accept", order, "03-18 10:05", urgent=urgent)
    return order


def in_force(world: World, **more: Any) -> tuple[UUID, UUID]:
    """The order has come on paper: one form at the case."""
    m = world.responding()
    child = world.does(
        "county", "record_order", m, "03-19 17:10", behalf="court", happened_at="2026-03-19T09:30",
        files=[paper()], **{**ORDER, **more},
    ).child  # fmt: skip
    assert child is not None
    return m, child


def test_the_court_decides_within_a_day_when_it_is_urgent_and_within_three_otherwise(world: World) -> None:
    assert due(world, accepted(world), "decide") == "03-19 10:05"
    assert due(world, accepted(world, "no"), "decide") == "03-21 10:05"  # a Saturday: hours do not roll


def test_papers_are_asked_for_once_and_the_clock_waits_with_the_county(world: World) -> None:
    order = preparing(world, world.responding())
    with pytest.raises(NotAllowed):  # nothing to file yet
        world.does("county", "file", order, "03-17 09:10", to_court=str(world.offices["court"].id))
    world.does("county", "packet", order, "03-17 09:30", **PACKET)
    world.does("county", "file", order, "03-17 10:00", to_court=str(world.offices["court"].id))
    assert world.row(order).holder == world.offices["court"]
    world.does("court", "ask_papers", order, "03-17 11:20", papers_missing="缺证据目录")
    assert world.row(order).holder == world.offices["county"]
    world.does("county", "file_again", order, "03-18 09:10", papers_added="已补")
    world.does("county", "accept", order, "03-18 11:00", behalf="court", happened_at="2026-03-18T10:05")
    assert due(world, order, "decide") == "03-19 10:05"


def test_somebody_else_applies_only_where_the_law_lets_them_and_with_her_wish(world: World) -> None:
    order = preparing(world, world.responding())
    agent = {**PACKET, "who_applies": "agent", "on_behalf_ground": "aged", "her_wish": "我要申请"}
    with pytest.raises(NotAllowed):
        world.does("county", "packet", order, "03-17 09:30", **{**agent, "agent_kind": "school"})
    coerced = {**agent, "agent_kind": "civil_affairs", "on_behalf_ground": "coerced"}
    with pytest.raises(NotAllowed):  # civil affairs only for the old, disabled or ill
        world.does("county", "packet", order, "03-17 09:30", **coerced)
    with pytest.raises(RuleBroken) as refused:
        world.does(
            "county",
            "packet",
            order,
            "03-17 09:30",
            **{**agent, "agent_kind": "civil_affairs", "her_wish": ""},
        )
    assert "her_wish" in refused.value.fields
    world.does("county", "packet", order, "03-17 09:30", **{**agent, "agent_kind": "civil_affairs"})


def test_one_form_puts_the_case_under_the_order_with_every_duty_it_brings(world: World) -> None:
    m, order = in_force(world)
    assert (world.row(m).stage, world.row(order).stage) == ("ordered", "in_force")
    assert due(world, order, "serve") == "03-20 09:30"
    assert due(world, order, "reconsider_window") == "03-24 23:59"  # five days, the day itself not counted
    assert due(world, order, "visit") == "04-02 23:59"  # fourteen days
    assert due(world, order, "renew") == "09-19 23:59"  # a Saturday, not moved
    called = {p.role: p.called["zh"] for p in world.page("county", m, "03-20 09:00").people}
    assert called == {"asking": "申请人", "complained": "被申请人"}
    with pytest.raises(NotFound):
        world.page("court", m)  # the court has its order, not the case


def test_a_shorter_order_is_asked_about_before_its_own_end_and_none_is_longer_than_six_months(
    world: World,
) -> None:
    _m, order = in_force(world, order_until="2026-06-19")
    assert due(world, order, "renew") == "06-19 23:59"
    with pytest.raises(RuleBroken) as refused:
        in_force(world, order_until="2026-09-20")
    assert "order_until" in refused.value.fields


def test_service_is_recorded_one_by_one_and_done_when_everybody_the_law_names_has_it(world: World) -> None:
    _m, order = in_force(world)
    way = {"served_way": "direct", "served_on": "2026-03-19"}
    for n, who in enumerate(EVERYBODY):
        assert world.duty(order, "serve").done_at is None
        left = next(d.left for d in world.page("court", order, "03-19 21:00").duties if d.kind == "serve")
        assert len(left) == len(EVERYBODY) - n
        world.does("court", "serve_one", order, f"03-19 20:0{n}", served_to=[who], **way)
    served = Duty.objects.get(matter=order, kind="serve")
    assert (served.done_by_move, served.is_late) == ("serve_one", False)
    days = [e.codes["facts"]["served_way"] for e in Event.objects.filter(matter=order, move="serve_one")]
    assert days == ["direct"] * 4


def test_a_service_recorded_by_mistake_does_not_count(world: World) -> None:
    _m, order = in_force(world)
    way = {"served_way": "posted", "served_on": "2026-03-19"}
    wrong = world.does("court", "serve_one", order, "03-19 20:00", served_to=["respondent"], **way).event
    world.does("court", "correct", order, "03-19 20:10", event=str(wrong), reason="退回,没有送到")
    rest = [who for who in EVERYBODY if who != "respondent"]
    world.does("court", "serve_one", order, "03-19 20:20", served_to=rest, **way)
    assert world.duty(order, "serve").done_at is None
    world.does("court", "serve_one", order, "03-20 08:00", served_to=["respondent"], **way)
    assert Duty.objects.get(matter=order, kind="serve").done_at


def test_a_clock_that_began_and_ended_with_one_late_paper_is_told_apart(world: World) -> None:
    """No rate may call in time what was only written down at once."""
    _m, order = in_force(world)
    by_kind = {d.kind: d for d in Duty.objects.filter(matter=order)}
    assert by_kind["file"].outcome == "done"
    assert by_kind["file"].recorded_late
    assert not any(d.recorded_late for k, d in by_kind.items() if k != "file")
    filed = accepted(world)
    assert not Duty.objects.filter(matter=filed, recorded_late=True).exists()


def test_served_is_served_on_everybody_the_law_names(world: World) -> None:
    _m, order = in_force(world)
    with pytest.raises(NotAllowed) as refused:
        world.does("court", "serve", order, "03-19 20:00", served=EVERYBODY[:3])
    assert "居（村）委会" in str(refused.value)
    world.does("court", "serve", order, "03-19 20:00", served=EVERYBODY)


def test_reconsideration_is_asked_within_five_days_and_the_order_keeps_running(world: World) -> None:
    _m, order = in_force(world)
    world.does(
        "county",
        "ask_reconsideration",
        order,
        "03-23 09:00",
        behalf="court",
        asked_by="respondent",
        asked_on="2026-03-23",
    )
    assert world.row(order).stage == "in_force"
    assert due(world, order, "renew") == "09-19 23:59"
    world.does("county", "reconsidered", order, "03-30 16:00", behalf="court", review_result="upheld")


def test_it_is_extended_only_when_asked_for_before_it_lapses(world: World) -> None:
    _m, order = in_force(world)
    longer = {"order_no": "演9号之一", "order_on": "2026-09-18", "order_until": "2026-12-18"}
    with pytest.raises(NotAllowed):
        world.does(
            "county",
            "extend",
            order,
            "09-21 09:00",
            behalf="court",
            asked_on="2026-09-20",
            files=[paper()],
            **longer,
        )
    world.does("county", "ask_her", order, "08-20 09:00", wants_longer="yes", her_words="我还怕")
    world.does(
        "county",
        "ask_change",
        order,
        "08-20 10:00",
        change_wanted="extended",
        asked_by="applicant",
        asked_on="2026-08-20",
    )
    assert world.duty(order, "change_decide").agency == world.offices["court"]
    world.does(
        "county",
        "extend",
        order,
        "09-18 09:00",
        behalf="court",
        asked_on="2026-08-20",
        files=[paper()],
        **longer,
    )
    assert due(world, order, "renew") == "12-18 23:59"
    assert Duty.objects.filter(matter=order, kind="renew", outcome="done").count() == 1


def test_a_breach_is_told_the_same_day_and_the_case_assesses_again(world: World) -> None:
    m, order = in_force(world)
    world.does(
        "county", "breach", order, "04-03 20:00", breach_acts=["no_contact"], breach_words="到单位门口堵"
    )
    assert due(world, order, "breach_tell") == "04-04 08:00"
    assert {"reassess", "report_now"} <= set(
        Duty.objects.filter(matter=m, done_at__isnull=True).values_list("kind", flat=True)
    )
    world.does("county", "breach_reported", order, "04-03 20:30", breach_told=["police_110", "court"])
    world.does("county", "breach_decided", order, "04-05 10:00", behalf="court", breach_outcome="detention")


def test_at_its_end_the_signed_form_goes_to_the_court_and_the_case_is_guarded(world: World) -> None:
    m, order = in_force(world)
    world.does("county", "end_order", order, "09-20 09:00", order_end="expired")
    assert world.row(m).stage == "guarding"
    assert due(world, order, "feedback") == "09-28 23:59"  # five working days over the Mid-Autumn days
    world.does(
        "county",
        "return_form",
        order,
        "09-24 09:00",
        signed_by_her="yes",
        feedback_on="2026-09-24",
        files=[paper()],
    )
    assert (world.row(order).stage, world.row(order).result) == ("ended", "over")


def test_a_second_application_belongs_to_the_one_under_way(world: World) -> None:
    m = world.responding()
    preparing(world, m)
    with pytest.raises(NotAllowed):
        world.does("county", "apply_order", m, "03-18 09:00", urgent="yes")


def test_the_order_on_paper_ends_an_application_that_waited_for_it(world: World) -> None:
    order = accepted(world)
    m = world.row(order).parent_id
    assert m is not None
    child = world.does(
        "county", "record_order", m, "03-19 09:30", behalf="court", files=[paper()], **ORDER
    ).child
    assert child == order
    assert not Duty.objects.get(matter=order, kind="decide").is_late


def test_where_she_is_stands_on_no_page_and_in_no_event_of_the_order(world: World) -> None:
    m = world.responding()
    world.does("county", "record_whereabouts", m, "03-16 08:30", now_at=WHERE)
    order = preparing(world, m)
    world.does("county", "packet", order, "03-17 09:30", **PACKET)
    world.does("county", "file", order, "03-17 10:00", to_court=str(world.offices["court"].id))
    for who in ("county", "court"):
        page = world.page(who, order)
        shown = str([(p.name, p.identity, p.contact, p.has_whereabouts) for p in page.people]) + str(
            page.entries
        )
        assert NAME in shown
        assert WHERE not in shown
        assert not any(p.has_whereabouts for p in page.people)
    assert PHONE in str(
        [p.contact for p in world.page("court", order).people]
    )  # the safe telephone it may use
    codes = json.dumps([e.codes for e in Event.objects.filter(matter=order)], ensure_ascii=False)
    assert WHERE not in codes
