"""The one place that reads the machine's clock. Domain code takes `now` as an argument."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: Sorts after every real due date, so that "no deadline" needs no NULL handling in an index range.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)


def now() -> datetime:
    """The present moment in UTC; only views, the worker and commands call this, once a request."""
    return datetime.now(UTC)
