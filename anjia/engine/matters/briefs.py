"""What a leader reads: monthly pages and instructions of the office he sits in, as plain values. No person is in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from anjia.engine.matters import reading
from anjia.engine.matters.figures import Value
from anjia.engine.matters.models import Matter
from anjia.engine.matters.reading import Reading
from anjia.engine.matters.seats import Seated, visible_to
from anjia.foundation.core.verdict import NotFound
from anjia.foundation.events.models import Event
from anjia.law.playbooks.library import definition
from anjia.law.playbooks.schema import Text
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import PostRole

PAGE, INSTRUCTION = "monthly-page", "instruction"
FACTS, RISKS = ("fact_1", "fact_2", "fact_3"), ("risk_1", "risk_2")
SLOTS = (*FACTS, *RISKS)
WANTED = "wanted"
DRAFTING = "drafting"
LISTED = 24


@dataclass(frozen=True)
class Brief:
    """One monthly page. `slots`: the sentence of each, and the figure it came from."""

    matter: Matter
    stage: Text
    month: int
    office: str
    slots: dict[str, tuple[str, str]]
    wanted: str
    sent_at: datetime | None
    answer: Text | None = None
    answer_words: str = ""
    answered_at: datetime | None = None

    @property
    def is_draft(self) -> bool:
        return self.matter.stage == DRAFTING

    @property
    def waits(self) -> bool:
        """Whether the leader has yet to decide."""
        return self.matter.stage == "sent"


@dataclass(frozen=True)
class Said:
    """Something that was said on the way: how far it is, the report, what is still to be done."""

    at: datetime
    move: str
    label: Text
    lines: list[tuple[Text, Any]]
    words: str


@dataclass(frozen=True)
class Part:
    """What one office was asked."""

    office: str
    stage: Text
    is_over: bool
    due_at: datetime | None


@dataclass(frozen=True)
class Instruction:
    """One instruction: its words, who works on it by when, what came back."""

    matter: Matter
    stage: Text
    holder: str
    office: str
    said: str
    said_on: str
    how: Text | None
    about: Text | None
    due_at: datetime | None
    story: list[Said] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.matter.ended_at is not None

    @property
    def is_read(self) -> bool:
        """Whether the leader has read the last report."""
        return bool(self.story) and self.story[-1].move == "read_report"


def pages(actor: Actor, now: datetime) -> list[Brief]:
    """The monthly pages this reader has, the newest first; a leader gets none that was not sent."""
    return [brief(actor, s, now) for s in seen(actor, PAGE) if not kept_from(actor, s)]


def page(actor: Actor, matter: UUID, now: datetime) -> Brief:
    """One of them. Raises NotFound."""
    seated = one(actor, matter, PAGE)
    if kept_from(actor, seated):
        raise NotFound
    return brief(actor, seated, now)


def instructions(actor: Actor, now: datetime) -> list[Instruction]:
    """The instructions this reader's office gave, or works on: the running ones first."""
    found = [instruction(actor, s, now) for s in seen(actor, INSTRUCTION)]
    return sorted(found, key=lambda i: i.is_over)


def one_instruction(actor: Actor, matter: UUID, now: datetime) -> Instruction:
    """One of them. Raises NotFound."""
    return instruction(actor, one(actor, matter, INSTRUCTION), now)


def kept_from(actor: Actor, seated: Seated) -> bool:
    """What is still being written, or was never sent, is nothing a leader reads."""
    unsent = seated.matter.stage in (DRAFTING, "dropped")
    return actor.role == PostRole.LEADER and unsent


def one(actor: Actor, matter: UUID, playbook: str) -> Seated:
    """A matter of that procedure in which the reader's office takes part; nothing else is one here."""
    seated = visible_to(actor).find(matter)
    if seated.matter.playbook != playbook or not seated.capacity:
        raise NotFound
    return seated


def seen(actor: Actor, playbook: str) -> list[Seated]:
    """The newest of them."""
    seats = visible_to(actor).for_leaders().filter(playbook=playbook).order_by("-opened_at", "-matter")
    rows = seats.select_related("matter__holder", "matter__parent")[:LISTED]
    return [Seated(s.matter, s.capacity, s.mask, actor) for s in rows]


