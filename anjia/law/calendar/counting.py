"""How the law counts (民法典 200–204): small functions, each one rule of counting.

- Days, months, years: the day of the event is not counted; the period ends with its last day (24:00, written
  here as 23:59:59). Months and years end on the corresponding day, else on the last day of that month.
- A last day that is a statutory rest day moves to the day after the holiday. Make-up working days work.
- Hours run from the fixed time, to the minute, over nights and holidays alike.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from anjia.law.calendar.days import Calendar, Day, calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
LAST_SECOND = time(23, 59, 59)


def shanghai(moment: datetime) -> datetime:
    """The same moment on a clock in Beijing; a time without a zone is taken as Beijing time."""
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)


def end_of_day(day: date) -> datetime:
    """24:00 of a day, written 23:59:59 so that the printed date is the right one."""
    return datetime.combine(day, LAST_SECOND, SHANGHAI)


def add_hours(start: datetime, hours: int) -> datetime:
    """Hours later, to the minute; seconds of the start are cut off, so a limit is never longer than its
    hours."""
    begin = shanghai(start).replace(second=0, microsecond=0)
    return begin + timedelta(hours=hours)


def add_calendar_days(start: date, days: int) -> date:
    """The last day of a period of calendar days; the start day is not counted."""
    return start + timedelta(days=days)


def add_working_days(start: date, days: int, cal: Calendar | None = None) -> tuple[date, list[Day]]:
    """The last day of a period of working days, and every day looked at on the way (rest days included)."""
    cal = cal or calendar()
    day, seen, left = start, [], days
    while left > 0:
        day += timedelta(days=1)
        seen.append(cal.day(day))
        left -= seen[-1].works
    return day, seen


def add_months(start: date, months: int) -> date:
    """The corresponding day some months later, or the last day of that month where it has no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def add_years(start: date, years: int) -> date:
    """The corresponding day some years later; 29 February becomes 28 February in a common year."""
    return add_months(start, 12 * years)


def next_month_day(start: date, day: int) -> date:
    """The n-th day of the month after `start` (the last one where that month is shorter)."""
    return add_months(start.replace(day=1), 1) + timedelta(days=min(day, monthrange(*_next(start))[1]) - 1)


def _next(day: date) -> tuple[int, int]:
    following = add_months(day.replace(day=1), 1)
    return following.year, following.month


def roll_over(day: date, cal: Calendar | None = None) -> tuple[date, list[Day]]:
    """The last day itself if work goes on then, else the first working day after; with the rest days
    skipped."""
    cal = cal or calendar()
    skipped: list[Day] = []
    current = cal.day(day)
    while not current.works:
        skipped.append(current)
        current = cal.day(current.date + timedelta(days=1))
    return current.date, [*skipped, current]
