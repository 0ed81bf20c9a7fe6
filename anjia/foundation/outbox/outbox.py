"""What must happen after a commit: rows written inside it, and the functions that carry them out.

A room registers its handlers and periodic jobs when Django starts (import the module in `ready()`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

from anjia.foundation.core.batch import Batch
from anjia.foundation.core.ids import uuid7
from anjia.foundation.outbox.models import Outbox
from anjia.foundation.vault import vault


class Handler(Protocol):
    """Carries out one effect. Runs inside one transaction together with marking the row done: once."""

    def __call__(self, *, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None: ...


class Job(Protocol):
    """A periodic job. Opens its own transactions; may run twice after a crash, so it must not mind."""

    def __call__(self, *, now: datetime) -> object: ...


H = TypeVar("H", bound=Callable[..., None])
J = TypeVar("J", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A registered job and how often it runs."""

    every: timedelta
    job: Job


class Later(Exception):
    """Its moment has not come (quiet hours, somebody else is at it): carried out then, not counted as a try."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class SetAside(Exception):
    """Trying again could do harm or nothing: a dead letter at once, for a person to look at."""


HANDLERS: dict[str, Handler] = {}
#: Kinds whose effect is rows of this database and nothing else: several may share one transaction.
TOGETHER: set[str] = set()
#: Kinds whose effect lies outside the database (a message leaves): no transaction stands open meanwhile.
OUTSIDE: set[str] = set()
JOBS: dict[str, Scheduled] = {}


def put(
    batch: Batch, *, kind: str, body: dict[str, Any], now: datetime, not_before: datetime | None = None
) -> UUID:
    """Ask for one effect after this transaction is committed, not before `not_before`; returns the row's id.

    The body is sealed: it may name people. It is emptied as soon as the effect is done.
    """
    row_id = uuid7(int(now.timestamp() * 1000))
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    sealed = vault.box("outbox", text, aad=_aad(row_id, kind))
    batch.insert(Outbox(id=row_id, kind=kind, body=sealed, created_at=now, not_before=not_before or now))
    return row_id


def body_of(row: Outbox) -> dict[str, Any]:
    """The opened body; SealBroken if it was changed or moved to another row."""
    value: dict[str, Any] = json.loads(vault.unbox("outbox", bytes(row.body), aad=_aad(row.id, row.kind)))
    return value


def dead() -> int:
    """How many effects could not be carried out and stand aside: somebody has to look."""
    return Outbox.objects.filter(dead_at__isnull=False).count()


def handler(kind: str, *, together: bool = False) -> Callable[[H], H]:
    """Register the function that carries out effects of this kind. One kind has one handler.

    `together`: it only reads and writes the database, so that the worker may undo it and do it again, and carry out many
    rows in one transaction. Never for what is sent or written anywhere else.
    """

    def register(function: H) -> H:
        if together:
            TOGETHER.add(kind)
        before = HANDLERS.setdefault(kind, function)
        if before is not function and not _same(before, function):
            raise ValueError(f"two handlers are registered for {kind!r}")
        return function

    return register


def outside(kind: str) -> Callable[[H], H]:
    """Register a handler that talks to another machine. It opens its own transactions, keeps its own memory of what
    was done, and may be called again after a crash: once in effect is its own business.
    """
    OUTSIDE.add(kind)
    return handler(kind)


def scheduled(name: str, *, every: timedelta) -> Callable[[J], J]:
    """Register a job that the worker runs each `every`, never twice at once, missed runs not made up for."""

    def register(function: J) -> J:
        before = JOBS.setdefault(name, Scheduled(every, function))
        if before.job is not function and not _same(before.job, function):
            raise ValueError(f"two jobs are registered as {name!r}")
        return function

    return register


def _same(one: object, other: object) -> bool:
    """The same function seen again after its module was loaded a second time."""
    names = ("__module__", "__qualname__")
    return all(getattr(one, n, one) == getattr(other, n, other) for n in names)


def _aad(row_id: UUID, kind: str) -> bytes:
    return row_id.bytes + kind.encode()
