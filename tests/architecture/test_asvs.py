"""Each requirement of OWASP ASVS 5.0 (without V10, V17) has one row, and each test it names is there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import asvs

AUTOMATIC = 200


def test_each_requirement_has_one_row_and_each_named_test_is_there() -> None:
    found = asvs.rows()
    assert not list(asvs.faults(found))
    assert len(asvs.wanted()) == 297
    assert asvs.counts(found)["test"] >= AUTOMATIC


def test_whoever_runs_it_finds_what_is_his() -> None:
    """A row for the operator names where he reads what to do."""
    documents = ("docs/", "tests/", "anjia/")
    assert not [
        r.id
        for r in asvs.rows()
        if r.kind == "manual" and not any(d in r.says for d in (*documents, "read by"))
    ]
    said = (asvs.ROOT / "docs" / "OPERATING.md").read_text(encoding="utf-8")
    assert "asvs.yaml" in said


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ('V1:\n  "1.1.1": {level: 1, about: "x", na: "y"}', "1.1.1 is of level 2"),
        ('V1:\n  "1.1.1": {level: 2, about: "x"}', "1.1.1 says nothing"),
        ('V1:\n  "1.1.9": {level: 2, about: "x", na: "y"}', "1.1.9 is not in the standard"),
        ('V1:\n  "1.1.1": {level: 2, about: "x", test: ["tests/none.py::test_x"]}', "1.1.1: there is no tests/none.py"),
        ('V1:\n  "1.1.1": {level: 2, about: "x", na: "y"}\n  "1.1.1": {level: 2, about: "x", na: "y"}', "1.1.1 has 2 rows"),
        ('V1:\n  "1.1.1": {level: 2, about: "x", na: "y", gap: "z"}', "1.1.1 says nothing, or more"),
    ],
)  # fmt: skip
def test_control_a_fault_in_the_map_is_named(row: str, fault: str) -> None:
    assert [f for f in asvs.faults(asvs.rows(row)) if f.startswith(fault)]
