"""Who may answer for whom, when somebody has lost her second factor, and what a person is told about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from anjia.registry.posts import people, who_may
from anjia.registry.posts.actors import Actor, held_on, today
from anjia.registry.posts.models import Vouch

TOLD_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Colleague:
    """Somebody one may answer for."""

    post: UUID
    name: str
    title: str
    agency: str


@dataclass(frozen=True)
class Word:
    """A colleague's word for this person: she is told who gave it and whether it was used."""

    by: str
    title: str
    agency: str
    given_at: datetime
    used_at: datetime | None


def may_vouch(actor: Actor) -> bool:
    """Whether this post answers for anybody at all."""
    return actor.role in who_may.TABLE["posts:colleagues"].roles


def colleagues(actor: Actor, now: datetime) -> list[Colleague]:
    """People of one's own agency and, after them, of those directly below it. Two statements."""
    near = Q(agency=actor.agency_id) | Q(agency__superior=actor.agency_id)
    posts = held_on(today(now)).filter(near).exclude(account=actor.account_id)
    found = list(posts.select_related("agency").order_by("agency__tier", "agency__name", "id"))
    found.sort(key=lambda p: p.agency_id != actor.agency_id)
    each = {p.account_id: p for p in reversed(found)}  # of several posts the nearest
    named = people.names(each)
    shown = [p for p in found if each[p.account_id] is p]
    return [Colleague(p.id, named.get(p.account_id, ""), p.title, p.agency.name) for p in shown]


def news(account: UUID, now: datetime) -> list[Word]:
    """Words given for this person lately, newest first. Two statements."""
    rows = Vouch.objects.filter(account=account, given_at__gt=now - TOLD_FOR)
    found = list(rows.select_related("by__agency").order_by("-given_at"))
    named = people.names({v.by.account_id for v in found})
    return [
        Word(named.get(v.by.account_id, ""), v.by.title, v.by.agency.name, v.given_at, v.used_at)
        for v in found
    ]
