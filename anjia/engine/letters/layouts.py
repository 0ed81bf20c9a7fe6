"""The ledgers of layouts.yaml: read once, and refused when a column could say who somebody is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from anjia.engine.letters import papers
from anjia.engine.letters.papers import ANY, as_set
from anjia.law.playbooks.library import catalogue
from anjia.law.playbooks.schema import SEALED_TYPES, Text

FILE = Path(__file__).with_name("layouts.yaml")
OWN_FILE, NAMES = "own_file", "names"
#: For whom a ledger may be made.
FOR = (OWN_FILE, "federation", "other_office")
MATTER = frozenset(
    {"number", "opened", "channel", "county", "township", "stage", "grade", "holder", "closed"}
)
PARTY = frozenset({"sex", "age_band", "relation"})
#: What a reader who sees the matter masked gets: nothing of a person.
OF_THE_MATTER = frozenset({"row", "matter", "duty", "duties", "late", "child"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where its values come from, and who gets it."""

    value: str
    to: frozenset[str]
    label: Text

    @property
    def source(self) -> str:
        return self.value.split(".")[0]

    @property
    def name(self) -> str:
        """What of the source."""
        return self.value.split(".", 1)[-1]

    def is_for(self, recipient: str) -> bool:
        return ANY in self.to or recipient in self.to


@dataclass(frozen=True, slots=True)
class Layout:
    """One ledger."""

    name: str
    label: Text
    of: tuple[str, ...]
    columns: tuple[Column, ...]

    def columns_for(self, recipient: str, names: bool) -> list[Column]:
        """What this recipient gets; names only where they were asked for."""
        return [c for c in self.columns if c.is_for(recipient) and (names or c.source != NAMES)]

    @property
    def has_names(self) -> bool:
        """Whether names may stand in a copy for the office's own file."""
        return any(c.source == NAMES for c in self.columns)


def parse(said: Mapping[str, Any]) -> dict[str, Layout]:
    """The ledgers from what the file says; ValueError naming every fault."""
    found = {name: layout(name, given) for name, given in said["ledgers"].items()}
    wrong = [fault for one in found.values() for fault in faults(one)]
    if wrong:
        raise ValueError(f"{FILE.name}: " + "; ".join(wrong))
    return found


def layout(name: str, given: Mapping[str, Any]) -> Layout:
    """One ledger as the file has it."""
    columns = tuple(Column(c["value"], as_set(c["to"]), c["label"]) for c in given["columns"])
    return Layout(name, given["label"], tuple(given["of"]), columns)


def faults(one: Layout) -> Iterator[str]:
    """Why a ledger may not be used."""
    for column in one.columns:
        why = fault_of(one, column)
        if why:
            yield f"{one.name}: {column.value} {why}"


def fault_of(one: Layout, column: Column) -> str:
    """Why a column may not stand in this ledger, or ""."""
    if column.to - set(papers.book().classes) - {ANY}:
        return "goes to an unknown class"
    if column.source == NAMES:
        if column.to != {OWN_FILE}:
            return "is for the office's own file alone"
        return "is never told where violence is reported" if tells_of_violence(one) else ""
    if column.source == "matter" and column.name == "township" and tells_of_violence(one):
        return "says too nearly where she lives"
    return "" if is_known(one, column) else "comes from nowhere known, or is somebody's words"


def is_known(one: Layout, column: Column) -> bool:
    """Whether its value is a code, a number, a date or an office."""
    books = [catalogue()[name] for name in one.of]
    if column.source in ("row", "late"):
        return True
    if column.source == "matter":
        return column.name in MATTER
    if column.source == "party":
        role, _dot, what = column.name.partition(".")
        return what in PARTY and all(role in b.parties for b in books)
    if column.source == "data":
        asked = [b.fields.get(column.name) for b in books]
        return all(f and not f.compartment and f.type not in (*SEALED_TYPES, "place", "post") for f in asked)
    if column.source in ("duty", "duties"):
        return all(column.name in b.duties for b in books)
    return column.source == "child" and column.name in catalogue()


def tells_of_violence(one: Layout) -> bool:
    """Whether violence is reported in one of its procedures."""
    return any(catalogue()[name].concerns_violence for name in one.of)


@cache
def ledgers() -> dict[str, Layout]:
    """What stands in layouts.yaml."""
    return parse(yaml.safe_load(FILE.read_text(encoding="utf-8")))
