"""The catalogue: every playbook of the house, loaded once, and the check of all of them together."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path

from anjia.law.playbooks import burden, interpreter, names, published
from anjia.law.playbooks.checker import Finding, check, check_built_in
from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.known import Known
from anjia.law.playbooks.loader import load
from anjia.law.playbooks.located import PlaybookError
from anjia.law.playbooks.schema import Duty, Move, Playbook

CATALOGUE = Path(__file__).with_name("catalogue")
MOST_EFFECTS = 1 / 3


def paths(folder: Path = CATALOGUE) -> list[Path]:
    """Every playbook file of a folder, by name."""
    return sorted(folder.glob("*.yaml"))


def definition(name: str, version: str) -> Playbook:
    """The procedure that a matter of this playbook and version follows. KeyError if there is none.

    A fix reaches running matters at once: they follow the newest file of their major version. After a break
    they stay on the last file that was published of theirs, until they are moved by a mapping.
    """
    major = int(version.partition(".")[0])
    current = catalogue().get(name)
    return current if current and current.version.major == major else published.of_major(name, major)


def listeners(parent: str, move: str) -> frozenset[str]:
    """Procedures whose running matters may hear of that move in their parent, in whatever version they run."""
    books = [edition for book in catalogue().values() for edition in (book, *published.earlier(book))]
    return frozenset(book.name for book in books if move in book.on_parent.get(parent, {}))


def find_duty(playbook: Playbook, kind: str) -> Duty:
    """The duty of that kind; for one done under an earlier major version, as that version says it."""
    for book in (playbook, *published.earlier(playbook)):
        with suppress(KeyError):
            return interpreter.find_duty(book, kind)
    raise KeyError(kind)


def find_move(playbook: Playbook, name: str) -> Move:
    """The move of that name; for one made under an earlier major version, as that version says it."""
    for book in (playbook, *published.earlier(playbook)):
        with suppress(KeyError):
            return interpreter.find_move(book, name)
    raise KeyError(name)


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
        refuse_burden(book)
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


def refuse_burden(book: Playbook) -> None:
    """A form over the cap for villages is not even loaded: nobody is asked too much because nobody ran the check."""
    report = Report(book)
    burden.check_burden(book, report)
    for found in report.found:
        if found.code.startswith("burden."):
            raise PlaybookError(found.file, found.line, found.problem, found.remedy, found.code)


def known(books: dict[str, Playbook] | None = None) -> Known:
    """What the house has: rules, code lists, instruments, the names of guards and effects, the procedures."""
    from anjia.law import codes, rules

    lists, clocks = codes.book(), rules.book()
    books = catalogue() if books is None else books
    ids = frozenset(clocks.ids())
    return Known(
        rules=ids,
        codes={name: frozenset(lists[name].codes) for name in lists},
        guards=names.GUARDS,
        effects=names.EFFECTS,
        agency_kinds=frozenset(lists["agency-kind"].codes),
        federation_kinds=names.FEDERATION_KINDS,
        instruments=_instruments(books),
        variants={i: frozenset.union(*(frozenset(v.variants) for v in clocks.versions(i))) for i in ids},
        books=books,
        published={name: found for name in books if (found := published.newest(name))},
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


def check_all(books: dict[str, Playbook] | None = None) -> list[Finding]:
    """Every finding of every playbook and of the built-in moves; empty when all procedures are sound."""
    books = catalogue() if books is None else books
    facts = known(books)
    found = check_built_in(facts)
    for book in books.values():
        found += check(book, facts)
    return found + _budget(books)


def effect_share(books: dict[str, Playbook] | None = None) -> float:
    """The share of the moves that have an effect of their own."""
    moves = [m for book in (books or catalogue()).values() for m in book.moves.values()]
    return sum(1 for m in moves if m.effects) / max(1, len(moves))


def _budget(books: dict[str, Playbook]) -> list[Finding]:
    """More than a third of all moves with an effect of their own: then the engine is wrong, not the files."""
    share = effect_share(books)
    if share <= MOST_EFFECTS or not books:
        return []
    worst = max(books.values(), key=lambda book: sum(1 for m in book.moves.values() if m.effects))
    first = next(m for m in worst.moves.values() if m.effects)
    return [
        Finding(
            worst.file,
            first.line,
            "effect.budget",
            {
                "zh": f"{share:.0%} 的步骤带着自己的效果，最多三分之一",
                "en": f"{share:.0%} of the moves have an effect of their own; at most a third may",
            },
            {
                "zh": "把常见的效果做成引擎本来就会的事，流程里删去 effects",
                "en": "let the engine do what many moves need, and delete their effects",
            },
        )
    ]
