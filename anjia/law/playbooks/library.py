"""The catalogue: every playbook of the house, loaded once, and the check of all of them together."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path

from anjia.law.playbooks import names
from anjia.law.playbooks.checker import Finding, check, check_built_in
from anjia.law.playbooks.known import Known
from anjia.law.playbooks.loader import load
from anjia.law.playbooks.located import PlaybookError
from anjia.law.playbooks.schema import Playbook

CATALOGUE = Path(__file__).with_name("catalogue")


def paths(folder: Path = CATALOGUE) -> list[Path]:
    """Every playbook file of a folder, by name."""
    return sorted(folder.glob("*.yaml"))


@cache
def catalogue() -> dict[str, Playbook]:
    """Every playbook by name. PlaybookError for a file that cannot be read.

    Reading is all this does; whether the procedures are sound is what `check_all` says, which the tests
    and `anjia playbooks check` ask before anything ships.
    """
    return load_folder(CATALOGUE)


def load_folder(folder: Path) -> dict[str, Playbook]:
    """The playbooks of a folder; two files may not carry the same name."""
    books: dict[str, Playbook] = {}
    for path in paths(folder):
        book = load(path)
        if book.name in books:
            raise PlaybookError(
                path.name,
                book.lines.get("playbook", 1),
                {
                    "zh": f"流程“{book.name}”已有文件 {books[book.name].file}",
                    "en": f"“{book.name}” is already in {books[book.name].file}",
                },
                {"zh": "换一个名称，或删去其中一个", "en": "rename it or delete one of them"},
                "playbook.twice",
            )
        books[book.name] = book
    return books


def known() -> Known:
    """What the house has: rules, code lists, instruments, and the names of guards and effects."""
    from anjia.law import codes, rules

    lists, clocks, books = codes.book(), rules.book(), catalogue()
    ids = frozenset(clocks.ids())
    return Known(
        rules=ids,
        codes={name: frozenset(lists[name].codes) for name in lists},
        guards=names.GUARDS,
        effects=names.EFFECTS,
        playbooks=frozenset(books),
        agency_kinds=frozenset(lists["agency-kind"].codes),
        federation_kinds=names.FEDERATION_KINDS,
        instruments=_instruments(books),
        variants={i: frozenset.union(*(frozenset(v.variants) for v in clocks.versions(i))) for i in ids},
        results={name: book.results() for name, book in books.items()},
        opens={n: frozenset(m.opens for m in b.moves.values() if m.opens) for n, b in books.items()},
    )


def _instruments(books: dict[str, Playbook]) -> dict[str, frozenset[str]]:
    """The items of every instrument that a move's effect names; an unknown one is left out."""
    from anjia.law import instruments

    effects = [e for b in books.values() for m in b.moves.values() for e in m.effects]
    wanted = {str(e.params["instrument"]) for e in effects if "instrument" in e.params}
    found: dict[str, frozenset[str]] = {}
    for name in sorted(wanted):
        with suppress(KeyError):
            found[name] = frozenset(str(item.id) for item in instruments.get(name).items)
    return found


def check_all(known_: Known | None = None) -> list[Finding]:
    """Every finding of every playbook and of the built-in moves; empty when all procedures are sound."""
    facts = known_ or known()
    found = check_built_in(facts)
    for book in catalogue().values():
        found += check(book, facts)
    return found


def effect_share() -> float:
    """The share of the catalogue's moves that have an effect. More than a third: the engine is wrong."""
    moves = [m for book in catalogue().values() for m in book.moves.values()]
    return sum(1 for m in moves if m.effects) / max(1, len(moves))
