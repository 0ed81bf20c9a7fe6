"""What a playbook may refer to: rules, code lists, guards, effects, agency kinds, other playbooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Known:
    """The names the checker holds a playbook against. Guard and effect parameters carry their type."""

    rules: frozenset[str]
    codes: Mapping[str, frozenset[str]]
    guards: Mapping[str, Mapping[str, str]]
    effects: Mapping[str, Mapping[str, str]]
    playbooks: frozenset[str]
    agency_kinds: frozenset[str]
    federation_kinds: frozenset[str]
    instruments: Mapping[str, frozenset[str]] = field(default_factory=dict)  # instrument -> item ids
    results: Mapping[str, frozenset[str]] = field(default_factory=dict)  # playbook -> results it can end with
    opens: Mapping[str, frozenset[str]] = field(default_factory=dict)  # playbook -> children it opens
    variants: Mapping[str, frozenset[str]] = field(default_factory=dict)  # rule -> variants it knows
