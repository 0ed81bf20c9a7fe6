"""PDF: taken when it only shows something, refused when it could do something or nobody can look inside."""

from __future__ import annotations

import re
import zlib

from anjia.foundation.files import pictures

#: Names of what runs, opens other files or carries them, also where written with #-escapes. No picture and no text holds
#: one of them by chance, so they are looked for in every byte: an object may lie anywhere, also within a stream.
LOUD = re.compile(
    rb"/(?:JavaScript|Rendition|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoToR|GoToE|Encrypt)\b"
)
#: … and short ones, which packed bytes do hold by chance: looked for outside streams and in lists of objects.
ACTIVE = re.compile(LOUD.pattern + rb"|/(?:JS|XFA)\b")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
#: Where a stream begins. Readers also take one whose line does not end as it should.
STREAM = re.compile(rb"(?<!end)stream[ \t]*(?:\r\n|\n|\r)")
HEAD = b"%PDF-"
END = b"%%EOF"
TAIL = 2048  # in which the end mark must stand; scanners append a little
MOST_UNPACKED = 64 * 1024 * 1024  # of lists of objects
MOST_WALKED = 256 * 1024 * 1024  # of everything packed, a piece at a time
PIECE = 1024 * 1024
OVERLAP = 64  # a name that lies across two pieces
DICTIONARY = 64 * 1024  # before a stream, where its kind and its filter are named
LIST, NOT_PLAIN = b"ObjStm", re.compile(rb"/(?:DecodeParms|DP|FFilter|FDecodeParms)\b")
FILTERS = re.compile(rb"/\w+Decode\b")
#: How a photograph begins, and what a program writes beside one that says where it was taken.
JPEG, PLACE = b"\xff\xd8\xff", b"GPSLatitude"


def only_shows(data: bytes) -> bool:
    """Whether a PDF is whole, holds no program, no other file and no lock."""
    if END not in data[-TAIL:] or LOUD.search(plain(data)):
        return False
    outside, after, lists, walked = list[bytes](), 0, MOST_UNPACKED, MOST_WALKED
    for found in STREAM.finditer(data):
        if found.start() < after:
            continue
        outside.append(data[after : found.start()])
        end = data.find(b"endstream", found.end())
        body = data[found.end() : end if end > 0 else len(data)]
        about = plain(data[max(after, found.start() - DICTIONARY) : found.start()])
        after = end if end > 0 else len(data)
        if LIST in about:
            objects = unpacked(body, about, lists)
            if objects is None or ACTIVE.search(plain(objects)):
                return False
            lists -= len(objects)
        else:
            walked = walk(body, walked)
        if lists <= 0 or walked <= 0:  # too much to look through: not taken
            return False
    outside.append(data[after:])
    return not ACTIVE.search(plain(b"\n".join(outside)))


def plain(text: bytes) -> bytes:
    """Names without their escapes: /J#61vaScript is /JavaScript."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text)


def unpacked(data: bytes, about: bytes, most: int) -> bytes | None:
    """A list of objects as its reader finds it. None: it is packed in a way nobody looks into here."""
    if b"/Filter" not in about:
        return data
    if FILTERS.findall(about) != [b"/FlateDecode"] or NOT_PLAIN.search(about):
        return None
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        return None


def walk(data: bytes, most: int) -> int:
    """Look through one packed stream piece by piece, whatever it says it is. How much is left of `most`; 0 when it
    names what runs.
    """
    unpacker, waiting, before = zlib.decompressobj(), data, b""
    try:
        while waiting and most > 0 and not unpacker.eof:
            piece = unpacker.decompress(waiting, PIECE)
            waiting = unpacker.unconsumed_tail
            if LOUD.search(plain(before + piece)):
                return 0
            before, most = piece[-OVERLAP:], most - len(piece)
            if not piece:
                break
    except zlib.error:
        return most  # not packed so, or damaged from here on
    return most


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
