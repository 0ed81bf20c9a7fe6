"""经过 as it is read: newest first, the clock's own steps drawn together so that people's work stays in view."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from anjia.engine.matters.pages import Entry, MatterPage
from anjia.law.playbooks.interpreter import find_duty

LATEST = 12
CLIMB = "climb"


@dataclass(frozen=True)
class Climbs:
    """A run of escalations without a person's step between them: what was late, and how far it went."""

    at: datetime
    rows: dict[str, tuple[Any, str]] = field(default_factory=dict)  # duty -> its label, tier reached


@dataclass(frozen=True)
class Story:
    """What is shown at once, and what is folded away."""

    latest: list[Entry | Climbs]
    earlier: list[Entry | Climbs]


def story(shown: MatterPage) -> Story:
    """Newest first. Of one duty that climbed several times in a run only the highest rung is told."""
    told: list[Entry | Climbs] = []
    for entry in reversed(shown.entries):
        duty = entry.codes.get("duty") if entry.move == CLIMB else None
        if not isinstance(duty, dict):
            told.append(entry)
            continue
        if not told or not isinstance(told[-1], Climbs):
            told.append(Climbs(entry.at))
        run = told[-1]
        assert isinstance(run, Climbs)
        label = find_duty(shown.playbook, duty["kind"]).label
        run.rows.setdefault(str(duty["id"]), (label, str(duty["tier"])))
    return Story(told[:LATEST], told[LATEST:])
