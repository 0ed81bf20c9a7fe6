"""The one place that reads the machine's clock. Domain code takes `now` as an argument."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: Sorts after every real due date, so that "no deadline" needs no NULL handling in an index range.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
#: Years that somebody may mean. Beyond them the reckoning of days, weeks and zones runs off its end.
YEARS = range(1900, 2101)


def day_of(text: str) -> date:
    """A day as it was typed, 2026-03-14. ValueError for anything else, also for a year nobody can mean."""
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError("no year that can be meant")
    return day


def moment_of(text: str) -> datetime:
    """A moment as it was typed, 2026-03-14T23:26; a bare one is Beijing time. ValueError as of `day_of`."""
    at = datetime.fromisoformat(text)
    if at.year not in YEARS:
        raise ValueError("no year that can be meant")
    return at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at.astimezone(SHANGHAI)


def now() -> datetime:
    """The present moment in UTC; only views, the worker and commands call this, once a request.

    Under test the clock may be set ahead (ANJIA_CLOCK_AHEAD, hours), so that a time limit can run out.
    """
    ahead = os.environ.get("ANJIA_CLOCK_AHEAD") if os.environ.get("ANJIA_TESTING") == "1" else None
    return datetime.now(UTC) + timedelta(hours=float(ahead or 0))
