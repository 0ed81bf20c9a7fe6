"""Reads the rule files into values. What is wrong is collected with its line, not guessed around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from anjia.law.codes.reading import Finding, LawFileError, Lined, Reader, Text, read
from anjia.law.rules.schema import (
    CLOCKS,
    KINDS,
    LEVELS,
    UNITS,
    Extension,
    Ladder,
    Rule,
    Rung,
    Span,
    Variant,
)

FILE_COLUMNS = ("level", "jurisdiction", "note", "laws", "ladders", "rules")
LAW_COLUMNS = ("name", "document", "from", "to", "kind", "verified")
RULE_COLUMNS = [
    "rule_id",
    "name",
    "legal_basis",
    "trigger_event",
    "amount",
    "unit",
    "roll_over",
    "duration",
    "takes_amount",
    "variants",
    "pause_grounds",
    "extension",
    "responsible_role",
    "effective_from",
    "effective_to",
    "kind",
    "running",
    "switch_from",
    "ladder",
    "warn",
    "note",
]
BASIS_COLUMNS = ("law", "article", "summary", "verified")
RUNG_COLUMNS = ("after", "unit", "tier", "clock")
ANY_GROUND = "any"
NO_LADDER = "none"
DEFAULT_LADDER = "ordinary"


@dataclass(frozen=True, slots=True)
class Law:
    """A source: what it is called, since when it holds, and whether its text was read for this file."""

    name: Text
    document: str
    start: date
    end: date | None
    kind: str
    verified: bool


@dataclass
class Read:
    """What a folder of rule files holds, with everything that was wrong in it."""

    rules: list[Rule] = field(default_factory=list)
    ladders: dict[str, Ladder] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read_folder(folder: Path) -> Read:
    """Every *.yaml of a folder; ladders of one file serve them all."""
    result = Read()
    documents: list[tuple[Reader, Lined]] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            documents.append((Reader(path), read(path)))
        except LawFileError as error:
            result.findings.extend(error.findings)
    for reader, document in documents:
        reader.known_keys(document, FILE_COLUMNS, reader.path.name)
        ladders = reader.mapping(document, "ladders", reader.path.name)
        result.ladders |= {name: _ladder(reader, ladders, name) for name in ladders}
    for reader, document in documents:
        result.rules.extend(_File(reader, document, result.ladders).rules())
        result.findings.extend(reader.findings)
    return result


def _ladder(reader: Reader, node: Lined, name: str) -> Ladder:
    what = f"ladder {name}"
    entry = reader.mapping(node, name, what)
    reader.known_keys(entry, ("name", "rungs", "alarm_days"), what)
    raw = entry.get("rungs")
    rungs = [_rung(reader, r, what) for r in raw if isinstance(r, Lined)] if isinstance(raw, list) else []
    if not rungs:
        reader.missing(entry, "rungs", what)
        rungs = [Rung(1, "working_day", "county", "working")]
    alarm = reader.integer(entry, "alarm_days", what, 1) if "alarm_days" in entry else 1
    return Ladder(name, reader.text(entry, "name", what) or {}, tuple(rungs), alarm)


def _rung(reader: Reader, node: Lined, what: str) -> Rung:
    reader.known_keys(node, RUNG_COLUMNS, what)
    clock = reader.one_of(node, "clock", CLOCKS, what)
    unit = reader.one_of(node, "unit", ("minute", "hour", "working_day"), what)
    if (clock == "working") != (unit == "working_day"):
        reader.report(
            node.line,
            "rung_clock",
            {
                "zh": f"{what}：按工作时间的梯级要用工作日",
                "en": f"{what}: working rungs count working days",
            },
            {"zh": "working 配 working_day，round 配 minute 或 hour", "en": "pair working with working_day"},
        )
    return Rung(
        reader.integer(node, "after", what, 1),
        unit,
        reader.one_of(node, "tier", ("village", "township", "county", "city", "roster"), what),
        "working" if clock == "working" else "round",
    )


class _File:
    """One rule file: its jurisdiction, its sources, its rules."""

    def __init__(self, reader: Reader, document: Lined, ladders: Mapping[str, Ladder]) -> None:
        self.reader, self.document, self.ladders = reader, document, ladders
        name = reader.path.name
        self.level = reader.one_of(document, "level", LEVELS, name)
        self.jurisdiction = reader.string(document, "jurisdiction", name)
        laws = reader.mapping(document, "laws", name)
        self.laws = {key: self.law(reader.mapping(laws, key, key), key) for key in laws}

    def law(self, node: Lined, key: str) -> Law:
        r = self.reader
        r.known_keys(node, LAW_COLUMNS, key)
        return Law(
            name=r.text(node, "name", key) or {"zh": key, "en": key},
            document=r.string(node, "document", key, ""),
            start=r.day(node, "from", key) or _no_day(r, node, "from", key),
            end=r.day(node, "to", key),
            kind=r.one_of(node, "kind", KINDS, key),
            verified=r.flag(node, "verified", key, True),
        )

    def rules(self) -> list[Rule]:
        """Every rule of the file; one that lacks the essentials is reported and left out."""
        raw = self.document.get("rules") or []
        nodes = [node for node in raw if isinstance(node, Lined)] if isinstance(raw, list) else []
        if not isinstance(raw, list) or len(nodes) != len(raw):
            self.reader.missing(self.document, "rules", self.reader.path.name)
        return [rule for node in nodes if (rule := self.rule(node)) is not None]

    def rule(self, node: Lined) -> Rule | None:
        r = self.reader
        rule_id = r.string(node, "rule_id", "rule")
        r.known_keys(node, RULE_COLUMNS, rule_id)
        basis = r.mapping(node, "legal_basis", rule_id)
        r.known_keys(basis, BASIS_COLUMNS, rule_id)
        law = self.laws.get(str(basis.get("law")))
        if law is None:
            self.unknown_law(node, basis, rule_id)
            return None
        start = r.day(node, "effective_from", rule_id, law.start) or law.start
        return Rule(
            id=rule_id,
            version=f"{self.where()}:{law.document or law.name['zh']}@{start}",
            name=r.text(node, "name", rule_id) or {},
            law=law.name["zh"],
            law_name=law.name,
            article=str(basis.get("article", "")),
            document=law.document,
            summary=r.text(basis, "summary", rule_id) or {},
            trigger=r.text(node, "trigger_event", rule_id) or {},
            span=self.span(node, rule_id),
            roll_over=self.needed_flag(node, "roll_over", rule_id),
            duration=r.flag(node, "duration", rule_id, False),
            takes_amount=r.flag(node, "takes_amount", rule_id, False),
            variants=self.variants(r.mapping(node, "variants", rule_id), rule_id),
            pause_grounds=self.grounds(node, rule_id),
            extension=self.extension(node, rule_id),
            role=r.string(node, "responsible_role", rule_id),
            level=self.level,
            jurisdiction=self.jurisdiction,
            effective_from=start,
            effective_to=r.day(node, "effective_to", rule_id, law.end),
            kind=r.one_of(node, "kind", KINDS, rule_id, law.kind),
            running=r.one_of(node, "running", ("keep", "switch_from"), rule_id, "keep"),
            switch_from=r.day(node, "switch_from", rule_id),
            ladder=self.ladder(node, rule_id),
            warn=r.words(node, "warn", rule_id),
            verified=law.verified and r.flag(basis, "verified", rule_id, True),
            file=r.path.name,
            line=node.line,
        )

    def where(self) -> str:
        return self.level if self.level in ("nation", "house") else f"{self.level}-{self.jurisdiction}"

    def unknown_law(self, node: Lined, basis: Lined, rule_id: str) -> None:
        line = basis.at("law") if basis else node.at("legal_basis")
        known = "、".join(self.laws)
        self.reader.report(
            line,
            "no_source",
            {
                "zh": f"{rule_id} 没有写明依据，或依据不在本文件 laws 里",
                "en": f"{rule_id} names no source of this file's laws",
            },
            {
                "zh": f"在 legal_basis 写 law，可用：{known}",
                "en": f"write law under legal_basis, one of: {known}",
            },
        )

    def needed_flag(self, node: Lined, key: str, what: str) -> bool:
        if key not in node:
            self.reader.missing(node, key, what)
        return self.reader.flag(node, key, what, False)

    def span(self, node: Lined, what: str) -> Span:
        return Span(self.reader.integer(node, "amount", what), self.reader.one_of(node, "unit", UNITS, what))

    def variants(self, node: Lined, rule_id: str) -> dict[str, Variant]:
        result: dict[str, Variant] = {}
        for name in node:
            what = f"{rule_id}.{name}"
            entry = self.reader.mapping(node, name, what)
            self.reader.known_keys(entry, ("name", "amount", "unit"), what)
            result[name] = Variant(name, self.reader.text(entry, "name", what) or {}, self.span(entry, what))
        return result

    def grounds(self, node: Lined, rule_id: str) -> tuple[str, ...] | None:
        if node.get("pause_grounds") == ANY_GROUND:
            return None
        return self.reader.words(node, "pause_grounds", rule_id)

    def extension(self, node: Lined, rule_id: str) -> Extension | None:
        entry = self.reader.mapping(node, "extension", rule_id)
        if not entry:
            return None
        r, what = self.reader, f"{rule_id}.extension"
        r.known_keys(entry, ("grounds", "amount", "unit", "max_times"), what)
        return Extension(
            grounds=r.words(entry, "grounds", what),
            amount=r.integer(entry, "amount", what, 1) if entry.get("amount") is not None else None,
            unit=r.one_of(entry, "unit", UNITS[:-1], what),
            max_times=r.integer(entry, "max_times", what, 1) if entry.get("max_times") is not None else None,
        )

    def ladder(self, node: Lined, rule_id: str) -> Ladder | None:
        name = node.get("ladder", DEFAULT_LADDER)
        if name == NO_LADDER:
            return None
        if name not in self.ladders:
            self.reader.one_of(node, "ladder", [*self.ladders, NO_LADDER], rule_id, DEFAULT_LADDER)
            return None
        return self.ladders[name]


def _no_day(reader: Reader, node: Lined, key: str, what: str) -> date:
    if key not in node:
        reader.missing(node, key, what)
    return date(1949, 10, 1)
