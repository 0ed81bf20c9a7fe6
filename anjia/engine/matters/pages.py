"""The matter page as plain values, in the order its readers need: who by when, her word, next steps, story.

Templates never see a row they may not show: what is masked or sealed for this reader is not in here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from anjia.engine.matters import grants, not_alone, reading, repeats, safe_hours, same_person, tokens
from anjia.engine.matters.answering import as_answered
from anjia.engine.matters.effects import left_over
from anjia.engine.matters.engine_moves import FOR_LEADERS, LINK_PERSON, OF_RIGHTS
from anjia.engine.matters.models import Duty, Grant, Link, Matter, Party
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.policies import can_move, joining_kinds, may_record
from anjia.engine.matters.registry import check_guards
from anjia.engine.matters.safe_contact import CALL, WISHES, Answer, Contact, decide
from anjia.engine.matters.seats import GRANTABLE, LEAST_FIRST, Seated, visible_to
from anjia.engine.matters.times import frozen_rule
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import Verdict
from anjia.foundation.events.models import Event
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.builtin import BUILT_IN_FIELDS
from anjia.law.playbooks.library import definition, find_duty
from anjia.law.playbooks.schema import Card, Move, Playbook, Text
from anjia.law.playbooks.schema import Duty as DutyDefinition
from anjia.registry.posts import agencies as offices
from anjia.registry.posts import people
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import Agency


@dataclass(frozen=True)
class DutyLine:
    """谁来办 · 何时前 · 依据."""

    id: UUID
    kind: str
    label: Text
    agency: str
    agency_id: UUID
    is_mine: bool
    due_at: datetime
    started_at: datetime
    is_provisional: bool
    is_paused: bool
    climbed_to: str
    claimed_at: datetime | None
    post: UUID | None
    rule: str
    law: Text
    article: str
    round: int
    late_reason: str
    done_at: datetime | None = None
    outcome: str = ""
    is_late: bool = False
    recorded_late: bool = False
    in_company: bool = False  # a visit, and nobody goes there alone
    left: list[Text] = field(default_factory=list)  # done bit by bit: what is still missing
    tries: int = 0  # attempts in vain before this round
    try_at: datetime | None = None  # the next one, where it was agreed


@dataclass(frozen=True)
class Step:
    """A button: one move, whether it may be pressed now, and for whom it may be recorded."""

    move: Move
    verdict: Verdict
    recordable: list[tuple[UUID, str]]  # agencies on whose behalf this reader may record it
    joining_kinds: tuple[str, ...]  # kinds of agency that come into the matter by being recorded
    is_built_in: bool

    @property
    def name(self) -> str:
        return self.move.name


@dataclass(frozen=True)
class Entry:
    """One line of 经过. `words` is empty where this reader may not read them; `is_sealed` says so."""

    event: UUID
    seq: int
    at: datetime
    recorded_at: datetime
    who: str
    agency: str
    move: str
    label: Text
    stage: Text | None
    lines: list[tuple[Text, Any]]
    words: list[tuple[Text, str]]
    is_sealed: bool
    on_behalf_of: str = ""
    on_behalf_id: UUID | None = None
    is_confirmed: bool | None = None  # None: nothing to confirm
    is_by_letter: bool = False  # the agency answered by the code on a letter
    is_void: bool = False
    is_disputed: bool = False
    files: list[UUID] = field(default_factory=list)
    child: UUID | None = None
    codes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_of_rights(self) -> bool:
        """Who was let in, or looked: what others rely on, and nobody corrects."""
        return self.move in OF_RIGHTS


@dataclass(frozen=True)
class Person:
    """One person in the matter, as far as this reader may see her. Whereabouts are never in here."""

    id: UUID
    role: str
    called: Text
    name: str
    sex: str
    age_band: str
    relation: str
    protection: list[str]
    identity: dict[str, Any]
    contact: dict[str, Any]
    may_write: bool | None  # her word on text messages; None: never asked
    may_call: Answer | None  # whether she may be telephoned at this moment
    reporter: dict[str, Any]  # who reported: for whoever holds the matter alone
    versions: dict[str, int]
    decisions: dict[str, bool | None]
    has_whereabouts: bool
    is_disputed: bool = False  # somebody says that what is kept of her or him is not so


@dataclass(frozen=True)
class Child:
    """A referral or measure of this matter."""

    id: UUID
    number: str
    label: Text
    stage: Text
    agency: str
    result: str
    is_over: bool
    is_detached: bool
    due_at: datetime | None
    is_visible: bool


@dataclass(frozen=True)
class MatterPage:
    """Everything the page shows to this reader."""

    matter: Matter
    playbook: Playbook
    label: Text
    stage: Text
    names: dict[str, str]
    capacity: str
    is_masked: bool
    holder: str
    assignee: UUID | None
    duties: list[DutyLine]
    past_duties: list[DutyLine]
    steps: list[Step]
    entries: list[Entry]
    people: list[Person]
    children: list[Child]
    parent: Child | None
    roles: list[tuple[Text, str, str]]  # label, agency name, why
    files: list[dict[str, Any]]
    same_case: list[tuple[UUID, str, str]]  # matter, number, kind
    same_person: list[same_person.Met]
    card: Card | None
    may_open_whereabouts: bool
    not_alone: bool  # nobody goes there alone
    not_alone_why: Text | None  # only for whoever may read the words that said it
    his_office: tuple[str, str]  # id and name of the office he works for, where the reader may know it
    opened: list[Grant] = field(
        default_factory=list
    )  # rights by which this reader sees more than the seat shows
    rights: list[grants.Right] = field(default_factory=list)  # for whoever leads: who else was let in
    openings: Mapping[str, Verdict] = field(
        default_factory=dict
    )  # how this reader may look further, and why not

    @property
    def is_closed(self) -> bool:
        """Nothing of what is sealed is shown to this reader."""
        return self.is_masked and not self.opened

    @property
    def ver(self) -> int:
        return self.matter.ver

    @property
    def relation(self) -> str:
        """How the reader stands to the matter."""
        return Seated(self.matter, self.capacity, self.is_masked).relation


def matter_page(actor: Actor, matter_id: UUID, now: datetime) -> MatterPage:
    """The page, or NotFound. Everything decrypted for it is logged as one opening."""
    seated = visible_to(actor).find(matter_id)
    matter, playbook = seated.matter, definition(seated.matter.playbook, seated.matter.version)
    read = reading.Reading(seated=seated, actor=actor, now=now)
    agencies = read.agencies()
    left = still_missing(read, playbook)
    duties = [duty_line(d, playbook, actor, agencies, seated, left.get(d.kind, [])) for d in read.duties]
    people_here = [person(read, p, playbook) for p in read.parties]
    return MatterPage(
        matter=matter,
        playbook=playbook,
        label=playbook.label,
        stage=playbook.stages[matter.stage].label,
        names=read.names(),
        capacity=seated.capacity,
        is_masked=seated.mask,
        holder=matter.holder.name,
        assignee=matter.assignee_id,
        duties=sorted((d for d in duties if d.done_at is None), key=lambda d: (d.due_at, str(d.id))),
        past_duties=[d for d in duties if d.done_at is not None],
        steps=steps(read, playbook, agencies),
        entries=entries(read, playbook, agencies),
        people=people_here,
        children=children(read, agencies),
        parent=parent_row(read),
        roles=roles(matter, playbook, agencies),
        files=read.files(),
        same_case=same_case(read),
        same_person=same_person_rows(read),
        card=stage_card(playbook, matter.stage),
        may_open_whereabouts=not seated.mask and seated.capacity in ("holder", "tray"),
        not_alone=is_dangerous(seated),
        not_alone_why=why_not_alone(read),
        his_office=his_office(read),
        opened=relied_on(seated),
        rights=rights(read),
        openings=openings(actor, seated),
    )


def relied_on(seated: Seated) -> list[Grant]:
    """The narrower rights by which this reader sees something, an emergency first; of one kind, that which lasts longest."""
    found = {g.id: g for c in GRANTABLE if (g := seated.beyond_seat(c))}
    longest = {g.kind: g for g in sorted(found.values(), key=lambda g: g.until)}
    return sorted(longest.values(), key=lambda g: LEAST_FIRST.index(Grant.Kind(g.kind)), reverse=True)


def rights(read: reading.Reading) -> list[grants.Right]:
    """授权与临时查阅: asked only where there was one, for whoever leads the matter or asked for it."""
    if read.seated.mask or read.seated.capacity not in grants.LED:
        return []
    if not any("grant" in e.codes for e in read.events):
        return []
    found = {
        str(e.codes["reviews"]): str((e.codes.get("facts") or {}).get("emergency_verdict", ""))
        for e in read.events
        if e.codes.get("reviews")
    }
    owed = [d.id for d in read.duties if d.done_at is None and d.agency_id == read.actor.agency_id]
    return grants.of_matter(read.matter.id, read.now, found, owed)


def openings(actor: Actor, seated: Seated) -> dict[str, Verdict]:
    """按目的开看 and 应急查阅, where the table knows them for this relation."""
    ways = {"open": grants.can_open_for, "emergency": grants.can_open_in_emergency}
    known = {name: may(actor, seated) for name, may in ways.items()}
    return {name: verdict for name, verdict in known.items() if verdict.code != "capacity"}


def is_dangerous(seated: Seated) -> bool:
    """Whether whoever works on it here is told that nobody goes there alone."""
    return not_alone.stands(seated.matter) and not seated.mask and bool(seated.capacity)


def why_not_alone(read: reading.Reading) -> Text | None:
    """The reason as it was given last, in the words this reader may read."""
    said = [e for e in read.events if e.codes.get("not_alone") == "said" and not_alone.stands(read.matter)]
    words = read.words(said[-1])[0].get(not_alone.WHY) if said else None
    shown = reading.shown(BUILT_IN_FIELDS[not_alone.WHY], words) if words else None
    return dict(shown) if shown else None


def his_office(read: reading.Reading) -> tuple[str, str]:
    """The office in this system that the person complained of works for."""
    for party in read.parties:
        named = (
            read.document(party.id, "identity").get("their_agency") if party.role == "complained" else None
        )
        if named:
            return str(named), offices.names([UUID(str(named))]).get(UUID(str(named)), "")
    return "", ""


def still_missing(read: reading.Reading, playbook: Playbook) -> dict[str, list[Text]]:
    """Of duties that are done bit by bit, what is still missing."""
    out: dict[str, list[Text]] = {}
    for move in playbook.moves.values():
        for e in move.effects:
            asked = move.ask(str(e.params.get("field"))) if e.name == "duty.until_all" else None
            if asked and asked.list:
                missing = left_over(read.events, move, asked.name, str(e.params["mark"]))
                out[str(e.params["duty"])] = [reading.label_of(asked.list, code) for code in missing]
    return out


def duty_line(
    duty: Duty,
    playbook: Playbook,
    actor: Actor,
    agencies: Mapping[UUID, Agency],
    seated: Seated,
    left: list[Text],
) -> DutyLine:
    """One duty with its legal source."""
    rule = frozen_rule(duty)
    agency = agencies.get(duty.agency_id)
    return DutyLine(
        id=duty.id,
        kind=duty.kind,
        label=find_duty(playbook, duty.kind).label,
        agency=agency.name if agency else "",
        agency_id=duty.agency_id,
        is_mine=duty.agency_id == actor.agency_id,
        due_at=duty.due_at,
        started_at=duty.started_at,
        is_provisional=duty.is_provisional,
        is_paused=duty.paused_at is not None,
        climbed_to=duty.climbed_to,
        claimed_at=duty.claimed_at,
        post=duty.post_id,
        rule=duty.rule,
        law=rule.law_name,
        article=rule.article,
        round=duty.round,
        late_reason=duty.late_reason,
        done_at=duty.done_at,
        outcome=duty.outcome,
        is_late=duty.is_late,
        recorded_late=duty.recorded_late,
        in_company=is_dangerous(seated) and not_alone.is_visit_duty(playbook, duty.kind),
        left=left if duty.done_at is None else [],
        **tries_of(duty, find_duty(playbook, duty.kind), seated.matter),
    )


def tries_of(duty: Duty, kind: DutyDefinition, matter: Matter) -> dict[str, Any]:
    """How often it was tried in vain, and when it is to be tried again."""
    if not kind.tried_by or duty.done_at is not None:
        return {}
    agreed = matter.data.get("next_contact_at")
    at = safe_hours.instant(agreed, datetime.max.replace(tzinfo=SHANGHAI)) if agreed else None
    return {"tries": duty.round - 1, "try_at": at if at and at > duty.started_at else None}


def steps(read: reading.Reading, playbook: Playbook, agencies: Mapping[UUID, Agency]) -> list[Step]:
    """The buttons: what may be done now, and why not where it may not."""
    out = []
    for move in interpreter.moves_from(playbook, read.matter.stage, ended=read.matter.ended_at is not None):
        if move.hidden or move.name == "seen":
            continue
        verdict = can_move(playbook=playbook, move=move, seated=read.seated, actor=read.actor)
        behalf = may_record(playbook=playbook, move=move, seated=read.seated, actor=read.actor)
        kinds = joining_kinds(playbook=playbook, move=move, seated=read.seated, actor=read.actor)
        if verdict.code in ("role", "masked") and not behalf and not kinds:
            continue
        if verdict or behalf or kinds:
            refusal = check_guards(preview(read, playbook, move))
            verdict = verdict if refusal else refusal
        names = [(a, agencies[a].name if a in agencies else "") for a in behalf]
        out.append(Step(move, verdict, names, kinds, move.builtin))
    return out


def steps_now(actor: Actor, matter_id: UUID, now: datetime) -> list[Step]:
    """The buttons of a matter that may be pressed now, without opening anything sealed in it."""
    seated = visible_to(actor).find(matter_id)
    read = reading.Reading(seated=seated, actor=actor, now=now)
    if seated.mask:
        return []
    playbook = definition(seated.matter.playbook, seated.matter.version)
    offered = steps(read, playbook, {})
    return [s for s in offered if s.verdict or (s.recordable and s.verdict.code == "role")]


def preview(read: reading.Reading, playbook: Playbook, move: Move) -> Moving:
    """The move as it would run with nothing typed yet: only guards that do not ask for input refuse."""
    moving = Moving(
        matter=read.matter,
        playbook=playbook,
        move=move,
        actor=read.actor,
        now=read.now,
        at=read.now,
        values={},
        batch=Batch(),
        seated=read.seated,
        is_preview=True,
    )
    moving.duties = [d for d in read.duties if d.done_at is None]
    moving.parties = read.parties
    moving.children = read.children
    return moving


def entries(read: reading.Reading, playbook: Playbook, agencies: Mapping[UUID, Agency]) -> list[Entry]:
    """经过, oldest first."""
    names = people.names({e.actor for e in read.events if e.actor})
    void = {e.codes.get("corrects") for e in read.events if e.codes.get("corrects")}
    disputed = {e.codes.get("disputes") for e in read.events if e.codes.get("disputes")}
    confirmed = {c["event"]: c["confirmed"] for e in read.events if (c := e.codes.get("confirms"))}
    own, leads = read.actor.agency_id, read.seated.capacity in reading.LEADING
    shown = [
        e
        for e in read.events
        if leads or e.move not in FOR_LEADERS or (e.agency == own and "grant" in e.codes)
    ]
    made = [entry(read, e, playbook, agencies, names, void, confirmed) for e in shown]
    return [replace(m, is_disputed=True) if str(m.event) in disputed else m for m in made]


def entry(
    read: reading.Reading,
    e: Event,
    playbook: Playbook,
    agencies: Mapping[UUID, Agency],
    names: Mapping[UUID, str],
    void: set[Any],
    confirmed: Mapping[str, bool],
) -> Entry:
    """One line of the story."""
    move = reading.move_of(playbook, e.move)
    if e.codes.get("answer"):  # of a held answer only its words are told
        move = as_answered(move, reading.move_of(playbook, e.codes["answer"]))
    words, is_sealed = read.words(e)
    behalf = UUID(e.codes["on_behalf_of"]) if e.codes.get("on_behalf_of") else None
    happened = e.codes.get("happened_at")
    stage = e.codes.get("stage") if "from" in e.codes or e.seq == 1 else None
    return Entry(
        event=e.id,
        seq=e.seq,
        at=datetime.fromisoformat(happened) if happened else e.at,
        recorded_at=e.at,
        who=names.get(e.actor, "") if e.actor and not read.seated.mask else "",
        agency=office(agencies, e.agency),
        move=e.move,
        label=move.label,
        stage=playbook.stages[stage].label if stage in playbook.stages else None,
        lines=reading.lines(move, e.codes.get("facts") or {}),
        words=reading.labelled(move, words),
        is_sealed=is_sealed,
        on_behalf_of=office(agencies, behalf),
        on_behalf_id=behalf,
        is_confirmed=confirmed.get(str(e.id), False) if behalf else None,
        is_by_letter="by_letter" in e.codes,
        is_void=str(e.id) in void,
        files=[UUID(f) for f in e.codes.get("files", [])],
        child=UUID(e.codes["child"]) if e.codes.get("child") else None,
        codes=e.codes,
    )


def office(agencies: Mapping[UUID, Agency], agency: UUID | None) -> str:
    """The name of an office, or nothing."""
    found = agencies.get(agency) if agency else None
    return found.name if found else ""


def person(read: reading.Reading, party: Party, playbook: Playbook) -> Person:
    """One person, with what this capacity may open."""
    contact = read.document(party.id, "contact")
    return Person(
        id=party.id,
        role=party.role,
        called=interpreter.words(playbook, read.matter.stage, party.role),
        name="、".join(tokens.named(party, read.parties, {(party.matter_id, "label"): read.names()})),
        sex=party.sex,
        age_band=party.age_band,
        relation=party.relation,
        protection=list(party.protection),
        identity=shown_identity(read, party),
        contact={k: v for k, v in contact.items() if k not in WISHES},
        may_write=contact.get("message_ok"),
        may_call=decide(Contact.of(contact), CALL, read.now) if contact else None,
        reporter=read.document(party.id, "reporter"),
        versions={c: read.version(party.id, c) for c in ("identity", "contact", "whereabouts")},
        decisions=decisions(party, playbook),
        has_whereabouts=read.version(party.id, "whereabouts") > 0,
        is_disputed=any(e.codes.get("disputes") == str(party.id) for e in read.events),
    )


def shown_identity(read: reading.Reading, party: Party) -> dict[str, Any]:
    """Her particulars as they are read: an office by its name."""
    document = dict(read.document(party.id, "identity"))
    if document.get("their_agency"):
        document["their_agency"] = his_office(read)[1]
    return document


def decisions(party: Party, playbook: Playbook) -> dict[str, bool | None]:
    """Her word, where the procedure asks for it; a dispute between two does not."""
    said = {
        "tell_community": party.tell_community,
        "come_to_door": party.come_to_door,
        "tell_police": party.tell_police,
    }
    definition = playbook.parties.get(party.role)
    asked = {f.name for f in definition.fields} if definition else set(said)
    return {name: word for name, word in said.items() if name in asked}


def children(read: reading.Reading, agencies: Mapping[UUID, Agency]) -> list[Child]:
    """协办与子事项."""
    shown = [c for c in read.children if not is_apart(c, read.matter) or read.sees(c.id)]
    return [child_row(c, read.child_due(c.id), is_visible=not read.seated.mask) for c in shown]


def is_apart(child: Matter, parent: Matter) -> bool:
    """A case of violence that came to light in another procedure: only who has a seat there learns that it exists."""
    mine, theirs = (definition(m.playbook, m.version) for m in (child, parent))
    return mine.concerns_violence and not theirs.concerns_violence


def child_row(matter: Matter, due_at: datetime | None, *, is_visible: bool) -> Child:
    playbook = definition(matter.playbook, matter.version)
    return Child(
        id=matter.id,
        number=matter.number,
        label=playbook.label,
        stage=playbook.stages[matter.stage].label,
        agency=matter.holder.name,
        result=matter.result,
        is_over=matter.ended_at is not None,
        is_detached=matter.detached_at is not None,
        due_at=due_at,
        is_visible=is_visible,
    )


def parent_row(read: reading.Reading) -> Child | None:
    """The matter this one belongs to, only for who has a seat there."""
    parent = read.matter.parent
    if parent is None or read.seated.mask or not read.sees(parent.id):
        return None
    return child_row(parent, None, is_visible=True)


def roles(matter: Matter, playbook: Playbook, agencies: Mapping[UUID, Agency]) -> list[tuple[Text, str, str]]:
    """Who plays which part, and why that agency."""
    out = []
    for name, bound in matter.roles.items():
        role, agency = playbook.roles.get(name), agencies.get(UUID(bound["agency"]))
        if role and agency:
            out.append((role.label, agency.name, bound["why"]))
    return out


def same_case(read: reading.Reading) -> list[tuple[UUID, str, str]]:
    """Matters that may be, or are, about the same family, for the office that holds both."""
    if read.seated.mask or read.seated.capacity not in reading.LEADING:
        return []
    if read.matter.playbook != repeats.PLAYBOOK and not any(e.codes.get("linked") for e in read.events):
        return []
    links = list(Link.objects.filter(first=read.matter.id, ended_at__isnull=True).select_related("second"))
    seen = visible_to(read.actor).seen(link.second_id for link in links)
    return [(link.second_id, link.second.number, link.kind) for link in links if link.second_id in seen]


def same_person_rows(read: reading.Reading) -> list[same_person.Met]:
    """同一人的其他事项, as far as they too lie open before the reader."""
    if read.seated.mask or read.seated.capacity not in reading.LEADING:
        return []
    if not any(e.move == LINK_PERSON.name for e in read.events):
        return []
    return same_person.linked(visible_to(read.actor), read.matter.id)


def stage_card(playbook: Playbook, stage: str) -> Card | None:
    """The script card of the first move that leaves this stage and has one."""
    for move in interpreter.moves_from(playbook, stage):
        if move.card and stage in move.from_:
            return playbook.cards.get(move.card)
    return None
