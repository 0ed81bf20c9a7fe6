"""本周要办的事: one sheet a village for its weekly meeting, numbered, with boxes to tick and room for an answer.

The village hears of its own work. Of a case in which violence is reported only what its own office owes stands there, and
whose it is only where she has agreed that the community may know; anything else would tell the neighbours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import yaml
from django.db import transaction
from django.db.models import Q, QuerySet

from anjia.engine.letters import layouts, numbering
from anjia.engine.letters.layouts import Column
from anjia.engine.letters.papers import as_set
from anjia.engine.matters import reading, worklists
from anjia.engine.matters.models import Capacity, Duty, Matter, Party
from anjia.engine.matters.seats import Seated, visible_to
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotFound
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment
from anjia.law.playbooks.library import definition, find_duty
from anjia.law.playbooks.schema import Text
from anjia.registry.places import places
from anjia.registry.posts import ledger
from anjia.registry.posts.actors import Actor

GIVEN, SERIES = "week_given", "周表"
MOST = 300
VILLAGE_DIGITS = 12
#: Seats by which one may know whose it is.
LEADS = (Capacity.HOLDER, Capacity.TRAY, Capacity.REFERRER)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is due."""

    matter: UUID
    label: Text
    whose: str  # names, or the matter's number
    due_at: datetime
    is_overdue: bool


@dataclass(frozen=True)
class Village:
    """One village's sheet."""

    code: str
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Week:
    """All sheets of a week; nothing has left yet. `elsewhere`: due, but no village's business."""

    first: date
    villages: tuple[Village, ...]
    elsewhere: int
    columns: tuple[Column, ...]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)


@dataclass(frozen=True)
class Copy:
    """A numbered copy of some of its sheets."""

    week: Week
    villages: tuple[Village, ...]
    number: str
    mark: str
    office: str
    at: datetime


@cache
def template() -> Mapping[str, Any]:
    """What stands on the sheet, and for whom: read from layouts.yaml."""
    said = yaml.safe_load(layouts.FILE.read_text(encoding="utf-8"))["week"]
    columns = tuple(Column(c["value"], as_set(c["to"]), c["label"]) for c in said["columns"])
    return {
        "label": said["label"],
        "columns": tuple(c for c in columns if c.is_for(said["to"])),
        "to": said["to"],
    }


def monday(of: date) -> date:
    """The Monday of that week."""
    return of - timedelta(days=of.weekday())


def week(actor: Actor, first: date, now: datetime) -> Week:
    """What is due in the villages in that week, and what is overdue there."""
    return Drawing(actor, first, now).week()


@dataclass
class Drawing:
    """Reads what is due and finds whose village it is."""

    actor: Actor
    first: date
    now: datetime
    matters: dict[UUID, Matter] = field(init=False, default_factory=dict)

    def week(self) -> Week:
        duties = list(self.due().order_by("due_at", "id")[:MOST])
        self.matters = Matter.objects.in_bulk({d.matter_id for d in duties})
        roots = Matter.objects.in_bulk({m.root for m in self.matters.values()})
        violent = {m.id for m in self.matters.values() if is_violent(m) or is_violent(roots[m.root])}
        ours = self.readable(violent)
        agreed = self.agreed({self.matters[m].root: m for m in violent})
        names = self.names({*ours, *agreed})
        found: dict[str, list[Line]] = defaultdict(list)
        elsewhere = 0
        for duty in duties:
            village = duty.village or ("" if duty.matter_id in violent else ours.get(duty.matter_id, ""))
            if village:
                found[village].append(self.line(duty, names))
            else:
                elsewhere += 1
        shown = places.displays(found)
        villages = [Village(v, shown.get(v, v), tuple(lines)) for v, lines in sorted(found.items())]
        return Week(self.first, tuple(villages), elsewhere, template()["columns"])

    def due(self) -> QuerySet[Duty]:
        """Open duties of the week and those overdue, owed in the line below or in matters one leads or asked for."""
        scope = visible_to(self.actor)
        ends = datetime.combine(self.first + timedelta(days=7), time(), SHANGHAI)
        mine = scope.own().filter(is_open=True, mask=False, capacity__in=LEADS).values("matter")
        below = scope.duties_below().values("id")
        open_ones = Duty.objects.filter(done_at__isnull=True, paused_at__isnull=True, due_at__lt=ends)
        return open_ones.filter(Q(matter__in=mine) | Q(id__in=below))

    def readable(self, violent: set[UUID]) -> dict[UUID, str]:
        """The village somebody lives in, where no violence is reported and the reader may know her identity."""
        out = {}
        for matter in set(self.matters) - violent:
            try:
                seated = visible_to(self.actor).find(matter)
            except NotFound:
                continue
            if not seated.by_seat(Compartment.IDENTITY):
                continue
            out[matter] = residence(seated, self.actor, self.now)
        return out

    def agreed(self, roots: Mapping[UUID, UUID]) -> set[UUID]:
        """Matters of those who agreed that the community may know."""
        yes = Party.objects.filter(matter__in=list(roots), role="asking", tell_community=True)
        known = set(yes.values_list("matter_id", flat=True))
        return {m for m in self.matters if self.matters[m].root in known}

    def names(self, matters: set[UUID]) -> dict[UUID, str]:
        """Names as the reader's own seat shows them."""
        scope = visible_to(self.actor)
        return {r.id: r.names for r in worklists.matter_rows(scope.own().filter(matter__in=matters), scope)}

    def line(self, duty: Duty, names: Mapping[UUID, str]) -> Line:
        matter = self.matters[duty.matter_id]
        label = find_duty(definition(matter.playbook, matter.version), duty.kind).label
        return Line(
            matter.id, dict(label), names.get(matter.id) or matter.number, duty.due_at, duty.due_at < self.now
        )


def is_violent(matter: Matter) -> bool:
    """Whether violence is reported in its procedure."""
    return definition(matter.playbook, matter.version).concerns_violence


def residence(seated: Seated, actor: Actor, now: datetime) -> str:
    """The code of the village the person asking lives in, "" where only the township is known."""
    read = reading.Reading(seated=seated, actor=actor, now=now)
    first = next((p for p in read.parties if p.role == "asking"), None)
    code = str(read.document(first.id, Compartment.IDENTITY).get("residence") or "") if first else ""
    return code if len(code) >= VILLAGE_DIGITS else ""


def release(*, actor: Actor, made: Week, villages: list[str], now: datetime) -> Copy:
    """A numbered copy of the sheets of these villages (all where none is named), kept in the office's own ledger."""
    chosen = tuple(v for v in made.villages if not villages or v.code in villages)
    if not chosen:
        raise NotFound
    with transaction.atomic():
        assert actor.agency_id is not None  # whoever reaches the sheets sits in an office
        year = now.astimezone(SHANGHAI).year
        number = f"ZB{year}-{numbering.following(actor.agency_id, SERIES, year):04d}"
        said = "\n".join(
            f"{v.code} {one.label['zh']} {one.whose} {one.due_at}" for v in chosen for one in v.lines
        )
        mark = vault.fingerprint("week", f"{number}\n{said}".encode())[:16].hex()
        codes = {
            "no": number, "mark": mark, "to": template()["to"], "from": made.first.isoformat(),
            "until": made.last.isoformat(), "fields": [c.value for c in made.columns],
            "matters": sorted({str(one.matter) for v in chosen for one in v.lines}),
        }  # fmt: skip
        ledger.note(actor.agency_id, move=GIVEN, actor=actor, now=now, codes=codes)
    return Copy(made, chosen, number, mark, actor.agency_name, now)
