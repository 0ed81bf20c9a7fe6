"""Whether a paper is held already: by its number, or because she is in a matter that the reader may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from anjia.casework.incoming.papers import Checked
from anjia.engine.matters.models import Capacity, Party
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.worklists import MatterRow, matter_rows
from anjia.foundation.vault import vault
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.library import definition
from anjia.registry.posts.actors import Actor

#: How a paper goes on with what is held: it is there already, it is a step of that matter, or one of that case.
SAME, STEP, CASE = "same", "step", "case"
CASE_BOOK = "dv-case"
#: Who leads a matter, or sent it on, may look by number and name, and write into it.
WRITES = (Capacity.HOLDER, Capacity.TRAY, Capacity.REFERRER)
MOST = 5


@dataclass(frozen=True, slots=True)
class Held:
    """Something that looks like it, and what saving there would do."""

    row: MatterRow
    way: str

    @property
    def choice(self) -> str:
        """What the form sends."""
        return f"{self.way}:{self.row.id}"


def held(actor: Actor, checked: Checked) -> list[Held]:
    """What looks like this paper among what the reader may open, the same number first. Empty: it is new."""
    by_number = set(vault.find("document_no", checked.number).values_list("owner", flat=True))
    by_name = parties_called(str(checked.values.get("name") or ""))
    scope = visible_to(actor)
    seats = scope.own().filter(
        matter__in=by_number | set(by_name), mask=False, capacity__in=WRITES, matter__closed_at__isnull=True
    )
    known = {s.matter_id: s.matter for s in seats.select_related("matter").order_by("-opened_at")}
    ways = {m: way for m, matter in known.items() if (way := way_into(matter, m in by_number, checked))}
    if not ways:
        return []
    rows = {r.id: r for r in matter_rows(seats.filter(matter__in=list(ways)), scope)}
    found = [Held(rows[m], way) for m, way in ways.items()]
    found.sort(key=lambda h: h.way != SAME)
    return found[:MOST]


def parties_called(name: str) -> dict[UUID, UUID]:
    """Matter → party, of people asking who are called so; narrowed by the scope before anything is shown."""
    owners = (
        list(vault.find("name", name).order_by("-owner").values_list("owner", flat=True)[:1000])
        if name
        else []
    )
    return dict(Party.objects.filter(pk__in=owners, role="asking").values_list("matter_id", "id"))


def way_into(matter: Any, has_number: bool, checked: Checked) -> str:
    """How this paper would go on there; "" where it would not."""
    paper = checked.paper
    book = definition(matter.playbook, matter.version)
    if has_number:
        return SAME
    if matter.playbook == CASE_BOOK:
        move = book.moves.get(paper.in_case)
        return CASE if move and interpreter.allowed(book, move, matter.stage) else ""
    if matter.playbook == paper.opens and matter.depth == 0:
        move = book.moves.get(paper.move)
        return STEP if move and interpreter.allowed(book, move, matter.stage) else ""
    return ""
