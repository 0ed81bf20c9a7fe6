"""Lists that people work from. Every one is an index range over duties or seats, rows as plain values.

No exact count: a list says "500+". A filter outside the index looks at the first 5,000 candidates and
says so.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from anjia.engine.matters.models import Capacity, Duty, Notice, Party, Seat
from anjia.engine.matters.not_alone import is_visit_duty
from anjia.engine.matters.safe_contact import UNSENT
from anjia.engine.matters.seats import Scope
from anjia.foundation.core.clock import NEVER, SHANGHAI
from anjia.foundation.events import access
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Sealed
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.library import definition
from anjia.law.playbooks.schema import Text

LIMIT = 50
CANDIDATES = 5_000
COUNTED = 500
#: What a list may be narrowed by (columns of matter); places come from the township down.
FILTERS = ("playbook", "stage", "grade", "urgency", "county", "township", "channel")


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty in a list: who owes what by when, in which matter."""

    id: UUID
    matter: UUID
    number: str
    playbook: Text
    stage: Text
    kind: str
    label: Text
    names: str  # who it is about; empty where masked
    agency: str
    agency_id: UUID
    post: UUID | None
    due_at: datetime
    started_at: datetime
    rule: str
    is_provisional: bool
    is_paused: bool
    climbed_to: str
    claimed_at: datetime | None
    grade: str
    urgency: str
    round: int
    burst: str
    in_company: bool = False  # a visit, and nobody goes there alone


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One matter in a list."""

    id: UUID
    number: str
    playbook: Text
    stage: Text
    names: str
    holder: str
    capacity: str
    is_masked: bool
    grade: str
    urgency: str
    opened_at: datetime
    updated_at: datetime
    due_at: datetime | None
    is_open: bool


@dataclass(frozen=True)
class Page:
    """A page of rows, the cursor of the next one, and whether the filter stopped early."""

    rows: list[Any]
    after: str = ""
    is_capped: bool = False


@dataclass(frozen=True)
class Home:
    """今天要做 · 就要到期 · 新来的, and what has climbed to this desk or waits for others."""

    today: list[DutyRow]
    soon: list[DutyRow]
    new: list[MatterRow]
    climbed: list[DutyRow]
    waiting: list[DutyRow]
    unread: list[Notice] = field(default_factory=list)
    open_to: set[UUID] = field(default_factory=set)  # matters of these lines that the reader still sees


def cursor(at: datetime, row_id: UUID) -> str:
    """Where a page ended: sort key and id, opaque to the reader."""
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{row_id}".encode()).decode()


def read_cursor(text: str) -> tuple[datetime, UUID] | None:
    """The place to go on from; a broken cursor starts at the beginning."""
    try:
        at, row_id = base64.urlsafe_b64decode(text.encode()).decode().split("|")
        return datetime.fromisoformat(at), UUID(row_id)
    except (ValueError, binascii.Error):
        return None


def after(rows: QuerySet[Any], sort: str, text: str, id_column: str = "id") -> QuerySet[Any]:
    """Keyset: rows behind the cursor, in the order of `sort` ("-" for newest first)."""
    place = read_cursor(text) if text else None
    if place is None:
        return rows
    name, beyond = sort.lstrip("-"), "lt" if sort.startswith("-") else "gt"
    at, row_id = place
    return rows.filter(Q(**{f"{name}__{beyond}": at}) | Q(**{name: at, f"{id_column}__{beyond}": row_id}))


def label_body(name: str) -> Subquery:
    """The newest sealed label of a matter, or its version."""
    rows = Sealed.objects.filter(owner=OuterRef("matter_id"), compartment="label").order_by("-version")
    return Subquery(rows.values(name)[:1])


def names_of(rows: Iterable[Mapping[str, Any]], *, masked: frozenset[UUID]) -> dict[UUID, str]:
    """Who each matter is about, decrypted in one go; the reading is logged as one row."""
    readable = [r for r in rows if r["label_body"] is not None and r["matter_id"] not in masked]
    keys = vault.keys({r["matter__root"] for r in readable}) if readable else {}
    reader, out = access.current(), {}
    for r in readable:
        matter, key = r["matter_id"], keys[r["matter__root"]]
        label = vault.open_body(
            r["label_body"], key, owner=matter, compartment="label", version=r["label_version"]
        )
        out[matter] = " · ".join(label.values())
        reader.opened(matter, "label")
    return out


DUTY_COLUMNS = (
    "id", "matter_id", "matter__number", "matter__root", "matter__playbook", "matter__version", "matter__stage", "kind",
    "agency_id", "agency__name", "post_id", "due_at", "started_at", "rule", "is_provisional", "paused_at", "climbed_to",
    "claimed_at", "grade", "urgency", "round", "matter__burst", "matter__not_alone_until", "label_body",
    "label_version",
)  # fmt: skip


def duty_rows(duties: QuerySet[Duty], *, masked: bool) -> list[DutyRow]:
    """Values of a slice of duties, with names where the reader may know them."""
    annotated = duties.annotate(label_body=label_body("body"), label_version=label_body("version"))
    rows = list(annotated.values(*DUTY_COLUMNS))
    names = names_of(rows, masked=frozenset(r["matter_id"] for r in rows) if masked else frozenset())
    return [duty_row(r, names.get(r["matter_id"], ""), masked=masked) for r in rows]


def duty_row(r: Mapping[str, Any], names: str, *, masked: bool) -> DutyRow:
    playbook = definition(r["matter__playbook"], r["matter__version"])
    return DutyRow(
        id=r["id"],
        matter=r["matter_id"],
        number=r["matter__number"],
        playbook=playbook.label,
        stage=playbook.stages[r["matter__stage"]].label,
        kind=r["kind"],
        label=interpreter.find_duty(playbook, r["kind"]).label,
        names=names,
        agency=r["agency__name"],
        agency_id=r["agency_id"],
        post=r["post_id"],
        due_at=r["due_at"],
        started_at=r["started_at"],
        rule=r["rule"],
        is_provisional=r["is_provisional"],
        is_paused=r["paused_at"] is not None,
        climbed_to=r["climbed_to"],
        claimed_at=r["claimed_at"],
        grade=r["grade"],
        urgency=r["urgency"],
        round=r["round"],
        burst=r["matter__burst"],
        in_company=bool(r["matter__not_alone_until"]) and not masked and is_visit_duty(playbook, r["kind"]),
    )


def narrowed(rows: QuerySet[Any], filters: Mapping[str, str], sort: str) -> tuple[QuerySet[Any], bool]:
    """Apply filters to at most the first 5,000 candidates; the flag says that a filter was used."""
    wanted = {f"matter__{n}": v for n, v in filters.items() if n in FILTERS and v}
    if not wanted:
        return rows, False
    candidates = rows.order_by(sort, "id").values("id")[:CANDIDATES]
    return rows.model._default_manager.filter(pk__in=Subquery(candidates), **wanted), True


def which_duties(scope: Scope, which: str) -> QuerySet[Duty]:
    """The four lists of duties: mine, the line's below, what others owe me, what climbed to me."""
    if which == "below":
        return scope.duties_below()
    if which == "waiting":
        mine = scope.own().filter(is_open=True, capacity__in=[Capacity.HOLDER, Capacity.REFERRER])
        return Duty.objects.filter(done_at__isnull=True, matter__in=mine.values("matter")).exclude(
            agency=scope.actor.agency_id
        )
    if which == "climbed":
        return Duty.objects.filter(
            scope.unwalled(),
            done_at__isnull=True,
            claimed_at__isnull=True,
            climbed_agency=scope.actor.agency_id if scope.sees_own else None,
        ).exclude(climbed_agency=None)
    return scope.own_duties()


