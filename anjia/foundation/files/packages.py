"""Word and Excel packages: taken when they hold words and figures, refused when they could do something."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping

#: Parts that carry programs, foreign objects or fetch something from elsewhere.
ACTIVE_PARTS = re.compile(
    r"vbaproject|vbadata|activex|/embeddings/|oleobject|macrosheets/|dialogsheets/|externallinks/|customui|"
    r"webextensions?/|xl/connections\.xml|querytables/|\.(?:bin|exe|dll|js|vbs|hta|lnk|jar|bat|cmd|ps1|scr|html?)$",
    re.IGNORECASE,
)
ACTIVE_TYPES = re.compile(r"macroEnabled|vbaProject|oleObject|activeX", re.IGNORECASE)
#: What may lie elsewhere: a link somebody has to tap. Everything else is fetched when the document is opened.
TAPPED = "/hyperlink"
DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
#: One entry of a list, and what it says. Lists with comments, parts taken as they stand or letters written as numbers
#: are not taken: nobody who writes a document has a use for them there.
ENTRY = re.compile(r"<(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*>")
SAYS = re.compile(r"(?<![\w:.-])([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
NOT_PLAIN = re.compile(r"<!|&#|.<\?", re.DOTALL)
#: Commands to another program; a field may be written in pieces, which are one to whoever opens it.
COMMANDS = re.compile(r"DDEAUTO|(?<![A-Za-z])DDE(?![A-Za-z])", re.IGNORECASE)
FIELDS = re.compile(r"instrText\b[^>]*>([^<]*)(</|<)|\binstr\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
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
LISTS, LOOKED_AT = 1024 * 1024, 64 * 1024 * 1024  # the most that a list of parts, or another part, may be


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
        or len({name.casefold() for name in names}) < len(parts)
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
    """Whether one part says that something is to be run or fetched, or is too long to be looked through."""
    name = part.filename.lower()
    if not name.endswith((".xml", ".rels")):
        return False
    is_list = name.endswith(".rels") or name == "[content_types].xml"
    if part.file_size > (LISTS if is_list else LOOKED_AT):
        return True
    text = package.read(part)
    if DECLARES.search(text) or b"\0" in text[:200]:  # entities; another encoding that would hide them
        return True
    said = text.decode("utf-8-sig", "replace")
    if is_list:
        return bool(NOT_PLAIN.search(said)) or any(fetches_or_runs(one) for one in entries(said))
    return name.startswith(("word/", "xl/externallinks")) and commands(said)


def entries(said: str) -> Iterator[dict[str, str]]:
    """What each entry of a list says, name by name: not what stands in one of its values."""
    for one in ENTRY.findall(said):
        yield {name: a or b for name, a, b in SAYS.findall(one)}


def fetches_or_runs(entry: Mapping[str, str]) -> bool:
    """Whether one entry names what runs, lies elsewhere without being tapped, or is a document under another name."""
    kind, content = entry.get("Type", ""), entry.get("ContentType", "")
    if ACTIVE_TYPES.search(kind) or ACTIVE_TYPES.search(content):
        return True
    if entry.get("TargetMode", "").casefold() == "external":
        return not kind.endswith(TAPPED)
    named = entry.get("PartName") or f".{entry.get('Extension', 'xml')}"
    is_document = content.endswith(("+xml", "/xml")) and not content.startswith("image/")
    return is_document and not named.lower().endswith((".xml", ".rels"))


def commands(said: str) -> bool:
    """Whether a field gives a command to another program, or is written so that nobody can tell."""
    fields = []
    for words, ends, a, b in FIELDS.findall(said):
        field = words or a or b
        if "&#" in field or ends == "<":
            return True
        fields.append(field)
    return bool(COMMANDS.search("".join(fields)) or any(COMMANDS.search(one) for one in fields))
