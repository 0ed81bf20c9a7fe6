"""What a leader may reach is decided in one place, and what he reads records nobody."""

from __future__ import annotations

import re
from pathlib import Path

from anjia.engine.matters.seats import READ_BY_LEADERS
from anjia.law.playbooks.library import catalogue
from anjia.registry.posts.who_may import TABLE

PACKAGE = Path(__file__).resolve().parents[2] / "anjia"
#: Who may ask for the wider scope that only counts.
COUNTING = {"engine/matters/seats.py", "engine/matters/figures.py"}
#: Pages of one matter that a leader opens.
HIS = {"desk:month", "desk:month-paper", "desk:instruction", "desk:instruction-paper"}


def test_the_scope_that_only_counts_is_asked_for_by_figures_alone() -> None:
    users = {
        str(p.relative_to(PACKAGE))
        for p in PACKAGE.rglob("*.py")
        if "tests" not in p.parts and re.search(r"\bcounted_by\b", p.read_text(encoding="utf-8"))
    }
    assert users == COUNTING


def test_what_a_leader_reads_has_no_people_and_takes_none_along() -> None:
    for name in READ_BY_LEADERS:
        book = catalogue()[name]
        assert not book.parties, name
        assert not book.shares_people, name
        assert not any(f.type in ("party", "place") for f in book.fields.values()), name


def test_no_other_page_of_a_matter_opens_for_a_leader() -> None:
    assert {name for name, row in TABLE.items() if "leader" in (row.seats or ())} == HIS
