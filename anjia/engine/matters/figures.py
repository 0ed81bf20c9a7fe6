"""The figures of the monthly page: each declared once in figures.yaml, counted within what its reader may count.

A figure is a number with its cells (office × clock) and, for whoever may see rows, the matters behind it. A leader gets
the number and the cells, small ones hidden; no row, no matter number, nobody. Offices stand in the order of the map:
nothing here is sorted by how many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.db.models import Q, QuerySet

from anjia.engine.matters import watching, worklists
from anjia.engine.matters.models import Duty, Seat
from anjia.engine.matters.seats import Scope, counted_by, visible_to
from anjia.foundation.core.clock import NEVER, SHANGHAI
from anjia.law.codes import book as code_book
from anjia.law.playbooks.schema import Text
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import PostRole

FILE = Path(__file__).with_name("figures.yaml")
LIST = "monthly-figure"
#: A cell below this is not shown to a leader: few people are easily recognised.
SMALL = 5
ROWS = 200
READERS = ("opened", "kept", "overdue", "watch")
#: The columns of the cells.
CLOCKS: dict[str, Text] = {
    "over": {"zh": "已办结", "en": "Closed"},
    "in_time": {"zh": "期限内", "en": "In time"},
    "late": {"zh": "办了,逾期", "en": "Done late"},
    "overdue": {"zh": "到期没办", "en": "Overdue"},
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as figures.yaml has it."""

    name: str
    reader: str
    use: str  # fact | risk
    says: Text
    asks: Text = field(default_factory=dict)
    playbooks: tuple[str, ...] = ()
    condition: str = ""

    @property
    def label(self) -> Text:
        """Its name in the code list."""
        return dict(code_book()[LIST].codes[self.name])


@dataclass(frozen=True, slots=True)
class Part:
    """One matter or duty that counts, by what the cells go by."""

    matter: UUID
    office: tuple[str, str, str]  # where it stands on the map, id, name
    clock: str


@dataclass(frozen=True)
class Value:
    """A figure of one month as its reader may have it."""

    figure: Figure
    month: int
    parts: tuple[Part, ...]
    before: int = 0

    @property
    def n(self) -> int:
        """What the sentence says: of what was owed, how much was done in time; else how many there are."""
        if self.figure.reader == "kept":
            return sum(p.clock == "in_time" for p in self.parts)
        return len(self.parts)

    @property
    def of(self) -> int:
        return len(self.parts)

    @property
    def share(self) -> str:
        return f"{100 * self.n / self.of:.1f}" if self.of else "–"

    @property
    def sentence(self) -> Text:
        """The sentence it proposes, in both languages."""
        said = {"n": self.n, "of": self.of, "share": self.share, "before": self.before}
        return {language: words.format(**said) for language, words in self.figure.says.items()}

    @property
    def clocks(self) -> list[str]:
        """The columns that occur."""
        have = {p.clock for p in self.parts}
        return [c for c in CLOCKS if c in have]

    def cells(self) -> dict[str, dict[str, int]]:
        """Office → clock → how many, in the order of the map."""
        counted = Counter((p.office, p.clock) for p in self.parts)
        out: dict[str, dict[str, int]] = {}
        for (office, clock), n in sorted(counted.items()):
            out.setdefault(office[2], {})[clock] = n
        return out


@cache
def declared() -> dict[str, Figure]:
    """What stands in figures.yaml; a key nobody knows is an error when first read."""
    known = {f.name for f in fields(Figure)}
    out = {}
    for name, said in yaml.safe_load(FILE.read_text(encoding="utf-8")).items():
        if set(said) - known or said["reader"] not in READERS:
            raise ValueError(f"{FILE.name}: {name} says what nobody reads")
        playbooks = tuple(said.get("playbooks", ()))
        out[name] = Figure(name=name, **{**said, "playbooks": playbooks})
    return out


def month_of(at: datetime) -> int:
    """202611."""
    local = at.astimezone(SHANGHAI)
    return local.year * 100 + local.month


