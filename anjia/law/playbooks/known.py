"""What a playbook may refer to: rules, code lists, guards, effects, agency kinds, other playbooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from anjia.law.playbooks.schema import Playbook


@dataclass(frozen=True)
class Known:
    """The names the checker holds a playbook against. Guard and effect parameters carry their type."""

    rules: frozenset[str]
    codes: Mapping[str, frozenset[str]]
    guards: Mapping[str, Mapping[str, str]]
    effects: Mapping[str, Mapping[str, str]]
    agency_kinds: frozenset[str]
    federation_kinds: frozenset[str]
    instruments: Mapping[str, frozenset[str]] = field(default_factory=dict)  # instrument -> item ids
    books: Mapping[str, Playbook] = field(default_factory=dict)  # the other procedures, to look into
    variants: Mapping[str, frozenset[str]] = field(default_factory=dict)  # rule -> variants it knows
    published: Mapping[str, Playbook] = field(default_factory=dict)  # the newest published file of each

    def opens(self, name: str) -> frozenset[str]:
        """The children that a procedure opens."""
        book = self.books.get(name)
        return frozenset(m.opens for m in book.moves.values() if m.opens) if book else frozenset()
