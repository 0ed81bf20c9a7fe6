"""What was not established does not follow anybody for ever.

When a case has ended with nothing found (经核未发现), the person complained of stays findable by name, number or
telephone for a short time only: then those tokens go, and so do the links that say where else he was met. The record
itself and its ledger stay as long as the records of such a case are kept; whoever works there reads it as before.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction

from anjia.engine.matters import tokens
from anjia.engine.matters.engine_moves import UNLISTED
from anjia.engine.matters.models import Matter, Party, PersonLink
from anjia.engine.matters.moving import Moving
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events import events
from anjia.foundation.outbox import outbox
from anjia.foundation.vault import erasing
from anjia.law import retention
from anjia.registry.posts.actors import SYSTEM

COMPLAINED = "complained"
AT_ONCE = 200


@outbox.scheduled("matters.unlist", every=timedelta(days=1))
def unlist_due(*, now: datetime) -> int:
    """The cases whose time has come, so many a day; says how many."""
    today = now.astimezone(SHANGHAI).date()
    ended = Matter.objects.filter(
        result=retention.UNFOUNDED, parties__role=COMPLAINED, parties__unlisted_at__isnull=True
    )
    rows = ended.exclude(ended_at=None).order_by("ended_at").distinct()
    # Those that stay, because a measure says that something did happen, must not stand before the others for ever.
    due = (m.id for m in rows.filter(ended_at__lte=latest(now)) if is_due(m, today))
    return sum(unlist(matter, now) for matter in list(islice(due, AT_ONCE)))


def latest(now: datetime) -> datetime:
    """Nothing that ended after this can be due."""
    return now - timedelta(days=365 * min(f.years for f in retention.findable().values()))


def is_due(matter: Matter, today: date) -> bool:
    """Whether the time is over and no measure of the case says that something did happen."""
    one = retention.findable().get(matter.playbook)
    if (
        one is None
        or matter.ended_at is None
        or today < one.until(matter.ended_at.astimezone(SHANGHAI).date())
    ):
        return False
    children = Matter.objects.filter(root=matter.root).exclude(pk=matter.id)
    return not any(c.result in one.unless.get(c.playbook, ()) for c in children)


def unlist(matter_id: UUID, now: datetime) -> bool:
    """One case: tokens and links go, an event says that they went. A second time does nothing."""
    with transaction.atomic():
        matter = Matter.objects.select_for_update(of=("self",)).get(pk=matter_id)
        people = Party.objects.filter(root=matter.root, role=COMPLAINED, unlisted_at__isnull=True)
        ids = list(people.values_list("id", flat=True))
        if not ids or matter.result != retention.UNFOUNDED:
            return False
        head = events.Head(matter.id, matter.chain_seq, bytes(matter.chain_mac))
        batch = Batch()
        codes = {"people": len(ids)}
        events.append(batch, head, at=now, who=SYSTEM, move=UNLISTED.name, codes=codes)
        matter.chain_seq, matter.chain_mac = head.seq, head.mac
        batch.update(matter, ["chain_seq", "chain_mac"])
        batch.flush()
        erasing.unfind(ids)
        PersonLink.objects.filter(party__in=ids, ended_at=None).update(ended_at=now)
        people.update(unlisted_at=now)
    return True


def list_again(moving: Moving) -> None:
    """The case is worked on again: he is found in it as before."""
    people = list(Party.objects.filter(root=moving.matter.root, unlisted_at__isnull=False))
    for party in people:
        party.unlisted_at = None
        moving.batch.update(party, ["unlisted_at"])
    if people:
        matters = list(Matter.objects.filter(pk__in={p.matter_id for p in people}))
        tokens.add_missing(moving.batch, matters, moving.now, again={p.id for p in people})
