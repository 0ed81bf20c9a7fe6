"""What a village is asked: little, nothing twice, nothing as proof; and what asks more is not even loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from anjia.law import playbooks
from anjia.law.playbooks import burden, library
from anjia.law.playbooks.located import PlaybookError

BOOKS = playbooks.catalogue()
FORMS = [form for book in BOOKS.values() for form in burden.forms(book)]


def test_every_form_of_a_village_is_found() -> None:
    """A village's moves, those it shares with others, and what it does as the one who handed something on."""
    names = {(f.book.name, f.move.name) for f in FORMS}
    assert {("dv-case", "village_visit_done"), ("dv-case", "village_cannot"), ("dv-case", "new_incident"),
            ("warning-letter", "educate"), ("walk-round", "nothing_found")} <= names  # fmt: skip
    assert not [f for f in FORMS if f.move.name in ("grade_1", "serve", "recuse")]


def test_no_form_is_over_the_cap_nor_asks_again_nor_wants_a_photograph() -> None:
    for form in FORMS:
        assert len(form.asked) <= burden.cap().form
        assert not form.again
        assert not form.move.needs_paper
        assert not [f.name for f in form.move.asks if f.type == "file" and f.required]


def test_a_photograph_or_a_recording_is_never_counted() -> None:
    form = next(f for f in FORMS if f.move.name == "village_visit_done")
    assert {"voice"} == {f.name for f in form.move.asks} - {f.name for f in form.asked}


def test_every_form_says_what_to_say_and_what_not() -> None:
    for form in FORMS:
        card = form.book.cards[form.move.card or ""]
        assert card.say, form.move.name
        assert card.never, form.move.name
        assert card.source or form.book.source, form.move.name


def test_a_duty_asks_what_its_longest_form_asks() -> None:
    assert burden.fields_of(BOOKS["dv-case"], "village_visit") == 2
    assert burden.fields_of(BOOKS["dv-case"], "triage") == 0
    assert burden.fields_of(BOOKS["dv-case"], "no such") == 0


def test_what_is_over_the_cap_is_not_loaded(tmp_path: Path) -> None:
    text = (library.CATALOGUE / "walk-round.yaml").read_text(encoding="utf-8")
    (tmp_path / "walk-round.yaml").write_text(text, encoding="utf-8")
    assert set(library.load_folder(tmp_path)) == {"walk-round"}
    more = "".join(
        f"  more_{n}: {{type: integer, counts: true, label: {{zh: 又一项, en: One more}}}}\n"
        for n in range(8)
    )
    names = ", ".join(f"more_{n}" for n in range(8))
    grown = text.replace("fields:\n", f"fields:\n{more}", 1).replace(
        "asks: [walked]", f"asks: [walked, {names}]"
    )
    (tmp_path / "walk-round.yaml").write_text(grown, encoding="utf-8")
    with pytest.raises(PlaybookError) as refused:
        library.load_folder(tmp_path)
    said = str(refused.value)
    for words in ("nothing_found", "9", "8", "减负"):
        assert words in said
