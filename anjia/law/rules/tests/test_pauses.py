"""Pauses and extensions: only on the law's own grounds; a longer pause never means an earlier date."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anjia.law import rules
from anjia.law.calendar import SHANGHAI

END = "T23:59:59+08:00"


def at(*parts: int) -> datetime:
    """A moment in Beijing."""
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc, arg-type]


def rule(rule_id: str, on: date = date(2026, 3, 2)) -> rules.Rule:
    return rules.book().get(rule_id, on, "321003")


def pause(start: str, end: str | None, ground: str) -> dict[str, str | None]:
    """As a duty stores it."""
    return {"from": start, "to": end, "ground": ground}


def test_a_statutory_limit_without_grounds_cannot_be_paused() -> None:
    with pytest.raises(rules.RuleError) as refused:
        rules.due(
            rule("order.decide"),
            at(2026, 3, 2, 9),
            pauses=[pause("2026-03-02", "2026-03-03", "hearing")],
        )
    assert "第28条" in refused.value.text["zh"]


def test_a_hearing_does_not_count_in_a_re_review_but_does_in_a_review() -> None:
    # 信访工作条例 36 excludes the hearing; 35 does not. 2 March + 30 = 1 April; six days of hearing: 7 April.
    stop = [pause("2026-03-09T09:00", "2026-03-15T09:00", "hearing")]
    start = at(2026, 3, 2, 9)
    assert rules.due(rule("petition.re-review"), start, pauses=stop).due.isoformat() == "2026-04-07" + END
    with pytest.raises(rules.RuleError):
        rules.due(rule("petition.review"), start, pauses=stop)


def test_an_appraisal_moves_a_public_security_case() -> None:
    # 30 May + 30 = 29 June; ten days of appraisal: 9 July, a Thursday.
    found = rules.due(
        rule("police.case", date(2026, 5, 30)),
        at(2026, 5, 30, 9),
        pauses=[pause("2026-06-01", "2026-06-11", "appraisal")],
    )
    assert found.due.isoformat() == "2026-07-09" + END


def test_a_notice_interrupted_by_an_objection_goes_on_for_the_days_that_are_left() -> None:
    # The story: five working days from 28 April, stopped on 7 May with one left, resumed 19 May, ends 20 May.
    found = rules.due(
        rule("award.notice", date(2026, 4, 28)),
        at(2026, 4, 28, 9),
        pauses=[pause("2026-05-07T10:00", "2026-05-19T09:00", "objection")],
    )
    assert found.due.isoformat() == "2026-05-20" + END


def test_hours_move_by_exactly_the_pause() -> None:
    found = rules.due(
        rule("warning.notify"),
        at(2026, 3, 2, 9),
        pauses=[pause("2026-03-02T10:00", "2026-03-02T11:30", "other")],
    )
    assert found.due.isoformat() == "2026-03-03T10:30:00+08:00"


def test_overlapping_pauses_count_once_and_one_still_open_moves_nothing() -> None:
    start, r = at(2026, 3, 2, 9), rule("visit.grade-1")
    twice = [pause("2026-03-03", "2026-03-05", "her_wish"), pause("2026-03-04", "2026-03-06", "other")]
    assert rules.due(r, start, pauses=twice).due.date() == date(2026, 3, 12)  # 9 March + 3
    still = rules.due(r, start, pauses=[*twice, pause("2026-03-07", None, "other")])
    assert (still.due.date(), still.paused) == (date(2026, 3, 12), True)


def test_a_pause_after_the_end_saves_nothing() -> None:
    found = rules.due(
        rule("visit.grade-1"), at(2026, 3, 2, 9), pauses=[pause("2026-03-10", "2026-03-20", "other")]
    )
    assert found.due.date() == date(2026, 3, 9)


@pytest.mark.parametrize("extensions", [[{"ground": "president"}], [{"ground": "complex", "amount": 31}]])
def test_an_extension_keeps_to_its_ground_and_its_most(extensions: list[dict[str, object]]) -> None:
    with pytest.raises(rules.RuleError):
        rules.due(rule("petition.complete"), at(2026, 3, 2, 9), extensions=extensions)


def test_no_more_extensions_than_the_law_allows() -> None:
    start, once = at(2026, 3, 2, 9), {"ground": "grave_complex"}
    # 治安管理处罚法 118: twice. 2 March + 30 + 30 + 30 = 31 May, a Sunday: Monday 1 June.
    assert (
        rules.due(rule("police.case"), start, extensions=[once, once]).due.isoformat() == "2026-06-01" + END
    )
    with pytest.raises(rules.RuleError):
        rules.due(rule("police.case"), start, extensions=[once, once, once])
    with pytest.raises(rules.RuleError):
        rules.due(rule("petition.complete"), start, extensions=[{"ground": "complex"}] * 2)


def test_what_has_ended_cannot_be_extended() -> None:
    with pytest.raises(rules.RuleError):
        rules.due(
            rule("petition.complete"),
            at(2026, 3, 2, 9),
            extensions=[{"ground": "complex", "at": "2026-05-20T09:00:00+08:00"}],
        )


def test_an_extension_by_consent_has_to_say_how_long() -> None:
    with pytest.raises(rules.RuleError):
        rules.due(rule("mediation.court-delegated"), at(2026, 3, 2), extensions=[{"ground": "both_consent"}])


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 30))  # noqa: DTZ001 - taken as Beijing time
HOUSE = st.sampled_from(["visit.grade-1", "visit.grade-2", "referral.accept", "warning.notify", "report.up"])


@settings(deadline=None, max_examples=150)
@given(HOUSE, MOMENTS, st.integers(0, 500), st.integers(0, 900), st.integers(0, 400))
def test_a_longer_pause_never_means_an_earlier_date(
    rule_id: str, start: datetime, after: int, hours: int, more: int
) -> None:
    r = rules.book().get(rule_id, start.date())
    begin = start + timedelta(hours=after)
    ends = [
        rules.due(r, start, pauses=[rules.Pause(begin, begin + timedelta(hours=h), "other")]).due
        for h in (hours, hours + more)
    ]
    assert rules.due(r, start).due <= ends[0] <= ends[1]


@settings(deadline=None, max_examples=150)
@given(HOUSE, MOMENTS, st.integers(0, 5000))
def test_a_later_start_never_means_an_earlier_end(rule_id: str, start: datetime, minutes: int) -> None:
    r = rules.book().get(rule_id, start.date())
    assert rules.due(r, start).due <= rules.due(r, start + timedelta(minutes=minutes)).due
