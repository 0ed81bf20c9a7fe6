"""Word and Excel packages: taken when they hold words and figures, refused when they could do something."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib

#: Parts that carry programs, foreign objects or fetch something from elsewhere.
ACTIVE_PARTS = re.compile(
    r"vbaproject|vbadata|activex|/embeddings/|oleobject|macrosheets/|dialogsheets/|externallinks/|customui|"
    r"webextensions?/|xl/connections\.xml|querytables/|\.(?:bin|exe|dll|js|vbs|hta|lnk|jar|bat|cmd|ps1|scr|html?)$",
    re.IGNORECASE,
)
ACTIVE_TYPES = re.compile(rb"macroEnabled|vbaProject|oleObject|activeX", re.IGNORECASE)
#: Everything that a document fetches when it is opened; a link somebody has to tap is only a link.
FETCHES = re.compile(rb"<[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
TAPPED = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']", re.IGNORECASE)
DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
COMMANDS = re.compile(rb"\bDDE(?:AUTO)?\b")
MAX_PARTS = 5000
MAX_UNPACKED = 400 * 1024 * 1024
#: Text packs well, but a package of more than this that unpacks a hundredfold is made to fill a disk.
SMALL, RATIO = 20 * 1024 * 1024, 100
#: What a damaged package makes the reader say.
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    IndexError,
)
LOOKED_AT = 8 * 1024 * 1024  # of one part


def kind_of_package(data: bytes) -> str | None:
    """ "docx", "xlsx", or None when it is neither or could do something by itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            if not is_plain(parts, names, len(data)) or any(acts(package, part) for part in parts):
                return None
    except FAULTS:
        return None
    if "word/document.xml" in names:
        return "docx"
    return "xlsx" if "xl/workbook.xml" in names else None


def is_plain(parts: list[zipfile.ZipInfo], names: set[str], size: int) -> bool:
    """Whether the list of parts is that of an honest document of bearable size."""
    unpacked = sum(part.file_size for part in parts)
    return not (
        "[Content_Types].xml" not in names
        or len(parts) > MAX_PARTS
        or len(names) < len(parts)
        or unpacked > MAX_UNPACKED
        or (unpacked > SMALL and unpacked > RATIO * size)
        or sum(part.compress_size for part in parts) > size  # parts that lie over one another
        or any(part.flag_bits & 1 for part in parts)  # locked with a password
        or any(ACTIVE_PARTS.search(name) or is_elsewhere(name) for name in names)
    )


def is_elsewhere(name: str) -> bool:
    """A part whose name leads out of the package."""
    return name.startswith("/") or ":" in name or "\\" in name or "\0" in name or ".." in name.split("/")


def acts(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether one part says that something is to be run or fetched."""
    name = part.filename.lower()
    if not name.endswith((".xml", ".rels")):
        return False
    with package.open(part) as opened:
        text = opened.read(LOOKED_AT)
    if DECLARES.search(text) or b"\0" in text[:200]:  # entities; another encoding that would hide them
        return True
    if name.endswith(".rels"):
        return any(not TAPPED.search(found) for found in FETCHES.findall(text))
    if name == "[content_types].xml":
        return bool(ACTIVE_TYPES.search(text))
    return name.startswith(("word/", "xl/externallinks")) and bool(COMMANDS.search(text) and b"instr" in text)
