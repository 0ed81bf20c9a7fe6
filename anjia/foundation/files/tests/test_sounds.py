"""Recordings from browsers: sound and nothing else, told from the content."""

from __future__ import annotations

import pytest

from anjia.foundation.files import sounds
from anjia.foundation.files.kinds import kind_of


def element(what: str, body: bytes, size: bytes = b"") -> bytes:
    return bytes.fromhex(what) + (size or (0x4000 | len(body)).to_bytes(2)) + body


def webm(*kinds: int, doc: bytes = b"webm", before: bytes = b"") -> bytes:
    """As MediaRecorder writes it: a segment of unknown length, its tracks, one cluster."""
    tracks = b"".join(
        element("AE", element("D7", b"\x01") + element("83", bytes([k]))) for k in kinds or (2,)
    )
    body = before + element("1549A966", element("4D80", b"Chrome")) + element("1654AE6B", tracks)
    cluster = element("1F43B675", b"\xa3\x84\x81\0\0\x80", b"\x01" + b"\xff" * 7)
    return element("1A45DFA3", element("4282", doc)) + element(
        "18538067", body + cluster, b"\x01" + b"\xff" * 7
    )


def ogg(first: bytes = b"OpusHead\x01", serial: bytes = b"abcd", more: bytes = b"") -> bytes:
    def page(body: bytes, n: int) -> bytes:
        return (
            b"OggS\0\0"
            + bytes(8)
            + serial
            + n.to_bytes(4, "little")
            + bytes(4)
            + b"\x01"
            + bytes([len(body)])
            + body
        )

    return page(first, 0) + page(b"OpusTags", 1) + more


@pytest.mark.parametrize(
    ("data", "name"), [(webm(), "webm"), (webm(2, 2), "webm"), (ogg(), "ogg"), (ogg(b"\x01vorbis"), "ogg")]
)
def test_sound_is_taken(data: bytes, name: str) -> None:
    kind = kind_of(data)
    assert kind is not None
    assert (kind.name, kind.media, kind.mime) == (name, "audio", f"audio/{name}")


@pytest.mark.parametrize(
    "data",
    [
        webm(1),
        webm(2, 1),
        webm(2, 17),
        webm(doc=b"matroska"),
        webm()[:40],
        sounds.EBML,
        sounds.EBML + b"\xff" * 40,
        webm().replace(bytes.fromhex("1654AE6B"), bytes.fromhex("1654AE6C")),
        ogg(b"\x80theora"),
        ogg(more=b"MZ\x90 a program behind it"),
        ogg(more=ogg(serial=b"efgh")),
        ogg()[:-3],
        b"OggS\0\0",
    ],
)
def test_pictures_and_what_hangs_on_behind_are_not(data: bytes) -> None:
    assert kind_of(data) is None


@pytest.mark.parametrize("mark", sounds.PLACES)
def test_a_recording_that_says_where_it_was_made_is_known(mark: bytes) -> None:
    assert sounds.tells_where(b"\0\0\0\x20ftypM4A " + mark + b"+32.39+119.41/")
    assert not sounds.tells_where(webm())
