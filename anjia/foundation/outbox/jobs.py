"""Housekeeping of the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta

from anjia.foundation.outbox.models import Outbox
from anjia.foundation.outbox.outbox import scheduled

#: Done rows are kept for a month to answer "was it sent?"; their bodies were emptied when they were done.
KEPT = timedelta(days=30)


@scheduled("outbox.sweep", every=timedelta(hours=6))
def sweep(*, now: datetime) -> None:
    """Delete rows done more than a month ago. Dead letters stay until somebody has looked at them."""
    Outbox.objects.filter(done_at__lt=now - KEPT).delete()
