"""After a wall went up: work goes back to the office or, where nobody is left in it, to the one above; one is told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from anjia.engine.matters import walls
from anjia.engine.matters.acting import locked
from anjia.engine.matters.engine_moves import STAND_ASIDE
from anjia.engine.matters.handing import give_back, hand_over
from anjia.engine.matters.models import Matter, Wall
from anjia.engine.matters.moving import Moving, step_of
from anjia.engine.matters.settling import settle
from anjia.law.playbooks.interpreter import Plan
from anjia.registry.posts.actors import SYSTEM, today
from anjia.registry.posts.models import Agency, Post


def follow_up(wall_id: UUID, now: datetime) -> None:
    """What follows from one wall. Running it twice changes nothing more."""
    wall = Wall.objects.filter(pk=wall_id).first()
    if wall is None or wall.told_id:
        return
    for matter in Matter.objects.filter(root=wall.root, closed_at__isnull=True).order_by("id"):
        leave(locked(matter.id), wall.account_id, now)
    told = walls.supervisor(wall.root, wall.account_id, today(now))
    if told:
        wall.told = told
        wall.save(update_fields=["told"])


def leave(matter: Matter, account: UUID, now: datetime) -> None:
    """One matter: this person has nothing to do in it any more, and no office is left that nobody may act in."""
    moving = step_of(matter, STAND_ASIDE, actor=SYSTEM, now=now)
    release(moving, account)
    pairs = replacements(moving)
    for old, new in pairs:
        hand_over(moving, old, new, "above")
        moving.tell(new.id, "holds")
    if pairs:
        moving.codes["aside"] = [{"from": str(old.id), "to": str(new.id)} for old, new in pairs]
        settle(moving, Plan(stage_after=matter.stage))
    else:  # no event: the office would read in it that one of its people is somebody in the matter
        moving.write_duties()
    moving.batch.flush()


def release(moving: Moving, account: UUID) -> None:
    """The work that lay with this person lies with the office again."""
    posts = set(Post.objects.filter(account=account).values_list("id", flat=True))
    if moving.matter.assignee_id in posts:
        moving.matter.assignee = None
        moving.batch.update(moving.matter, ["assignee"])
    for duty in [d for d in moving.duties if d.post_id in posts]:
        give_back(moving, duty)


def replacements(moving: Moving) -> list[tuple[Agency, Agency]]:
    """Offices in the matter in which nobody is left, each with the one above that takes its place."""
    matter, on = moving.matter, today(moving.now)
    offices = {matter.holder_id, *(UUID(b["agency"]) for b in matter.roles.values())}
    offices |= {d.agency_id for d in moving.duties}
    walled = walls.of_root(matter.root)
    empty = sorted(walls.emptied(offices, walled, on), key=str)
    pairs = [(moving.agency(a), walls.instead_of(moving.agency(a), walled, on)) for a in empty]
    return [(old, new) for old, new in pairs if old.id != new.id]
