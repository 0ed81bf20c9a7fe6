"""Which Chinese sentences have no English yet, or can have none, room by room. `--add` appends the missing ones.

A room is a folder with a `locale/`; its sentences are those of its Python files and Jinja2 templates.
"""

from __future__ import annotations

import ast
import re
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

CHINESE = re.compile(r"[\u4e00-\u9fff]")
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
STRING = re.compile(r"""(?<!_\()(?<!ngettext\()("[^"]*"|'[^']*')""")
MARKED_CHINESE = re.compile(
    r'<(\w+)[^>]*lang="zh-CN"[^>]*>[^<]*</\1>'
)  # the way back to Chinese says so in Chinese


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
        return Catalog(locale="en", fuzzy=False)
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


def doubtful(room: Path) -> list[str]:
    """What the compiler leaves out without a word: a catalogue, or an entry, marked fuzzy."""
    english = catalogue(room)
    entries = [f"fuzzy entry {m.id!r}" for m in english if m.id and m.fuzzy]
    return ["the catalogue is marked fuzzy and is never compiled", *entries] if english.fuzzy else entries


def raw(room: Path) -> Iterator[str]:
    """Chinese that a screen would show in every language: in a template, or in a view, outside `_()`.

    What a person or an office is called, and the samples of the gallery, stay as they are.
    """
    for path in sorted(room.glob("jinja2/**/*.html")):
        if "gallery" not in path.parts:
            yield from raw_in_template(COMMENT.sub("", path.read_text(encoding="utf-8")))
    if room.is_relative_to(PACKAGE / "doors"):
        for path in sorted(room.rglob("*.py")):
            if "tests" not in path.parts:
                yield from raw_in_python(ast.parse(path.read_text(encoding="utf-8")))


def raw_in_template(text: str) -> Iterator[str]:
    """Words between the tags, and strings inside a tag that are not handed to `_`."""
    words = MARKED_CHINESE.sub("", TAG.sub("", text))
    yield from (line.strip() for line in words.splitlines() if CHINESE.search(line))
    for tag in TAG.findall(text):
        yield from (found for found in STRING.findall(tag) if CHINESE.search(found))


def raw_in_python(tree: ast.AST) -> Iterator[str]:
    """String constants that are neither docstrings nor handed to a gettext function."""
    known: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            known.add(id(node.value))
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS:
            known.update(id(inner) for inner in ast.walk(node))
    strings = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
    yield from (str(n.value) for n in strings if id(n) not in known and CHINESE.search(str(n.value)))


def english_of(string: object) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


def add(room: Path, missing: list[str]) -> None:
    """Append empty entries for a translator to fill in."""
    path = room / "locale" / "en" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    english = catalogue(room)
    for sentence in missing:
        english.add(sentence)
    english.fuzzy = False  # a catalogue marked so is never compiled
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
        others = [*doubtful(room), *(f"Chinese outside _(): {words!r}" for words in raw(room))]
        for fault in others:
            print(f"✗ {room.relative_to(ROOT)}: {fault}")
        faults += len(missing) + len(unused) + len(others)
    print(f"{faults} to mend" if faults else "every sentence has its English")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
