"""Which days are working days in China, and how the law counts from one moment to another.

A due instant is the last second of its last day, 23:59:59 in Asia/Shanghai: the law says 24:00, and this way
the date that is printed is the date that is meant. Hour limits are exact to the minute.
"""

from anjia.law.calendar.counting import (
    SHANGHAI,
    add_calendar_days,
    add_hours,
    add_months,
    add_working_days,
    add_years,
    end_of_day,
    next_month_day,
    roll_over,
    shanghai,
)
from anjia.law.calendar.days import Calendar, Day, calendar, check

__all__ = [
    "SHANGHAI",
    "Calendar",
    "Day",
    "add_calendar_days",
    "add_hours",
    "add_months",
    "add_working_days",
    "add_years",
    "calendar",
    "check",
    "end_of_day",
    "is_working_day",
    "next_month_day",
    "roll_over",
    "shanghai",
]

from datetime import date


def is_working_day(day: date) -> bool:
    """True for an ordinary working day or a make-up working day (调休上班)."""
    return calendar().day(day).works
