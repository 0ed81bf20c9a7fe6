"""Which Chinese sentences have no English yet, room by room. `--add` appends them to the room's catalogue.

A room is a folder with a `locale/`; its sentences are those of its Python files and Jinja2 templates.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "anjia"
METHODS = [("**/tests/**", "ignore"), ("**.py", "python"), ("**/jinja2/**.html", "jinja2.ext:babel_extract")]
PLURAL = (1, 2)
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": PLURAL, "ngettext_lazy": PLURAL}
OPTIONS = {"**/jinja2/**.html": {"extensions": "jinja2.ext.do", "silent": "false", "trimmed": "true"}}


def rooms() -> list[Path]:
    """Folders that keep their own sentences: the apps, and whatever has a locale folder."""
    return sorted(
        {p.parent for p in PACKAGE.rglob("apps.py")}
        | {p.parent for p in PACKAGE.rglob("locale") if p.is_dir()}
    )


def sentences(room: Path) -> Iterator[str]:
    """Every message id in a room, with the file it stands in."""
    found = extract_from_dir(room, METHODS, OPTIONS, KEYWORDS, comment_tags=())
    for _file, _line, message, _comments, _context in found:
        text = message[0] if isinstance(message, tuple) else message
        if text:
            yield text


def catalogue(room: Path) -> Catalog:
    path = room / "locale" / "en" / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as source:
        return read_po(source, locale="en")


def untranslated(room: Path) -> list[str]:
    """Sentences of a room that its English catalogue lacks or leaves empty."""
    english = catalogue(room)
    wanted = dict.fromkeys(sentences(room))
    return [s for s in wanted if (entry := english.get(s)) is None or not english_of(entry.string)]


def stale(room: Path) -> list[str]:
    """Entries of the English catalogue that no file of the room uses any more."""
    wanted = set(sentences(room))
    ids = (str(m.id[0] if isinstance(m.id, tuple | list) else m.id) for m in catalogue(room) if m.id)
    return [i for i in ids if i not in wanted]


def english_of(string: object) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


def add(room: Path, missing: list[str]) -> None:
    """Append empty entries for a translator to fill in."""
    path = room / "locale" / "en" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    english = catalogue(room)
    for sentence in missing:
        english.add(sentence)
    with path.open("wb") as out:
        write_po(out, english, width=110, no_location=True, sort_output=True)


def main(arguments: list[str]) -> int:
    faults = 0
    for room in rooms():
        missing, unused = untranslated(room), stale(room)
        if "--add" in arguments and missing:
            add(room, missing)
        for sentence in missing:
            print(f"✗ {room.relative_to(ROOT)}: no English for {sentence!r}")
        for sentence in unused:
            print(f"✗ {room.relative_to(ROOT)}: no longer used: {sentence!r}")
        faults += len(missing) + len(unused)
    print(f"{faults} to mend" if faults else "every sentence has its English")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
