"""Recordings as browsers and telephones make them: sound and nothing else, from the first byte to the last.

What MediaRecorder writes is WebM (Chromium) or Ogg (Firefox). Both may carry moving pictures; those are not taken, and
nothing may hang on behind. Each walk is bounded: a forged file costs no more than its own length.
"""

from __future__ import annotations

from collections.abc import Iterator

EBML = b"\x1aE\xdf\xa3"
SEGMENT, TRACKS, TRACK, TRACK_TYPE, DOC_TYPE = 0x18538067, 0x1654AE6B, 0xAE, 0x83, 0x4282
CLUSTER = 0x1F43B675
SOUND = b"\x02"
#: Where a telephone writes into a recording where it was made.
PLACES = (b"\xa9xyz", b"loci", b"com.apple.quicktime.location")
MOST_PARTS = 4096  # … of one level that are looked at
OGG_HEAD = 27
SPOKEN = (b"OpusHead", b"\x01vorbis", b"Speex   ")


def is_ogg_sound(data: bytes) -> bool:
    """One stream of Opus, Vorbis or Speex: every page of it, and nothing between or after them."""
    at, serial = 0, b""
    while at < len(data):
        head = data[at : at + OGG_HEAD]
        if len(head) < OGG_HEAD or not head.startswith(b"OggS"):
            return False
        table = data[at + OGG_HEAD : at + OGG_HEAD + head[26]]
        start = at + OGG_HEAD + head[26]
        at = start + sum(table)
        if len(table) < head[26] or at > len(data):
            return False
        if not serial:
            serial = head[14:18]
            if not data[start:at].startswith(SPOKEN):
                return False
        elif head[14:18] != serial:
            return False
    return bool(serial)


def is_webm_sound(data: bytes) -> bool:
    """A WebM file whose tracks are all sound."""
    top = dict(_parts(data, 0, len(data), most=2))
    head, segment = top.get(int.from_bytes(EBML)), top.get(SEGMENT)
    if head is None or segment is None:
        return False
    doc = dict(_parts(data, *head)).get(DOC_TYPE)
    if doc is None or data[slice(*doc)] != b"webm":
        return False
    tracks = next((where for what, where in _parts(data, *segment, until=CLUSTER) if what == TRACKS), None)
    kinds = [_type(data, where) for what, where in (_parts(data, *tracks) if tracks else ()) if what == TRACK]
    return bool(kinds) and all(kind == SOUND for kind in kinds)


def tells_where(data: bytes) -> bool:
    """Whether a recording says where it was made, as some telephones write into each."""
    return any(mark in data for mark in PLACES)


def _type(data: bytes, track: tuple[int, int]) -> bytes:
    where = dict(_parts(data, *track)).get(TRACK_TYPE)
    return data[slice(*where)] if where else b""


def _parts(
    data: bytes, start: int, end: int, *, most: int = MOST_PARTS, until: int = 0
) -> Iterator[tuple[int, tuple[int, int]]]:
    """(id, (first byte, end)) of the elements of one level; an unknown length reaches to the end."""
    at = start
    for _count in range(most):
        if at >= end:
            return
        what, at = _number(data, at, keep=True)
        size, at = _number(data, at)
        stop = end if size is None else at + size
        if what is None or what == until or stop > end:
            return
        yield what, (at, stop)
        at = stop


def _number(data: bytes, at: int, *, keep: bool = False) -> tuple[int | None, int]:
    """A number of variable length and where the next byte is; None: unknown or none. `keep`: with its length bits."""
    if at >= len(data) or not data[at]:
        return None, at + 1
    length = 9 - data[at].bit_length()
    raw = data[at : at + length]
    value = int.from_bytes(raw)
    if len(raw) < length:
        return None, at + length
    if keep:
        return value, at + length
    mask = (1 << 7 * length) - 1
    return (None if value & mask == mask else value & mask), at + length
