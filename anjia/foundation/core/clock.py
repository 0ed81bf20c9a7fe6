"""The one place that reads the machine's clock. Domain code takes `now` as an argument."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: Sorts after every real due date, so that "no deadline" needs no NULL handling in an index range.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)


def now() -> datetime:
    """The present moment in UTC; only views, the worker and commands call this, once a request.

    Under test the clock may be set ahead (ANJIA_CLOCK_AHEAD, hours), so that a time limit can run out.
    """
    ahead = os.environ.get("ANJIA_CLOCK_AHEAD") if os.environ.get("ANJIA_TESTING") == "1" else None
    return datetime.now(UTC) + timedelta(hours=float(ahead or 0))
