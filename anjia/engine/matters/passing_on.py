"""After an office was stopped (停用): what it owes and leads goes to the next one above it that works.

Where its line has none (a shelter, a hospital), its part stays with it as with every office that does not sign in: the
federation records what it does, and its open duties climb the federation's line at once.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from anjia.engine.matters import walls
from anjia.engine.matters.acting import locked
from anjia.engine.matters.engine_moves import PASS_ON
from anjia.engine.matters.handing import give_back, hand_over
from anjia.engine.matters.models import Matter
from anjia.engine.matters.moving import Moving, step_of
from anjia.engine.matters.settling import settle
from anjia.foundation.core.batch import Batch
from anjia.foundation.outbox import outbox
from anjia.law.playbooks.interpreter import Plan
from anjia.registry.posts.actions.stopping import STOPPED
from anjia.registry.posts.actors import SYSTEM, today
from anjia.registry.posts.models import Agency

#: Matters a transaction: an office that leads thousands keeps nobody waiting.
AT_ONCE = 50


def follow_up(agency_id: UUID, after: str, now: datetime) -> None:
    """The next matters of a stopped office; one that works again keeps what it has left."""
    office = Agency.objects.filter(pk=agency_id, stopped_at__isnull=False).first()
    if office is None:
        return
    has_part = Q(seats__agency=office, seats__to_at__isnull=True) | Q(
        duties__agency=office, duties__done_at__isnull=True
    )
    found = Matter.objects.filter(has_part, closed_at__isnull=True).order_by("id").distinct()
    ids = list((found.filter(pk__gt=UUID(after)) if after else found).values_list("id", flat=True)[:AT_ONCE])
    for matter in ids:
        pass_on(locked(matter), office, now)
    if len(ids) == AT_ONCE:
        batch = Batch()
        outbox.put(batch, kind=STOPPED, body={"agency": str(office.id), "after": str(ids[-1])}, now=now)
        batch.flush()


def pass_on(matter: Matter, office: Agency, now: datetime) -> None:
    """One matter: the office above leads and owes from now on, or the duties climb."""
    moving = step_of(matter, PASS_ON, actor=SYSTEM, now=now)
    if not has_part(moving, office):  # it may only look on: that right rests with it, and passes to nobody
        return
    instead = walls.instead_of(office, walls.of_root(matter.root), today(now))
    if instead.id != office.id:
        hand_over(moving, office, instead, "above")
        moving.tell(instead.id, "holds")
    elif not climb_now(moving, office):
        return
    moving.codes["passed_on"] = {"from": str(office.id), "to": str(instead.id)}
    settle(moving, Plan(stage_after=matter.stage))
    moving.batch.flush()


def has_part(moving: Moving, office: Agency) -> bool:
    """Whether it leads, plays a role or owes something here."""
    bound = any(b["agency"] == str(office.id) for b in moving.matter.roles.values())
    return (
        bound or moving.matter.holder_id == office.id or any(d.agency_id == office.id for d in moving.duties)
    )


def climb_now(moving: Moving, office: Agency) -> bool:
    """Whoever had taken a duty on cannot do it: it climbs within the minute. False where it owes nothing."""
    owed = [d for d in moving.duties if d.agency_id == office.id]
    for duty in owed:
        give_back(moving, duty)
        if duty.paused_at is None:
            moving.change_duty(duty, climbs_at=moving.now)
    return bool(owed)
