"""Finding a word in bytes however it may have been written down: what every proof that something is nowhere uses."""

from __future__ import annotations

import base64
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from pypdf import PdfReader
from pypdf.generic import StreamObject

SHORTEST = 6  # bytes; less is found everywhere by chance
GZIP = b"\x1f\x8b\x08"
MOST_UNPACKED = 64 * 1024 * 1024


def forms(word: str) -> dict[str, bytes]:
    """By encoding. Base64 at each of its three places, without the ends that neighbours change."""
    whole = word.encode()
    found = {
        "utf-8": whole, "utf-16le": word.encode("utf-16-le"), "utf-16be": word.encode("utf-16-be"),
        "gbk": word.encode("gb18030"), "hex": whole.hex().encode(), "HEX": whole.hex().upper().encode(),
        "url": quote(word).encode(), "json": json.dumps(word)[1:-1].encode(), "python": word.encode("unicode_escape"),
        "html": "".join(f"&#{ord(c)};" for c in word).encode(),
        "pdf": word.encode("utf-16-be").hex().upper().encode(),
    }  # fmt: skip
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + whole)
        found[f"base64+{shift}"] = text[4 if shift else 0 : -4]
    return {name: one for name, one in found.items() if len(one) >= SHORTEST}


def layers(body: bytes) -> Iterator[bytes]:
    """The bytes, and whatever is packed inside them: gzip anywhere, the parts of a package, everything in a PDF."""
    yield body
    at = body.find(GZIP)
    while at >= 0:
        try:
            inside = zlib.decompressobj(31).decompress(body[at:], MOST_UNPACKED)
        except zlib.error:
            inside = b""
        if inside:
            yield inside
        at = body.find(GZIP, at + 1)
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            for part in package.infolist():
                yield part.filename.encode() + part.comment
                yield from layers(package.read(part))
    if body.startswith(b"%PDF"):
        yield from of_pdf(PdfReader(io.BytesIO(body)))


def of_pdf(reader: PdfReader) -> Iterator[bytes]:
    """What can be read on its pages, also where a line ends in the middle of it, and every object whoever opens the
    file with a tool finds: what it says of itself, notes, what no page shows."""
    text = "\n".join(page.extract_text() for page in reader.pages)
    yield text.encode()
    yield "".join(text.split()).encode()
    for number in {n for row in reader.xref.values() for n in row} | set(reader.xref_objStm):
        one = reader.get_object(number)
        yield repr(one).encode()
        if isinstance(one, StreamObject):
            yield one._data
            yield one.get_data()


def found(body: bytes, words: Iterable[str]) -> set[tuple[str, str]]:
    """(word, encoding) of everything that stands there."""
    wanted = [(word, name, form) for word in words for name, form in forms(word).items()]
    return {(word, name) for layer in layers(body) for word, name, form in wanted if form in layer}
