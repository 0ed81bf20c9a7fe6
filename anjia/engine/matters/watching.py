"""值得关注: the conditions of watch.yaml, each read by one of two readers within what this reader may see.

`happened` reads moves and facts of recent events, `overdue` reads open duties past their time. Both are index
ranges, newest (or longest overdue) first, and stop at a bound; the rows open the matter as the seat allows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.db.models import Subquery

from anjia.engine.matters.models import Duty, Party
from anjia.engine.matters.seats import Scope
from anjia.engine.matters.worklists import CANDIDATES, MatterRow, matter_rows
from anjia.foundation.events.models import Event
from anjia.law.playbooks.schema import Text

FILE = Path(__file__).with_name("watch.yaml")
EVENTS_LOOKED_AT = 2_000
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing worth a second look. `days`: how far back events count, or how long a duty has been open."""

    name: str
    label: Text
    reader: str  # happened | overdue
    moves: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    party: str = ""  # somebody in this role is in the matter
    grade: str = ""
    days: int = 0
    at_least: int = 1

    def __post_init__(self) -> None:
        wanted = {"happened": bool(self.moves and self.days), "overdue": bool(self.duties)}
        if not wanted.get(self.reader):
            raise ValueError(f"{FILE.name}: {self.name} does not say what {self.reader!r} is to read")


@dataclass(frozen=True, slots=True)
class Watched:
    """One matter in the list: why it is there, and since when."""

    row: MatterRow
    why: tuple[Text, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Hit:
    """A condition met by a matter, before the scope has been asked."""

    condition: Condition
    matter: UUID
    at: datetime


@cache
def conditions() -> tuple[Condition, ...]:
    """The declared conditions, in the order of the file; an unknown key is an error when first read."""
    known = {f.name for f in fields(Condition)}
    found = []
    for name, said in yaml.safe_load(FILE.read_text(encoding="utf-8")).items():
        if strange := set(said) - known:
            raise ValueError(f"{FILE.name}: {name} has unknown keys {sorted(strange)}")
        lists = {k: tuple(said[k]) for k in ("moves", "duties") if k in said}
        found.append(Condition(name=name, **{**said, **lists}))
    return tuple(found)


def watched(scope: Scope, now: datetime, *, limit: int = SHOWN) -> list[Watched]:
    """What this federation should look at, the newest happening first."""
    hits = [*happened(now), *overdue(scope, now)]
    rows = visible_rows(scope, {h.matter for h in hits})
    at: dict[UUID, datetime] = {}
    why: dict[UUID, dict[str, Text]] = {}
    for hit in hits:
        if hit.matter in rows:
            why.setdefault(hit.matter, {})[hit.condition.name] = hit.condition.label
            at[hit.matter] = max(hit.at, at.get(hit.matter, hit.at))
    newest = sorted(at, key=lambda m: (at[m], str(m)), reverse=True)[:limit]
    return [Watched(row, tuple(why[row.id].values()), at[row.id]) for row in shown(scope, newest, rows)]


def happened(now: datetime) -> Iterator[Hit]:
    """Moves that were recorded within so many days, often enough, with these facts and this person."""
    wanted = [c for c in conditions() if c.reader == "happened"]
    moves = sorted({m for c in wanted for m in c.moves})
    since = now - timedelta(days=max((c.days for c in wanted), default=0))
    events = list(
        Event.objects.filter(move__in=moves, at__gte=since)
        .order_by("-at")
        .values_list("matter", "move", "at", "codes")[:EVENTS_LOOKED_AT]
    )
    asked = {m for c in wanted if c.party for m in c.moves}
    roles = parties_in({e[0] for e in events if e[1] in asked}, {c.party for c in wanted if c.party})
    for c in wanted:
        counted: Counter[UUID] = Counter()
        last: dict[UUID, datetime] = {}
        for matter, move, at, codes in events:
            if move in c.moves and at >= now - timedelta(days=c.days) and fits(c, codes, matter, roles):
                counted[matter] += 1
                last.setdefault(matter, at)
        yield from (Hit(c, m, last[m]) for m, n in counted.items() if n >= c.at_least)


def parties_in(matters: set[UUID], roles: set[str]) -> set[tuple[UUID, str]]:
    """Which of these matters have somebody in these roles."""
    found = Party.objects.filter(matter__in=matters, role__in=roles)
    return set(found.values_list("matter_id", "role"))


def fits(c: Condition, codes: Mapping[str, Any], matter: UUID, roles: set[tuple[UUID, str]]) -> bool:
    """Whether the event has the facts and the matter the person that the condition asks for."""
    told = codes.get("facts") or {}
    return all(told.get(k) == v for k, v in c.facts.items()) and (not c.party or (matter, c.party) in roles)


def overdue(scope: Scope, now: datetime) -> Iterator[Hit]:
    """Duties of this office and of the line below that are past their time, the longest overdue first."""
    wanted = [c for c in conditions() if c.reader == "overdue"]
    kinds = {k for c in wanted for k in c.duties}
    for duties in (scope.own_duties(), scope.duties_below()):
        late = duties.filter(due_at__lt=now).order_by("due_at", "id").values("id")[:CANDIDATES]
        rows = Duty.objects.filter(pk__in=Subquery(late), kind__in=kinds)
        for matter, kind, grade, started, due in rows.values_list(
            "matter_id", "kind", "grade", "started_at", "due_at"
        ):
            for c in wanted:
                waited = started <= now - timedelta(days=c.days)
                if kind in c.duties and waited and c.grade in ("", grade):
                    yield Hit(c, matter, due)


def visible_rows(scope: Scope, matters: set[UUID]) -> dict[UUID, bool]:
    """Which of these matters the reader sees at all: matter -> whether through her own office's seat."""
    ids = list(matters)
    below = dict.fromkeys(scope.below().filter(matter__in=ids).values_list("matter_id", flat=True), False)
    own = dict.fromkeys(scope.own().filter(matter__in=ids).values_list("matter_id", flat=True), True)
    return {**below, **own}


def shown(scope: Scope, matters: list[UUID], is_own: Mapping[UUID, bool]) -> list[MatterRow]:
    """The rows in the given order, each masked as its seat says."""
    own = [m for m in matters if is_own[m]]
    below = [m for m in matters if not is_own[m]]
    rows = {r.id: r for r in matter_rows(scope.own().filter(matter__in=own), scope)} if own else {}
    if below:
        rows |= {r.id: r for r in matter_rows(scope.below().filter(matter__in=below), scope)}
    return [rows[m] for m in matters if m in rows]
