"""Reads the law's YAML files so that every complaint can name file, line and remedy.

Calendar, rules, codes and instruments share it. Unlike plain YAML 1.1 it takes `yes`, `no`, `on` and `off`
as words (they are answers and columns here, only `true` and `false` are truth values), and it refuses a key
that stands twice instead of silently keeping the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

Text = dict[str, str]  # {"zh": …, "en": …}, both always present
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a file of the law, with the line to look at and what to do about it."""

    file: str
    line: int
    code: str
    problem: Text
    remedy: Text

    def say(self, lang: str = "zh") -> str:
        """One printable line."""
        return f"{self.file}:{self.line}: [{self.code}] {self.problem[lang]} → {self.remedy[lang]}"

    def __str__(self) -> str:
        return self.say("en")


class LawFileError(ValueError):
    """A file of the law cannot be used. Carries the findings; its text is the first of them in both
    languages."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        super().__init__(f"{first.say('zh')}\n{first.say('en')}")


class Lined(dict[str, Any]):
    """A YAML mapping that knows the line it began on and the line of each key (both from 1)."""

    line: int = 0
    lines: dict[str, int]

    def __init__(self) -> None:
        super().__init__()
        self.lines = {}

    def at(self, key: str) -> int:
        """The line of a key, or of the mapping when the key is missing."""
        return self.lines.get(key, self.line)


class _Problem(yaml.YAMLError):
    """A fault of ours with its line, raised while a document is being built."""

    def __init__(self, line: int, code: str, problem: Text, remedy: Text) -> None:
        super().__init__(code)
        self.line, self.code, self.problem, self.remedy = line, code, problem, remedy


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]  # the base is C where PyYAML was built with libyaml
    """A safe loader with line numbers."""


def _mapping(loader: Any, node: yaml.MappingNode) -> Lined:
    result = Lined()
    result.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        line = key_node.start_mark.line + 1
        if key in result:
            raise _Problem(
                line,
                "duplicate_key",
                {"zh": f"“{key}”写了两遍", "en": f"“{key}” stands twice"},
                {"zh": "删去其中一处", "en": "delete one of the two"},
            )
        value = loader.construct_object(value_node, deep=True)
        if value is None and node.flow_style:
            raise _Problem(
                line,
                "comma_in_text",
                {
                    "zh": f"半角逗号把句子切断了：“{key}”",
                    "en": f"an ASCII comma cuts the sentence at “{key}”",
                },
                {"zh": "改用全角逗号，或给整句加引号", "en": "use a full-width comma, or quote the sentence"},
            )
        result[key] = value
        result.lines[key] = line
    return result


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:bool"]
    for first, pairs in _Base.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read(path: Path) -> Lined:
    """The whole file as nested `Lined` mappings. Raises LawFileError for bad YAML or a key written twice."""
    try:
        with path.open(encoding="utf-8") as stream:
            document = yaml.load(stream, Loader=_Loader)  # noqa: S506 - a SafeLoader with line numbers
    except _Problem as problem:
        raise LawFileError(
            [Finding(path.name, problem.line, problem.code, problem.problem, problem.remedy)]
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = getattr(error, "problem", None) or "cannot be read"
        raise LawFileError([_syntax(path, line, str(what))]) from None
    if not isinstance(document, Lined):
        raise LawFileError([_syntax(path, 1, "the file is not a mapping")])
    return document


def _syntax(path: Path, line: int, what: str) -> Finding:
    return Finding(
        path.name,
        line,
        "syntax",
        {"zh": f"YAML 写法有误（{what}）", "en": f"not valid YAML ({what})"},
        {
            "zh": "检查这一行及上一行的缩进、冒号和引号",
            "en": "check indentation, colons and quotes on this line and the one before",
        },
    )


class Reader:
    """Takes typed values out of one file and collects what is wrong instead of stopping at the first
    fault."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings: list[Finding] = []

    def report(self, line: int, code: str, problem: Text, remedy: Text) -> None:
        """Add a finding."""
        self.findings.append(Finding(self.path.name, line, code, problem, remedy))

    def known_keys(self, node: Lined, allowed: Iterable[str], what: str) -> None:
        """Complain about columns nobody knows: most are spelling mistakes that would silently do nothing."""
        names = sorted(allowed)
        for key in node:
            if key not in names:
                self.report(
                    node.at(key),
                    "unknown_column",
                    {"zh": f"{what}没有“{key}”这一栏", "en": f"{what} has no column “{key}”"},
                    {"zh": f"可用的栏：{'、'.join(names)}", "en": f"columns: {', '.join(names)}"},
                )

    def missing(self, node: Lined, key: str, what: str) -> None:
        """Complain about a column that has to be there."""
        self.report(
            node.at(key),
            "missing_column",
            {"zh": f"{what}缺少“{key}”", "en": f"{what} lacks “{key}”"},
            {"zh": f"补上“{key}”一栏", "en": f"add the column “{key}”"},
        )

    def text(self, node: Lined, key: str, what: str, *, required: bool = True) -> Text | None:
        """A value in both languages."""
        value = node.get(key)
        if value is None and not required:
            return None
        if isinstance(value, Mapping) and value.keys() == {*LANGUAGES} and all(value[k] for k in LANGUAGES):
            return {lang: str(value[lang]) for lang in LANGUAGES}
        self.report(
            node.at(key),
            "not_bilingual",
            {"zh": f"{what}的“{key}”没有写齐中英文", "en": f"“{key}” of {what} is not in both languages"},
            {"zh": "写成 {zh: …, en: …}", "en": "write {zh: …, en: …}"},
        )
        return {"zh": key, "en": key} if required else None

    def string(self, node: Lined, key: str, what: str, default: str | None = None) -> str:
        """A non-empty string; numbers count (an article is often just a number)."""
        value = node.get(key, default)
        if isinstance(value, str | int) and not isinstance(value, bool):
            return str(value)
        self.missing(node, key, what)
        return ""

    def one_of(
        self, node: Lined, key: str, allowed: Iterable[str], what: str, default: str | None = None
    ) -> str:
        """A word from a closed list."""
        names = list(allowed)
        value = node.get(key, default)
        if value in names:
            return str(value)
        self.report(
            node.at(key),
            "unknown_value",
            {"zh": f"{what}的“{key}”不认识“{value}”", "en": f"“{key}” of {what} cannot be “{value}”"},
            {"zh": f"可用：{'、'.join(names)}", "en": f"one of: {', '.join(names)}"},
        )
        return names[0]

    def integer(self, node: Lined, key: str, what: str, least: int = 0) -> int:
        """A whole number, at least `least`."""
        value = node.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        self.report(
            node.at(key),
            "not_a_number",
            {
                "zh": f"{what}的“{key}”应是不小于{least}的整数",
                "en": f"“{key}” of {what} must be a whole number ≥ {least}",
            },
            {"zh": "填一个整数，不带单位", "en": "write a whole number without a unit"},
        )
        return least

    def day(self, node: Lined, key: str, what: str, default: date | None = None) -> date | None:
        """A calendar date (2026-03-01)."""
        value = node.get(key, default)
        if value is None or (isinstance(value, date) and not hasattr(value, "hour")):
            return value
        self.report(
            node.at(key),
            "not_a_date",
            {"zh": f"{what}的“{key}”不是日期", "en": f"“{key}” of {what} is not a date"},
            {"zh": "写成 2026-03-01", "en": "write it as 2026-03-01"},
        )
        return default

    def flag(self, node: Lined, key: str, what: str, default: bool) -> bool:
        """true or false."""
        value = node.get(key, default)
        if isinstance(value, bool):
            return value
        self.report(
            node.at(key),
            "not_a_flag",
            {"zh": f"{what}的“{key}”只能写 true 或 false", "en": f"“{key}” of {what} must be true or false"},
            {"zh": "改成 true 或 false", "en": "write true or false"},
        )
        return default

    def mapping(self, node: Lined, key: str, what: str) -> Lined:
        """A nested mapping; empty when it is missing, reported when it is something else."""
        value = node.get(key)
        if isinstance(value, Lined):
            return value
        if value is not None:
            self.report(
                node.at(key),
                "not_a_mapping",
                {"zh": f"{what}的“{key}”写法不对", "en": f"“{key}” of {what} is not a mapping"},
                {"zh": f"在“{key}:”下面缩进书写各栏", "en": f"write the columns indented under “{key}:”"},
            )
        return Lined()

    def words(self, node: Lined, key: str, what: str) -> tuple[str, ...]:
        """A list of words, possibly empty."""
        value = node.get(key)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(v, str | int) for v in value):
            return tuple(str(v) for v in value)
        self.report(
            node.at(key),
            "not_a_list",
            {"zh": f"{what}的“{key}”应是列表", "en": f"“{key}” of {what} must be a list"},
            {"zh": "写成 [甲, 乙]", "en": "write [a, b]"},
        )
        return ()
