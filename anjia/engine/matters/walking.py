"""走一走: a village's round of one month. What is kept of a door behind which all was well is that it was one more.

The round begins with the first press of a month and is the village's own; nobody opens it for her, and nothing follows
when it is not finished: the next month's begins, and the old one is closed with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from anjia.engine.matters import actions
from anjia.engine.matters.inputs import Moved
from anjia.engine.matters.models import Seat
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events.models import Event
from anjia.registry.posts.actors import Actor

ROUND = "walk-round"
ON_FOOT = "outreach"  # how it came to be known, in the words of the register
PRESSED, FINISHED = "nothing_found", "walked_all"


@dataclass(frozen=True, slots=True)
class Round:
    """One month of one village: whether it is over, how often she pressed, how many doors that was."""

    matter: UUID
    is_over: bool
    times: int
    doors: int


def month_of(now: datetime) -> datetime:
    """The first moment of the month."""
    return now.astimezone(SHANGHAI).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def this_month(actor: Actor, now: datetime) -> Round | None:
    """The round of this actor's village, if it has begun."""
    seat = _seats(actor).filter(opened_at__gte=month_of(now)).order_by("-opened_at").first()
    if seat is None:
        return None
    pressed = Event.objects.filter(matter=seat.matter_id, move=PRESSED).values_list("codes", flat=True)
    doors = [int((codes.get("facts") or {}).get("walked") or 1) for codes in pressed]
    return Round(seat.matter_id, not seat.is_open, len(doors), sum(doors))


def nothing_found(*, actor: Actor, now: datetime, doors: str = "", key: str = "") -> Moved:
    """「没发现问题」: one more press in this month's round, with a number or without. The same `key` twice is one."""
    return actions.move(
        matter_id=begun(actor, now),
        name=PRESSED,
        actor=actor,
        now=now,
        data={"walked": doors} if doors else {},
        key=key,
    )


def finish(*, actor: Actor, now: datetime, key: str = "") -> Moved:
    """「本月走完了」."""
    return actions.move(matter_id=begun(actor, now), name=FINISHED, actor=actor, now=now, key=key)


def begun(actor: Actor, now: datetime) -> UUID:
    """This month's round, begun where it was not yet. An older one that was left open is closed with it."""
    found = this_month(actor, now)
    if found:
        return found.matter
    for left in _seats(actor).filter(is_open=True).values_list("matter_id", flat=True):
        actions.move(matter_id=left, name=FINISHED, actor=actor, now=now, key=f"{ROUND} over {left}")
    opened = actions.open_matter(
        playbook=ROUND,
        actor=actor,
        now=now,
        channel=ON_FOOT,
        parties=(),
        place=actor.village,
        key=f"{ROUND} {actor.agency_id} {month_of(now):%Y-%m}",
    )
    return opened.matter


def _seats(actor: Actor) -> QuerySet[Seat]:
    return visible_to(actor).own().filter(playbook=ROUND)
