"""Reads docs/asvs.yaml and finds what is wrong with it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docs" / "asvs.yaml"
LIST = Path(__file__).with_name("asvs.txt")
KINDS = ("test", "manual", "na", "gap")


@dataclass(frozen=True)
class Row:
    """One requirement and how it is met."""

    id: str
    level: int
    about: str
    kind: str
    says: Any


def wanted() -> dict[str, int]:
    """Every id of the standard that applies, with its level."""
    lines = [line.split() for line in LIST.read_text().splitlines() if line and not line.startswith("#")]
    return {number: int(level) for number, level in lines}


def rows(text: str | None = None) -> list[Row]:
    """What the map says. A key written twice is two rows."""
    found = []
    document = yaml.compose(text if text is not None else FILE.read_text(encoding="utf-8"))
    for chapter, part in document.value:
        for number, node in part.value:
            said = yaml.safe_load(yaml.serialize(node))
            kinds = [k for k in KINDS if k in said]
            kind = kinds[0] if len(kinds) == 1 else ""
            found.append(Row(number.value, said.get("level"), said.get("about", ""), kind, said.get(kind)))
            assert number.value.split(".")[0] == chapter.value.removeprefix("V")
    return found


@cache
def tests_of(path: str) -> frozenset[str]:
    """Names of the tests in a file, () where there is none. One that is skipped for good is none."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    return frozenset(
        node.name
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not any(
            ast.unparse(d).startswith(("pytest.mark.skip(", "pytest.mark.xfail")) for d in node.decorator_list
        )
    )


def faults(found: list[Row]) -> Iterator[str]:
    """Everything that is wrong: an id missing, twice, unknown or of another level; a row that says nothing."""
    ids = Counter(r.id for r in found)
    standard = wanted()
    yield from (f"{i} has no row" for i in standard if i not in ids)
    yield from (f"{i} has {n} rows" for i, n in ids.items() if n > 1)
    yield from (f"{i} is not in the standard" for i in ids if i not in standard)
    for r in found:
        if r.level != standard.get(r.id):
            yield f"{r.id} is of level {standard.get(r.id)}"
        if not r.about or not r.kind or not r.says:
            yield f"{r.id} says nothing, or more than one thing"
        elif r.kind == "test":
            yield from (f"{r.id}: there is no {name}" for name in r.says if not exists(name))


def exists(name: str) -> bool:
    """Whether a named test is there."""
    path, _, test = name.partition("::")
    return test in tests_of(path)


def counts(found: list[Row]) -> dict[str, int]:
    """How many rows of each kind."""
    return {kind: sum(r.kind == kind for r in found) for kind in KINDS}
