"""Sweeping away bytes that belong to nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from anjia.foundation.files import files
from anjia.foundation.outbox.outbox import scheduled

#: Longer than any transaction can last.
GRACE = timedelta(days=1)


@scheduled("files.sweep", every=timedelta(hours=6))
def sweep(*, now: datetime) -> int:
    """Delete sealed bytes older than a day for which no row was committed; returns how many."""
    count = 0
    for path in files.orphans(now - GRACE):
        path.unlink(missing_ok=True)
        count += 1
    return count
