"""PDF: taken when it only shows something, refused when it could do something or nobody can look inside."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from anjia.foundation.files import pictures

#: Names of what runs, opens other files or carries them, also where written with #-escapes.
ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToR|GoToE|Encrypt)\b"
)
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream\r?\n")
HEAD = b"%PDF-"
END = b"%%EOF"
TAIL = 2048  # in which the end mark must stand; scanners append a little
MOST_UNPACKED = 64 * 1024 * 1024
DICTIONARY = 4096  # before a stream, where its filter is named
#: How a photograph begins, and what a program writes beside one that says where it was taken.
JPEG, PLACE = b"\xff\xd8\xff", b"GPSLatitude"


def only_shows(data: bytes) -> bool:
    """Whether a PDF is whole, holds no program, no other file and no lock."""
    if END not in data[-TAIL:]:
        return False
    return not any(ACTIVE.search(plain(text)) for text in looked_into(data))


def plain(text: bytes) -> bytes:
    """Names without their escapes: /J#61vaScript is /JavaScript."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text)


def looked_into(data: bytes) -> Iterator[bytes]:
    """What stands outside streams, and the packed lists of objects, where a name could hide."""
    left, outside, after = MOST_UNPACKED, [], 0
    for found in STREAM.finditer(data):
        if found.start() < after:
            continue
        outside.append(data[after : found.start()])
        end = data.find(b"endstream", found.end())
        after = end if end > 0 else len(data)
        if b"ObjStm" in plain(data[max(0, found.start() - DICTIONARY) : found.start()]):
            unpacked = inflated(data[found.end() : after], left)
            left -= len(unpacked)
            yield unpacked if left > 0 else b"/JavaScript "  # too much to look through: not taken
    outside.append(data[after:])
    yield b"\n".join(outside)


def inflated(data: bytes, most: int) -> bytes:
    """One packed stream, up to a bound; as it is when it is not packed."""
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        return data


def tells_where(data: bytes) -> bool:
    """Whether a photograph on one of its pages, or a note beside one, says where it was taken; so is held what is too
    much to look through.
    """
    left = MOST_UNPACKED
    for found in STREAM.finditer(data):
        end = data.find(b"endstream", found.end())
        body = data[found.end() : end if end > 0 else len(data)]
        if not body.startswith(JPEG):
            body = inflated(body, left)
            left -= len(body)
        if left <= 0 or PLACE in body or (body.startswith(JPEG) and pictures.tells_where(body)):
            return True
    return False
