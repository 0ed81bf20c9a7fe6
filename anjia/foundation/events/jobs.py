"""The sealer."""

from __future__ import annotations

from datetime import datetime, timedelta

from anjia.foundation.events.events import seal_now
from anjia.foundation.outbox.outbox import scheduled


@scheduled("events.seal", every=timedelta(seconds=2))
def seal_all(*, now: datetime) -> None:
    """Cover everything written since the last time."""
    while seal_now(now) is not None:
        pass
