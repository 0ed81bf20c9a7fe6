"""How long records are kept: a class and a procedure give a number of years, or for ever.

Counted from the first of January after the matter was closed. What no class names is kept for ever: nothing
is destroyed because a line was forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

#: The result of a case in which nothing was found (经核未发现).
UNFOUNDED = "unfounded"
DATA = Path(__file__).parent / "data.yaml"


@dataclass(frozen=True, slots=True)
class Period:
    """How long, by which source. `years` None: for ever. Provisional: a proposal, not yet the unit's own table."""

    years: int | None
    source: dict[str, str]
    provisional: bool

    def until(self, closed: date) -> date | None:
        """The first day on which they may be appraised for destruction; None is never."""
        return None if self.years is None else date(closed.year + 1 + self.years, 1, 1)


def period(kind: str, playbook: str) -> Period:
    """The period of a retention class for the records of one procedure."""
    table = book()
    group = table["classes"].get(kind, {})
    entry = group.get(playbook, group.get("default", {}))
    years = None if entry.get("permanent") else entry.get("years")
    return Period(years, table["source"], table["provisional"])


@dataclass(frozen=True, slots=True)
class Findable:
    """How long somebody complained of is found in a case that ended with nothing found."""

    years: int
    unless: dict[str, list[str]]  # procedure of a child -> results by which something was found after all

    def until(self, ended: date) -> date:
        """The first day on which he is no longer found."""
        leap = (ended.month, ended.day) == (2, 29)
        return date(ended.year + self.years, 3, 1) if leap else ended.replace(year=ended.year + self.years)


def findable() -> dict[str, Findable]:
    """The procedures for which there is such a time."""
    procedures = book()["findable"]["procedures"]
    return {name: Findable(said["years"], said.get("unless", {})) for name, said in procedures.items()}


@cache
def book() -> dict[str, Any]:
    """The table as it stands in the file."""
    found: dict[str, Any] = yaml.safe_load(DATA.read_text("utf-8"))
    return found
