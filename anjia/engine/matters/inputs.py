"""What a door hands to the engine: plain values, already out of their HTML form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


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
class Opened:
    """The matter that now exists and, for a resident, the receipt to come back with (said once)."""

    matter: UUID
    number: str
    receipt: str = ""
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
