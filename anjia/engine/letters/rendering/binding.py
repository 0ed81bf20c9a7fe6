"""Papers and annexes put together as one PDF under running page numbers, in memory: nothing sealed touches the disk.

Of an annex only what can be seen on its pages is taken over: no attachment, no script, no note, no description of the
file, and of a photograph on a page not where it was taken (`stripping`). A picture is the copy that says neither.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from PIL import Image

from anjia.engine.letters.rendering import stripping
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.files import pictures

if TYPE_CHECKING:  # a fifth of a second of every start that only a packet needs
    from pypdf import PageObject, PdfWriter, Transformation

A4 = (595.28, 841.89)
SIDE, TOP, BOTTOM = 56.7, 56.7, 56.7  # 20 mm: room for the line above and the number below
MOST_PAGES = 100  # of one annex
DRAWN = frozenset({"jpeg", "png", "webp"})
#: Kinds of file that can stand on pages; others are handed over beside the packet.
BINDABLE = DRAWN | {"pdf"}
DOTS_AN_INCH = 200
WHITE = (255, 255, 255)


class NotBindable(RuleBroken):
    """An annex that cannot be put on pages: damaged, locked or too long."""


def pages_of(data: bytes, kind: str) -> list[PageObject]:
    """The pages of an annex. NotBindable says why there are none."""
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(picture_page(data, kind) if kind in DRAWN else data), strict=False)
        if reader.is_encrypted:
            raise NotBindable(_("这份PDF加了密,放不进去。"))
        if not 0 < len(reader.pages) <= MOST_PAGES:
            raise NotBindable(_("这份PDF没有页,或超过 %(n)s 页。") % {"n": MOST_PAGES})
        pages = list(reader.pages)
        for page in pages:
            stripping.strip(page)
            with stripping.read_through():  # what a machine leaves out is compared with nothing
                page.extract_text()  # reads every part that will be drawn
        return pages
    except NotBindable:
        raise
    except Exception as fault:  # what a damaged file makes a reader say is endless
        raise NotBindable(_("这份文件打不开。请换一份,或打印后扫描成PDF。")) from fault


def picture_page(data: bytes, kind: str) -> bytes:
    """A picture as a PDF of one page."""
    with Image.open(io.BytesIO(pictures.redrawn(data, kind))) as opened:
        flat = Image.new("RGB", opened.size, WHITE)
        flat.paste(opened, mask=opened.getchannel("A") if opened.mode == "RGBA" else None)
    out = io.BytesIO()
    flat.save(out, "PDF", resolution=DOTS_AN_INCH, quality=90)
    return out.getvalue()


def text_of(pages: Sequence[PageObject]) -> str:
    """What can be read of an annex by a machine."""
    return "\n".join(page.extract_text() for page in pages)


def count(data: bytes) -> int:
    """How many pages one of our own papers has."""
    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(data)).pages)


def bound(parts: Sequence[bytes | Sequence[PageObject]], numbers: bytes, title: str) -> bytes:
    """One PDF of our own papers (bytes) and annexes (pages, each framed under the next sheet of `numbers`)."""
    from pypdf import PdfReader, PdfWriter

    out = PdfWriter()
    over = iter(PdfReader(io.BytesIO(numbers)).pages) if numbers else iter(())
    for part in parts:
        if isinstance(part, bytes):
            for page in PdfReader(io.BytesIO(part)).pages:
                out.add_page(page)
        else:
            for page in part:
                frame(out, page, next(over))
    out.metadata = {"/Title": title}
    made = io.BytesIO()
    out.write(made)
    return made.getvalue()


def frame(out: PdfWriter, page: PageObject, over: PageObject) -> None:
    """An annex's page, made to fit between the line above and the number below."""
    upright, width, height = turned(page)
    room = (A4[0] - 2 * SIDE, A4[1] - TOP - BOTTOM)
    scale = min(room[0] / width, room[1] / height)
    left, low = (A4[0] - width * scale) / 2, BOTTOM + (room[1] - height * scale) / 2
    sheet = out.add_blank_page(*A4)
    sheet.merge_transformed_page(page, upright.scale(scale).translate(left, low))
    sheet.merge_page(over)


def turned(page: PageObject) -> tuple[Transformation, float, float]:
    """How a page is brought upright to the corner, and how wide and high it is then."""
    from pypdf import Transformation

    box = page.cropbox
    width, height = float(box.width), float(box.height)
    corner = Transformation().translate(-float(box.left), -float(box.bottom))
    ways = {90: (-90, 0, width), 180: (180, width, height), 270: (90, height, 0)}
    turn = page.rotation % 360
    if turn not in ways:
        return corner, width, height
    angle, right, up = ways[turn]
    upright = corner.rotate(angle).translate(right, up)
    return (upright, width, height) if turn == 180 else (upright, height, width)
