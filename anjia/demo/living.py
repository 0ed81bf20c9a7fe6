"""Living through one matter: what its way says, in between every duty in time, and the matters it leads to.

A life is told as a generator: it yields the moment at which it wants to go on, the city wakes it then. So a
thousand lives go side by side under one clock, and what is overdue climbs when it would have climbed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import UUIDField

from anjia.demo import letters, promises
from anjia.demo.answers import Answerer
from anjia.demo.people import somebody
from anjia.demo.posts import COUNTIES, HEADS
from anjia.demo.promises import OWED
from anjia.demo.staff import FEDERATION, Staff
from anjia.demo.telling import paper
from anjia.demo.ways import PROCEDURES, Procedure, Step, Way
from anjia.engine.letters.reply_codes import Reply
from anjia.engine.matters import actions
from anjia.engine.matters.inputs import Decisions, Moved, Opened, PartyInput, party_input
from anjia.engine.matters.models import Duty, Link, Matter
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.prepared import Prepared, Slot
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken, Stale
from anjia.foundation.events.models import Event
from anjia.law import codes
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.builtin import BUILT_IN_MOVES
from anjia.law.playbooks.library import catalogue, definition
from anjia.law.playbooks.schema import Move
from anjia.registry.posts import actors
from anjia.registry.posts.models import Agency

T = TypeVar("T")
ROW = Prepared(
    lambda: Matter.objects.select_related("holder", "parent").filter(pk=Slot("matter", UUIDField()))
)
REFUSALS = (RuleBroken, NotAllowed, NotFound, Stale)
Waking = Generator[datetime, None, None]
#: How often a life waits a day for what it cannot do yet (a child that has not answered).
PATIENCE = 45
OPENS, CLOSES = 8.5, 17.5  # office hours
LATE_DAYS = 1.3
LETTER_AFTER = timedelta(minutes=25)


@dataclass
class World:
    """What all lives share."""

    staff: Staff
    spawn: Callable[[Life], None] = lambda life: None  # lets a child matter live on
    stumbles: list[str] = field(default_factory=list)  # what a way wanted and the house refused


@dataclass
class Life:
    """One matter from its beginning as far as its way goes, or until now."""

    world: World
    rng: random.Random
    procedure: Procedure
    way: Way
    start: datetime
    county: str
    town: str = ""
    village: str = ""
    matter: UUID | None = None  # a child is there already
    late: int = -1  # which of its duties is done late, with a reason
    last: datetime = field(init=False)  # when anything was done
    stepped: datetime = field(init=False)  # when the way's last step was made
    receipt: str = ""
    letter: Reply | None = None  # what stands on the letter that was sent
    kept: int = 0
    given_up: set[UUID] = field(default_factory=set)
    led: set[UUID] = field(default_factory=set)  # children that live on

    def __post_init__(self) -> None:
        self.last = self.stepped = self.start

    # -- how it goes -----------------------------------------------------------------------------------

    def run(self) -> Waking:
        """The whole of it; ends when there is nothing to wait for."""
        yield self.start
        if self.matter is None and not self.attempt("open", lambda: self.begin(self.start)):
            return
        if self.way.letter:
            yield self.start + LETTER_AFTER
            self.attempt("letter", lambda: self.sends_letter(self.last + LETTER_AFTER))
        for step in self.way.steps:
            when, before = self.moment(step), self.last
            yield from self.keep(when)
            if self.last != before:
                when = max(self.moment(step, when), self.last + timedelta(minutes=4))
            yield when
            ready = yield from self.ready(step, when)
            if not ready:
                return
            self.stepped = max(when, self.last + timedelta(minutes=1))
            self.makes(step, self.stepped)
        if self.way.keeps:
            yield from self.keep(None)

    def keep(self, until: datetime | None) -> Waking:
        """Every duty that falls due before `until`, each done in good time by whoever owes it."""
        while True:
            row = self.row()
            self.last = max(self.last, row.updated_at)
            duty = promises.next_due(row, self.procedure.leaves, self.given_up, until)
            if duty is None:
                return
            when = promises.good_time(duty, self.last)
            if self.kept == self.late:
                when = office(duty.due_at + timedelta(days=LATE_DAYS), self.rng)
            self.kept += 1
            if until is not None and when >= until:
                return
            yield when
            if Duty.objects.filter(pk=duty.id, done_at__isnull=True).exists():
                self.does(duty, max(when, self.last + timedelta(minutes=1)))

    def ready(self, step: Step, when: datetime) -> Generator[datetime, None, bool]:
        """Wait until the step may be made: every child has answered, the stage is the right one."""
        for day in range(PATIENCE):
            if self.may(step):
                return True
            later = when + timedelta(days=day + 1)
            yield from self.keep(later)
            self.last = max(self.last, later)
            yield self.last
        self.world.stumbles.append(
            f"{self.procedure.name}/{self.way.name}: {step.move} never became possible"
        )
        return False

    def may(self, step: Step) -> bool:
        """Whether the stage allows the step and nobody is waited for."""
        row = self.row()
        book = definition(row.playbook, row.version)
        move = interpreter.find_move(book, step.move)
        if not interpreter.allowed(book, move, row.stage):
            return False
        if any(g.name == "children.ended" for g in move.guards):
            return not Matter.objects.filter(
                parent=row, ended_at__isnull=True, detached_at__isnull=True
            ).exists()
        return True

    def moment(self, step: Step, not_before: datetime | None = None) -> datetime:
        """When the step is made: so many hours on, in office hours, before the duty it does falls due."""
        when = self.stepped + timedelta(hours=step.after)
        if step.after >= 1:
            when = office(when, self.rng)
        dues = [d.due_at for d in self.open_duties() if step.move in promises.done_by(d)]
        if self.way.keeps and dues and when > min(dues):
            when = max(min(dues) - timedelta(minutes=20), self.last + timedelta(minutes=5))
        return max(when, not_before) if not_before and not dues else when

    # -- what is done ----------------------------------------------------------------------------------

    def begin(self, now: datetime) -> Opened:
        """The matter comes in."""
        playbook = catalogue()[self.procedure.name]
        office_ = self.world.staff.city.agency(HEADS[self.county])
        answerer = self.answerer(now, office_)
        parties = [self.person(answerer, role, sex) for role, sex in self.procedure.parties.items()]
        opened = actions.open_matter(
            playbook=playbook.name,
            actor=self.world.staff.actor(office_, now),
            now=now,
            channel=self.rng.choice(self.procedure.channels),
            place=self.town,
            parties=parties,
            data=answerer.move("open", playbook.opening, self.way.opening),
            with_receipt=self.way.receipt,
        )
        self.matter, self.receipt = opened.matter, opened.receipt
        return opened

    def person(self, answerer: Answerer, role: str, sex: str) -> PartyInput:
        """One invented person in the role."""
        playbook = catalogue()[self.procedure.name]
        sex = sex or self.rng.choice(("female", "male"))
        who = somebody(self.twin() if self.way.twin and role == "asking" else self.rng, her=sex == "female")
        given = self.way.parties.get(role, {})
        values = answerer.person(playbook.parties[role].fields, who, sex, given)
        party = party_input(playbook, role, values)
        if role != "asking":
            return party
        hers = [self.rng.random() < share for share in (0.4, 0.25, 0.5)]
        hers = [
            bool(given.get(n, h))
            for n, h in zip(("tell_community", "come_to_door", "tell_police"), hers, strict=True)
        ]
        return PartyInput(
            **{**vars_of(party), "decisions": Decisions(*hers), "residence": self.village or self.town}
        )

    def twin(self) -> random.Random:
        """The source of somebody who turns up in two counties: the second time in the next county."""
        which, time = self.way.twin or (0, 0)
        return random.Random(f"{which} {(COUNTIES.index(self.county) - time) % len(COUNTIES)}")  # noqa: S311

    def makes(self, step: Step, now: datetime) -> None:
        """The step, by whoever makes such steps; a duty that is already overdue gets its reason first."""
        row = self.row()
        move = interpreter.find_move(definition(row.playbook, row.version), step.move)
        if step.by == "opener":
            self.attempt(f"{step.move}", lambda: self.she_does(step, now))
            return
        if step.by == "code":
            self.attempt(f"{step.move}", lambda: self.answers(step, now))
            return
        agency = self.agency_for(row, move, step.by)
        moved = self.attempt(step.move, lambda: self.act(row, move, agency, step.answers, now))
        if moved is not None and (moved.child or move.turns):
            for child in Matter.objects.filter(parent=self.id).exclude(pk__in=self.led).order_by("opened_at"):
                self.led.add(child.id)
                self.lead_on(child, step.goes, now)

    def does(self, duty: Duty, now: datetime) -> None:
        """One duty, by the first of its moves that the house lets its office make."""
        row = self.row()
        agency = self.world.staff.agency(duty.agency_id)
        faults = []
        for move in promises.ways_to_do(duty, row):
            try:
                self.act(row, move, agency, {}, now)
                return
            except REFUSALS as refusal:
                faults.append(
                    f"{move.name}: {refusal.__class__.__name__} {getattr(refusal, 'fields', '')} {refusal}"
                )
        self.given_up.add(duty.id)
        if faults:
            self.world.stumbles.append(
                f"{self.procedure.name}/{self.way.name}: duty {duty.kind} " + "; ".join(faults)
            )

    def act(self, row: Matter, move: Move, agency: Agency, given: Mapping[str, Any], now: datetime) -> Moved:
        """One move of one office, recorded on its behalf where it does not sign in."""
        staff = self.world.staff
        hand = staff.hand(row, move, agency, now)
        self.excuse(move, hand.actor, now)
        answerer = self.answerer(now, agency)
        data = self.aimed(answerer.move(move.name, move.asks, {**demanded(move, given), **given}), move)
        if move.ask("agency"):
            data["agency"] = self.partner(row, move, str(data.get("agency") or "")) or ""
        needs_paper = move.needs_paper or any(g.name == "paper.attached" for g in move.guards)
        moved = actions.move(
            matter_id=row.id,
            name=move.name,
            actor=hand.actor,
            now=now,
            data=data,
            on_behalf_of=hand.behalf,
            files=(paper(move.label["zh"][:20]),) if needs_paper else (),
        )
        self.last = now
        return moved

    def excuse(self, move: Move, actor: actors.Actor, now: datetime) -> None:
        """Nothing is done late without a word: the reason goes to the record before the late act."""
        for duty in self.open_duties():
            if duty.due_at < now and not duty.late_reason and move.name in promises.done_by(duty):
                late = BUILT_IN_MOVES["late"]
                answerer = self.answerer(now, self.world.staff.agency(duty.agency_id))
                data = {**answerer.move("late", late.asks, {}), "duty": str(duty.id)}
                actions.move(matter_id=self.id, name="late", actor=actor, now=now, data=data)

    def she_does(self, step: Step, now: datetime) -> Moved | None:
        """She comes back with her receipt."""
        if not self.receipt:
            return None
        move = interpreter.find_move(catalogue()[self.procedure.name], step.move)
        data = self.aimed(dict(step.answers), move)
        moved = actions.resident_move(receipt=self.receipt, name=step.move, now=now, data=data)
        self.last = now
        return moved

    def sends_letter(self, now: datetime) -> None:
        """A letter with a code goes to the agency that was asked."""
        sender = self.world.staff.recorder(self.row())
        assert sender is not None
        actor = self.world.staff.actor(sender, now)
        self.letter = letters.send(actor, self.id, self.way.letter, now)
        self.last = now

    def answers(self, step: Step, now: datetime) -> None:
        """The agency answers by the code on the letter."""
        letters.answer(self.letter, step.move, step.answers, now)
        self.last = now

    def attempt(self, what: str, act: Callable[[], T | None]) -> T | None:
        """A step that is refused is a fault of the way, not of the city: it is told, the life goes on."""
        try:
            return act()
        except REFUSALS as refusal:
            fields = getattr(refusal, "fields", "")
            self.world.stumbles.append(
                f"{self.procedure.name}/{self.way.name}: {what}: {refusal.__class__.__name__} {refusal} {fields}"
            )
            return None

    def lead_on(self, child: Matter, goes: str, now: datetime) -> None:
        """The child lives on by itself."""
        book = PROCEDURES.get(child.playbook)
        if book is None:
            return
        self.world.spawn(
            Life(
                world=self.world,
                rng=random.Random(self.rng.random()),  # noqa: S311  invented people, not secrets
                procedure=book,
                way=book.way(goes),
                start=now + timedelta(minutes=2),
                county=self.county,
                town=self.town,
                village=self.village,
                matter=child.id,
            )
        )

    # -- what is known ---------------------------------------------------------------------------------

    @property
    def id(self) -> UUID:
        """The matter, once it is there."""
        assert self.matter is not None
        return self.matter

    def row(self) -> Matter:
        """The matter as it stands."""
        row = ROW.first(matter=self.id)
        assert row is not None
        return row

    def open_duties(self) -> list[Duty]:
        """What is owed now."""
        if self.matter is None:
            return []
        return OWED.rows(matter=self.id)

    def answerer(self, now: datetime, agency: Agency) -> Answerer:
        """Somebody of that office, about to fill in a form."""
        row = self.row() if self.matter else None
        named = agency.line == FEDERATION or self.names_posts()
        post = str(self.world.staff.post(agency, now).id) if named else ""
        return Answerer(self.procedure, self.rng, now, self.town, self.village, post, agency.kind, row)

    def names_posts(self) -> bool:
        """Whether some field of the procedure names a colleague (a mediator)."""
        return any(f.type == "post" for f in catalogue()[self.procedure.name].fields.values())

    def agency_for(self, row: Matter, move: Move, by: str) -> Agency:
        """Whose move it is: the named role, else the first role bound, else the office that would join by it."""
        staff = self.world.staff
        for name in (by,) if by else move.by:
            if name in ("holder", "any_seat"):
                return row.holder
            if name in row.roles:
                return staff.agency(UUID(str(row.roles[name]["agency"])))
            joins = any(e.name == "role.bind" and e.params.get("role") == name for e in move.effects)
            role = definition(row.playbook, row.version).roles.get(name)
            if joins and role and (found := self.office(role.kind)):
                return found
        return row.holder

    def partner(self, row: Matter, move: Move, wanted: str) -> str | None:
        """The office that is asked to help: of the wanted kind, else of the kinds that the move allows."""
        asked = move.ask("agency")
        if "-" in wanted:
            return wanted
        kinds = (wanted,) if wanted else move.opens_kind or (asked.kinds if asked else ())
        found = self.office(kinds, other_than=row.holder_id)
        return str(found.id) if found else None

    def office(self, kinds: Iterable[str], other_than: UUID | None = None) -> Agency | None:
        """The nearest office of a kind: in the township, the county, else the city."""
        for kind in kinds:
            found = Agency.objects.filter(kind=kind).order_by("name")
            if other_than:
                found = found.exclude(pk=other_than)
            for where in (
                {"township": self.town},
                {"county": self.county, "tier": "county"},
                {"tier": "city"},
            ):
                if agency := found.filter(**where).first():
                    return self.world.staff.agency(agency.id)
        return None

    def aimed(self, data: Mapping[str, Any], move: Move) -> dict[str, Any]:
        """What the move aims at by its id: a duty by its kind, an event by its move, the newest child."""
        out = dict(data)
        if not move.aims or (move.aims not in out and move.aims not in ("child", "matter")):
            return out
        name = str(out.get(move.aims, ""))
        if move.aims == "duty":
            out["duty"] = next((str(d.id) for d in self.open_duties() if d.kind == name), "")
        elif move.aims == "event":
            event = Event.objects.filter(matter=self.id, move=name).order_by("-seq").first()
            out["event"] = str(event.id) if event else ""
        elif move.aims == "matter":
            link = Link.objects.filter(first=self.id).first() or Link.objects.filter(second=self.id).first()
            if link:
                out["matter"] = str(link.second_id if link.first_id == self.id else link.first_id)
        elif move.aims == "child":
            child = Matter.objects.filter(parent=self.id).order_by("-opened_at").first()
            out["child"] = str(child.id) if child else ""
        return out


def demanded(move: Move, given: Mapping[str, Any]) -> dict[str, list[str]]:
    """What guards want ticked: every code of a list, or those that a mark makes necessary."""
    out: dict[str, list[str]] = {}
    for guard in move.guards:
        asked = move.ask(str(guard.params.get("field", "")))
        if guard.name not in ("codes.all", "codes.include") or asked is None:
            continue
        mark = guard.params.get("mark")
        items = [c for c in codes.book()[asked.list or ""].items.values() if not c.retired]
        out[asked.name] = [c.code for c in items if mark is None or c.attributes.get(str(mark))]
    return out


def keep_at_once(lives: Iterable[Life], until: datetime) -> None:
    """Every duty of these matters in time, for a story that is told in one go."""
    waking = [life.keep(until) for life in lives]
    due = [(when, n) for n, life in enumerate(waking) if (when := next(life, None)) is not None]
    while due:
        when, n = min(due)
        due.remove((when, n))
        actions.climb_overdue(now=when)
        following = next(waking[n], None)
        if following is not None:
            due.append((max(following, when), n))


def vars_of(party: PartyInput) -> dict[str, Any]:
    """The values of a party, to make a changed one."""
    return {name: getattr(party, name) for name in PartyInput.__slots__}


def office(moment: datetime, rng: random.Random, *, back: bool = False) -> datetime:
    """The same moment if the office is open then, else some time in the next (or last) office hours."""
    local = moment.astimezone(SHANGHAI)
    hour = local.hour + local.minute / 60
    step = timedelta(days=-1 if back else 1)
    shut = hour < OPENS if back else hour >= CLOSES
    if shut:
        local += step
    if not OPENS <= hour < CLOSES:
        local = local.replace(hour=15 if back else 8, minute=30, second=0, microsecond=0)
        local += timedelta(minutes=rng.randrange(100))
    while local.isoweekday() > 5:
        local += step
    return local
