"""A small ledger for the tests: a few matters with events, reads and seals, and a way to tamper with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db import connection, transaction

from anjia.foundation.core.batch import Batch
from anjia.foundation.core.who import SYSTEM, Nobody
from anjia.foundation.events import access, chain, events, triggers
from anjia.foundation.events.events import Head
from anjia.foundation.events.models import Access, AccessMatter, Event, Seal, Unsealed

AT = datetime(2026, 2, 13, 10, 0, tzinfo=UTC)
OFFICER = Nobody("post", UUID(int=1), UUID(int=2), UUID(int=3))


def add(head: Head, move: str = "note", minutes: int = 0, **codes: object) -> None:
    """One committed event."""
    with transaction.atomic():
        batch = Batch()
        events.append(
            batch, head, at=AT + timedelta(minutes=minutes), who=OFFICER, move=move, codes=dict(codes)
        )
        batch.flush()


def build(matters: int = 3, each: int = 4) -> list[Head]:
    """Matters with events and openings; two seals, and some rows that wait for the third."""
    heads = [Head(UUID(int=1000 + n)) for n in range(matters)]
    for n in range(each):
        for head in heads:
            add(head, minutes=n, stage="received", n=n, facts={"urgent": True, "codes": ["a", "b"]})
            with access.reading(OFFICER, route="matter", at=AT + timedelta(minutes=n)) as reader:
                reader.opened(head.matter, "identity")
        if n in (1, each - 2):
            events.seal_now(AT + timedelta(minutes=n, seconds=2))
    return heads


def faults(heads: list[Head]) -> list[events.Fault]:
    """Everything `verify` finds."""
    return list(events.verify([(h.matter, h.seq, h.mac) for h in heads]))


@contextmanager
def tampering() -> Iterator[None]:
    """Undo what is done inside, and let it be done: the triggers are lifted, as an intruder would."""
    with transaction.atomic():
        triggers.drop(connection)
        yield
        transaction.set_rollback(True)


# -- what somebody with the database and every key could do ---------------------------------------------------


def heads_now() -> list[Head]:
    """The heads that fit the events there are."""
    last: dict[UUID, Head] = {}
    for event in Event.objects.order_by("matter", "seq"):
        last[event.matter] = Head(event.matter, event.seq, bytes(event.mac))
    return list(last.values())


def rehash() -> list[Head]:
    """Make every sum, seal and signature anew over what the rows hold now; returns the new heads."""
    for _, rows in groupby(Event.objects.order_by("matter", "seq"), key=lambda e: e.matter):
        mac = b""
        for seq, event in enumerate(rows, 1):
            event.seq, event.prev_mac = seq, mac
            event.mac = mac = chain.event_mac(event)
            event.save()
    for row in Access.objects.all():
        row.mac = chain.access_mac(row)
        row.save()
    sums = {("event", str(i)): bytes(m).hex() for i, m in Event.objects.values_list("id", "mac")}
    sums |= {("access", str(i)): bytes(m).hex() for i, m in Access.objects.values_list("id", "mac")}
    for waiting in Unsealed.objects.all():
        mac_now = sums.get((waiting.kind, str(waiting.id)))
        if mac_now is None:
            waiting.delete()
        else:
            Unsealed.objects.filter(id=waiting.id).update(mac=bytes.fromhex(mac_now))
    digest = b""
    for seal in Seal.objects.order_by("n"):
        seal.members = [[kind, i, sums[kind, i]] for kind, i, _ in seal.members if (kind, i) in sums]
        seal.prev, seal.root = digest, chain.merkle_root(seal.members)
        seal.signature = chain.sign(seal)
        seal.save()
        digest = chain.seal_digest(seal)
    return heads_now()


def roll_back(n: int) -> list[Head]:
    """What an older backup holds: everything up to seal `n` and nothing after; returns the heads of then."""
    covered = {UUID(i) for seal in Seal.objects.filter(n__lte=n) for _, i, _ in seal.members}
    Seal.objects.filter(n__gt=n).delete()
    Unsealed.objects.all().delete()
    AccessMatter.objects.exclude(access__in=covered).delete()
    Access.objects.exclude(id__in=covered).delete()
    Event.objects.exclude(id__in=covered).delete()
    return heads_now()


def cut_end(n: int) -> list[Head]:
    """The last `n` events of one matter gone without a trace, heads and seals made to fit."""
    matter = Event.objects.order_by("matter").values_list("matter", flat=True)[0]
    ids = list(Event.objects.filter(matter=matter).order_by("-seq").values_list("id", flat=True)[:n])
    Event.objects.filter(id__in=ids).delete()
    return rehash()


__all__ = ["AT", "OFFICER", "SYSTEM", "Head", "add", "build", "faults", "tampering"]
