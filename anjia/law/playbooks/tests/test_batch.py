"""What may be done to many matters at once: nothing that ends, tells, needs its own paper or is one person's story."""

from __future__ import annotations

from pathlib import Path

import pytest

from anjia.law import playbooks
from anjia.law.playbooks.check_batch import check_batch
from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.library import CATALOGUE
from anjia.law.playbooks.tests.support import written

#: Steps that somebody in a hurry would like to make thirty at a time, and what is said against it.
UNFIT = {
    "it ends the matter": ("dispute-mediation", "close_oral"),
    "it tells another office": ("dispute-mediation", "report_police"),
    "it asks for one person's story": ("dispute-mediation", "withdraw_asked"),
    "each needs its own paper": ("dispute-mediation", "change_agreement"),
    "each person decides for herself": ("dv-case", "visit_done"),
    "each has to be looked at": ("dispute-mediation", "agree_oral"),
}


@pytest.mark.parametrize("why", UNFIT)
def test_what_is_not_for_many_is_refused_with_the_reason(why: str, tmp_path: Path) -> None:
    name, move = UNFIT[why]
    head, moves = (CATALOGUE / f"{name}.yaml").read_text("utf-8").split("\nmoves:\n", 1)
    line = next(one for one in moves.splitlines(keepends=True) if one.startswith(f"  {move}:"))
    marked = moves.replace(line, f"{line}    batch: true\n", 1)
    book = written(tmp_path, f"{head}\nmoves:\n{marked}")
    report = Report(book)
    check_batch(book, report)
    found = [f.problem["en"] for f in report.found if f.code == "move.batch" and f.path == (move,)]
    assert any(said.endswith(why) for said in found), found


def test_what_is_marked_in_the_catalogue_is_fit() -> None:
    for book in playbooks.catalogue().values():
        report = Report(book)
        check_batch(book, report)
        assert not report.found