def duties(
    scope: Scope,
    which: str = "own",
    *,
    page_after: str = "",
    filters: Mapping[str, str] | None = None,
    limit: int = LIMIT,
) -> Page:
    """A page of duties, earliest due first."""
    rows, is_capped = narrowed(which_duties(scope, which), filters or {}, "due_at")
    rows = after(rows, "due_at", page_after).order_by("due_at", "id")[: limit + 1]
    found = duty_rows(rows, masked=which in ("below", "climbed"))
    more = cursor(found[limit - 1].due_at, found[limit - 1].id) if len(found) > limit else ""
    return Page(found[:limit], more, is_capped)


#: Duties of what has just come in and nobody has taken on.
TRIAGE = ("triage", "tray")
VERY_URGENT = "very_urgent"


@dataclass(frozen=True, slots=True)
class Fold:
    """Many that came from one place within an hour and say nothing of haste: one line."""

    burst: str
    count: int
    first: datetime


@dataclass(frozen=True)
class Triage:
    """What waits to be taken on, and what of it is folded."""

    page: Page
    folds: list[Fold]


def triage(scope: Scope, *, burst: str = "", page_after: str = "", limit: int = LIMIT) -> Triage:
    """What has come in: the very urgent first; then what did not come in a burst; then whom one can reach or find;
    then the earliest due. What came in a burst and is not very urgent is folded; `burst` unfolds one.
    """
    waiting = scope.own_duties().filter(kind__in=TRIAGE)
    hasty = Q(urgency=VERY_URGENT)
    rows = waiting.filter(matter__burst=burst) if burst else waiting.filter(hasty | Q(matter__burst=""))
    start = int(page_after) if page_after.isdecimal() and len(page_after) < 6 else 0
    ordered = ranked(rows)[start : start + limit + 1]
    found = duty_rows(ordered, masked=False)
    more = str(start + limit) if len(found) > limit else ""
    return Triage(Page(found[:limit], more), [] if burst or start else folds(waiting.exclude(hasty)))


