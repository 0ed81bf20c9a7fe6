"""Somebody's name in a record serves that record: no list of people by what they are like, and no way to carry one out.

Held against the code itself, so that a list cannot be added without this test being changed on purpose.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from anjia.engine.letters import papers
from anjia.engine.matters import worklists

PACKAGE = Path(__file__).resolve().parents[2] / "anjia"
#: What somebody is like, as it stands in a record.
TRAITS = frozenset({"sex", "age_band", "relation", "protection", "prior_violence", "not_alone", "danger"})
#: Asking for people begins with a matter or with people already in hand.
BY_CASE = ("matter", "pk", "root", "id", "party")
#: Who may be given the name of the person complained of on paper, and nobody besides (no employer, no check of a future
#: spouse, no political review).
HIS_NAME_GOES_TO = {"court", "police", "legal_aid", "federation", "committee", "own_file", "respondent"}


def sources() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).parts
        if not {"tests", "migrations", "demo", "bench"} & set(parts):
            yield "/".join(parts), path.read_text("utf-8")


def by_trait(code: str) -> list[int]:
    """Lines on which people are asked for by something else than a matter or by themselves."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        asked = ast.unparse(node.func)
        if not re.fullmatch(r"Party\.objects\.\w+", asked):
            continue
        keys = [k.arg or "" for k in node.keywords]
        if not any(k.split("__")[0] in BY_CASE for k in keys):
            found.append(node.lineno)
    joined = re.compile(r"(?:parties|party)__(?:" + "|".join(TRAITS) + r")\b")
    return found + [n for n, line in enumerate(code.splitlines(), 1) if joined.search(line)]


def test_people_are_never_asked_for_by_what_they_are_like() -> None:
    assert not {name: lines for name, code in sources() if (lines := by_trait(code))}


@pytest.mark.parametrize(
    "line",
    [
        "Party.objects.filter(sex='male')",
        "Party.objects.all()",
        "Party.objects.exclude(protection=[])",
        "Matter.objects.filter(parties__prior_violence='yes')",
    ],
)
def test_control_such_a_list_would_be_seen(line: str) -> None:
    assert by_trait(line)


def test_no_list_can_be_narrowed_by_what_somebody_is_like() -> None:
    rows = (worklists.DutyRow, worklists.MatterRow)
    columns = {name for row in rows for name in row.__dataclass_fields__} | set(worklists.FILTERS)
    assert not {c for c in columns for t in TRAITS if t in c}


def test_his_name_goes_on_paper_only_to_whom_the_case_needs() -> None:
    """And nothing that names him goes to just anybody."""
    for one in papers.book().papers.values():
        for line in one.lines:
            if line.party == "complained":
                assert line.to <= HIS_NAME_GOES_TO, (one.name, line.value)
