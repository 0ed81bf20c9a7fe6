"""What a file is, told from its content; its name and what the browser says about it are not believed."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from anjia.foundation.files import sounds
from anjia.foundation.files.packages import kind_of_package
from anjia.foundation.files.portable import only_shows

PDF_HEAD = 1024  # in which readers look for the beginning of a PDF
TAG_HEAD = 10  # bytes of the head of a recording's title tag
#: Characters that no text document holds; a program or an unknown format does.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MARKUP = re.compile(
    r"<\s*(?:!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|\?php)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Kind:
    """`name` is stored and shown, `media` groups it (image, pdf, audio, text, office), `mime` is served."""

    name: str
    media: str
    mime: str


OFFICE = "application/vnd.openxmlformats-officedocument."
JPEG = Kind("jpeg", "image", "image/jpeg")
PNG = Kind("png", "image", "image/png")
WEBP = Kind("webp", "image", "image/webp")
PDF = Kind("pdf", "pdf", "application/pdf")
DOCX = Kind("docx", "office", f"{OFFICE}wordprocessingml.document")
XLSX = Kind("xlsx", "office", f"{OFFICE}spreadsheetml.sheet")
MP3 = Kind("mp3", "audio", "audio/mpeg")
M4A = Kind("m4a", "audio", "audio/mp4")
AMR = Kind("amr", "audio", "audio/amr")
OGG = Kind("ogg", "audio", "audio/ogg")
WEBM = Kind("webm", "audio", "audio/webm")
TXT = Kind("txt", "text", "text/plain")


PACKAGES = {"docx": DOCX, "xlsx": XLSX}


def kind_of(data: bytes) -> Kind | None:
    """The kind of a file, or None if it is none of those that are taken.

    A package behind something else (a picture that is also an archive) is none of them.
    """
    if data.startswith(b"PK\x03\x04"):
        return PACKAGES.get(kind_of_package(data) or "")
    kind = _by_beginning(data) or (TXT if _is_text(data) else None)
    return None if kind and zipfile.is_zipfile(io.BytesIO(data)) else kind


def _by_beginning(data: bytes) -> Kind | None:
    for prefix, kind in ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG)):
        if data.startswith(prefix):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data.startswith(b"%PDF-"):
        return PDF if only_shows(data) else None
    if data.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return AMR
    if data[4:8] == b"ftyp":
        return M4A if b"soun" in data and b"vide" not in data else None
    if data.startswith(b"OggS"):
        return OGG if sounds.is_ogg_sound(data) else None
    if data.startswith(sounds.EBML):
        return WEBM if sounds.is_webm_sound(data) else None
    return MP3 if _mp3_frame(after_tag(data)) else None


def after_tag(data: bytes) -> bytes:
    """A recording without its title tag (ID3): sound must follow, or the tag was only a disguise."""
    if not data.startswith(b"ID3") or len(data) < TAG_HEAD:
        return data
    size = 0
    for byte in data[6:TAG_HEAD]:
        size = size << 7 | byte & 0x7F
    return data[TAG_HEAD + size :].lstrip(b"\0")


def _mp3_frame(data: bytes) -> bool:
    """MPEG audio layer III: frame sync, a real bit rate and a real sample rate."""
    if len(data) < 4 or data[0] != 0xFF:
        return False
    is_layer_3 = data[1] & 0xE6 == 0xE2
    return is_layer_3 and data[2] >> 4 not in (0, 15) and data[2] >> 2 & 3 != 3


def _is_text(data: bytes) -> bool:
    """Words in UTF-8 or GB 18030, not a page or a picture written in markup, nor a PDF that was not taken as one."""
    if b"%PDF-" in data[:PDF_HEAD]:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return bool(text.strip()) and not CONTROL.search(text) and not MARKUP.search(text[:4096])
    return False
