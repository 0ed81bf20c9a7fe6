"""Which rounds there are for a place, which applications belong to one. A round is found by the office that opened it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from anjia.engine.matters import watching
from anjia.engine.matters.models import Duty, Link, Matter
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.worklists import MatterRow
from anjia.foundation.events.models import Event
from anjia.foundation.vault import vault
from anjia.registry.posts import agencies
from anjia.registry.posts.actors import Actor, today
from anjia.registry.posts.models import Agency

ROUND, HOUSEHOLD = "recognition-round", "household-recognition"
#: How an application is linked with its round, and a round found by its office: keyed, as every token is.
LINK, TOKEN = "round", "round"
LINE = "federation"
TAKING, OPENED, CLOSED = "taking", "open_round", "close"


@dataclass(frozen=True)
class Standing:
    """What a place is told: the round that takes applications now, until when, and when the last one closed."""

    open: Matter | None = None
    until: datetime | None = None
    ended: datetime | None = None


def offices(place: str, now: datetime) -> list[Agency]:
    """The federations that may hold a round for a place: its county's and the city's."""
    found = [agencies.nearest(LINE, code, today(now)) for code in (place[:6], settings.CITY) if code]
    return list({one[0].id: one[0] for one in found if one}.values())


def of_office(office: UUID) -> list[Matter]:
    """Every round this office ever began, the newest first."""
    owners = vault.find(TOKEN, str(office)).values_list("owner", flat=True)
    return list(Matter.objects.filter(pk__in=list(owners), playbook=ROUND).order_by("-opened_at"))


def of_place(place: str, now: datetime) -> list[Matter]:
    """Every round that reaches a place, the newest first."""
    found = [m for office in offices(place, now) for m in of_office(office.id)]
    return sorted(found, key=lambda m: m.opened_at, reverse=True)


def standing(place: str, now: datetime) -> Standing:
    """Where things stand for a place. A round takes applications to the end of its last day, not a minute longer."""
    duties = Duty.objects.filter(matter__in=of_place(place, now), kind=TAKING).select_related("matter")
    ended: list[datetime] = []
    for duty in duties.order_by("due_at"):
        if duty.done_at is None and duty.due_at >= now:
            return Standing(duty.matter, duty.due_at)
        ended.append(duty.due_at)
    return Standing(ended=max(ended, default=None))


def closed_at(round_: UUID) -> datetime | None:
    """When the round closed: from then on her word is asked and counts."""
    return (
        Event.objects.filter(matter=round_, move=CLOSED).order_by("seq").values_list("at", flat=True).last()
    )


def households(round_: UUID) -> list[Matter]:
    """The applications of a round, in the order they came."""
    return list(
        Matter.objects.filter(links_from__second=round_, links_from__kind=LINK).order_by("opened_at", "id")
    )


def rows(actor: Actor, round_: Matter) -> list[MatterRow]:
    """The applications of a round as this reader may see them; nothing for any other procedure."""
    if round_.playbook != ROUND:
        return []
    scope, applied = visible_to(actor), [m.id for m in households(round_.id)]
    is_own = watching.visible_rows(scope, set(applied))
    return watching.shown(scope, [m for m in applied if m in is_own], is_own)


def round_of(household: UUID) -> UUID | None:
    """The round an application belongs to."""
    return Link.objects.filter(first=household, kind=LINK).values_list("second", flat=True).first()