def brief(actor: Actor, seated: Seated, now: datetime) -> Brief:
    """The sentences as they were saved last, or sent."""
    read = Reading(seated=seated, actor=actor, now=now)
    matter, texts, froms = seated.matter, {}, {}
    sent_at = answered = None
    answer: Text | None = None
    answer_words = ""
    for event in read.events:
        words, facts = read.words(event)[0], event.codes.get("facts") or {}
        if event.move in ("save", "send"):
            texts = {k: str(v) for k, v in words.items()}
            froms = {k: str(v) for k, v in facts.items()}
        if event.move == "send":
            sent_at = event.at
        if event.move == "decide":
            answer = reading.label_of("decision-answer", str(facts.get("answer")))
            answer_words, answered = str(words.get("answer_text", "")), event.at
    return Brief(
        matter=matter,
        stage=definition(matter.playbook, matter.version).stages[matter.stage].label,
        month=int(matter.data.get("month") or 0),
        office=office_of(read, "leader"),
        slots={s: (texts.get(s, ""), froms.get(f"{s}_from", "")) for s in SLOTS},
        wanted=texts.get(WANTED, ""),
        sent_at=sent_at,
        answer=answer,
        answer_words=answer_words,
        answered_at=answered,
    )


def office_of(read: Reading, role: str) -> str:
    """The name of the office in that role."""
    bound = read.matter.roles.get(role)
    return read.agencies()[UUID(bound["agency"])].name if bound else ""


TOLD = ("keep", "progress", "report_back", "read_report", "again")


def instruction(actor: Actor, seated: Seated, now: datetime) -> Instruction:
    """Its words first, then what came of it."""
    read = Reading(seated=seated, actor=actor, now=now)
    matter = seated.matter
    playbook = definition(matter.playbook, matter.version)
    opened = read.words(read.events[0])[0] if read.events else {}
    dues = [d.due_at for d in read.duties if d.kind == "report" and d.done_at is None]
    data = matter.data
    return Instruction(
        matter=matter,
        stage=playbook.stages[matter.stage].label,
        holder=matter.holder.name,
        office=office_of(read, "leader"),
        said=str(opened.get("said", "")),
        said_on=str(data.get("said_on") or ""),
        how=reading.label_of("instruction-how", str(data["said_how"])) if data.get("said_how") else None,
        about=reading.label_of("instruction-on", str(data["on_what"])) if data.get("on_what") else None,
        due_at=min(dues, default=None),
        story=[told(read, e) for e in read.events if e.move in TOLD],
        parts=[part(read, c) for c in read.children],
    )


def told(read: Reading, event: Event) -> Said:
    """One step as it is told: coded answers first, then its words."""
    playbook = definition(read.matter.playbook, read.matter.version)
    move = reading.move_of(playbook, event.move)
    words = [str(v) for v in read.words(event)[0].values()]
    return Said(
        event.at,
        event.move,
        move.label,
        reading.lines(move, event.codes.get("facts") or {}),
        "\n".join(words),
    )


def part(read: Reading, child: Matter) -> Part:
    """An office that was asked: how far it is, by when."""
    stages = definition(child.playbook, child.version).stages
    over = child.ended_at is not None
    return Part(child.holder.name, stages[child.stage].label, over, read.child_due(child.id))


def proposed(values: list[Value]) -> dict[str, str]:
    """A page to begin with: three facts, two risks that there are, and what the leader could decide about the first."""
    out: dict[str, str] = {}
    for use, slots in (("fact", FACTS), ("risk", RISKS)):
        told = sorted((v for v in values if v.figure.use == use), key=lambda v: v.of == 0)
        for slot, value in zip(slots, told, strict=False):
            out[slot], out[f"{slot}_from"] = value.sentence["zh"], value.figure.name
    first = next((v for v in values if v.figure.name == out.get("risk_1_from")), None)
    out[WANTED] = first.figure.asks.get("zh", "") if first else ""
    return out
