"""What a resident may know of her own report, found by the receipt she carries in her head."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anjia.engine.matters.consenting import CONSENT
from anjia.engine.matters.models import Duty, Grant, Matter
from anjia.engine.matters.safe_contact import Contact
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.vault import vault
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.library import definition
from anjia.law.playbooks.schema import Playbook, Text
from anjia.registry.posts import kinds

DIGITS = 20
#: What is said of an office whose kind alone would tell too much.
NEUTRAL: Text = {"zh": "协助单位", "en": "An office that helps"}
#: The effect of a step by which she is told something on the way.
LAYS_READY = "resident.lay_ready"
#: Asked after when nobody is found.
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Said:
    """One line of the conversation. `mine`: she wrote it; otherwise the people who help."""

    event: UUID
    at: datetime
    words: str
    mine: bool
    is_answer: bool


@dataclass(frozen=True)
class LetRead:
    """An office that may read part of it: its kind, never its name, and until when. `hers`: she may end it."""

    grant: UUID
    kind: Text
    until: datetime
    hers: bool


@dataclass(frozen=True)
class Again:
    """She may ask that it be looked at once more: by which step, and until when."""

    move: str
    until: datetime | None


@dataclass(frozen=True)
class Status:
    """Her report as she sees it: where it stands, what was said, what she decided."""

    stage: Text
    is_over: bool
    can_withdraw: bool
    said: list[Said]
    decisions: dict[str, bool]
    unread: list[UUID]  # answers laid ready that she has not seen before now


def find(receipt: str) -> Matter | None:
    """The matter of a receipt. None alike for unknown, mistyped, withdrawn and erased: by the same three questions,
    so that not even the time it takes tells them apart.
    """
    digits = "".join(ch for ch in receipt if ch.isdigit())
    if len(digits) != DIGITS:
        return None
    owner = vault.find("receipt", digits).values_list("owner", flat=True).first() or NOBODY
    matter = Matter.objects.filter(pk=owner).first()
    if Event.objects.filter(matter=owner, move="withdraw", actor_kind="resident").exists():
        return None
    return matter


def may_ask_again(matter: Matter, playbook: Playbook, now: datetime) -> Again | None:
    """复查 or 复核, where the procedure lets whoever asked do it and its time runs. None once it is over."""
    asks = [
        m for m in playbook.moves.values()
        if "opener" in m.by and m.opens and not m.hidden and interpreter.allowed(playbook, m, matter.stage)
    ]  # fmt: skip
    for move in asks:
        kinds = [d.name for d in playbook.duties.values() if move.name in d.done_by]
        due = list(
            Duty.objects.filter(matter=matter.id, kind__in=kinds, done_at__isnull=True).values_list(
                "due_at", flat=True
            )
        )
        if due and max(due) >= now:
            return Again(move.name, max(due))
        if not kinds:
            return Again(move.name, None)
    return None


def wishes(matter: Matter) -> Contact | None:
    """What she said of being reached, without number or hours; None where she left no way. Logged like any look."""
    her = matter.parties.filter(role="asking").first()
    row = vault.newest(her.id, "contact") if her else None
    if row is None:
        return None
    access.current().opened(matter.id, "contact")
    contact = Contact.of(vault.open_sealed(row, vault.key(matter.root)))
    return Contact(phone="*" if contact.phone else "", may_write=contact.may_write, silent=contact.silent)


def let_read(matter: Matter, now: datetime) -> list[LetRead]:
    """To whom it is granted now. What the law lets others read is shown too, and not ended by her word; a place
    that hides people is not named, not even by its kind.
    """
    grants = Grant.objects.filter(
        matter=matter.id, kind=Grant.Kind.GRANT, ended_at__isnull=True, until__gt=now
    ).select_related("agency")
    return [
        LetRead(
            g.id,
            NEUTRAL if kinds.kinds()[g.agency.kind].secret else kinds.text(g.agency.kind),
            g.until,
            g.ground == CONSENT,
        )
        for g in grants.order_by("until", "id")
    ]


def laid_ready_by(playbook: Playbook) -> list[str]:
    """The procedure's own steps whose words lie ready for her."""
    return [m.name for m in playbook.moves.values() if any(e.name == LAYS_READY for e in m.effects)]


def status(matter: Matter) -> Status:
    """Everything the status page shows; reading it is logged like every other reading."""
    playbook = definition(matter.playbook, matter.version)
    told = ("reply", "message", "seen", *laid_ready_by(playbook))
    events = list(Event.objects.filter(matter=matter.id, move__in=told).order_by("seq"))
    rows = vault.latest([e.sealed for e in events if e.sealed], ["narrative"])
    key = vault.key(matter.root)
    access.current().opened(matter.id, "narrative")
    said, seen = [], {e.codes.get("seen") for e in events if e.move == "seen"}
    unread: list[UUID] = []
    for e in events:
        row = rows.get((e.sealed, "narrative")) if e.sealed else None
        if row is None:
            continue
        words = vault.open_sealed(row, key)
        answer = e.move == "reply"
        said.append(
            Said(
                e.id,
                e.at,
                words.get("reply_words") or words.get("words", ""),
                e.actor_kind == "resident",
                answer,
            )
        )
        if answer and str(e.id) not in seen:
            unread.append(e.id)
    asking = matter.parties.filter(role="asking").first()
    names = ("tell_community", "come_to_door", "tell_police")
    return Status(
        stage=playbook.stages[matter.stage].label,
        is_over=matter.ended_at is not None,
        can_withdraw=matter.ended_at is None,
        said=said,
        decisions={n: bool(getattr(asking, n)) for n in names} if asking else {},
        unread=unread,
    )
