"""Which days work, and how the law counts. Expected dates come from a calendar on paper, not from code."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from anjia.law import calendar as cal
from anjia.law.calendar.days import check, load
from anjia.law.codes.reading import LawFileError


@pytest.mark.parametrize(
    "day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
)
def test_make_up_days_of_2026_work_although_they_are_weekends(day: str) -> None:
    assert date.fromisoformat(day).weekday() >= 5
    assert cal.is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    "day", ["2026-02-16", "2026-02-23", "2026-06-19", "2026-10-07", "2026-03-07", "2025-10-08"]
)
def test_published_holidays_and_plain_weekends_rest(day: str) -> None:
    assert not cal.is_working_day(date.fromisoformat(day))


def test_a_published_year_is_certain_and_an_unpublished_one_is_not() -> None:
    assert not cal.calendar().day(date(2026, 5, 9)).provisional
    assert cal.calendar().day(date(2027, 3, 3)).provisional


def test_statutory_days_rest_even_in_a_year_nobody_has_published() -> None:
    # 2027: 1 January is a Friday, 1 October a Friday, 8 February (third day of the new year) a Monday.
    for day in (date(2027, 1, 1), date(2027, 10, 1), date(2027, 2, 8), date(2040, 5, 1)):
        assert not cal.is_working_day(day)
    assert cal.is_working_day(date(2027, 1, 4))


def test_the_last_days_of_december_hang_on_the_next_notice() -> None:
    # The notices for 2007, 2008, 2019 and 2024 all changed days from 29 December on.
    assert cal.calendar().day(date(2026, 12, 30)).provisional
    assert not cal.calendar().day(date(2026, 12, 28)).provisional
    assert not cal.calendar().day(date(2025, 12, 30)).provisional


def test_an_added_year_becomes_certain(tmp_path: Path) -> None:
    table = tmp_path / "holidays.yaml"
    table.write_text(
        "published:\n"
        '  "2027":\n'
        "    source: test\n"
        '    rest: {元旦: {en: New Year, days: ["2027-01-01..2027-01-03"]}}\n'
        '    work: ["2027-01-09"]\n'
    )
    ours = load(table)
    assert ours.day(date(2027, 1, 9)).works
    assert not ours.day(date(2027, 1, 9)).provisional


def test_the_table_wins_over_the_package(tmp_path: Path) -> None:
    table = tmp_path / "holidays.yaml"
    table.write_text('published:\n  "2026":\n    source: test\n    rest: {}\n    work: []\n')
    assert load(table).day(date(2026, 2, 16)).works  # a Monday, Spring Festival in the package


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        ('published:\n  "2026":\n    source: x\n    work: ["2026-13-01"]\n', "not_a_day", 4),
        ('published:\n  "2026":\n    source: x\n    work: ["2025-03-01"]\n', "wrong_year", 2),
        ('published:\n  "2026":\n    work: []\n', "missing_column", 3),
        ("published:\n  soon: {source: x}\n", "not_a_year", 2),
        ("holidays: {}\n", "unknown_column", 1),
        ("published: {a: 1\n", "syntax", 2),
    ],
)
def test_a_bad_table_is_refused_with_its_line(tmp_path: Path, body: str, code: str, line: int) -> None:
    table = tmp_path / "holidays.yaml"
    table.write_text(body)
    found = check(table)
    assert (found[0].code, found[0].line) == (code, line)
    with pytest.raises(LawFileError, match=r"holidays\.yaml"):
        load(table)


def test_the_shipped_table_is_sound() -> None:
    assert check() == []


def test_months_end_on_the_corresponding_day_else_on_the_last() -> None:
    assert cal.add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert cal.add_months(date(2027, 8, 31), 6) == date(2028, 2, 29)  # 2028 is a leap year
    assert cal.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert cal.add_months(date(2026, 11, 15), 2) == date(2027, 1, 15)
    assert cal.add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)


def test_the_nth_of_next_month() -> None:
    assert cal.next_month_day(date(2026, 12, 31), 5) == date(2027, 1, 5)
    assert cal.next_month_day(date(2026, 1, 10), 31) == date(2026, 2, 28)


def test_working_days_over_the_spring_festival_of_2026() -> None:
    # Friday 13 Feb: Sat 14 works (1); 15–23 rest; Tue 24 (2), Wed 25 (3), Thu 26 (4), Fri 27 (5).
    last, seen = cal.add_working_days(date(2026, 2, 13), 5)
    assert last == date(2026, 2, 27)
    assert [d.date for d in seen if not d.works] == [date(2026, 2, n) for n in range(15, 24)]


def test_hours_are_exact_to_the_minute_and_seconds_are_cut_off() -> None:
    assert (
        cal.add_hours(datetime(2026, 3, 18, 10, 5, 59, tzinfo=cal.SHANGHAI), 24).isoformat()
        == "2026-03-19T10:05:00+08:00"
    )


def test_a_moment_in_utc_is_counted_in_beijing() -> None:
    # 16:30 UTC on the 9th is half past midnight on the 10th in Beijing.
    assert cal.shanghai(datetime(2026, 3, 9, 16, 30, tzinfo=UTC)).date() == date(2026, 3, 10)


def test_a_day_ends_at_its_last_second() -> None:
    assert cal.end_of_day(date(2026, 6, 22)).isoformat() == "2026-06-22T23:59:59+08:00"
