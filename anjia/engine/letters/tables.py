"""A ledger as it leaves: many matters, a row each, only the columns its recipient gets; every copy has its number.

Nothing is read that the reader's scope does not show; of a matter that is masked for the reader only what the line
above sees of its progress. De-identified unless names are asked for, which only a copy for one's own file can have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anjia.engine.letters import numbering
from anjia.engine.letters.layouts import FOR, NAMES, OF_THE_MATTER, OWN_FILE, Column, Layout
from anjia.engine.matters import reading, worklists
from anjia.engine.matters.models import Capacity, Duty, Matter, Party, Seat
from anjia.engine.matters.seats import Scope, visible_to
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.events import access
from anjia.foundation.vault import vault
from anjia.law.playbooks.library import definition
from anjia.law.playbooks.schema import Text
from anjia.registry.places import places
from anjia.registry.posts import ledger
from anjia.registry.posts.actors import Actor

MOST = 2000
GIVEN, SERIES = "table_given", "台账"
MARK_BYTES = 16
ALL, CLOSED, OPEN, LATE = "all", "closed", "open", "late"
#: Which rows of a ledger: the figures above it.
ONLY: dict[str, Text] = {
    ALL: {"zh": "登记", "en": "Registered"},
    OPEN: {"zh": "在办", "en": "Running"},
    CLOSED: {"zh": "已办结", "en": "Closed"},
    LATE: {"zh": "有逾期的", "en": "With something late"},
}
GRADES: dict[str, Text] = {
    "1": {"zh": "一级响应", "en": "Grade 1"},
    "2": {"zh": "二级响应", "en": "Grade 2"},
    "3": {"zh": "三级响应", "en": "Grade 3"},
}
Value = str | int | date | Text


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included, in Beijing time."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time(), SHANGHAI)

    @property
    def ends(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(), SHANGHAI)

    @property
    def zh(self) -> str:
        """As a title says it."""
        a, b = self.first, self.last
        return f"{a.year}年{a.month}月{a.day}日—{b.year}年{b.month}月{b.day}日"


@dataclass(frozen=True)
class Row:
    """One matter. `cells` in the order of the columns."""

    matter: UUID
    number: str
    cells: tuple[Value, ...]
    is_open: bool
    is_late: bool

    @property
    def counts(self) -> set[str]:
        """The figures it is counted in."""
        return {ALL, OPEN if self.is_open else CLOSED, *((LATE,) if self.is_late else ())}


@dataclass(frozen=True)
class Table:
    """A ledger of one period for one recipient; nothing has left yet."""

    layout: Layout
    period: Period
    to: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    is_capped: bool = False
    names: bool = False

    def only(self, which: str) -> list[Row]:
        """The rows behind one figure."""
        return [r for r in self.rows if which not in ONLY or which in r.counts]

    @property
    def figures(self) -> list[tuple[str, Text, int]]:
        """What is counted, and how many rows stand behind it."""
        return [(name, label, len(self.only(name))) for name, label in ONLY.items()]


@dataclass(frozen=True)
class Copy:
    """One numbered copy."""

    table: Table
    number: str
    mark: str
    office: str
    at: datetime


def table(
    *,
    actor: Actor,
    layout: Layout,
    period: Period,
    to: str = OWN_FILE,
    names: bool = False,
    below: bool = False,
) -> Table:
    """The ledger as this reader may have it for that recipient. `below`: with the matters of the line below."""
    if to not in FOR:
        raise RuleBroken(_("有几处需要改一下。"), {"to": _("请选给谁。")})
    if names and (to != OWN_FILE or not layout.has_names):
        raise RuleBroken(_("有几处需要改一下。"), {"names": _("姓名只能放在本单位存档的一份里。")})
    if period.last < period.first:
        raise RuleBroken(_("有几处需要改一下。"), {"until": _("结束日期在开始日期之前。")})
    scope = visible_to(actor)
    seats = seats_of(scope, layout, period, below)
    columns = layout.columns_for(to, names)
    rows = Filling(scope, columns, seats[:MOST]).rows()
    return Table(layout, period, to, tuple(columns), tuple(rows), len(seats) > MOST, names)


def seats_of(scope: Scope, layout: Layout, period: Period, below: bool) -> list[Seat]:
    """One seat a matter, the oldest matter first; one's own before that of the line below."""
    wanted = {"playbook__in": layout.of, "opened_at__gte": period.begins, "opened_at__lt": period.ends}
    own = scope.own().filter(**wanted).exclude(capacity=Capacity.GRANTED)
    found = {s.matter_id: s for s in own.order_by("opened_at", "matter_id")[: MOST + 1]}
    if below:
        for seat in scope.below().filter(**wanted).order_by("opened_at", "matter_id")[: 2 * MOST]:
            found.setdefault(seat.matter_id, seat)
    return sorted(found.values(), key=lambda s: (s.opened_at, str(s.matter_id)))[: MOST + 1]


