"""What a file is, told from its content; its name and what the browser says about it are not believed."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

#: Characters that no text document holds; a program or an unknown format does.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MARKUP = re.compile(
    r"<\s*(?:!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|\?php)\b", re.IGNORECASE
)
#: Office packages that carry programs or foreign objects are refused.
ACTIVE_PARTS = re.compile(r"vbaproject|activex|/embeddings/|oleobject|\.bin$|\.exe$|\.js$", re.IGNORECASE)
MAX_PARTS = 5000
MAX_UNPACKED = 400 * 1024 * 1024


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
TXT = Kind("txt", "text", "text/plain")


def kind_of(data: bytes) -> Kind | None:
    """The kind of a file, or None if it is none of those that are taken."""
    for prefix, kind in ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF)):
        if data.startswith(prefix):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return AMR
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if data[4:8] == b"ftyp":
        return M4A if b"soun" in data and b"vide" not in data else None
    if data.startswith(b"ID3") or _mp3_frame(data):
        return MP3
    return TXT if _is_text(data) else None


def _mp3_frame(data: bytes) -> bool:
    """MPEG audio layer III: frame sync, a real bit rate and a real sample rate."""
    if len(data) < 4 or data[0] != 0xFF:
        return False
    is_layer_3 = data[1] & 0xE6 == 0xE2
    return is_layer_3 and data[2] >> 4 not in (0, 15) and data[2] >> 2 & 3 != 3


def _office(data: bytes) -> Kind | None:
    """A Word or Excel document without macros, embedded objects or a suspicious size."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    names = {part.filename for part in parts}
    too_big = len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED
    if too_big or "[Content_Types].xml" not in names or any(ACTIVE_PARTS.search(n) for n in names):
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _is_text(data: bytes) -> bool:
    """Words in UTF-8 or GB 18030, not a page or a picture written in markup."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return bool(text.strip()) and not CONTROL.search(text) and not MARKUP.search(text[:4096])
    return False
