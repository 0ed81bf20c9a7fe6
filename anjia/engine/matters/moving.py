"""One move on its way: what it reads, and the rows it will write when it is flushed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import UUIDField
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.language import language
from anjia.engine.matters.models import Duty, Grant, Matter, Notice, Party, Seat
from anjia.engine.matters.seats import Seated
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.clock import NEVER, SHANGHAI
from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.prepared import Prepared, Slot
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.events.models import Event
from anjia.foundation.outbox import outbox
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Sealed
from anjia.law import rules
from anjia.law.calendar import end_of_day
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.library import definition
from anjia.law.playbooks.schema import Duty as DutyDefinition
from anjia.law.playbooks.schema import Move, Playbook
from anjia.law.rules import Rule
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import Agency

#: What nearly every move reads of its matter.
MATTER = Slot("matter", UUIDField())
DUTIES = Prepared(lambda: Duty.objects.filter(matter=MATTER, done_at__isnull=True).order_by("due_at", "id"))
PARTIES = Prepared(lambda: Party.objects.filter(matter=MATTER).order_by("id"))
SEATS = Prepared(lambda: Seat.objects.filter(matter=MATTER, to_at__isnull=True))


@dataclass
class Moving:
    """A move in progress. Guards read it, effects and the engine add to its batch.

    `at` is when it happened (clocks start there), `now` when it is recorded. `values` are the typed
    answers by field name. `codes` become the event's facts; `told` lists agencies that may read its words.
    """

    matter: Matter
    playbook: Playbook
    move: Move
    actor: Actor
    now: datetime
    at: datetime
    values: dict[str, Any]
    batch: Batch
    seated: Seated | None = None
    on_behalf_of: Agency | None = None
    is_opening: bool = False
    is_preview: bool = False  # a button being drawn: guards that wait for an answer do not refuse yet
    typed: Mapping[str, Any] = field(default_factory=dict)  # as submitted: aims (duty, event …) are here
    files: tuple[Any, ...] = ()
    words_id: UUID = field(default_factory=uuid7)
    codes: dict[str, Any] = field(default_factory=dict)
    told: list[UUID] = field(default_factory=list)
    words: dict[str, dict[str, Any]] = field(
        default_factory=dict
    )  # compartment -> text sealed with the event
    child: UUID | None = None
    opened: Matter | None = None  # the child's row, when this move opens it
    is_same_act: bool = False  # the matter was opened by the very act that this move records
    kept_owed: set[str] = field(
        default_factory=set
    )  # duties that this move, though it serves them, leaves owed
    event_row: Event | None = None
    new_duties: list[Duty] = field(default_factory=list)
    changed_duties: dict[UUID, set[str]] = field(default_factory=dict)
    new_seats: list[Seat] = field(default_factory=list)
    seats_changed: bool = False
    new_grants: list[Grant] = field(default_factory=list)  # written with the event that gives them
    names_changed: bool = False
    identities: set[tuple[str, bytes]] = field(default_factory=set)  # tokens by which staff may be walled off
    _key: vault.RootKey | None = None

    @cached_property
    def duties(self) -> list[Duty]:
        """Open duties of the matter."""
        if self.is_opening:
            return []
        return DUTIES.rows(matter=self.matter.id)

    @cached_property
    def parties(self) -> list[Party]:
        """The people in the matter, codes only."""
        return PARTIES.rows(matter=self.matter.id)

    @cached_property
    def names(self) -> dict[str, str]:
        """Who the matter is about, by party role: the label that lists show."""
        row = None if self.is_opening else self._label
        return {k: str(v) for k, v in vault.open_sealed(row, self.key).items()} if row else {}

    @cached_property
    def _label(self) -> Sealed | None:
        return vault.newest(self.matter.id, "label")

    @property
    def label_version(self) -> int:
        """The version of the label now stored; 0 where there is none."""
        return 0 if self.is_opening or self._label is None else self._label.version

    @cached_property
    def children(self) -> list[Matter]:
        """Child matters."""
        return list(Matter.objects.filter(parent=self.matter).order_by("id"))

    @cached_property
    def seats(self) -> list[Seat]:
        """Rights to see that have not ended."""
        if self.is_opening:
            return []
        return SEATS.rows(matter=self.matter.id)

    @property
    def key(self) -> vault.RootKey:
        """The root key, unwrapped once."""
        if self._key is None:
            read = self.seated.locked_key if self.seated else None
            self._key = vault.opened(read) if read else vault.key(self.matter.root)
        return self._key

    @key.setter
    def key(self, key: vault.RootKey) -> None:
        self._key = key

    def party(self, role: str) -> Party | None:
        """The first person in that role."""
        return next((p for p in self.parties if p.role == role), None)

    def open_duty(self, kind: str) -> Duty | None:
        """The open duty of that kind."""
        return next((d for d in self.duties if d.kind == kind), None)

    def over_matter(self) -> dict[str, Any]:
        """This move's values over the matter's columns: what rules look at."""
        columns = {
            "grade": self.matter.grade,
            "urgency": self.matter.urgency,
            "risk_band": self.matter.risk_band,
        }
        return {**self.matter.data, **{k: v for k, v in columns.items() if v}, **self.values}

    def said_now(self) -> dict[str, Any]:
        """The same, for what conditional duties look at: a question of this move that was left empty is not answered by
        what was said to it before, or an injury that was settled would be owed again by whatever asks about injuries.
        """
        left = {f.name for f in self.move.asks} & self.matter.data.keys() - self.values.keys()
        return {k: v for k, v in self.over_matter().items() if k not in left}

    def aim(self, name: str) -> UUID:
        """The id of what the move is about (duty, event, child, matter), as submitted."""
        try:
            return UUID(str(self.typed.get(name) or ""))
        except ValueError:
            raise RuleBroken(_("请选一项再继续。"), {name: _("请选一项再继续。")}) from None

    def aimed_duty(self) -> Duty:
        """The open duty that the move is about."""
        wanted = self.aim("duty")
        duty = next((d for d in self.duties if d.id == wanted), None)
        if duty is None:
            raise RuleBroken(_("这一项已经办完了。"), {"duty": _("这一项已经办完了。")})
        return duty

    def agency_of(self, role: str) -> Agency:
        """The agency that plays a role, or the holder when the role is not bound."""
        bound = self.matter.roles.get(role)
        if role == "holder" or not bound:
            return self.matter.holder
        return self.agency(UUID(bound["agency"]))

    def agency(self, agency_id: UUID) -> Agency:
        """An agency row, read once."""
        if agency_id == self.matter.holder_id:
            return self.matter.holder
        if agency_id not in self._agencies:
            self._agencies[agency_id] = Agency.objects.get(pk=agency_id)
        return self._agencies[agency_id]

    @cached_property
    def _agencies(self) -> dict[UUID, Agency]:
        return {}

    # -- what it writes ---------------------------------------------------------------------------------

    def seal(self, owner: UUID, compartment: str, value: Mapping[str, Any], version: int = 1) -> None:
        """Add one sealed document to the batch."""
        vault.seal(
            self.batch, self.key, owner=owner, compartment=compartment, value=dict(value), version=version
        )

    def document(self, role: str, compartment: str) -> dict[str, Any]:
        """One sealed document of the first person in a role, for deciding; {} where there is none."""
        party = self.party(role)
        if party is None:
            return {}
        row = vault.newest(party.id, compartment)
        return vault.open_sealed(row, self.key) if row else {}

    def merge_sealed(self, owner: UUID, compartment: str, changes: Mapping[str, Any]) -> None:
        """A new version of a person's document with these values changed; old versions stay."""
        before = vault.newest(owner, compartment)
        value = vault.open_sealed(before, self.key) if before else {}
        self.seal(owner, compartment, {**value, **changes}, (before.version if before else 0) + 1)

    def say(self, compartment: str, **words: Any) -> None:
        """Words to be sealed with this move's event."""
        self.words.setdefault(compartment, {}).update({k: v for k, v in words.items() if v not in (None, "")})

    def give_seat(
        self, agency: Agency, capacity: str, *, mask: bool = False, until: datetime = NEVER
    ) -> None:
        """Let an agency see the matter; an existing seat is raised or kept, never doubled."""
        seat = next((s for s in self.seats if s.agency_id == agency.id), None)
        if seat is None:
            seat = Seat(
                matter=self.matter,
                root=self.matter.root,
                agency=agency,
                line=agency.line,
                village=agency.village,
                township=agency.township,
                county=agency.county,
                city=agency.city,
                playbook=self.matter.playbook,
                opened_at=self.matter.opened_at,
                from_at=self.now,
            )
            self.seats.append(seat)
            self.new_seats.append(seat)
        if (seat.capacity, seat.mask, seat.until, seat.to_at) != (capacity, mask, until, None):
            seat.capacity, seat.mask, seat.until, seat.to_at = capacity, mask, until, None
            self.seats_changed = True

    def seat_of(self, agency_id: UUID) -> Seat | None:
        """The seat an agency has now; one that ended in this very move is none."""
        return next((s for s in self.seats if s.agency_id == agency_id and s.to_at is None), None)

    def end_seat(self, agency_id: UUID) -> None:
        """The right ends now; the row stays as the record that it existed. Whoever holds the matter keeps it."""
        seat = self.seat_of(agency_id)
        if seat is not None and agency_id != self.matter.holder_id:
            seat.to_at = self.now
            self.seats_changed = True

    def tell(self, agency_id: UUID, kind: str = "told", duty: UUID | None = None) -> None:
        """A line in that agency's in-box after commit, and the right to read this move's words."""
        if agency_id not in self.told:
            self.told.append(agency_id)
        notify(self.batch, agency=agency_id, kind=kind, matter=self.matter.id, duty=duty, now=self.now)

    def with_event(self, grant: Grant) -> None:
        """A narrower right, given by the event of this move."""
        self.new_grants.append(grant)

    def start_duty(self, definition: DutyDefinition, round: int = 1, started: datetime | None = None) -> Duty:
        """A duty with its clock: the rule version in force where and when it starts is frozen in it."""
        owner = self.agency_of(definition.of)
        values = self.over_matter()
        start = started or self.start_instant(definition)
        rule = rules.book().get(
            interpreter.rule_of(self.playbook, definition, values, round),
            start.astimezone(SHANGHAI).date(),
            owner.place_id,
        )
        variants = [v for v in definition.variants_for(values) if v in rule.variants]
        deadline = rules.due(rule, start.astimezone(SHANGHAI), variants)
        due = self.ends_early(definition, deadline.due, rule)
        duty = Duty(
            matter=self.matter,
            root=self.matter.root,
            playbook=self.matter.playbook,
            kind=definition.name,
            round=round,
            agency=owner,
            post_id=self.matter.assignee_id if owner.id == self.matter.holder_id else None,
            line=owner.line,
            village=owner.village,
            township=owner.township,
            county=owner.county,
            city=owner.city,
            rule=rule.id,
            rule_version=rule.version,
            variants=variants,
            started_at=start,
            due_at=due,
            is_provisional=deadline.provisional,
            urgency=str(values.get("urgency") or ""),
            grade=self.matter.grade,
            risk_band=self.matter.risk_band,
            climbs_at=rules.climbs(rule, due, 0) or NEVER,
        )
        self.new_duties.append(duty)
        return duty

    def ends_early(self, definition: DutyDefinition, latest: datetime, rule: Rule) -> datetime:
        """The stated end of what has one (an order in force until …), which the law allows only so far."""
        raw = self.values.get(definition.ends_on) if definition.ends_on else None
        if not raw or definition.ends_on is None:
            return latest
        stated = end_of_day(date.fromisoformat(str(raw)))
        if stated > latest:
            words = _("%(law)s:最迟到 %(day)s。") % {
                "law": rule.cite(language()),
                "day": latest.astimezone(SHANGHAI).date().isoformat(),
            }
            raise RuleBroken(_("有几处需要改一下。"), {definition.ends_on: words})
        return stated

    def start_instant(self, definition: DutyDefinition) -> datetime:
        """When its clock starts: the stated field's time, else when the move happened."""
        raw = self.values.get(definition.start_from) if definition.start_from else None
        if not raw:
            return self.at
        value = datetime.fromisoformat(str(raw))
        return value.replace(tzinfo=SHANGHAI) if value.tzinfo is None else value

    def change_duty(self, duty: Duty, **values: Any) -> None:
        """Set columns of an open duty; written once when the move is flushed."""
        for name, value in values.items():
            setattr(duty, name, value)
        self.changed_duties.setdefault(duty.id, set()).update(values)

    def finish_duty(self, duty: Duty, outcome: str) -> None:
        """Done, tried, void or lapsed. Late is what was done, or first tried, after its due date."""
        self.change_duty(
            duty,
            done_at=self.at,
            outcome=outcome,
            done_by_move=self.move.name,
            is_late=outcome in (Duty.Outcome.DONE, Duty.Outcome.TRIED) and self.at > duty.due_at,
            recorded_late=self.is_same_act and duty.started_at >= self.at,
            climbs_at=NEVER,
        )

    def still_open(self) -> Iterable[Duty]:
        """Open duties as they will be after this move."""
        yield from (d for d in self.duties if d.done_at is None)
        yield from (d for d in self.new_duties if d.done_at is None)

    def earliest_due(self) -> datetime:
        """What the matter is sorted by in a list of matters."""
        return min((d.due_at for d in self.still_open() if d.paused_at is None), default=NEVER)

    def write_duties(self) -> None:
        """Put changed and new duties into the batch."""
        for duty in self.duties:
            if duty.id in self.changed_duties:
                self.batch.update(duty, sorted(self.changed_duties[duty.id]))
        for duty in self.new_duties:
            self.batch.insert(duty)

    def write_words(self) -> bool:
        """Seal this move's words with its event; says whether there are any."""
        for compartment, value in self.words.items():
            if value:
                self.seal(self.words_id, compartment, value)
        return any(self.words.values())

    def write_seats(self) -> None:
        """Bring the sort keys of every seat up to date; a closed matter leaves no village behind."""
        values: dict[str, Any] = {
            "updated_at": self.now,
            "sort_due": self.earliest_due(),
            "is_open": self.matter.closed_at is None,
        }
        if self.matter.closed_at:
            values["village"] = ""
        if not self.seats_changed:
            self.batch.update_where(Seat, {"matter": self.matter.id, "to_at__isnull": True}, values)
            return
        for seat in self.seats:
            for name, value in values.items():
                setattr(seat, name, value)
            if seat in self.new_seats:
                self.batch.insert(seat)
            else:
                self.batch.update(seat, [*values, "capacity", "mask", "to_at", "until"])