@dataclass
class Filling:
    """Reads a slice of matters in few statements and fills the rows."""

    scope: Scope
    columns: Sequence[Column]
    seats: Sequence[Seat]
    matters: dict[UUID, Matter] = field(init=False)
    parties: dict[UUID, list[Party]] = field(init=False)
    duties: dict[UUID, list[Duty]] = field(init=False)
    children: dict[UUID, list[str]] = field(init=False)
    names: dict[UUID, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        ids = [s.matter_id for s in self.seats]
        sources = {c.source for c in self.columns}
        self.matters = Matter.objects.select_related("holder").in_bulk(ids)
        self.duties = grouped(Duty.objects.filter(matter__in=ids).order_by("started_at", "id"))
        self.parties = (
            grouped(Party.objects.filter(matter__in=ids).order_by("id")) if "party" in sources else {}
        )
        self.children = defaultdict(list)
        if "child" in sources:
            for parent, name in Matter.objects.filter(parent__in=ids).values_list("parent_id", "playbook"):
                self.children[parent].append(name)
        self.places = places.displays({m.township for m in self.matters.values() if m.township})
        self.places |= places.displays({m.county for m in self.matters.values() if m.county})
        if NAMES in sources:
            self.names = self.named([s.matter_id for s in self.seats if not self.is_masked(s)])

    def named(self, matters: list[UUID]) -> dict[UUID, str]:
        """Names, logged as handed out in a file."""
        shown = worklists.matter_rows(self.scope.own().filter(matter__in=matters), self.scope)
        for row in shown:
            if row.names:
                access.current().opened(row.id, "label", access.FILE)
        return {row.id: row.names for row in shown}

    def is_masked(self, seat: Seat) -> bool:
        """Whether the reader sees only how the matter goes on."""
        return seat.mask or seat.agency_id != self.scope.actor.agency_id

    def rows(self) -> list[Row]:
        return [self.row(n, seat) for n, seat in enumerate(self.seats, 1)]

    def row(self, number: int, seat: Seat) -> Row:
        matter = self.matters[seat.matter_id]
        masked = self.is_masked(seat)
        cells = tuple(
            "" if masked and c.source not in OF_THE_MATTER else self.cell(c, matter, number)
            for c in self.columns
        )
        return Row(matter.id, matter.number, cells, matter.ended_at is None, self.late(matter) > 0)

    def late(self, matter: Matter) -> int:
        return sum(d.is_late for d in self.duties.get(matter.id, ()))

    def cell(self, column: Column, matter: Matter, number: int) -> Value:
        """One value: a code's label, a number, a date, an office."""
        if column.source == "row":
            return number
        if column.source == NAMES:
            return self.names.get(matter.id, "")
        if column.source == "late":
            return self.late(matter) or ""
        if column.source == "child":
            n = self.children[matter.id].count(column.name)
            return n or ""
        return {
            "matter": self.of_matter, "party": self.of_party, "data": self.of_data, "duty": self.of_duty,
            "duties": self.times,
        }[column.source](matter, column.name)  # fmt: skip

    def of_matter(self, matter: Matter, name: str) -> Value:
        known: dict[str, Value] = {
            "number": matter.number,
            "opened": day(matter.opened_at),
            "channel": reading.label_of("channel", matter.channel) if matter.channel else "",
            "county": self.places.get(matter.county, ""),
            "township": self.places.get(matter.township, ""),
            "stage": dict(definition(matter.playbook, matter.version).stages[matter.stage].label),
            "grade": GRADES.get(matter.grade, ""),
            "holder": matter.holder.name,
            "closed": day(matter.closed_at) if matter.closed_at else "",
        }
        return known[name]

    def of_party(self, matter: Matter, name: str) -> Value:
        role, _dot, what = name.partition(".")
        party = next((p for p in self.parties.get(matter.id, ()) if p.role == role), None)
        code = getattr(party, what) if party else ""
        lists = {"sex": "sex", "age_band": "age-band", "relation": "relation"}
        return reading.label_of(lists[what], code) if code and code != "unknown" else ""

    def of_data(self, matter: Matter, name: str) -> Value:
        value = matter.data.get(name)
        asks = definition(matter.playbook, matter.version).fields.get(name)
        if value in (None, "", []) or asks is None or asks.compartment:
            return ""
        if asks.type in ("date", "datetime"):
            return day(datetime.fromisoformat(str(value)))
        said = reading.shown(asks, value)
        return said if isinstance(said, int | dict) else str(said)

    def of_duty(self, matter: Matter, kind: str) -> Value:
        """The first of that kind that was no mere attempt: when it was done, or by when it is due."""
        of_kind = (d for d in self.duties.get(matter.id, ()) if d.kind == kind)
        first = next((d for d in of_kind if d.outcome != Duty.Outcome.TRIED), None)
        if first is None or first.outcome == Duty.Outcome.VOID:
            return ""
        on = day(first.done_at or first.due_at).isoformat()
        if first.done_at is None:
            return {"zh": f"应于{on}前", "en": f"due by {on}"}
        return {"zh": f"{on}(逾期)", "en": f"{on} (late)"} if first.is_late else {"zh": on, "en": on}

    def times(self, matter: Matter, kind: str) -> Value:
        done = [
            d for d in self.duties.get(matter.id, ()) if d.kind == kind and d.outcome == Duty.Outcome.DONE
        ]
        return len(done) or ""


def grouped(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    """Rows by their matter."""
    out: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        out[row.matter_id].append(row)
    return out


def day(at: datetime) -> date:
    """The day in Beijing."""
    return (at if at.tzinfo is None else at.astimezone(SHANGHAI)).date()


def said(value: Value, language: str = "zh") -> str:
    """A cell as it is read."""
    return value[language] if isinstance(value, dict) else "" if value is None else str(value)


def release(*, actor: Actor, made: Table, now: datetime) -> Copy:
    """One numbered copy, noted in the office's own ledger: which matters stood in it, for whom, which columns."""
    with transaction.atomic():
        assert actor.agency_id is not None  # whoever reaches a ledger sits in an office
        year = now.astimezone(SHANGHAI).year
        number = f"TZ{year}-{numbering.following(actor.agency_id, SERIES, year):04d}"
        lines = ["\t".join(said(c) for c in row.cells) for row in made.rows]
        mark = vault.fingerprint("table", "\n".join([number, made.layout.name, made.to, *lines]).encode())
        copy = Copy(made, number, mark[:MARK_BYTES].hex(), actor.agency_name, now)
        ledger.note(actor.agency_id, move=GIVEN, actor=actor, now=now, codes=logged(copy))
    return copy


def logged(copy: Copy) -> dict[str, Any]:
    """What the office's ledger keeps: never a value."""
    made = copy.table
    return {
        "layout": made.layout.name,
        "to": made.to,
        "from": made.period.first.isoformat(),
        "until": made.period.last.isoformat(),
        "no": copy.number,
        "mark": copy.mark,
        "fields": [c.value for c in made.columns],
        "matters": [str(r.matter) for r in made.rows],
    }
