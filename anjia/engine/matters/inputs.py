"""What a door hands to the engine: plain values, already out of their HTML form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from anjia.law.playbooks.schema import Field, Playbook


@dataclass(frozen=True, slots=True)
class Decisions:
    """Her three decisions. None: she has not been asked; False is the default on every form."""

    tell_community: bool | None = False
    come_to_door: bool | None = False
    tell_police: bool | None = False


@dataclass(frozen=True, slots=True)
class PartyInput:
    """One person in a matter. What names or finds her goes to `sealed` by compartment, the rest is codes.

    `sealed` example: {"identity": {"name": "周晓兰"}, "contact": {"phone": "…", "hours": "…"}}.
    `residence` is a division code used once, to bind agencies; it is never stored in the clear.
    """

    role: str
    sex: str = ""
    age_band: str = ""
    relation: str = ""
    protection: Sequence[str] = ()
    sealed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    decisions: Decisions | None = None
    residence: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A posted form whose fields only the move knows: read when the move is, so that it costs no statement.

    `posted` is everything as it came; it tells a double click from another act. `read` gathers the answers.
    """

    posted: Mapping[str, Any]
    read: Callable[[Sequence[Field]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Opened:
    """The matter that now exists and, for a resident, the receipt to come back with (said once)."""

    matter: UUID
    number: str
    receipt: str = ""
    holder: str = ""  # the office that has it now
    is_repeat: bool = False  # the same submission came twice; this is the first one's answer


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did: the stage it led to, the child it opened, whether the matter is closed now."""

    matter: UUID
    stage: str
    ver: int
    event: UUID | None = None
    child: UUID | None = None
    closed: bool = False
    is_repeat: bool = False


def party_input(playbook: Playbook, role: str, values: Mapping[str, Any]) -> PartyInput:
    """A person from cleaned answers to the playbook's party fields, each put where its mark says.

    `values` are keyed by field name (their_name, child_age_band …); unknown names are dropped.
    """
    sealed: dict[str, dict[str, Any]] = {}
    plain: dict[str, Any] = {}
    for f in playbook.parties[role].fields:
        value = values.get(f.name)
        if value in (None, "", []):
            continue
        if f.compartment:
            sealed.setdefault(f.compartment, {})[f.name] = value
        else:
            plain[f.name.removeprefix("their_").removeprefix("child_").removeprefix("helper_")] = value
    decisions = None
    names = ("tell_community", "come_to_door", "tell_police")
    if any(f.name in names for f in playbook.parties[role].fields):
        decisions = Decisions(*(bool(plain.get(n, False)) for n in names))
    return PartyInput(
        role=role,
        sex=str(plain.get("sex") or ""),
        age_band=str(plain.get("age_band") or ""),
        relation=str(plain.get("relation") or ""),
        protection=tuple(plain.get("protection") or ()),
        sealed=sealed,
        decisions=decisions,
        residence=str(values.get("residence") or ""),
    )
