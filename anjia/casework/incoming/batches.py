"""Reading batches: only whoever took one in, in the office she did it for; her head where she has left.

What stands on a paper is nobody's but the typist's until it is saved: before that no wall can be compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from anjia.casework.incoming import police, scans
from anjia.casework.incoming.models import Batch, Row
from anjia.casework.incoming.papers import Paper, paper_of
from anjia.casework.incoming.policies import takes_in
from anjia.engine.matters.models import Matter
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotFound
from anjia.foundation.events import access
from anjia.foundation.files import files
from anjia.foundation.files.models import File
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment, DataKey
from anjia.law import rules
from anjia.registry.posts import actors, people
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import PostRole

NARRATIVE, EVIDENCE = Compartment.NARRATIVE, Compartment.EVIDENCE
#: The letter to the station on its warning letter and visits; it carries a reply code.
LETTER_BOOK, REQUEST = "warning-letter", "warning-request"
SHOWN = 30
#: By when a heap is typed in, and when the head of the office hears that it is not.
TYPED, HEAD_TOLD = "papers.type-in", "papers.tell-head"


@dataclass(frozen=True, slots=True)
class Heap:
    """Papers that were taken in and not all typed. `by` is whose it is, "" for one's own."""

    id: UUID
    at: datetime
    left: int
    is_late: bool
    is_open: bool  # whether this reader may go on with it
    account: UUID
    by: str = ""


@dataclass
class Sheet:
    """One paper as its page shows it: what was typed so far, and its pictures."""

    row: Row
    typed: dict[str, Any] = field(default_factory=dict)
    choice: str = ""
    sentence: str = ""
    files: list[File] = field(default_factory=list)
    number: str = ""  # of the matter it was saved in, where the reader sees that
    version: int = 0
    cells: dict[str, str] = field(default_factory=dict)  # of a line of a file, as it came
    line: int = 0
    holder: str = ""  # the office that has it, where it is not the reader's own
    is_mine: bool = True  # typed in by the reader herself

    @property
    def asks_back(self) -> str:
        """The letter with a code by which whoever issued this paper confirms what was recorded; "" where there is none."""
        return REQUEST if self.row.matter and self.row.matter.playbook == LETTER_BOOK else ""

    @property
    def paper(self) -> Paper:
        """The kind of paper."""
        return paper_of(self.typed.get("paper"))


def mine(actor: Actor, kind: str) -> QuerySet[Batch]:
    """Batches of this kind that this person took in, in this post's office; for a head also those of who has left."""
    rows = Batch.objects.filter(agency=actor.agency_id, kind=kind)
    if actor.account_id is None:
        return rows.none()
    if actor.role != PostRole.HEAD or actor.on is None:
        return rows.filter(account=actor.account_id)
    here = actors.held_on(actor.on).filter(agency=actor.agency_id).exclude(account=actor.account_id)
    return rows.exclude(account__in=here.values("account"))


def listed(actor: Actor, kind: str) -> list[Batch]:
    """The newest first, the unfinished before them."""
    rows = list(mine(actor, kind).order_by("-at")[:SHOWN])
    return sorted(rows, key=lambda b: b.ended_at is not None)


def unfinished(actor: Actor, now: datetime) -> list[Heap]:
    """One's own heaps, the oldest first; for a head also those of her office that have lain too long.

    A heap is no matter and nobody owes it; it stands here until the last paper is saved or given up.
    """
    if actor.account_id is None:
        return []
    rows = Batch.objects.filter(agency=actor.agency_id, kind=Batch.Kind.PAPERS, ended_at=None)
    if actor.role != PostRole.HEAD:
        rows = rows.filter(account=actor.account_id)
    left = rows.annotate(left=Count("rows", filter=Q(rows__state=Row.State.DRAFT))).filter(left__gt=0)
    lying = [heap(actor, now, *row) for row in left.order_by("at").values_list("id", "at", "left", "account")]
    shown = [h for h in lying if h.account == actor.account_id or h.is_late][:SHOWN]
    others = {h.account for h in shown} - {actor.account_id}
    if not others:
        return shown
    names, yours = people.names(others), set(mine(actor, Batch.Kind.PAPERS).values_list("id", flat=True))
    return [
        replace(h, by=names.get(h.account, ""), is_open=h.id in yours) if h.account in others else h
        for h in shown
    ]


def heap(actor: Actor, now: datetime, batch: UUID, at: datetime, left: int, account: UUID) -> Heap:
    """One heap, and whether it has lain longer than its typist, or her head, should let it."""
    is_own = account == actor.account_id
    start = at.astimezone(SHANGHAI)
    place = actor.county or actor.city
    rule = rules.book().get(TYPED if is_own else HEAD_TOLD, start.date(), place)
    return Heap(batch, at, left, now > rules.due(rule, start).due, is_own, account)


def count_late(actor: Actor, now: datetime) -> int:
    """How many heaps this person should be told of today."""
    return sum(h.is_late for h in unfinished(actor, now)) if takes_in(actor) else 0


def find(actor: Actor, kind: str, batch: UUID, *, lock: bool = False) -> Batch:
    """The batch, or NotFound: whether it is somebody else's or is not."""
    rows = mine(actor, kind).filter(pk=batch)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def find_row(batch: Batch, seq: int, *, lock: bool = False) -> Row:
    """One row of it, or NotFound."""
    rows = Row.objects.filter(batch=batch, seq=seq)
    row = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if row is None:
        raise NotFound
    return row


