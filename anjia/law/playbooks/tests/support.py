"""A small sound playbook to plant faults into, and what the house knows."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from anjia.law import playbooks
from anjia.law.playbooks import Known, names
from anjia.law.playbooks.schema import Playbook

SOUND = Path(__file__).with_name("sound.yaml").read_text(encoding="utf-8")


@cache
def known() -> Known:
    """The house as the catalogue needs it, without depending on what other rooms have finished."""
    books = playbooks.catalogue()
    rules = {r for b in books.values() for d in b.duties.values() for r in d.rules()} | {"report.up"}
    lists = {f.list for b in books.values() for f in b.fields.values() if f.list}
    return Known(
        rules=frozenset(rules),
        codes={name: frozenset() for name in lists},
        guards=names.GUARDS,
        effects=names.EFFECTS,
        agency_kinds=frozenset({"federation", "police_station", "court"}),
        federation_kinds=names.FEDERATION_KINDS,
        books=books,
    )


def written(folder: Path, text: str, name: str = "sound.yaml") -> Playbook:
    """The playbook of a text, read from a real file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return playbooks.load(path)


def line_of(text: str, part: str) -> int:
    """The line (from 1) on which a part of the text starts."""
    return text[: text.index(part)].count("\n") + 1
