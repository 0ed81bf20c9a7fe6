"""减负自检: what a procedure asks of somebody in a village, and what it may never ask.

A village is asked little, nothing twice, and nothing as proof that it works: no photograph must be sent, no press of a
button comes round by itself, and no form is longer than the cap. A playbook that asks more is not published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.schema import Field, Move, Playbook, Text

FILE = Path(__file__).with_name("burden.yaml")


@dataclass(frozen=True, slots=True)
class Cap:
    """The most a form, and a month, may ask of a village."""

    form: int
    month: int
    source: Text


@dataclass(frozen=True, slots=True)
class Form:
    """One form that somebody in a village fills."""

    book: Playbook
    move: Move
    asked: tuple[Field, ...]  # without files: what is sent along of one's own accord is no field
    again: tuple[Field, ...]  # of these, what stands in the record already

    @property
    def must(self) -> int:
        """How many of them cannot be left empty."""
        return sum(1 for f in self.asked if f.required)


@cache
def cap() -> Cap:
    """The house's own cap."""
    said = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return Cap(int(said["form_most"]), int(said["month_most"]), dict(said["source"]))


def forms(book: Playbook) -> Iterator[Form]:
    """Every form of a procedure that somebody in a village may fill, in the order of the file."""
    for move in book.moves.values():
        if book.by_neighbours(move):
            asked = tuple(f for f in move.asks if f.type != "file")
            yield Form(book, move, asked, tuple(f for f in asked if held(book, f)))


def held(book: Playbook, f: Field) -> bool:
    """Whether the answer stands with a person in the record already, so that nobody need be asked again."""
    return any(f.name == known.name for party in book.parties.values() for known in party.fields)


def fields_of(book: Playbook, duty: str) -> int:
    """How many fields a village is asked for doing this duty: those of the longest form that does it."""
    done_by = set(book.duties[duty].done_by) if duty in book.duties else set()
    return max((len(form.asked) for form in forms(book) if form.move.name in done_by), default=0)


def check_burden(book: Playbook, report: Report, most: int | None = None) -> None:
    """Findings: a form over the cap, a field held already, a photograph that must be sent, clocking in, no card."""
    most = cap().form if most is None else most
    for form in forms(book):
        _too_long(form, report, most)
        _again(form, report)
        _proof(form.move, report)
        _card(book, form.move, report)
    _clocking_in(book, report)


def _too_long(form: Form, report: Report, most: int) -> None:
    if len(form.asked) > most:
        n = len(form.asked)
        report.add(
            form.move.line,
            "burden.form",
            (
                f"{form.move.name} 向村(社区)要 {n} 个字段，上限 {most} 个({cap().source['zh']})",
                f"{form.move.name} asks {n} fields of a village, at most {most} are allowed ({cap().source['en']})",
            ),
            (
                "删去可以不问的，或交给乡镇、区县来填",
                "drop what need not be asked, or let the township or county fill it",
            ),
            (form.move.name,),
        )


def _again(form: Form, report: Report) -> None:
    for f in form.again:
        report.add(
            form.move.line,
            "burden.again",
            (
                f"{form.move.name} 又问一遍“{f.name}”，登记时已经有了",
                f"{form.move.name} asks “{f.name}” again, which stands in the record already",
            ),
            ("从 asks 里删去", "take it out of asks"),
            (form.move.name,),
        )


def _proof(move: Move, report: Report) -> None:
    if move.needs_paper or any(f.type == "file" and f.required for f in move.asks):
        report.add(
            move.line,
            "burden.photo",
            (
                f"{move.name} 要村(社区)必须传照片或材料",
                f"{move.name} makes a village send a photograph or a paper",
            ),
            ("改成可传可不传", "let it be optional"),
            (move.name,),
        )


def _card(book: Playbook, move: Move, report: Report) -> None:
    card = book.cards.get(move.card or "")
    if not move.card:
        report.add(
            move.line,
            "card.missing",
            (
                f"{move.name} 由村(社区)、志愿者来做，却没有话术卡",
                f"{move.name} is made in a village and has no script card",
            ),
            ("加上 card: 并在 cards 里写 say 和 never", "add card: and write say and never under cards"),
        )
    elif card and not (card.say and card.never and (card.source or book.source)):
        report.add(
            card.line,
            "card.half",
            (
                f"话术卡“{card.id}”要有 say、never 和出处 source",
                f"script card “{card.id}” needs say, never and its source",
            ),
            ("补上缺的", "add what is missing"),
        )


def _clocking_in(book: Playbook, report: Report) -> None:
    """A duty of a neighbour that comes round by itself and is done by a press with nothing to say."""
    for duty in book.duties.values():
        moves = [book.moves[n] for n in duty.done_by if n in book.moves and book.by_neighbours(book.moves[n])]
        if duty.of in book.near and duty.repeats and moves and not any(m.asks for m in moves):
            report.add(
                duty.line,
                "burden.clocking-in",
                (
                    f"责任“{duty.name}”到点就要村(社区)按一下，什么也不用说：这是打卡",
                    f"duty “{duty.name}” makes a village press a button at intervals with nothing to say: clocking in",
                ),
                ("删去 repeats，或改由乡镇、区县负责", "drop repeats, or let the township or county owe it"),
            )
