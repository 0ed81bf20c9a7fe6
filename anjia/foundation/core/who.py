"""Who does something, as far as the foundation needs to know: ids and a kind, never a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class Who(Protocol):
    """Whoever acts or reads. `kind`: post | agency | resident | clock | system; ids are None where none applies."""

    @property
    def kind(self) -> str:
        """Through which door: post (staff), agency (the code on a letter), resident, clock (a time limit ran out) or
        system (the worker)."""

    @property
    def account_id(self) -> UUID | None:
        """The person's account."""

    @property
    def post_id(self) -> UUID | None:
        """The post in which the person acts."""

    @property
    def agency_id(self) -> UUID | None:
        """The agency of that post."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """An actor without an account: a resident with a receipt, the clock, or the system itself."""

    kind: str
    account_id: UUID | None = None
    post_id: UUID | None = None
    agency_id: UUID | None = None


#: A time limit that ended something: an actor like any other, its moves pass the same guards.
CLOCK: Who = Nobody("clock")
#: Set-up, the worker, imports.
SYSTEM: Who = Nobody("system")
#: Somebody who asked for help without an account; which one is known only by her receipt.
RESIDENT: Who = Nobody("resident")
