"""What the pages of an annex carry besides what can be seen: taken out, so that a scan tells no more than its picture.

A telephone that makes a PDF of a photograph puts the whole photograph into it, with where it was taken, when and by
which telephone; programs keep notes of their own beside pages, pictures and fonts. Not a dot of a picture changes.
"""

from __future__ import annotations

import logging
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PageObject

#: Entries of a PDF's objects that no page shows.
UNSEEN = (
    "/Metadata",
    "/PieceInfo",
    "/LastModified",
    "/Thumb",
    "/OPI",
    "/Measure",
    "/PtData",
    "/AF",
    "/Annots",
    "/AA",
)
JPEG, JPEG_2000 = "/DCTDecode", "/JPXDecode"
START, SCAN, END = 0xD8, 0xDA, 0xD9
#: Parts of a JPEG that its picture is drawn from: which kind of JPEG it is, and how its colours were mixed.
KEPT_PARTS = frozenset({0xE0, 0xEE})
NOTES = frozenset({*range(0xE0, 0xF0), 0xFE})
ALONE = frozenset({*range(0xD0, 0xD8), 0x01})
#: Boxes of a JPEG 2000 that are no picture.
NOTE_BOXES = frozenset({b"xml ", b"uuid", b"uinf"})
MOST_UNPACKED = 64 * 1024 * 1024
PLACED = b"Exif\0\0"
#: What the reader of PDF says where it leaves words out instead of refusing.
LEFT_OUT = ("Exceeded", "Impossible to decode", "Detected cyclic")


def strip(page: PageObject) -> None:
    """One page, before it is taken over. ValueError: something in it cannot be looked into."""
    for name in UNSEEN:
        page.pop(name, None)
    content = page.get_contents()
    if content is not None and PLACED in content.get_data():
        raise ValueError("a photograph within the drawing itself")
    for one in reachable(page.get("/Resources")):
        for name in UNSEEN:
            one.pop(name, None)
        if hasattr(one, "get_data"):
            strip_picture(one)


def reachable(root: Any) -> Iterator[Any]:
    """Every dictionary that a page draws with, each once."""
    from pypdf.generic import ArrayObject, DictionaryObject

    seen, waiting = set[int](), [root]
    while waiting:
        one = waiting.pop()
        one = one.get_object() if one is not None else None
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, DictionaryObject):
            yield one
            waiting += [v for k, v in one.items() if k != "/Parent"]
        elif isinstance(one, ArrayObject):
            waiting += list(one)


def strip_picture(stream: Any) -> None:
    """A picture's own file within the PDF, without what it says of itself."""
    from pypdf.generic import NameObject

    named = stream.get("/Filter")
    filters = [named] if isinstance(named, str) else [f.get_object() for f in named or ()]
    if not filters or filters[-1] not in (JPEG, JPEG_2000):
        return
    data = bytes(stream._data)
    for name in filters[:-1]:
        if name != "/FlateDecode":
            raise ValueError("a picture packed in a way nobody looks into")
        data = zlib.decompressobj().decompress(data, MOST_UNPACKED)
    stream._data = only_picture(data) if filters[-1] == JPEG else only_boxes(data)
    stream[NameObject("/Filter")] = NameObject(filters[-1])
    if len(filters) > 1:
        stream.pop("/DecodeParms", None)


def only_picture(data: bytes) -> bytes:
    """A JPEG from its start to its end without notes, previews and whatever hangs on behind."""
    if data[:2] != bytes([0xFF, START]):
        raise ValueError("no JPEG")
    out, at = bytearray(data[:2]), 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        mark = data[at + 1]
        if mark == 0xFF:  # filling between parts
            at += 1
            continue
        if mark == END:
            break
        end = at + 2 if mark in ALONE else at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if mark == SCAN:
            end = after_scan(data, end)
        if mark not in NOTES or mark in KEPT_PARTS:
            out += data[at:end]
        at = end
    return bytes(out) + bytes([0xFF, END])


def after_scan(data: bytes, at: int) -> int:
    """Where the dots of a scan end: at the next mark that is not part of them."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] != 0 and data[at + 1] not in ALONE:
            return at
        at += 2


def only_boxes(data: bytes) -> bytes:
    """A JPEG 2000 without its notes; a bare stream of dots has none."""
    if data[4:8] != b"jP  ":
        return data
    out, at = bytearray(), 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16])
        end = len(data) if size == 0 else at + size
        if end < at + 8:
            raise ValueError("a box without an end")
        if data[at + 4 : at + 8] not in NOTE_BOXES:
            out += data[at:end]
        at = end
    return bytes(out)


class LeftOut(logging.Handler):
    """Hears what the reader says to itself in this thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.thread, self.has_left_out = threading.get_ident(), False

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread and str(record.msg).startswith(LEFT_OUT):
            self.has_left_out = True


@contextmanager
def read_through() -> Iterator[None]:
    """ValueError where a page was not read to its end: words could stand there that say where she is."""
    ear, reader = LeftOut(), logging.getLogger("pypdf._page")
    reader.addHandler(ear)
    try:
        yield
    finally:
        reader.removeHandler(ear)
    if ear.has_left_out:
        raise ValueError("not read to its end")
