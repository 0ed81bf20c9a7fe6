"""回避记录: who was walled off from which matter, for the supervisor who was told and for nobody else.

The list names the member of staff and the number of the matter, never who in it she is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.models import Matter, Wall, WallLift
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.walls import LINE
from anjia.registry.posts import people
from anjia.registry.posts.actors import Actor, held_on, today
from anjia.registry.posts.models import PostRole

SHOWN = 50
CAUSES: dict[str, Promise] = {
    "id_number": _("身份证号相同"),
    "phone": _("电话相同"),
    "name_birth": _("姓名和出生日期相同"),
    "home": _("住同一处"),
    "kin": _("本人登记的亲属"),
    "linked": _("同一家庭的另一件事项"),
}


@dataclass(frozen=True, slots=True)
class Recusal:
    """One line of the record."""

    id: UUID
    who: str
    offices: tuple[str, ...]
    matter: UUID
    number: str
    may_open: bool
    why: str | Promise
    since: datetime
    is_new: bool


def told_to(actor: Actor) -> QuerySet[Wall]:
    """The walls that this office's head was told of, without any that stands before himself."""
    walls = Wall.objects.filter(told__isnull=False)
    if actor.kind != "post" or actor.role != PostRole.HEAD or actor.line != LINE:
        return walls.none()
    mine = Wall.objects.filter(account=actor.account_id, root=OuterRef("root"))
    return walls.filter(~Exists(mine), told__agency=actor.agency_id)


def is_supervisor(actor: Actor) -> bool:
    """Whether there is a record that this person may read; for everybody else there is no such page."""
    return told_to(actor).exists() or asked_about(actor).exists()


def asked_about(actor: Actor) -> QuerySet[WallLift]:
    """Lifts that this head's office asked for, or that this very person is to agree to; none about himself."""
    mine = Wall.objects.filter(account=actor.account_id).values("root")
    wanted = Q(second=actor.post_id, decided_at__isnull=True)
    if actor.role == PostRole.HEAD and actor.line == LINE:
        wanted |= Q(by__agency=actor.agency_id)
    lifts = WallLift.objects.filter(wanted).exclude(root__in=mine).exclude(account=actor.account_id)
    return lifts if actor.kind == "post" else lifts.none()


def has_new(actor: Actor) -> bool:
    """Whether somebody was walled off since the head last looked, or a second person's word is waited for."""
    return told_to(actor).filter(seen_at__isnull=True).exists() or waits(actor)


def waits(actor: Actor) -> bool:
    """Whether somebody waits for this person to agree that a wall was wrong."""
    return asked_about(actor).filter(second=actor.post_id, decided_at__isnull=True).exists()


def record(actor: Actor, now: datetime, *, only: UUID | None = None) -> list[Recusal]:
    """The newest first, or one of them."""
    told = told_to(actor).filter(pk=only) if only else told_to(actor)
    walls = list(told.order_by("-since", "-id")[:SHOWN])
    numbers = dict(Matter.objects.filter(pk__in={w.root for w in walls}).values_list("id", "number"))
    seen = visible_to(actor).seen(numbers)
    names = people.names({w.account_id for w in walls})
    offices: dict[UUID, list[str]] = {}
    posts = held_on(today(now)).filter(account__in={w.account_id for w in walls}).select_related("agency")
    for post in posts.order_by("id"):
        offices.setdefault(post.account_id, []).append(f"{post.agency.name} · {post.title}")
    return [
        Recusal(
            id=w.id,
            who=names.get(w.account_id, ""),
            offices=tuple(offices.get(w.account_id, ())),
            matter=w.root,
            number=numbers.get(w.root, ""),
            may_open=w.root in seen,
            why=CAUSES.get(w.cause, ""),
            since=w.since,
            is_new=w.seen_at is None,
        )
        for w in walls
    ]
