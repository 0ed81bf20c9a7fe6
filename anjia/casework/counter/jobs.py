"""What the worker does at the counter."""

from __future__ import annotations

from datetime import datetime, timedelta

from anjia.casework.counter import drafts
from anjia.foundation.outbox import outbox


@outbox.scheduled("counter.drafts", every=timedelta(hours=6))
def sweep_job(*, now: datetime) -> None:
    """Drafts that nobody goes on with are not kept for ever."""
    drafts.sweep(now)
