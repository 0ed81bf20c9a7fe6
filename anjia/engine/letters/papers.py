"""The papers of papers.yaml: read once, and refused when one of them could give away what it must not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from anjia.law.playbooks.schema import Playbook, Text

FILE = Path(__file__).with_name("papers.yaml")
ANY = "any"
COURT, RESPONDENT = "court", "respondent"
WORDS, WHEREABOUTS, CONTACT, IDENTITY, FILES = "words", "whereabouts", "contact", "identity", "files"
COURSE = "course"
#: Sources that say nothing of a person by themselves; words are compared with what is sealed before they leave.
OF_NOBODY = frozenset({"matter", "office", "data", "due", COURSE, WORDS})
SOURCES = OF_NOBODY | {"name", "party", IDENTITY, CONTACT, WHEREABOUTS, FILES}
#: Parties whose telephone protects nobody.
NOT_HIDDEN = frozenset({"complained"})
#: Never on paper, whoever gets it: where a child may be waited for, where somebody now lives or works.
NEVER = frozenset({"child_school", "residence", "address", "occupation"})
#: The head of the office that gives it out.
HEAD = "head"
#: All that the person complained of is ever given on paper: his own particulars, and what he was answered. Not how he
#: is related to her: who reported, where she is and what she told can be read off it.
HIS, HIS_COLUMNS = "complained", frozenset({"sex", "age_band"})
HIS_ANSWERS = frozenset({"access_answer", "correction_answer"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line: where its value comes from, and which classes of recipient get it."""

    value: str
    to: frozenset[str]

    @property
    def source(self) -> str:
        return self.value.split(".")[0]

    @property
    def party(self) -> str:
        """Whose value it is; "" where it is nobody's."""
        parts = self.value.split(".")
        return parts[1] if self.source in ("name", "party", IDENTITY, CONTACT) else ""

    @property
    def name(self) -> str:
        """The field, column or duty."""
        return self.value.split(".")[-1]

    def is_for(self, recipient: str) -> bool:
        """Whether this recipient gets it. What is not said, is not given."""
        return ANY in self.to or recipient in self.to


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper that may leave."""

    name: str
    label: Text
    of: frozenset[str]
    by: frozenset[str]
    lines: tuple[Line, ...]
    to_role: str = ""
    to_class: str = ""
    two_persons: bool = False
    neutral: bool = False
    hers: bool = False  # she signs it; no office stands on it
    after: str = ""  # only once this step was made
    packed: bool = False  # a package of the originals may go with it
    reply: bool = False  # it asks an agency for something: its copy carries a code by which that is answered
    kind: str = ""  # 函 …: with it the copy gets a number in the office's own series
    bound: bool = False  # given out with its annexes, as one PDF (packet.py)
    signs: tuple[
        str, ...
    ] = ()  # who signs before it leaves: "head", or a role of the matter whose office co-signs
    only: Mapping[str, str] | None = None  # … and with these answers, the last time it was made
    words: Mapping[str, Text] | None = None
    closing: Text | None = None

    def belongs_to(self, playbook: Playbook) -> bool:
        """Whether matters of this procedure have this paper."""
        return ANY in self.of or playbook.name in self.of


@dataclass(frozen=True)
class Book:
    """All papers, and the classes of recipient by kind of agency."""

    papers: Mapping[str, Paper]
    classes: Mapping[str, Text]
    kinds: Mapping[str, str]

    def class_of(self, kind: str) -> str:
        """The class an agency of that kind is in."""
        return self.kinds.get(kind) or self.kinds["*"]


def parse(said: Mapping[str, Any]) -> Book:
    """The book from what the file says; ValueError naming every fault."""
    papers = {name: paper(name, given) for name, given in said["papers"].items()}
    classes = {name: given["label"] for name, given in said["classes"].items()}
    kinds = {kind: name for name, given in said["classes"].items() for kind in given.get("kinds", ())}
    found = [fault for one in papers.values() for fault in faults(one, set(classes))]
    if found:
        raise ValueError(f"{FILE.name}: " + "; ".join(found))
    return Book(papers, classes, kinds)


def paper(name: str, given: Mapping[str, Any]) -> Paper:
    """One paper as the file has it."""
    return Paper(
        **{k: v for k, v in given.items() if k not in ("of", "by", "lines", "signs")},
        signs=tuple(given.get("signs", ())),
        name=name,
        of=as_set(given["of"]),
        by=as_set(given["by"]),
        lines=tuple(Line(line["value"], as_set(line["to"])) for line in given["lines"]),
    )


def as_set(said: Any) -> frozenset[str]:
    """A name or a list of names."""
    return frozenset([said] if isinstance(said, str) else said)


def faults(one: Paper, classes: set[str]) -> Iterator[str]:
    """Why a paper may not be used."""
    if bool(one.to_role) == bool(one.to_class):
        yield f"{one.name} must say to_role or to_class"
    if one.reply and not one.to_role:
        yield f"{one.name} is answered with a code, so it must say to_role"
    if set(one.signs) - {HEAD} and any(line.source not in OF_NOBODY for line in one.lines):
        yield f"{one.name} says something of a person: no other office may co-sign it"
    for line in one.lines:
        why = fault_of(one, line, classes)
        if why:
            yield f"{one.name}: {line.value} {why}"


def fault_of(one: Paper, line: Line, classes: set[str]) -> str:
    """Why a line may not stand on this paper, or ""."""
    if line.source not in SOURCES:
        return "comes from nowhere known"
    if line.to - classes - {ANY}:
        return "goes to an unknown class"
    if ANY in line.to and line.source not in OF_NOBODY:
        return "may not go to just anybody"
    if goes_to_him(one, line) and not is_his_own(line):
        return "is nothing of the person complained of, who gets it"
    if line.name in NEVER:
        return "is never put on paper"
    return "is for the court alone, on a sheet that two persons confirm" if leaks(one, line) else ""


def goes_to_him(one: Paper, line: Line) -> bool:
    """Whether the person complained of gets this line."""
    return RESPONDENT in line.to or (one.to_class == RESPONDENT and ANY in line.to)


def is_his_own(line: Line) -> bool:
    """Whether it says something of him alone."""
    if line.source == WORDS:
        return line.name in HIS_ANSWERS
    if line.source == "party":
        return line.party == HIS and line.name in HIS_COLUMNS
    return line.source in ("name", IDENTITY, CONTACT) and line.party == HIS


def leaks(one: Paper, line: Line) -> bool:
    """Whether it says where or how she is reached, on a paper that is not sealed for the court."""
    return is_hidden(line) and not (one.two_persons and one.to_class == COURT and line.to == {COURT})


def is_hidden(line: Line) -> bool:
    """Whether this line says where somebody is, or how she is reached."""
    return line.source == WHEREABOUTS or (line.source == CONTACT and line.party not in NOT_HIDDEN)


@cache
def book() -> Book:
    """What stands in papers.yaml."""
    return parse(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def of(playbook: Playbook) -> list[Paper]:
    """The papers that matters of a procedure have."""
    return [one for one in book().papers.values() if one.belongs_to(playbook)]


__all__ = ["ANY", "COURT", "RESPONDENT", "Book", "Line", "Paper", "book", "is_hidden", "of", "parse"]
