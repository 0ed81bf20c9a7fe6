"""流程体检 as a page shows it: what is proved of each procedure, what is not, and by which law it keeps time."""

from __future__ import annotations

from dataclasses import dataclass

from anjia.law.playbooks.checker import check
from anjia.law.playbooks.findings import Finding
from anjia.law.playbooks.known import Known
from anjia.law.playbooks.properties import PROPERTIES, Property
from anjia.law.playbooks.schema import Playbook


@dataclass(frozen=True)
class Proof:
    """One promise and what speaks against it; nothing: it is proved over every path."""

    promise: Property
    found: tuple[Finding, ...]


@dataclass(frozen=True)
class Health:
    """One procedure, examined."""

    book: Playbook
    proofs: tuple[Proof, ...]
    rules: tuple[str, ...]  # every time limit it keeps, in the order of its duties

    @property
    def found(self) -> list[Finding]:
        """Everything that is wrong."""
        return [finding for proof in self.proofs for finding in proof.found]

    @property
    def with_effect(self) -> int:
        """How many of its moves reach code of their own."""
        return sum(1 for move in self.book.moves.values() if move.effects)


def examine(book: Playbook, known: Known) -> Health:
    """Every promise held against one procedure."""
    found = check(book, known)
    proofs = tuple(Proof(promise, tuple(promise.broken_by(found))) for promise in PROPERTIES)
    rules = [rule for duty in book.duties.values() for rule in duty.rules()]
    return Health(book, proofs, tuple(dict.fromkeys([*rules, *book.report_up.values()])))
