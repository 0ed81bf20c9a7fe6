"""Nothing is destroyed a day early, and nothing because somebody forgot a line in the table."""

from __future__ import annotations

from datetime import date

from anjia.law import retention
from anjia.law.playbooks.library import catalogue


def test_the_period_begins_with_the_year_after_the_end() -> None:
    ten = retention.period("unit-schedule", "referral-in")
    assert ten.until(date(2026, 1, 1)) == date(2037, 1, 1)
    assert ten.until(date(2026, 12, 31)) == date(2037, 1, 1)
    assert retention.period("unit-schedule", "dv-case").until(date(2026, 6, 1)) == date(2057, 1, 1)


def test_what_no_line_names_is_kept_for_ever() -> None:
    assert retention.period("unheard-of", "dv-case").until(date(2026, 6, 1)) is None
    assert retention.period("as-parent", "referral").until(date(2026, 6, 1)) is None
    assert retention.period("unit-schedule", "serious-incident").until(date(2026, 6, 1)) is None


def test_a_table_that_nobody_approved_yet_says_so_and_names_its_source() -> None:
    one = retention.period("unit-schedule", "dv-case")
    assert one.provisional
    assert all(one.source[lang] for lang in ("zh", "en"))


def test_every_procedure_has_a_class_and_every_line_a_procedure() -> None:
    classes, books = retention.book()["classes"], catalogue()
    assert {b.retention for b in books.values()} <= {*classes, "as-parent"}
    assert {n for group in classes.values() for n in group} - {"default"} <= set(books)
