"""Sweeping away bytes that belong to nothing, comparing anew what is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from anjia.foundation.files import files, rechecking
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


@scheduled("files.recheck", every=timedelta(minutes=10))
def recheck(*, now: datetime) -> int:
    """Each stored file once a week, a minute's work at a time."""
    return rechecking.recheck(now=now)
