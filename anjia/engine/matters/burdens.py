"""减负自检: how many fields the procedures asked of the villages below in a month, and the duties that asked for them.

Counted are the duties that fell to a village's office in the month, each with the fields of the form that does it. It
is a sum over a county or a city, never a line per village: nobody is compared, and what was sent along is not counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from anjia.engine.matters.models import Duty
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.clock import SHANGHAI, moment_of
from anjia.law.playbooks import burden
from anjia.law.playbooks.library import catalogue, definition, find_duty
from anjia.law.playbooks.schema import Text
from anjia.registry.posts.actors import Actor

MOST = 5_000  # duties of a month that are looked at; more are said to be more
SHOWN = 200
VILLAGE = "village"


@dataclass(frozen=True, slots=True)
class Line:
    """Duties of one kind in one procedure: how often, and what each asks."""

    playbook: str
    kind: str
    procedure: Text
    label: Text
    times: int
    each: int

    @property
    def fields(self) -> int:
        return self.times * self.each


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the villages below in one month."""

    month: datetime
    lines: list[Line]
    villages: int  # offices that were asked anything
    is_capped: bool

    @property
    def fields(self) -> int:
        return sum(line.fields for line in self.lines)

    @property
    def average(self) -> int:
        """Fields a village that was asked at all; rounded up, so that it is never said smaller than it is."""
        return -(-self.fields // self.villages) if self.villages else 0


@dataclass(frozen=True, slots=True)
class Record:
    """One duty that the figure counts."""

    matter: UUID
    number: str
    started_at: datetime
    may_open: bool


def month_of(now: datetime, text: str = "") -> datetime:
    """The month that “2026-11” names, else the running one."""
    first = now.astimezone(SHANGHAI).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    try:
        return min(moment_of(f"{text}-01T00:00"), first)
    except ValueError:
        return first


def asked(actor: Actor, month: datetime) -> Asked:
    """The month's figure, as far as this actor's line reaches."""
    rows = list(
        _duties(actor, month)
        .order_by("started_at", "id")
        .values_list("matter__playbook", "matter__version", "kind", "agency_id")[: MOST + 1]
    )
    counted = Counter((name, version, kind) for name, version, kind, _agency in rows[:MOST])
    merged: dict[tuple[str, str], Line] = {}
    for (name, version, kind), times in counted.items():
        book = definition(name, version)
        before = merged.get((name, kind))
        merged[name, kind] = Line(
            name,
            kind,
            book.label,
            find_duty(book, kind).label,
            times + (before.times if before else 0),
            burden.fields_of(book, kind),
        )
    lines = sorted(merged.values(), key=lambda line: (-line.fields, line.playbook, line.kind))
    return Asked(month, lines, len({agency for *_rest, agency in rows[:MOST]}), len(rows) > MOST)


def records(actor: Actor, month: datetime, playbook: str, kind: str) -> list[Record]:
    """The duties of one line: which matters, as far as the actor may see them; never whose village."""
    rows = (
        _duties(actor, month)
        .filter(matter__playbook=playbook, kind=kind)
        .order_by("started_at", "id")
        .values_list("matter_id", "matter__number", "started_at")[:SHOWN]
    )
    found = list(rows)
    seen = visible_to(actor).seen({matter for matter, _number, _at in found})
    return [Record(matter, number, at, matter in seen) for matter, number, at in found]


def forms() -> Iterable[burden.Form]:
    """Every form that somebody in a village may fill today."""
    return [form for book in catalogue().values() for form in burden.forms(book)]


def _duties(actor: Actor, month: datetime) -> QuerySet[Duty]:
    """Duties of villages in the line below that began in the month, done or not."""
    until = (month + timedelta(days=32)).replace(day=1)
    scope = visible_to(actor)
    joined = scope.below().filter(agency__tier=VILLAGE).values("matter")
    return scope.duties_ever_below().filter(
        matter__in=joined, agency__tier=VILLAGE, started_at__gte=month, started_at__lt=until
    )