def key_of(batch: Batch) -> vault.RootKey | None:
    """The batch's key; None once everything is settled and it was destroyed."""
    row = DataKey.objects.filter(root=batch.id).first()
    return vault.opened(row) if row else None


def documents(
    batch: Batch, rows: Iterable[Row], *, logs: bool = True
) -> dict[UUID, tuple[dict[str, Any], int]]:
    """What was typed for each row, and the version it is; nothing once the key is gone."""
    key = key_of(batch)
    if key is None:
        return {}
    if logs:
        access.current().opened(batch.id, NARRATIVE)
    found = vault.latest([r.id for r in rows], [NARRATIVE])
    return {owner: (vault.open_sealed(row, key), row.version) for (owner, _c), row in found.items()}


def sheets(actor: Actor, batch: Batch) -> list[Sheet]:
    """Every paper of the batch, in the order it came. A line of a file about a matter behind the reader's wall reads as
    one with a number that is none.
    """
    rows = list(batch.rows.order_by("seq").select_related("matter__holder"))
    typed = documents(batch, rows)
    pictures: dict[UUID, list[File]] = {}
    for file in File.objects.filter(root=batch.id).order_by("id"):
        pictures.setdefault(file.matter, []).append(file)
    scope = visible_to(actor)
    seen = scope.seen({r.matter_id for r in rows if r.matter_id})
    found = {}
    for row in rows:
        document, version = typed.get(row.id, ({}, 0))
        found[row.id] = Sheet(
            row,
            document.get("typed", {}),
            document.get("choice", ""),
            document.get("sentence", ""),
            pictures.get(row.id, []),
            row.matter.number if row.matter and row.matter_id in seen else "",
            version,
            holder=row.matter.holder.name if row.matter and row.matter.holder_id != actor.agency_id else "",
            is_mine=batch.account == actor.account_id,
        )
    for row in rows:
        document, _version = typed.get(row.id, ({}, 0))
        found[row.id].cells, found[row.id].line = document.get("cells", {}), document.get("line", 0)
        if row.joined_to_id:
            found[row.joined_to_id].files += found[row.id].files
    if batch.kind == Batch.Kind.FILE:
        take_out(scope.walled(), found.values())
    return list(found.values())


def take_out(walled: set[UUID], sheets: Iterable[Sheet]) -> None:
    """What was read or done of these matters is not told any more, to nobody but those who may know of them."""
    numbers = set(Matter.objects.filter(pk__in=walled).values_list("number", flat=True)) if walled else set()
    for sheet in sheets:
        if sheet.row.matter_id in walled or police.reference_of(sheet.cells.get("reference", "")) in numbers:
            sheet.row.state, sheet.row.matter, sheet.number = Row.State.REFUSED, None, ""
            sheet.sentence, sheet.holder = police.unknown(), ""


def picture(batch: Batch, file: UUID, number: int) -> tuple[str, bytes]:
    """(media type, content) of one page, a photograph without place and device. NotFound: not of this batch,
    or a PDF that was not scanned.
    """
    found = File.objects.filter(pk=file, root=batch.id).first()
    key = key_of(batch)
    if found is None or key is None:
        raise NotFound
    access.current().opened(batch.id, EVIDENCE, how=access.FILE)
    if found.media != "pdf":
        _name, mime, body = files.shown(found, key)
        return mime, body
    drawn = scans.page(files.read(found, key), number)
    if drawn is None:
        raise NotFound
    return "image/jpeg", drawn


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paper stands in its heap, and where one goes from there. 0: nowhere."""

    position: int
    count: int
    left: int
    before: int
    after: int
    can_join: bool


def place_of(batch: Batch, seq: int) -> Place:
    """One statement for the whole heap."""
    states = dict(batch.rows.exclude(state=Row.State.JOINED).order_by("seq").values_list("seq", "state"))
    waits = [s for s, state in states.items() if state == Row.State.DRAFT]
    others = [s for s in waits if s != seq]
    earlier, later = [s for s in others if s < seq], [s for s in others if s > seq]
    return Place(
        position=1 + sum(s < seq for s in states),
        count=len(states),
        left=len(waits),
        before=earlier[-1] if earlier else 0,
        after=(later or others or [0])[0],
        can_join=bool(earlier),
    )


def carried(batch: Batch, row: Row, names: Iterable[str]) -> dict[str, Any]:
    """What the next paper of the heap usually has in common with the one before it."""
    before = batch.rows.filter(seq__lt=row.seq).order_by("-seq").first()
    if before is None:
        return {}
    typed = documents(batch, [before]).get(before.id, ({}, 0))[0].get("typed", {})
    return {name: typed[name] for name in names if typed.get(name)}


def scanned_pages(batch: Batch, sheet: Sheet) -> list[tuple[File, int]]:
    """Every page to look at: a photograph is one, a scan as many as it has pages."""
    key = key_of(batch)
    if key is None:
        return []
    found: list[tuple[File, int]] = []
    for file in sheet.files:
        pages = scans.count(files.read(file, key)) if file.media == "pdf" else 1
        found += [(file, n) for n in range(1, pages + 1)]
    return found


def states(sheets: Iterable[Sheet]) -> dict[str, int]:
    """How many rows stand how, every state named; counted as the reader sees them."""
    counted = Counter(s.row.state for s in sheets)
    return {str(state): counted[state] for state in Row.State.values}


def why_undone(batch: Batch, key: vault.RootKey) -> str:
    """The reason that was given for taking a file back."""
    row = vault.newest(batch.id, NARRATIVE)
    return str(vault.open_sealed(row, key).get("why", "")) if row else ""
