"""Who owes what by when: late climbs until claimed, pausing needs a ground, an end waits for its answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anjia.engine.matters import actions, resident
from anjia.engine.matters.models import Duty, Notice
from anjia.engine.matters.tests.world import World, at
from anjia.foundation.core.clock import NEVER
from anjia.foundation.core.verdict import NotAllowed, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.outbox import worker
from anjia.registry.posts import actors


def climb_until(when: str) -> None:
    """Let the clock job run as it would have, until a moment."""
    for _ in range(200):
        due = Duty.objects.filter(done_at__isnull=True, climbs_at__lte=at(when)).order_by("climbs_at").first()
        if due is None:
            return
        actions.climb_overdue(now=due.climbs_at)


def test_overdue_climbs_the_line_to_the_city_and_then_alarms_daily(world: World) -> None:
    m = world.help_wanted().matter
    climb_until("03-25 00:00")
    duty = world.duty(m, "triage")
    assert duty.climbed_agency == world.offices["city"]
    worker.drain(at("03-25 00:00"))
    kinds = list(Notice.objects.filter(duty=duty.id).order_by("at", "id").values_list("kind", "agency__name"))
    assert ("climbed", "扬州市妇联") in kinds
    alarms = [k for k in kinds if k[0] == "alarm"]
    assert len(alarms) >= 5  # one a day since it reached the top
    climbs = Event.objects.filter(matter=m, move="climb").count()
    assert climbs <= 4  # the story is not flooded by alarms


def test_claiming_stops_the_climb_and_opens_the_matter_to_the_claimer(world: World) -> None:
    m = world.help_wanted().matter
    climb_until("03-20 00:00")
    duty = world.duty(m, "triage")
    page = world.page("city", m, "03-20 09:00")
    assert page.is_masked
    assert page.names == {}
    world.does("city", "claim", m, "03-20 09:00", duty=str(duty.id))
    duty.refresh_from_db()
    assert (duty.post, duty.climbs_at) == (world.posts["city"], NEVER)
    assert world.page("city", m, "03-20 09:05").names["asking"] == "周晓兰"


def test_what_did_not_climb_to_me_i_cannot_claim(world: World) -> None:
    m = world.help_wanted().matter
    with pytest.raises(RuleBroken):
        world.does("city", "claim", m, "03-09 21:00", duty=str(world.duty(m, "triage").id))


def test_statutory_clock_cannot_be_paused_without_its_ground(world: World) -> None:
    m = world.responding()
    m = world.does(
        "county", "record_police_report", m, "03-15 09:00", behalf="police",
        happened_at="2026-03-15T00:05", reported_at="2026-03-15T00:05",
    ).child or m  # fmt: skip
    duty = world.duty(m, "decide")
    assert duty.due_at.isoformat() == "2026-03-17T16:05:00+00:00"  # 72 hours to the minute
    with pytest.raises(NotAllowed):
        world.does(
            "county", "pause", m, "03-15 10:00", duty=str(duty.id), pause_ground="her_wish", reason="等一等"
        )


def test_house_clock_pauses_and_moves_by_the_time_paused(world: World) -> None:
    m = world.responding()
    duty = world.duty(m, "visit")
    before = duty.due_at
    aim = {"duty": str(duty.id)}
    world.does("county", "pause", m, "03-11 09:00", **aim, pause_ground="her_wish", reason="她出差")
    duty.refresh_from_db()
    assert duty.climbs_at == NEVER
    world.does("county", "resume", m, "03-14 09:00", **aim)
    duty.refresh_from_db()
    assert duty.due_at == before + timedelta(days=3)


def test_late_is_marked_late_and_keeps_its_reason(world: World) -> None:
    m = world.help_wanted().matter
    duty = world.duty(m, "triage")
    world.does(
        "county", "late", m, "03-10 08:00", duty=str(duty.id), late_reason="handover", reason="交接漏看"
    )
    world.does("county", "accept_in", m, "03-10 08:30", first_or_repeat="first")
    duty.refresh_from_db()
    assert (duty.is_late, duty.late_reason, duty.outcome) == (True, "handover", "done")


def test_an_end_is_closed_only_by_answer_and_report(world: World) -> None:
    opened = world.help_wanted()
    m = opened.matter
    world.does("county", "accept_in", m, "03-09 21:00", first_or_repeat="first")
    world.does("county", "call_safe", m, "03-10 12:15", was_alone="yes")
    world.does("county", "close_withdrawn", m, "03-10 13:00", was_alone="yes", her_words="我自己处理")
    row = world.row(m)
    assert row.ended_at is not None
    assert row.closed_at is None
    assert {d.kind for d in Duty.objects.filter(matter=m, done_at__isnull=True)} == {"reply", "report_up"}
    world.does("county", "report_up", m, "03-10 14:00", report_stage="final", report_words="一件")
    world.does("county", "reply", m, "03-10 15:00", reply_words="随时找我们。", reply_channel="receipt")
    assert world.row(m).closed_at is not None


def test_answer_outside_her_hours_is_refused_but_the_receipt_is_always_open(world: World) -> None:
    m = world.responding()
    answer = {"reply_words": "已处理", "reply_channel": "phone"}
    with pytest.raises(NotAllowed):  # 15:00 is not between 12:10 and 12:50
        world.does("county", "reply", m, "03-11 15:00", **answer)
    with pytest.raises(NotAllowed):  # Saturday
        world.does("county", "reply", m, "03-14 12:20", **answer)
    world.does("county", "reply", m, "03-11 12:20", **answer)
    world.does("county", "reply", m, "03-11 15:00", reply_words="已处理", reply_channel="receipt")


def test_she_reads_the_answer_and_that_is_recorded_once(world: World) -> None:
    opened = world.help_wanted()
    m = opened.matter
    world.does("county", "reply", m, "03-10 15:00", reply_words="我们在办。", reply_channel="receipt")
    found = resident.find(opened.receipt)
    assert found is not None
    with access.reading(actors.resident(), route="portal:check", how="open"):
        status = resident.status(found)
    assert [s.words for s in status.said if s.is_answer] == ["我们在办。"]
    actions.resident_move(
        receipt=opened.receipt, name="seen", now=at("03-10 18:00"), data={"event": str(status.unread[0])}
    )
    with access.reading(actors.resident(), route="portal:check", how="open"):
        assert resident.status(world.row(m)).unread == []


def test_reopening_is_a_right_of_the_head(world: World) -> None:
    m = world.responding()
    world.does(
        "county",
        "close_unfounded",
        m,
        "03-12 09:00",
        what_checked="核过",
        second_look=str(world.posts["county"].id),
    )
    with pytest.raises(NotAllowed):
        world.does("officer", "reopen", m, "03-13 09:00", reason="又来了")
    world.does("county", "reopen", m, "03-13 09:00", reason="又来了")
    row = world.row(m)
    assert (row.stage, row.ended_at, row.result) == ("received", None, "")
    assert world.duty(m, "triage").agency == world.offices["county"]


def test_withdrawn_receipt_answers_like_an_unknown_one_and_somebody_makes_sure(world: World) -> None:
    opened = world.help_wanted()
    actions.resident_move(receipt=opened.receipt, name="withdraw", now=at("03-10 08:00"))
    assert resident.find(opened.receipt) is None
    assert world.duty(opened.matter, "withdraw_check").agency == world.offices["county"]
