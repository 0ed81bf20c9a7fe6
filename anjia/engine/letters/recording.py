"""The events of what leaves: asked, allowed, shown, given out; written under the matter's lock, on its chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anjia.engine.letters import asked
from anjia.engine.letters.policies import BY, FEDERATION, can_be_second
from anjia.engine.matters.engine_moves import ALLOW_OPEN, ASK_OPEN
from anjia.engine.matters.models import Seat
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.reading import Reading
from anjia.engine.matters.record import record
from anjia.engine.matters.seats import Seated, visible_to
from anjia.foundation.core.verdict import NotFound, RuleBroken, require
from anjia.law.playbooks.schema import Move
from anjia.registry.posts.actors import Actor


def ask(
    *, actor: Actor, seated: Seated, what: str, purpose: str, words: str, now: datetime, party: str = ""
) -> None:
    """The first of two persons asks; whoever leads the matter finds it in the in-box."""
    said = {"what": what, "party": party, "purpose": purpose}
    with transaction.atomic():
        locked = visible_to(actor).find(seated.matter.id, lock=True)
        leads = leading(locked)
        record(
            locked,
            ASK_OPEN,
            actor=actor,
            now=now,
            values={"reason": words.strip()},
            codes={"asked": said},
            tells=leads if leads != actor.agency_id else None,
        )


def leading(seated: Seated) -> UUID | None:
    """The federation that leads the matter, or asked for it: where the second person sits."""
    seats = Seat.objects.filter(
        matter=seated.matter, to_at__isnull=True, line=FEDERATION, capacity__in=list(BY), mask=False
    )
    return seats.order_by("from_at").values_list("agency", flat=True).first()


def reasons(seated: Seated, actor: Actor, now: datetime) -> dict[UUID, str]:
    """Why each question was asked, for the second person who is to decide."""
    read = Reading(seated=seated, actor=actor, now=now)
    return {e.id: str(read.words(e)[0].get("reason", "")) for e in read.events if e.move == ASK_OPEN.name}


def allow(*, actor: Actor, matter_id: UUID, question: UUID, now: datetime) -> None:
    """The second person says yes; it holds for an hour and for one opening."""
    with transaction.atomic():
        seated = visible_to(actor).find(matter_id, lock=True)
        one = next((a for a in asked.in_matter(matter_id) if a.id == question), None)
        if one is None:
            raise NotFound
        require(can_be_second(actor, seated, one))
        if not one.waits(now):
            raise RuleBroken(_("这次申请已经过期或处理过。"))
        record(seated, ALLOW_OPEN, actor=actor, now=now, codes={"allows": str(one.id)}, tells=one.agency)


def use(
    *, actor: Actor, matter_id: UUID, move: Move, uses: asked.Asked, now: datetime, **more: Any
) -> Moving:
    """What was allowed is used up, in the same transaction that finds it still unused."""
    with transaction.atomic():
        seated = visible_to(actor).find(matter_id, lock=True)
        fresh = next(a for a in asked.in_matter(matter_id) if a.id == uses.id)
        if not fresh.holds(now):
            raise RuleBroken(_("这次同意已经用过,请重新申请。"))
        codes = {**more.pop("codes", {}), "uses": str(uses.id)}
        return record(seated, move, actor=actor, now=now, codes=codes, **more)
