"""A wall that was wrong is lifted: by the head who was told of it, with a reason and a second person who agrees.

What it rested on is written down with it, so that neither a later change nor a comparison of old data raises it again;
an identifier that only becomes equal afterwards does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import recusals, walls
from anjia.engine.matters.models import Matter, Wall, WallLift
from anjia.engine.matters.walls import BESIDE, LINE, SUPERVISING
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.vault import vault
from anjia.registry.posts import ledger, people
from anjia.registry.posts.actors import Actor, held_on, today
from anjia.registry.posts.models import Agency, Post, PostRole

BOX = "wall lift"
ASKED, LIFTED, KEPT = "wall_lift_asked", "wall_lifted", "wall_kept"
SECONDS = (PostRole.HEAD, PostRole.OFFICER, PostRole.TRIAGE)
LEAST_WORDS = 4
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Lift:
    """A lift as those two read it: asked, or decided."""

    id: UUID
    who: str
    number: str
    why: str | Promise
    words: str
    by: str
    second: str
    asked_at: datetime
    decided_at: datetime | None
    agreed: bool
    is_mine_to_decide: bool


# -- who may ----------------------------------------------------------------------------------------------


def liftable(actor: Actor, wall_id: UUID) -> Wall:
    """The wall, for the head who was told of it; NotFound for everybody else."""
    wall = recusals.told_to(actor).filter(pk=wall_id).first()
    if wall is None:
        raise NotFound
    return wall


def seconds(actor: Actor, wall: Wall, now: datetime) -> list[tuple[UUID, str]]:
    """Who may be the second person: of the same federation, or the head of the one above; nobody it is about."""
    above = Agency.objects.filter(juniors=actor.agency_id).values("pk")
    near = Q(agency=actor.agency_id, role__in=SECONDS) | Q(agency__in=above, role=PostRole.HEAD)
    posts = held_on(today(now)).filter(near, agency__line=LINE, agency__tier__in=SUPERVISING)
    out = {actor.account_id, *walls.of_root(wall.root)}
    found = [p for p in posts.select_related("agency").order_by("id") if p.account_id not in out]
    named = people.names({p.account_id for p in found})
    return [(p.id, f"{named.get(p.account_id, '')} · {p.agency.name} · {p.title}") for p in found]


# -- asking and deciding ------------------------------------------------------------------------------------


def ask(*, wall_id: UUID, second: str, words: str, actor: Actor, now: datetime) -> None:
    """The head says why it is wrong and who is to agree; the wall stands until then."""
    wall = liftable(actor, wall_id)
    if len(words.strip()) < LEAST_WORDS:
        raise RuleBroken(_("有几处需要改一下。"), {"words": _("请写明为什么是错的、怎样核对的。")})
    if second not in {str(post) for post, _label in seconds(actor, wall, now)}:
        raise RuleBroken(_("有几处需要改一下。"), {"second": _("请选第二个人。")})
    assert actor.post_id is not None
    lift = WallLift(
        id=uuid4(), account_id=wall.account_id, root=wall.root, cause=wall.cause, by_id=actor.post_id,
        second_id=UUID(second), asked_at=now,
    )  # fmt: skip
    lift.words = vault.box(BOX, words.strip().encode(), aad=lift.id.bytes)
    try:
        with transaction.atomic():
            lift.save(force_insert=True)
            note(lift, ASKED, actor, now)
    except IntegrityError:
        raise RuleBroken(_("已经请过第二个人,等他决定。")) from None


def decide(*, lift_id: UUID, agrees: bool, actor: Actor, now: datetime) -> None:
    """The second person agrees, and the wall with those of the same family is gone; or does not, and it stays."""
    with transaction.atomic():
        asked = recusals.asked_about(actor).filter(second=actor.post_id, decided_at__isnull=True)
        lift = asked.select_for_update(of=("self",)).filter(pk=lift_id).first()
        if lift is None:
            raise NotFound
        if agrees:
            gone = fallen(lift)
            lift.covers = covered(lift, gone)
            Wall.objects.filter(pk__in=[w.id for w in gone]).delete()
        lift.agreed, lift.decided_at = agrees, now
        lift.save(update_fields=["covers", "agreed", "decided_at"])
        note(lift, LIFTED if agrees else KEPT, actor, now)


def fallen(lift: WallLift) -> list[Wall]:
    """The wall and those that stand with it before the same family; none that the person asked for himself."""
    roots = walls.family(lift.root)
    found = Wall.objects.filter(account=lift.account_id, root__in=roots).exclude(cause="recused")
    return list(found.select_for_update())


def covered(lift: WallLift, gone: list[Wall]) -> list[list[str]]:
    """What they rested on: every pair of equal tokens there is now."""
    roots = {w.root for w in gone} | {lift.root}
    pairs = walls.shared_pairs(lift.account_id, roots)
    return [
        [str(root), kind, token.hex()] for root in roots for kind, token in sorted({*pairs[root], BESIDE})
    ]


def note(lift: WallLift, move: str, actor: Actor, now: datetime) -> None:
    """In the ledger of the federation whose head was told; the office of the person learns nothing."""
    office = Post.objects.values_list("agency_id", flat=True).get(pk=lift.by_id)
    codes = {"lift": str(lift.id), "cause": lift.cause}
    ledger.note(office, move=move, actor=actor, now=now, codes=codes)


# -- reading -----------------------------------------------------------------------------------------------


def record(actor: Actor) -> list[Lift]:
    """What waits for this person, and what his office asked or decided, the newest first."""
    rows = recusals.asked_about(actor)
    lifts = list(rows.select_related("by", "second").order_by("-asked_at")[:SHOWN])
    numbers = dict(Matter.objects.filter(pk__in={r.root for r in lifts}).values_list("id", "number"))
    named = people.names({a for r in lifts for a in (r.account_id, r.by.account_id, r.second.account_id)})
    return [
        Lift(
            id=r.id,
            who=named.get(r.account_id, ""),
            number=numbers.get(r.root, ""),
            why=recusals.CAUSES.get(r.cause, ""),
            words=vault.unbox(BOX, bytes(r.words), aad=r.id.bytes).decode(),
            by=named.get(r.by.account_id, ""),
            second=named.get(r.second.account_id, ""),
            asked_at=r.asked_at,
            decided_at=r.decided_at,
            agreed=r.agreed,
            is_mine_to_decide=r.decided_at is None and r.second_id == actor.post_id,
        )
        for r in lifts
    ]
