"""Forgetting what is no longer needed."""

from __future__ import annotations

from datetime import datetime, timedelta

from anjia.foundation.limits.idempotency import KEPT
from anjia.foundation.limits.models import Bucket, Idempotency
from anjia.foundation.outbox.outbox import scheduled

#: Hashed addresses are dropped after a day.
BUCKETS_KEPT = timedelta(hours=24)


@scheduled("limits.sweep", every=timedelta(hours=1))
def sweep(*, now: datetime) -> None:
    """Delete counters older than a day and submissions older than 72 hours."""
    Bucket.objects.filter(window__lt=now - BUCKETS_KEPT).delete()
    Idempotency.objects.filter(at__lt=now - KEPT).delete()
