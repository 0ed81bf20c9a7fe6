"""A sheet as a Word file, to be worked on in an office: the same lines, the fonts an office PC has, deterministic bytes."""

from __future__ import annotations

import base64
import io
import zipfile
from datetime import UTC
from typing import Any

from docx import Document
from docx.document import Document as Whole
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from anjia.engine.letters.rendering.sheets import Row, Sheet, clean

BODY, TITLE, STRONG = "仿宋", "方正小标宋简体", "黑体"
RED = RGBColor(0xD7, 0x00, 0x0F)
LINE = Pt(29)  # 22 lines a page
INDENT = Pt(32)  # two characters
EPOCH = (1980, 1, 1, 0, 0, 0)


def word_of(sheet: Sheet) -> bytes:
    """One sheet as .docx."""
    made = Document()
    lay_out(made, sheet)
    if sheet.head:
        heading(made, sheet)
    if sheet.number:
        line(made, sheet.number, align=ALIGN.RIGHT)
    if sheet.title:
        line(made, sheet.title, font=TITLE, size=22, align=ALIGN.CENTER, fixed=False, around=12)
    if sheet.sealed:
        line(made, sheet.sealed, font=STRONG, align=ALIGN.RIGHT)
    if sheet.to:
        line(made, f"{sheet.to}:")
    for row in sheet.rows:
        write_row(made, row)
    if sheet.closing:
        line(made, sheet.closing, indent=True)
    if sheet.reply:
        reply_block(made, sheet)
    line(made, "")
    if sheet.office:
        line(made, f"{sheet.office}　　", align=ALIGN.RIGHT)
    line(made, f"{sheet.day}　　　　", align=ALIGN.RIGHT)
    return saved(made, sheet)


def lay_out(made: Whole, sheet: Sheet) -> None:
    """A4 with the margins of GB/T 9704; — n — and the number of the copy at the foot."""
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    style(made.styles["Normal"], BODY, 16)
    page.footer_distance = Mm(22)
    foot = page.footer.paragraphs[0]
    foot.alignment = ALIGN.CENTER
    run(foot, "— ", size=14)
    page_number(foot)
    run(foot, " —", size=14)
    run(page.footer.add_paragraph(), clean(sheet.foot), size=8)


def heading(made: Whole, sheet: Sheet) -> None:
    """The office over a line; red only where it may be."""
    ink = RED if sheet.is_red else None
    said = line(made, sheet.head, font=TITLE, size=28, align=ALIGN.CENTER, fixed=False, ink=ink)
    edge = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (
        ("val", "thickThinSmallGap"),
        ("sz", "18"),
        ("space", "4"),
        ("color", "D7000F" if ink else "000000"),
    ):
        bottom.set(qn(f"w:{name}"), value)
    edge.append(bottom)
    said._p.get_or_add_pPr().append(edge)


def write_row(made: Whole, row: Row) -> None:
    """A short line is "what: value", sentences have paragraphs of their own."""
    if not row.is_words:
        said = line(made, "")
        run(said, clean(row.label), font=STRONG, size=15)
        run(said, f":{clean(row.value)}")
        return
    if not row.bare:
        line(made, f"{row.label}:", font=STRONG, size=15)
    for part in row.value.split("\n"):
        if part.strip():
            line(made, part.strip(), indent=True)


def reply_block(made: Whole, sheet: Sheet) -> None:
    """The square, the eight digits and where they are typed."""
    assert sheet.reply
    table = made.add_table(rows=1, cols=2, style="Table Grid")
    table.autofit = False
    picture, words = table.rows[0].cells
    picture.width, words.width = Mm(32), Mm(124)
    picture.paragraphs[0].add_run().add_picture(io.BytesIO(base64.b64decode(sheet.reply.qr)), width=Mm(26))
    run(words.paragraphs[0], "回执码 ", font=STRONG, size=12)
    run(words.paragraphs[0], sheet.reply.code, size=18)
    for said in (sheet.reply.words, sheet.reply.address, sheet.reply.until):
        run(words.add_paragraph(), clean(said), size=10.5)


def line(
    made: Whole,
    text: str,
    *,
    font: str = BODY,
    size: float = 16,
    align: Any = None,
    indent: bool = False,
    fixed: bool = True,
    around: float = 0,
    ink: RGBColor | None = None,
) -> Paragraph:
    """One paragraph."""
    said = made.add_paragraph()
    shape = said.paragraph_format
    shape.space_before = shape.space_after = Pt(around)
    if fixed:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    if align is not None:
        said.alignment = align
    if indent:
        shape.first_line_indent = INDENT
    if text:
        written = run(said, clean(text), font=font, size=size)
        if ink is not None:
            written.font.color.rgb = ink
    return said


def run(said: Paragraph, text: str, *, font: str = BODY, size: float = 16) -> Any:
    """Some words in one font, Chinese and Latin alike."""
    written = said.add_run(text)
    written.font.size = Pt(size)
    written.font.name = font
    written._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return written


def style(of: Any, font: str, size: float) -> None:
    """What is not said otherwise."""
    of.font.name, of.font.size = font, Pt(size)
    of.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def page_number(said: Paragraph) -> None:
    """The field that counts pages."""
    written = run(said, "", size=14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        written._r.append(mark)


def saved(made: Whole, sheet: Sheet) -> bytes:
    """The file; who wrote it and when in it is the office and the moment of the copy, in the zip nothing."""
    about = made.core_properties
    about.author, about.title, about.comments = clean(sheet.office), clean(sheet.title), clean(sheet.foot)
    about.created = about.modified = sheet.at.astimezone(UTC).replace(tzinfo=None)
    about.last_modified_by = ""
    loose = io.BytesIO()
    made.save(loose)
    return without_times(loose.getvalue())


def without_times(data: bytes) -> bytes:
    """The same zip with one date for every part: the writer puts the clock into it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
