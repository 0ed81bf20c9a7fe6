"""Golden dates, each worked out by hand from the article and a wall calendar; the comment is the working."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from anjia.law import rules

END = "T23:59:59+08:00"
YANGZHOU = "321000"


def due(rule_id: str, start: str, *variants: str, place: str = YANGZHOU, **more: object) -> rules.Deadline:
    moment = datetime.fromisoformat(start)
    rule = rules.book().get(rule_id, moment.date(), place)
    return rules.due(rule, moment, variants, **more)  # type: ignore[arg-type]


GOLDEN = [
    # ---- hours: from the fixed minute, over nights, weekends and holidays (民法典201)
    ("warning.decide", "2026-03-15T00:05", (), "2026-03-18T00:05:00+08:00"),  # the story: 72 h
    ("appraisal.entrust", "2026-03-15T00:05", (), "2026-03-16T00:05:00+08:00"),  # 24 h
    ("order.decide", "2026-02-13T18:00", (), "2026-02-16T18:00:00+08:00"),  # ends on New Year's Eve, stays
    ("order.decide", "2026-03-18T10:05", ("urgent",), "2026-03-19T10:05:00+08:00"),  # the story: 24 h
    ("order.serve", "2026-03-19T09:30", (), "2026-03-20T09:30:00+08:00"),
    ("order.decide", "2026-12-30T23:59", (), "2027-01-02T23:59:00+08:00"),  # over the year's end
    ("order.decide", "2028-02-27T08:00", (), "2028-03-01T08:00:00+08:00"),  # 28, 29 Feb, 1 March
    ("report.mandatory", "2026-03-14T23:26", (), "2026-03-15T01:26:00+08:00"),  # 2 h over midnight
    # ---- calendar days: the first is not counted
    ("warning.first-visit", "2026-03-16T17:20", (), "2026-03-23" + END),  # 16+7, a Monday
    (
        "warning.first-visit",
        "2026-02-13T18:00",
        (),
        "2026-02-24" + END,
    ),  # 20 Feb is in the festival: to Tue 24
    (
        "warning.first-visit",
        "2026-02-21T09:00",
        (),
        "2026-02-28" + END,
    ),  # a Saturday, but a make-up day: stays
    ("petition.notice", "2026-04-13T10:00", (), "2026-04-28" + END),  # 13+15, a Tuesday
    (
        "petition.notice",
        "2026-09-20T10:00",
        (),
        "2026-10-08" + END,
    ),  # 5 Oct is in the National Day week: to Thu 8
    (
        "petition.complete",
        "2026-04-21T15:00",
        (),
        "2026-06-22" + END,
    ),  # 9+31+20 = 20 June, Dragon Boat: to Mon 22
    ("mediation.confirm", "2026-04-24T15:00", (), "2026-05-25" + END),  # 6+24 = Sunday 24 May: to Monday
    ("order.reconsider", "2026-03-19T09:30", (), "2026-03-24" + END),
    ("aid.review", "2026-03-20T10:00", (), "2026-03-27" + END),
    ("aid.appoint", "2026-03-24T10:00", (), "2026-03-27" + END),
    ("aid.object", "2026-04-30T10:00", (), "2026-05-06" + END),  # 5 May is Labour Day's last: to Wed 6
    ("report.feedback", "2026-03-15T00:05", (), "2026-03-18" + END),
    ("police.case", "2026-05-30T09:00", (), "2026-06-29" + END),  # 1+29
    ("cooling.withdraw", "2026-03-02T09:00", (), "2026-04-01" + END),
    ("mediation.court-entrusted", "2026-03-02T09:00", ("simplified",), "2026-03-09" + END),
    # ---- durations never move
    ("shelter.stay", "2026-03-15T02:10", (), "2026-03-25" + END),
    ("shelter.stay", "2026-02-06T02:10", (), "2026-02-16" + END),  # New Year's Eve, not moved
    ("order.expiry", "2026-03-19T09:30", (), "2026-09-19" + END),  # a Saturday, not moved
    ("order.expiry", "2026-08-31T09:30", (), "2027-02-28" + END),  # no 31 February; a Sunday, not moved
    ("order.expiry", "2027-08-31T09:30", (), "2028-02-29" + END),  # leap year
    ("order.expiry", "2026-03-19T09:30", ("3-months",), "2026-06-19" + END),  # Dragon Boat, not moved
    # ---- months that are periods
    ("warning.visit", "2026-09-16T09:00", (), "2026-12-16" + END),  # the story
    ("warning.visit", "2026-03-23T09:00", (), "2026-06-23" + END),
    (
        "warning.visit",
        "2026-03-21T09:00",
        (),
        "2026-06-22" + END,
    ),  # 21 June: Sunday and Dragon Boat, to Mon 22
    ("warning.visit", "2025-11-30T09:00", (), "2026-02-28" + END),  # a Saturday, but a make-up day: stays
    ("warning.visit", "2026-11-30T09:00", (), "2027-03-01" + END),  # 28 Feb 2027 is a Sunday
    ("warning.visit", "2027-11-30T09:00", (), "2028-02-29" + END),  # leap year, a Tuesday
    ("mediation.finish", "2026-01-31T09:00", (), "2026-02-28" + END),  # no 31 February; the make-up Saturday
    ("mediation.finish", "2024-01-31T09:00", (), "2024-02-29" + END),  # leap year, a Thursday
    ("proposal.reply", "2026-02-06T09:00", (), "2026-05-06" + END),  # the story's proposal, a Wednesday
    # ---- working days
    ("petition.object", "2026-02-13T18:00", (), "2026-02-27" + END),  # Sat 14 (1), Tue 24–Fri 27 (2–5)
    (
        "petition.object",
        "2026-02-24T18:00",
        (),
        "2026-03-02" + END,
    ),  # 25, 26, 27, make-up Sat 28, Mon 2 March
    ("award.notice", "2026-04-28T09:00", (), "2026-05-08" + END),  # the story: 29, 30, 6, 7, 8
    ("referral.accept", "2026-03-13T16:00", ("soon",), "2026-03-18" + END),  # Mon, Tue, Wed
    ("referral.accept", "2026-03-13T16:00", ("very_urgent",), "2026-03-13T18:00:00+08:00"),
    # ---- the same day, the next month
    ("triage.same-day", "2026-03-09T20:47", (), "2026-03-09" + END),
    ("triage.same-day", "2026-03-07T23:59", (), "2026-03-07" + END),  # a Saturday: violence does not wait
    ("report.up", "2026-10-12T09:00", (), "2026-11-05" + END),
    ("report.up", "2026-03-31T09:00", (), "2026-04-07" + END),  # 4–6 April: Tomb-sweeping
]


@pytest.mark.parametrize(("rule_id", "start", "variants", "expected"), GOLDEN)
def test_golden(rule_id: str, start: str, variants: tuple[str, ...], expected: str) -> None:
    assert due(rule_id, start, *variants).due.isoformat() == expected


def test_sixty_days_and_thirty_more() -> None:
    # 21 April + 60 = 20 June; 30 more, counted from the period's own end, = 20 July, a Monday.
    longer = due("petition.complete", "2026-04-21T15:00", extensions=[{"ground": "complex", "amount": 30}])
    assert longer.due.isoformat() == "2026-07-20" + END


def test_an_order_extended_before_it_lapses() -> None:
    # The story: until 19 September, extended on 10 September by three months to 19 December (a Saturday).
    extended = due(
        "order.expiry",
        "2026-03-19T09:30",
        extensions=[{"ground": "applicant_asks", "amount": 3, "at": "2026-09-10T10:00:00+08:00"}],
    )
    assert extended.due.isoformat() == "2026-12-19" + END


def test_a_year_without_published_holidays_says_so() -> None:
    found = due("petition.object", "2026-12-31T10:00")
    # 1 Jan rests (Fri), 2–3 weekend, 4–8 Jan are five working days.
    assert found.due.isoformat() == "2027-01-08" + END
    assert found.provisional
    assert any("待核时间" in step.text_zh for step in found.steps)
    assert not due("petition.object", "2026-03-02T10:00").provisional


def test_hours_and_durations_do_not_hang_on_holidays_and_are_certain() -> None:
    assert not due("order.decide", "2027-02-05T10:00").provisional
    assert not due("order.expiry", "2026-10-01T10:00").provisional


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-16T00:00", "2026-03-23"),
        ("2026-03-16T23:59:59", "2026-03-23"),
        ("2026-03-17T00:00", "2026-03-24"),
    ],
)
def test_midnight_decides_the_first_day(start: str, expected: str) -> None:
    assert due("warning.first-visit", start).due.date() == date.fromisoformat(expected)


def test_utc_evening_is_the_next_day_in_beijing() -> None:
    rule = rules.book().get("warning.first-visit", date(2026, 3, 16))
    # 17:20 in Beijing on the 16th is 09:20 UTC; 16:01 UTC on the 15th is already the 16th there.
    assert rules.due(rule, datetime(2026, 3, 15, 16, 1, tzinfo=UTC)).due.date() == date(2026, 3, 23)


def test_the_court_may_set_less_than_six_months_but_not_more() -> None:
    assert due("order.expiry", "2026-03-19T09:30", amount=2).due.isoformat() == "2026-05-19" + END
    with pytest.raises(rules.RuleError):
        due("order.expiry", "2026-03-19T09:30", amount=7)
    with pytest.raises(rules.RuleError):
        due("order.decide", "2026-03-19T09:30", amount=1)