def step_of(
    matter: Matter,
    move: Move,
    *,
    actor: Actor,
    now: datetime,
    values: Mapping[str, Any] | None = None,
    batch: Batch | None = None,
    seated: Seated | None = None,
) -> Moving:
    """A step that the engine makes by itself, now, under the version the matter runs by."""
    return Moving(
        matter=matter,
        playbook=definition(matter.playbook, matter.version),
        move=move,
        actor=actor,
        now=now,
        at=now,
        values=dict(values or {}),
        batch=Batch() if batch is None else batch,  # an empty one is the caller's as well
        seated=seated,
    )


def notify(
    batch: Batch,
    *,
    agency: UUID,
    kind: str,
    matter: UUID,
    now: datetime,
    duty: UUID | None = None,
    post: UUID | None = None,
) -> None:
    """Ask the worker to put a line into an agency's in-box, or one person's, once this transaction is committed."""
    body = {"agency": str(agency), "kind": kind, "matter": str(matter), "duty": str(duty) if duty else None}
    if post:
        body["post"] = str(post)
    outbox.put(batch, kind="matters.notice", body=body, now=now)


@outbox.handler("matters.notice", together=True)
def deliver_notice(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
    """Deliver one in-box line; its id is the outbox row's, so that it exists once however often this runs."""
    batch = Batch()
    if Notice.objects.filter(pk=outbox_id).exists():
        return
    batch.insert(
        Notice(
            id=outbox_id,
            agency_id=UUID(body["agency"]),
            post_id=UUID(body["post"]) if body.get("post") else None,
            kind=body["kind"],
            matter_id=UUID(body["matter"]),
            duty=UUID(body["duty"]) if body["duty"] else None,
            at=now,
        )
    )
    batch.flush()