def bounds(month: int) -> tuple[datetime, datetime]:
    """When a month begins and when the next one does."""
    year, number = divmod(month, 100)
    begins = datetime(year, number, 1, tzinfo=SHANGHAI)
    return begins, datetime(year + number // 12, number % 12 + 1, 1, tzinfo=SHANGHAI)


def earlier(month: int) -> int:
    """The month before."""
    return month_of(bounds(month)[0] - timedelta(days=1))


def value(actor: Actor, name: str, month: int, now: datetime) -> Value:
    """One figure of one month for one reader."""
    figure, scope = declared()[name], counted_by(actor)
    parts = tuple(read(scope, figure, month, now))
    before = len(list(read(scope, figure, earlier(month), now))) if "{before}" in figure.says["zh"] else 0
    return Value(figure, month, parts, before)


def proposals(actor: Actor, month: int, now: datetime) -> list[Value]:
    """Every figure of the month, in the order of the file: what the head chooses from."""
    return [value(actor, name, month, now) for name in declared()]


def read(scope: Scope, figure: Figure, month: int, now: datetime) -> Iterable[Part]:
    """What counts."""
    if not scope.tier:
        return ()
    begins, ends = bounds(month)
    until = min(now, ends)
    if figure.reader == "opened":
        return of_matters(opened_in(scope, figure, begins, ends), now)
    if figure.reader == "kept":
        return kept(scope, figure, begins, until)
    if figure.reader == "overdue":
        return of_duties(owed(scope, figure).filter(due_at__lt=until), until)
    hits = [*watching.happened(until), *watching.overdue(scope, until)]
    wanted = {h.matter for h in hits if h.condition.name == figure.condition}
    return of_matters(scope.below().filter(matter__in=list(wanted)), now)


def opened_in(scope: Scope, figure: Figure, begins: datetime, ends: datetime) -> QuerySet[Seat]:
    """Seats of matters that were opened in the month."""
    return scope.below().filter(playbook__in=figure.playbooks, opened_at__gte=begins, opened_at__lt=ends)


def of_matters(seats: QuerySet[Seat], now: datetime) -> list[Part]:
    """Each matter once, however many offices of the line see it."""
    columns = ("matter_id", "is_open", "sort_due", *office_columns("matter__holder"))
    out = {}
    for matter, is_open, due, *office in seats.values_list(*columns):
        clock = "over" if not is_open else "overdue" if due != NEVER and due < now else "in_time"
        out[matter] = Part(matter, named(office), clock)
    return list(out.values())


def owed(scope: Scope, figure: Figure) -> QuerySet[Duty]:
    """What is owed, by whomever, in running matters in which the line has a seat."""
    mine = scope.below().filter(is_open=True).values("matter")
    duties = Duty.objects.filter(matter__in=mine, done_at__isnull=True, paused_at__isnull=True)
    return duties.filter(playbook__in=figure.playbooks) if figure.playbooks else duties


def kept(scope: Scope, figure: Figure, begins: datetime, until: datetime) -> list[Part]:
    """What was done in the month, and what should have been. An attempt is not the thing: it counts only if it was late."""
    touched = scope.below().filter(updated_at__gte=begins).values("matter")
    counts = Q(outcome=Duty.Outcome.DONE) | Q(outcome=Duty.Outcome.TRIED, is_late=True)
    done = Duty.objects.filter(counts, matter__in=touched, done_at__gte=begins, done_at__lt=until)
    if figure.playbooks:
        done = done.filter(playbook__in=figure.playbooks)
    late = owed(scope, figure).filter(Q(due_at__gte=begins) & Q(due_at__lt=until))
    return [*of_duties(done, until), *of_duties(late, until)]


def of_duties(duties: QuerySet[Duty], until: datetime) -> list[Part]:
    """Each duty by who owes it."""
    rows = duties.values_list("matter_id", "is_late", "done_at", *office_columns("agency"))
    return [
        Part(matter, named(office), "overdue" if done_at is None else "late" if is_late else "in_time")
        for matter, is_late, done_at, *office in rows
    ]


def office_columns(to: str) -> tuple[str, ...]:
    """The columns an office is named by."""
    return (f"{to}__place_id", f"{to}_id", f"{to}__name")


def named(office: list[Any]) -> tuple[str, str, str]:
    """Its place on the map first."""
    place, key, name = office
    return str(place), str(key), str(name)


# -- for whom ------------------------------------------------------------------------------------------------


def shown_cells(value: Value, actor: Actor) -> dict[str, dict[str, str]]:
    """The cells as this reader gets them: for a leader, small ones as “<5”, and never just one of them."""
    cells = value.cells()
    if actor.role != PostRole.LEADER:
        return {office: {c: str(n) for c, n in by.items()} for office, by in cells.items()}
    hidden = too_small(cells)
    return {
        office: {c: hidden.get((office, c), str(n)) for c, n in by.items()} for office, by in cells.items()
    }


def too_small(cells: Mapping[str, Mapping[str, int]]) -> dict[tuple[str, str], str]:
    """Cells that a leader is not shown. Where there is but one, the total would give it away: another goes with it."""
    flat = {(office, clock): n for office, by in cells.items() for clock, n in by.items()}
    hidden = {key: f"<{SMALL}" for key, n in flat.items() if n < SMALL}
    if len(hidden) == 1 and len(flat) > 1:
        least = min((key for key in flat if key not in hidden), key=lambda key: (flat[key], key))
        hidden[least] = "…"
    return hidden


def rows(value: Value, actor: Actor) -> list[worklists.MatterRow]:
    """The matters behind it, each masked as its seat says; for a leader there are none."""
    if actor.role == PostRole.LEADER:
        return []
    scope = visible_to(actor)
    wanted = list(dict.fromkeys(p.matter for p in value.parts))[:ROWS]
    own = set(scope.own().filter(matter__in=wanted).values_list("matter_id", flat=True))
    below = [m for m in wanted if m not in own]
    found = worklists.matter_rows(scope.own().filter(matter__in=list(own)), scope) if own else []
    if below:  # several offices of the line may see one matter: it is shown once
        masked = {r.id: r for r in worklists.matter_rows(scope.below().filter(matter__in=below), scope)}
        found += masked.values()
    return found
