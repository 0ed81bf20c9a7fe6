"""A small ledger for the tests: a few matters with events, reads and seals, and a way to tamper with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from anjia.foundation.core.batch import Batch
from anjia.foundation.core.who import SYSTEM, Nobody
from anjia.foundation.events import access, events, triggers
from anjia.foundation.events.events import Head

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


__all__ = ["AT", "OFFICER", "SYSTEM", "Head", "add", "build", "faults", "tampering"]
