"""Row 19: how many requirements of OWASP ASVS 5.0 are shown by a test, by a person, by nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from report import row

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "architecture"))
import asvs

pytestmark = pytest.mark.assurance


def test_every_requirement_is_answered() -> None:
    found = asvs.rows()
    counts = asvs.counts(found)
    wrong = list(asvs.faults(found))
    levels = ", ".join(
        f"L{level} {sum(r.kind == 'test' for r in found if r.level == level)} of {sum(r.level == level for r in found)}"
        for level in (1, 2, 3)
    )
    gaps = ", ".join(r.id for r in found if r.kind == "gap")
    row("19", "requirements of OWASP ASVS 5.0 without a row, or with a test that is not there", len(asvs.wanted()),
        len(wrong), f"{counts['test']} by test ({levels}), {counts['manual']} by a person, {counts['na']} do not apply, "
        f"{counts['gap']} gaps: {gaps}")  # fmt: skip
    assert not wrong
