"""What the worker does for messages: it asks for those that are due, and sends them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from anjia.engine.matters.models import Matter
from anjia.engine.matters.safe_contact import LOOK
from anjia.engine.messages import sending, staff
from anjia.engine.messages.models import Message, Way
from anjia.foundation.outbox import outbox

#: How long it is remembered that something was sent.
KEPT = timedelta(days=90)


@outbox.handler(LOOK)
def look_job(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
    """An answer was laid ready and she is to be told by text message: asked for here, looked at again when it goes."""
    matter = Matter.objects.get(pk=UUID(body["matter"]))
    sending.ask_once(
        key=f"look:{body['event']}",
        wording="look",
        way=Way.SMS,
        agency=matter.holder_id,
        matter=matter.id,
        now=now,
    )


@outbox.scheduled("messages.at-once", every=timedelta(seconds=30))
def at_once_job(*, now: datetime) -> None:
    """What cannot wait."""
    staff.told_at_once(now=now)


@outbox.scheduled("messages.daily", every=timedelta(minutes=5))
def daily_job(*, now: datetime) -> None:
    """The day's one message, and what has come in since for those who want to know."""
    staff.told_today(now=now)
    staff.told_of_new(now=now)


@outbox.scheduled("messages.tidy", every=timedelta(minutes=5))
def tidy_job(*, now: datetime) -> None:
    """What no worker could finish stands aside; what was sent long ago is forgotten."""
    sending.tidy(now=now)
    Message.objects.filter(asked_at__lt=now - KEPT, state__in=sending.OVER).delete()
