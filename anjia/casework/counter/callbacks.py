"""回拨清单: who is to be called back, who of them may be called now, by which words, and who must not be.

Whether she may be called is asked where everything that reaches her asks (`safe_contact`). Only what one's own office
holds stands here; the telephone is opened like on the matter's own page, logged, and shown only where
she may be called now. Nothing here dials, sends or marks: what came of a call is a step of the matter.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from anjia.engine.matters import safe_contact, safe_hours
from anjia.engine.matters.models import Duty, Matter, Party, Seat
from anjia.engine.matters.seats import Scope
from anjia.engine.matters.worklists import label_body, names_of
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.library import definition
from anjia.law.playbooks.schema import Text

#: Duties by which somebody is to be reached, by their rule.
RULES = ("contact.safe-hour",)
#: Steps that say she was not reached, or was.
MISSED, REACHED = "call_missed", "call_safe"
ASKING = "asking"
HOLDING = ("holder", "tray")
LISTED = 100
NOW, LATER, OTHER_DAY, UNREAD, NO_WAY, NEVER = "now", "later", "other-day", "unread", "no-way", "never"
ORDER = (NOW, LATER, UNREAD, OTHER_DAY, NO_WAY, NEVER)


@dataclass(frozen=True, slots=True)
class Call:
    """One person to be called back. `phone` is empty unless she may be called now."""

    matter: UUID
    number: str
    names: str
    label: Text
    due_at: datetime
    state: str
    until: datetime | None  # when she may next be called
    hours: str  # in her own words
    say: str  # what to call ourselves
    never: str  # do not contact
    phone: str
    tries: int  # since she was last reached
    agreed_at: datetime | None  # the next call agreed with her
    steps: tuple[str, ...] = ()


def calls(scope: Scope, now: datetime) -> list[Call]:
    """The list, whoever may be called now first."""
    wanted = scope.own_duties().filter(rule__in=RULES).select_related("matter").order_by("due_at", "id")
    duties: dict[UUID, Duty] = {}
    for duty in wanted[:LISTED]:
        duties.setdefault(duty.matter_id, duty)
    mine = held(scope, list(duties))
    duties = {m: d for m, d in duties.items() if m in mine}
    contacts, names, missed = contacts_of(duties), names_by(scope, list(duties)), tries(list(duties))
    found = [call(d, contacts.get(m, {}), names.get(m, ""), missed[m], now) for m, d in duties.items()]
    return sorted(found, key=lambda c: (ORDER.index(c.state), c.until or c.due_at, c.due_at))


def held(scope: Scope, matters: list[UUID]) -> set[UUID]:
    """Those that this office leads: nobody else may open how she is reached."""
    seats = scope.own().filter(matter__in=matters, capacity__in=HOLDING, mask=False)
    return set(seats.values_list("matter_id", flat=True))


def contacts_of(duties: dict[UUID, Duty]) -> dict[UUID, dict[str, Any]]:
    """How each is reached, decrypted in one go; each opening is logged."""
    people = dict(Party.objects.filter(matter__in=list(duties), role=ASKING).values_list("id", "matter_id"))
    rows = vault.latest(list(people), [Compartment.CONTACT]) if people else {}
    keys = vault.keys({duties[people[owner]].root for owner, _c in rows}) if rows else {}
    reader, out = access.current(), {}
    for (owner, _compartment), row in rows.items():
        matter = people[owner]
        out[matter] = vault.open_sealed(row, keys[duties[matter].root])
        reader.opened(matter, Compartment.CONTACT)
    return out


def names_by(scope: Scope, matters: list[UUID]) -> dict[UUID, str]:
    """Who each is about, as lists name them."""
    seats = Seat.objects.filter(matter__in=matters, agency=scope.actor.agency_id, to_at__isnull=True)
    rows = seats.annotate(label_body=label_body("body"), label_version=label_body("version"))
    return names_of(
        list(rows.values("matter_id", "matter__root", "label_body", "label_version")), masked=frozenset()
    )


def tries(matters: list[UUID]) -> Counter[UUID]:
    """Attempts without an answer since she was last reached."""
    counted: Counter[UUID] = Counter()
    events = Event.objects.filter(matter__in=matters, move__in=(MISSED, REACHED)).order_by("seq")
    for matter, move in events.values_list("matter", "move"):
        counted[matter] = counted[matter] + 1 if move == MISSED else 0
    return counted


def call(duty: Duty, contact: dict[str, Any], names: str, missed: int, now: datetime) -> Call:
    """One line."""
    matter = duty.matter
    said = safe_contact.Contact.of(contact)
    state, answer = standing(said, now)
    playbook = definition(matter.playbook, matter.version)
    return Call(
        matter=matter.id,
        number=matter.number,
        names=names,
        label=interpreter.find_duty(playbook, duty.kind).label,
        due_at=duty.due_at,
        state=state,
        until=answer.until,
        hours=said.when,
        say=str(contact.get("safe_as") or ""),
        never=said.never,
        phone=answer.number,
        tries=missed,
        agreed_at=agreed(matter),
        steps=tuple(
            name
            for name in (REACHED, MISSED)
            if name in playbook.moves and interpreter.allowed(playbook, playbook.moves[name], matter.stage)
        ),
    )


def agreed(matter: Matter) -> datetime | None:
    """The next call agreed with her, where one was."""
    raw = matter.data.get("next_contact_at")
    return safe_hours.instant(raw, datetime.max.replace(tzinfo=SHANGHAI)) if raw else None


def standing(contact: safe_contact.Contact, now: datetime) -> tuple[str, safe_contact.Answer]:
    """Whether she may be called now. Hours that a machine cannot read are for a person to judge, and say so."""
    answer = safe_contact.decide(contact, safe_contact.CALL, now)
    if answer:
        return (NOW if safe_contact.hours(contact.when) else UNREAD), answer
    if answer.until is not None:
        is_today = answer.until.astimezone(SHANGHAI).date() == now.astimezone(SHANGHAI).date()
        return (LATER if is_today else OTHER_DAY), answer
    return {"never": NEVER, "none": NO_WAY}.get(answer.why, UNREAD), answer
