"""The book of rules: nation, then house, then province, city and county laid over it, each with its dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from anjia.law.codes.reading import Finding, LawFileError
from anjia.law.rules.checker import faults
from anjia.law.rules.reading import read_folder
from anjia.law.rules.schema import LEVELS, Ladder, Rule, RuleError

DATA = Path(__file__).parent / "data"


class RuleBook:
    """All versions of all rules. Immutable; a change of law is a new file content and a new start."""

    def __init__(self, rules: Iterable[Rule], ladders: Mapping[str, Ladder]) -> None:
        self.rules = tuple(rules)
        self.ladders = dict(ladders)
        self._by_id: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.rules:
            self._by_id[rule.id].append(rule)

    def ids(self) -> frozenset[str]:
        """Every rule id, whatever its place and date."""
        return frozenset(self._by_id)

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._by_id

    def versions(self, rule_id: str) -> list[Rule]:
        """Every version of a rule, weakest jurisdiction first, then oldest first."""
        return sorted(self._by_id.get(rule_id, ()), key=_strength)

    def get(self, rule_id: str, on: date, place: str = "") -> Rule:
        """The version in force on a day at a place (division code of any tier; "": place unknown).

        County over city over province over nation and house; within one, the newest. Raises RuleError where
        no such rule exists or none was in force then.
        """
        known = self.versions(rule_id)
        if not known:
            raise RuleError(f"没有“{rule_id}”这条期限规则", f"there is no rule “{rule_id}”")
        fits = [r for r in known if r.holds_at(place) and r.in_force(on)]
        if not fits:
            first = min(r.effective_from for r in known)
            raise RuleError(
                f"{rule_id} 在 {on} 没有有效的规定（最早自 {first} 起施行）",
                f"no version of {rule_id} was in force on {on} (the first one took effect on {first})",
            )
        return fits[-1]

    def version(self, rule_id: str, version: str) -> Rule:
        """The very version a clock froze when it started. Raises RuleError when a file no longer holds it."""
        for rule in self._by_id.get(rule_id, ()):
            if rule.version == version:
                return rule
        raise RuleError(
            f"找不到 {rule_id} 的版本 {version}", f"version {version} of {rule_id} is not in the files"
        )

    def running(self, frozen: Rule, on: date, place: str = "") -> Rule:
        """The rule a clock already running follows: its frozen version, unless a newer one says
        `switch_from`."""
        try:
            newest = self.get(frozen.id, on, place)
        except RuleError:
            return frozen
        switches = (
            newest.running == "switch_from" and newest.switch_from is not None and newest.switch_from <= on
        )
        return newest if switches and newest.version != frozen.version else frozen


def _strength(rule: Rule) -> tuple[int, date]:
    return LEVELS.index(rule.level), rule.effective_from


def load(folder: Path = DATA) -> RuleBook:
    """Read a folder of rule files. Raises LawFileError (file, line, remedy) when one cannot be trusted."""
    read = read_folder(folder)
    findings = [*read.findings, *faults(read)]
    if findings:
        raise LawFileError(findings)
    return RuleBook(read.rules, read.ladders)


def check(folder: Path = DATA) -> list[Finding]:
    """Everything wrong in the rule files of a folder, sorted by file and line; empty when they may be
    used."""
    read = read_folder(folder)
    return sorted([*read.findings, *faults(read)], key=lambda f: (f.file, f.line))


@cache
def book() -> RuleBook:
    """The rules this installation ships, read once."""
    return load()
