"""A sheet as PDF and Word: the same checked lines, values stay text, the same sheet gives the same bytes."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from uuid import UUID

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from anjia.engine.letters import disclosure, numbering
from anjia.engine.letters.rendering import drawing, fonts, pdf, word
from anjia.engine.letters.rendering.sheets import Row, Sheet
from anjia.engine.letters.tests.test_disclosure import HIDDEN, order
from anjia.engine.letters.tests.test_disclosure import given as released
from anjia.engine.letters.tests.test_reply_codes import asked
from anjia.engine.matters.tests.world import NAME, World, at
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.events.models import Event

WHEN = datetime(2026, 3, 18, 1, tzinfo=UTC)
#: What would do something, were it read as markup of typst, XML or a Word field.
MARKUP = (
    '#import "x.typ"', "*粗*_斜_", "$x^2$", "= 标题", "@ref <label>", "\\u{41}", "`#code`", "// 注", "<w:p/>", "&lt;b&gt;",
    "{{ x }}", "]]>", '"); #panic()', "#sys.inputs.data", "- 一", "~", "---", "https://a.example",
)  # fmt: skip


def sheet(value: str, **more: object) -> Sheet:
    said = {
        "title": "协办函",
        "office": "邗江区妇联",
        "day": "2026年3月18日",
        "foot": "x-01",
        "at": WHEN,
        **more,
    }
    return Sheet(rows=(Row("姓名", value), Row("请求", value, is_words=True)), **said)  # type: ignore[arg-type]


def text_of(body: bytes) -> str:
    """All words of a PDF, without the spaces and breaks that setting type puts in."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).split())


def words_of(body: bytes) -> str:
    return "\n".join(p.text for p in docx.Document(io.BytesIO(body)).paragraphs)


@pytest.mark.parametrize("said", MARKUP)
def test_values_that_look_like_markup_stay_text(said: str) -> None:
    assert text_of(pdf.pdf_of(sheet(said))).count("".join(said.split())) == 2
    assert words_of(word.word_of(sheet(said))).count(said) == 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(
        alphabet=st.characters(min_codepoint=1, max_codepoint=0x9FFF, exclude_categories=["Cs"]), max_size=40
    )
)
def test_no_value_breaks_a_sheet(said: str) -> None:
    """Whatever somebody typed, the paper is made, and in Word it stands there as it was (control characters apart)."""
    assert pdf.pdf_of(sheet(said)).startswith(b"%PDF-")
    kept = "".join(c for c in said if c.isprintable())
    assert "".join(kept.split()) in "".join(words_of(word.word_of(sheet(said))).split())


def test_the_same_sheet_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    one = sheet(NAME)
    first = pdf.pdf_of(one), word.word_of(one)
    monkeypatch.setattr("time.localtime", lambda *a: (2031, 1, 2, 3, 4, 5, 0, 2, 0))
    assert (pdf.pdf_of(one), word.word_of(one)) == first


def test_without_a_chinese_font_the_package_is_named_and_nothing_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        fonts, "installed", lambda: type("None_", (), {"families": lambda self: ["Libertinus Serif"]})()
    )
    with pytest.raises(RuleBroken, match="fonts-noto-cjk"):
        pdf.pdf_of(sheet(NAME))


def test_a_paper_is_a4_and_every_form_says_the_same(world: World) -> None:
    m = order(world)
    actor = world.actor("county", "03-18 09:00")
    copies = {
        f: released(world, m, "order-application", form=f, draw=drawing.drawer(f, actor))
        for f in ("pdf", "word")
    }
    page = PdfReader(io.BytesIO(copies["pdf"].body)).pages[0].mediabox
    assert [round(float(x) / 72 * 25.4) for x in (page.width, page.height)] == [210, 297]
    for one, text in (
        (copies["pdf"], text_of(copies["pdf"].body)),
        (copies["word"], "".join(words_of(copies["word"].body).split())),
    ):
        assert all("".join(i.zh.split()) in text for i in one.draft.items)
        assert not [h for h in HIDDEN if h in text]
    assert Event.objects.filter(matter=m, move="given_out").count() == 2


# -- document numbers ---------------------------------------------------------------------------------------------


def letter(world: World, child: UUID, when: str = "03-12 12:00", **more: object) -> disclosure.Copy:
    return released(world, child, "referral-letter", when=when, **more)


def test_numbers_have_no_gap_even_where_a_seal_fails(world: World) -> None:
    child = asked(world)
    assert letter(world, child).letter_no == ""
    head = world.actor("county", "03-12 12:00")
    numbering.change(
        actor=head, word="邗妇权", is_red=True, basis="邗办发〔2026〕演1号", now=at("03-12 12:00")
    )
    assert letter(world, child, "03-12 12:10").letter_no == "邗妇权函〔2026〕1号"

    def breaks(_copy: object) -> bytes:
        raise RuleBroken("no seal")

    events = Event.objects.filter(matter=child, move="given_out").count()
    with pytest.raises(RuleBroken):
        letter(world, child, "03-12 12:20", form="pdf", draw=breaks)
    assert Event.objects.filter(matter=child, move="given_out").count() == events
    last = letter(world, child, "03-12 12:30")
    assert last.letter_no == "邗妇权函〔2026〕2号"
    assert drawing.sheet(last, head).is_red
    told = [e for e in world.page("county", child, "03-12 12:40").entries if e.move == "given_out"]
    assert last.letter_no in {value for e in told for _label, value in e.words}
    assert numbering.series_of(head.agency_id) == [("邗妇权函", 2026, 2)]


def test_a_number_starts_anew_with_the_year_and_in_shanghai(world: World) -> None:
    office = world.offices["county"].id
    numbering.change(
        actor=world.actor("county"), word="邗妇权", is_red=False, basis="", now=at("03-12 12:00")
    )
    before, after = datetime(2026, 12, 31, 15, 59, tzinfo=UTC), datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert [numbering.take(office, "函", t) for t in (before, before, after)] == [
        "邗妇权函〔2026〕1号", "邗妇权函〔2026〕2号", "邗妇权函〔2027〕1号",
    ]  # fmt: skip


def test_a_red_head_needs_its_basis(world: World) -> None:
    with pytest.raises(RuleBroken) as refused:
        numbering.change(actor=world.actor("county"), word="x", is_red=True, basis="", now=at("03-12 12:00"))
    assert set(refused.value.fields) == {"word", "basis"}
