"""Writing down what happened, and sealing it two seconds later.

An event is chained to the one before it in the same matter. No transaction of a user locks anything
shared: the sealer afterwards covers, in batches, whatever was committed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from anjia.foundation.core.batch import Batch
from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.who import Who
from anjia.foundation.events import chain
from anjia.foundation.events.models import Event, Seal, Unsealed
from anjia.foundation.events.verifying import Fault, verify

SEAL_LIMIT = 2000


@dataclass
class Head:
    """The end of a matter's chain, kept on the matter row that a move has locked anyway. New: seq 0, b""."""

    matter: UUID
    seq: int = 0
    mac: bytes = b""


def append(
    batch: Batch,
    head: Head,
    *,
    at: datetime,
    who: Who,
    move: str,
    codes: dict[str, Any],
    sealed: UUID | None = None,
    voids: UUID | None = None,
) -> Event:
    """Add the next event of a matter to the batch and advance `head` in place.

    `codes` may hold codes, whole numbers, ISO dates and ids (ValueError otherwise); words are sealed in the
    vault under the owner `sealed`. `voids` names the event that this one corrects.
    """
    chain.require_codes(codes)
    event = Event(
        id=uuid7(int(at.timestamp() * 1000)),
        matter=head.matter,
        seq=head.seq + 1,
        at=at,
        actor=who.account_id,
        actor_kind=who.kind,
        post=who.post_id,
        agency=who.agency_id,
        move=move,
        codes=codes,
        sealed=sealed,
        voids=voids,
        prev_mac=head.mac,
    )
    event.mac = chain.event_mac(event)
    batch.insert(event)
    head.seq, head.mac = event.seq, event.mac
    return event


def seal_now(now: datetime) -> Seal | None:
    """Cover everything that no seal covers yet (at most 2,000 rows) with the next seal; None if nothing.

    A row that is committed later is in a later seal; nothing is skipped, because what is covered is what
    was deleted from the table of uncovered rows in the same transaction.
    """
    with transaction.atomic():
        rows = list(Unsealed.objects.order_by("id")[:SEAL_LIMIT])
        if not rows:
            return None
        last = Seal.objects.order_by("-n").first()
        members = [[row.kind, str(row.id), bytes(row.mac).hex()] for row in rows]
        seal = Seal(
            n=last.n + 1 if last else 1,
            at=now,
            prev=chain.seal_digest(last) if last else b"",
            root=chain.merkle_root(members),
            members=members,
        )
        seal.signature = chain.sign(seal)
        seal.save(force_insert=True)  # a second sealer at the same time fails here and takes nothing away
        Unsealed.objects.filter(id__in=[row.id for row in rows]).delete()
    return seal


__all__ = ["Fault", "Head", "append", "seal_now", "verify"]
