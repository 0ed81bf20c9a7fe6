"""公示: which households stand on the public notice now, under the names they agreed to, and what is said against one.

They stand there while the notice runs, also while an objection is checked, and are gone when it is over. Whoever is not
listed never stands anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from anjia.engine.matters import actions
from anjia.engine.matters.models import Duty, Matter
from anjia.foundation.core.verdict import NotFound
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment
from anjia.prevention.honours.rounds import LINK, of_place
from anjia.registry.places import places
from anjia.registry.posts import actors

NOTICE, NOTICED, OBJECT = "notice", "noticed", "object"
MOST = 500
#: A round begun so long ago has nothing on notice any more.
NEWEST = 4


@dataclass(frozen=True)
class Posted:
    """One household on the notice. `names` is empty where nobody wishes to be named."""

    matter: UUID
    village: str
    names: str
    until: datetime


def shown(place: str, now: datetime) -> list[Posted]:
    """Everybody on notice for a place, by village; reading the names is logged like any other reading."""
    there = {m.id for m in of_place(place, now)[:NEWEST]}
    on_notice = Duty.objects.filter(
        Q(paused_at__isnull=False) | Q(due_at__gte=now),
        matter__links_from__second__in=there,
        matter__links_from__kind=LINK,
        matter__stage=NOTICED,
        kind=NOTICE,
        done_at__isnull=True,
    )
    until = dict(on_notice.values_list("matter_id", "due_at")[:MOST])
    found = [posted(*one) for one in said_when_applied(until)]
    return sorted((Posted(m, v, n, until[m]) for m, v, n in found if v.startswith(place)), key=in_order)


def said_when_applied(matters: dict[UUID, datetime]) -> list[tuple[UUID, dict[str, str]]]:
    """What each household let be shown, as it stands sealed with its application."""
    opened = {
        e.sealed: e.matter for e in Event.objects.filter(matter__in=list(matters), move="open") if e.sealed
    }
    rows = vault.latest(list(opened), [Compartment.IDENTITY])
    keys = vault.keys({row.root for row in rows.values()}) if rows else {}
    out = []
    for (event, _compartment), row in rows.items():
        access.current().opened(opened[event], Compartment.IDENTITY)
        out.append((opened[event], vault.open_sealed(row, keys[row.root])))
    return out


def posted(matter: UUID, said: dict[str, str]) -> tuple[UUID, str, str]:
    return matter, str(said.get("village") or ""), str(said.get("named_as") or "")


def in_order(one: Posted) -> tuple[str, str, UUID]:
    """By village, then as they are written: no order says more than that."""
    return one.village, one.names, one.matter


def village_names(rows: list[Posted]) -> dict[str, str]:
    """What the villages are called."""
    return places.displays({r.village for r in rows})


def object_to(*, household: UUID, words: str, key: str, now: datetime) -> None:
    """提出不同意见, by anybody and without a name: the notice stands still until it is checked. NotFound once it is over."""
    matter = Matter.objects.filter(pk=household, stage=NOTICED).first()
    if matter is None:
        raise NotFound
    actions.move(
        matter_id=household, name=OBJECT, actor=actors.resident(), now=now, data={"objection": words}, key=key
    )
