"""Keeping what was promised: every duty is done before it is due, by a move that its procedure names for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import UUIDField

from anjia.engine.matters.models import Duty, Matter
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.prepared import Prepared, Slot
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.library import definition, find_duty
from anjia.law.playbooks.schema import Move

#: What is owed in a matter, what falls due first in front.
OWED = Prepared(
    lambda: (
        Duty.objects.filter(matter=Slot("matter", UUIDField()), done_at__isnull=True)
        .select_related("matter")
        .order_by("due_at", "kind")
    )
)
#: Moves that do a duty by giving the matter to somebody else.
GIVING_AWAY = frozenset({"assign", "transfer"})


def next_due(
    row: Matter, leaves: Collection[str], given_up: Collection[UUID], until: datetime | None
) -> Duty | None:
    """The open duty that falls due first and can be done where the matter stands."""
    for duty in OWED.rows(matter=row.id):
        if until is not None and duty.due_at >= until:
            return None
        left = duty.paused_at or duty.kind in leaves or duty.id in given_up
        if not left and any(ways_to_do(duty, row)):
            return duty
    return None


def ways_to_do(duty: Duty, row: Matter) -> Iterator[Move]:
    """The moves that do a duty and leave the matter where it stands."""
    playbook = definition(row.playbook, row.version)
    for name in done_by(duty):
        move = interpreter.find_move(playbook, name)
        stays = move.to in (None, row.stage) and not move.result and not move.opens
        if (
            stays
            and not move.hidden
            and name not in GIVING_AWAY
            and interpreter.allowed(playbook, move, row.stage)
        ):
            yield move


def done_by(duty: Duty) -> tuple[str, ...]:
    """The moves that do it."""
    return find_duty(definition(duty.playbook, duty.matter.version), duty.kind).done_by


def good_time(duty: Duty, last: datetime) -> datetime:
    """At noon of the day before it is due; what is due within two days half-way there; never before `last`."""
    due, began = duty.due_at.astimezone(SHANGHAI), max(duty.started_at, last).astimezone(SHANGHAI)
    noon = (due - timedelta(days=1)).replace(hour=12, minute=20, second=0, microsecond=0)
    halfway = began + (due - began) / 2
    when = noon if noon > began + timedelta(hours=4) else halfway
    return max(when, last + timedelta(minutes=5))