def ranked(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """In the order in which they are to be looked at."""
    people = Party.objects.filter(matter=OuterRef(OuterRef("matter_id"))).values("id")
    reachable = Exists(Sealed.objects.filter(owner__in=people, compartment="contact"))
    return rows.annotate(
        calm=yes_no(~Q(urgency=VERY_URGENT)),
        many=yes_no(~Q(matter__burst="")),
        unreachable=yes_no(~Q(reachable)) + yes_no(Q(matter__township="")),
    ).order_by("calm", "many", "unreachable", "due_at", "id")


def yes_no(condition: Q) -> Case:
    """1 where it holds, else 0."""
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def folds(rows: QuerySet[Duty]) -> list[Fold]:
    """The bursts among them, the largest first."""
    many = rows.exclude(matter__burst="").values("matter__burst")
    counted = many.annotate(count=Count("id"), first=Min("started_at")).order_by("-count", "matter__burst")
    return [Fold(r["matter__burst"], r["count"], r["first"]) for r in counted[:COUNTED]]


SORTS = {"due": "sort_due", "opened": "-opened_at", "updated": "-updated_at"}
SEAT_COLUMNS = (
    "matter_id", "matter__number", "matter__root", "matter__playbook", "matter__version", "matter__stage",
    "matter__holder__name", "capacity", "mask", "agency_id", "matter__grade", "matter__urgency", "opened_at",
    "updated_at", "sort_due",
    "is_open", "label_body", "label_version",
)  # fmt: skip


def matters(
    scope: Scope,
    which: str = "own",
    *,
    sort: str = "due",
    is_open: bool = True,
    page_after: str = "",
    filters: Mapping[str, str] | None = None,
    limit: int = LIMIT,
) -> Page:
    """A page of matters by due, opened or updated; `which` is "own" or "below" (masked)."""
    order = SORTS.get(sort, "sort_due")
    seats = (scope.below() if which == "below" else scope.own()).filter(is_open=is_open)
    seats, is_capped = narrowed(seats, filters or {}, order)
    by_id = "-matter_id" if order.startswith("-") else "matter_id"
    seats = after(seats, order, page_after, "matter_id").order_by(order, by_id)[: limit + 1]
    found = matter_rows(seats, scope)
    name = order.lstrip("-")
    more = ""
    if len(found) > limit:
        last = found[limit - 1]
        key = {"sort_due": last.due_at or NEVER, "opened_at": last.opened_at, "updated_at": last.updated_at}
        more = cursor(key[name], last.id)
    return Page(unique(found[:limit]), more, is_capped)


def unique(rows: list[MatterRow]) -> list[MatterRow]:
    """One row a matter: the line below may hold several seats in one."""
    return list({r.id: r for r in rows}.values())


def matter_rows(seats: QuerySet[Seat], scope: Scope) -> list[MatterRow]:
    """Values of a slice of seats."""
    annotated = seats.annotate(label_body=label_body("body"), label_version=label_body("version"))
    rows = list(annotated.values(*SEAT_COLUMNS))
    own = scope.actor.agency_id
    hidden = frozenset(r["matter_id"] for r in rows if r["mask"] or r["agency_id"] != own)
    names = names_of(rows, masked=hidden)
    return [matter_row(r, names.get(r["matter_id"], ""), r["matter_id"] in hidden) for r in rows]


def matter_row(r: Mapping[str, Any], names: str, is_masked: bool) -> MatterRow:
    playbook = definition(r["matter__playbook"], r["matter__version"])
    return MatterRow(
        id=r["matter_id"],
        number=r["matter__number"],
        playbook=playbook.label,
        stage=playbook.stages[r["matter__stage"]].label,
        names=names,
        holder=r["matter__holder__name"],
        capacity="" if is_masked else r["capacity"],
        is_masked=is_masked,
        grade=r["matter__grade"],
        urgency=r["matter__urgency"],
        opened_at=r["opened_at"],
        updated_at=r["updated_at"],
        due_at=None if r["sort_due"] == NEVER else r["sort_due"],
        is_open=r["is_open"],
    )


def end_of_day(now: datetime) -> datetime:
    """24:00 in Shanghai."""
    local = now.astimezone(SHANGHAI)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def home(scope: Scope, now: datetime, *, limit: int = 20) -> Home:
    """The first page of a working day."""
    tonight = end_of_day(now)
    own = duty_rows(
        scope.own_duties()
        .filter(due_at__lte=tonight + timedelta(days=3))
        .order_by("due_at", "id")[: limit * 2],
        masked=False,
    )
    fresh = scope.own().filter(is_open=True, opened_at__gte=now - timedelta(days=3), capacity__in=NEW_TO)
    unread = inbox(scope, limit=10, kinds=LOOKED_IN + ANSWERS + NOT_TOLD, since=now - STAYS)
    return Home(
        today=[d for d in own if d.due_at <= tonight][:limit],
        soon=[d for d in own if d.due_at > tonight][:limit],
        new=matter_rows(fresh.order_by("-opened_at", "-matter_id")[:10], scope),
        climbed=duties(scope, "climbed", limit=10).rows,
        waiting=duties(scope, "waiting", limit=10).rows,
        unread=unread,
        open_to=scope.seen(n.matter_id for n in unread) if unread else set(),
    )


NEW_TO = (Capacity.HOLDER, Capacity.TRAY, Capacity.PARTNER, Capacity.VILLAGE)


#: What is said on the first page of who was let to look, and for how long it stays there.
LOOKED_IN = ("opened_for", "emergency", "emergency_reviewed", "granted", "grant_ended")
#: … which letters were answered by their code, and that a text message to her did not go.
ANSWERS, NOT_TOLD = ("answered", "answer_held"), (UNSENT,)
STAYS = timedelta(days=7)


def inbox(
    scope: Scope, *, limit: int = 30, kinds: Sequence[str] = (), since: datetime | None = None
) -> list[Notice]:
    """Unread in-box lines of the actor's agency, newest first."""
    if not scope.sees_own:
        return []
    rows = Notice.objects.filter(
        scope.unwalled("matter__root"),
        Q(post__isnull=True) | Q(post=scope.actor.post_id),
        agency=scope.actor.agency_id,
        seen_at__isnull=True,
    )
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if since:
        rows = rows.filter(at__gte=since)
    return list(rows.select_related("matter").order_by("-at")[:limit])


def count_of(rows: QuerySet[Any]) -> str:
    """A count that never costs more than its page: "500+" beyond 500."""
    n = len(rows.values_list("pk", flat=True)[: COUNTED + 1])
    return f"{COUNTED}+" if n > COUNTED else str(n)
