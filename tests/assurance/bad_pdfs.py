"""PDF files that could do something, wherever it is hidden in them. Read by bad_files.py."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator

from bad_files import MARK, makes, pdf


@makes("PDF with a program")
def pdf_scripts(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for name in (
        b"JavaScript",
        b"JS",
        b"J#61vaScript",
        b"#4a#53",
        b"Launch",
        b"RichMedia",
        b"XFA",
        b"SubmitForm",
        b"ImportData",
        b"GoToR",
    ):
        yield "a.pdf", pdf(b"/OpenAction<</S/" + name + b" (" + MARK + b")>>")


@makes("PDF with a program in a packed part")
def pdf_hidden(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for name in (b"JavaScript", b"JS", b"J#53", b"Launch", b"EmbeddedFile", b"RichMedia", b"XFA", b"GoToE"):
        padding = b"<</Type/Page>> " * rng.randint(1, 400)
        yield "a.pdf", pdf(b"", streams=(padding, padding + b"<</S/" + name + b" (" + MARK + b")>>"))


@makes("PDF with a program behind or within a stream")
def pdf_behind(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Where a checker that reads from stream to stream does not look, and a reader that follows offsets does."""
    act = b"9 0 obj<</S/%s/JS(" + MARK + b")>>endobj\n"
    for name in (b"JavaScript", b"J#61vaScript", b"Launch", b"Rendition"):
        program = act % name
        still = b"3 0 obj<</Length 3>>stream\nabc\nendstream\nendobj\n"
        for line in (b"stream\n", b"stream\r\n", b"stream\r", b"stream \n"):
            yield (
                "a.pdf",
                pdf(b"").replace(b"trailer", still.replace(b"stream\n", line, 1) + program + b"trailer"),
            )
        yield "a.pdf", pdf(b"").replace(b"trailer", still + program + still + b"trailer")
        yield "a.pdf", pdf(b"").replace(b"trailer", still.replace(b"abc", program) + b"trailer")
        yield "a.pdf", pdf(b"").replace(b"trailer", b"% >>stream\n" + program + b"endstream\ntrailer")
        yield from packed_otherwise(program)


def packed_otherwise(program: bytes) -> Iterator[tuple[str, bytes]]:
    """Lists of objects packed so that a simple look finds nothing in them."""
    flat = zlib.compress(program)
    for about, body in (
        (b"/ObjStm/Filter/ASCIIHexDecode", program.hex().encode() + b">"),
        (b"/ObjStm/Filter[/ASCIIHexDecode/FlateDecode]", flat.hex().encode() + b">"),
        (b"/ObjStm/Filter[/FlateDecode/ASCIIHexDecode]", zlib.compress(program.hex().encode() + b">")),
        (b"/ObjStm/Filter 8 0 R", program.hex().encode()),
        (b"/ObjStm/DecodeParms<</Predictor 12/Columns 4>>/Filter/FlateDecode", zlib.compress(rows(program))),
        (b"/XObject/Subtype/Image/Filter/FlateDecode", zlib.compress(b"\0" * 3_000_000 + program)),
    ):
        for line in (b"stream\n", b"stream\r"):
            part = b"7 0 obj<</N 1/First 4/Type" + about + b">>" + line + body + b"\nendstream\nendobj\n"
            yield "a.pdf", pdf(b"").replace(b"trailer", part + b"trailer")


def rows(data: bytes) -> bytes:
    """As PNG's “up” writes them: each row is what differs from the one above."""
    out, above = b"", bytes(4)
    for at in range(0, len(data), 4):
        row = data[at : at + 4].ljust(4)
        out += b"\2" + bytes((x - y) % 256 for x, y in zip(row, above, strict=True))
        above = row
    return out


@makes("PDF with files inside or a lock")
def pdf_files(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    for name in (
        b"EmbeddedFile",
        b"EmbeddedFiles",
        b"Encrypt",
        b"Embedded#46iles",
        b"E#6ecrypt",
        b"#45ncrypt",
    ):
        yield "a.pdf", pdf(b"/" + name + b" 5 0 R ")
