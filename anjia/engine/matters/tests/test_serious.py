"""A serious incident: reported in hours, day and night; what was sent is never reworded; lessons are written."""

from __future__ import annotations

from uuid import UUID

import pytest

from anjia.engine.matters import actions
from anjia.engine.matters.models import Party
from anjia.engine.matters.tests.world import NAME, STREET, World, at
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import RuleBroken

SENT = {"told_whom": ["city_federation", "police"], "told_by": "phone"}


def known(world: World, when: str = "10-03 23:10") -> UUID:
    return actions.open_matter(
        playbook="serious-incident",
        actor=world.actor("county", when),
        now=at(when),
        channel="call",
        place=STREET,
        parties=[],
        data={"incident_kind": "serious_injury", "known_at": "2026-10-03T22:50", "brief": "一人重伤送医"},
    ).matter


def first(world: World) -> UUID:
    m = known(world)
    world.does("county", "first_report", m, "10-04 00:20", told_at="2026-10-04T00:15",
               report_text="昨晚一起重伤,已送医。", **SENT)  # fmt: skip
    return m


def test_hours_run_through_the_night_and_the_holiday(world: World) -> None:
    m = known(world)
    assert world.duty(m, "first").due_at.astimezone(SHANGHAI).isoformat()[:16] == "2026-10-04T00:50"
    world.does(
        "county", "first_report", m, "10-04 00:20", told_at="2026-10-04T00:15", report_text="已送医。", **SENT
    )
    assert world.duty(m, "further").due_at.astimezone(SHANGHAI).isoformat()[:16] == "2026-10-05T00:20"
    assert "已送医" in str(world.page("city", m).entries)


def test_a_report_that_was_sent_is_never_reworded(world: World) -> None:
    m = first(world)
    sent = next(e for e in world.page("county", m).entries if e.move == "first_report")
    with pytest.raises(RuleBroken) as refused:
        world.does("county", "correct", m, "10-04 08:00", event=str(sent.event), reason="写错了")
    assert "更正报告" in str(refused.value.reason)
    given = {
        "corrects_what": "是轻伤",
        "told_at": "2026-10-04T08:20",
        "report_text": "更正:经鉴定为轻伤。",
        **SENT,
    }
    with pytest.raises(RuleBroken) as wrong:
        world.does("county", "corrected_report", m, "10-04 08:30", corrects_no=2, **given)
    assert "corrects_no" in wrong.value.fields
    world.does("county", "corrected_report", m, "10-04 08:30", corrects_no=1, **given)
    entries = world.page("county", m).entries
    assert [e.codes["report"] for e in entries if e.codes.get("report")] == [
        {"no": 1, "stage": "first"},
        {"no": 2, "stage": "further", "corrects": 1},
    ]
    assert "昨晚一起重伤" in str(entries)  # the first wording still stands


def test_final_report_and_lessons_close_it(world: World) -> None:
    m = first(world)
    world.does("county", "final_report", m, "10-06 09:00", outcome="settled", told_at="2026-10-06T09:00",
               report_text="已处置完毕。", **SENT)  # fmt: skip
    with pytest.raises(RuleBroken) as refused:
        world.does("county", "close_final", m, "10-12 09:00", cause="报警未转", change_what=["partners"])
    assert "lessons" in refused.value.fields
    world.does("county", "close_final", m, "10-12 09:00", cause="报警未转", lessons="接警当日核对",
               change_what=["partners"])  # fmt: skip
    world.does("county", "report_up", m, "10-12 09:10", report_stage="final", report_words="一件")
    assert world.row(m).closed_at is not None


def test_from_a_case_nothing_of_her_goes_along(world: World) -> None:
    m = world.responding()
    child = world.does(
        "county", "serious", m, "03-10 14:00", incident_kind="media", brief="有自媒体发帖"
    ).child
    assert child is not None
    assert not Party.objects.filter(matter=child).exists()
    assert NAME not in str(world.page("city", child))
    assert world.duty(child, "first").due_at.astimezone(SHANGHAI).isoformat()[:16] == "2026-03-10T16:00"
