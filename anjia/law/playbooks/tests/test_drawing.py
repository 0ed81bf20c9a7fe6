"""The sheet of a procedure: current in the documents, whole, legible, and told in sentences to whoever cannot see it."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from anjia.law import playbooks
from anjia.law.playbooks.drawing import draw
from anjia.law.playbooks.tests.support import SOUND, written

DOCS = Path(__file__).parents[4] / "docs" / "playbooks"
SHEETS = [(name, language) for name in sorted(playbooks.catalogue()) for language in ("zh", "en")]
TAG = "{http://www.w3.org/2000/svg}"


@pytest.mark.slow  # a matter of the documents, not of each small step: the whole run asks for it
@pytest.mark.parametrize(("name", "language"), SHEETS)
def test_the_sheet_in_the_documents_is_current(name: str, language: str) -> None:
    kept = DOCS / f"{name}.{language}.svg"
    assert kept.exists(), "run: anjia playbooks draw"
    fresh = draw(playbooks.catalogue()[name], language)
    assert kept.read_text(encoding="utf-8") == fresh, "run: anjia playbooks draw"


@pytest.mark.parametrize(("name", "language"), SHEETS)
def test_every_stage_and_every_way_between_stages_is_on_it(name: str, language: str) -> None:
    book = playbooks.catalogue()[name]
    svg = ElementTree.fromstring(draw(book, language))  # noqa: S314 - our own drawing
    said = [element.text or "" for element in svg.iter(f"{TAG}text")]
    for stage in book.stages.values():
        assert stage.label[language] in said
    description = svg.findtext(f"{TAG}desc") or ""
    for move in book.moves.values():
        if move.to:
            assert move.label[language] in description
    assert svg.get("role") == "img"
    assert set((svg.get("aria-labelledby") or "").split()) == {
        e.get("id") for e in svg.iter() if e.tag in (f"{TAG}title", f"{TAG}desc")
    }


def test_text_is_escaped_and_nothing_else_gets_into_the_page(tmp_path: Path) -> None:
    text = SOUND.replace("{zh: 办理中, en: Working}", '{zh: "<script>办", en: "<script>go"}')
    drawn = draw(written(tmp_path, text), "zh")
    assert "<script" not in drawn
    assert "&lt;script&gt;办" in drawn
    assert not re.search(r"style=|<style|\son\w+=|href=", drawn), "the content security policy would drop it"


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_word_stands_out_from_every_ground() -> None:
    drawn = draw(playbooks.catalogue()["dv-case"], "zh")
    inks = set(re.findall(r'<text[^>]* fill="(#\w{6})"', drawn))
    grounds = set(re.findall(r'<rect[^>]* fill="(#\w{6})"', drawn))
    assert inks
    for ink in inks:
        for ground in grounds:
            high, low = sorted((luminance(ink), luminance(ground)), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, (ink, ground)
