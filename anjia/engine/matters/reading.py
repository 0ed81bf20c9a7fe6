"""What one reader may read of one matter: fetched in few statements, decrypted only where allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from anjia.engine.matters import grants
from anjia.engine.matters.engine_moves import ENGINE_MOVES
from anjia.engine.matters.models import Duty, Matter, Party, Seat
from anjia.engine.matters.not_alone import with_company
from anjia.engine.matters.seats import Seated
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.files.models import File
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment, Sealed
from anjia.law import codes
from anjia.law.playbooks.library import find_move
from anjia.law.playbooks.schema import Field, Move, Playbook, Text
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import Agency

#: Only who leads may even know that her whereabouts are recorded.
LEADING = ("holder", "tray")
YES_NO: dict[bool, Text] = {True: {"zh": "是", "en": "yes"}, False: {"zh": "否", "en": "no"}}


def move_of(playbook: Playbook, name: str) -> Move:
    """The move an event records, as the playbook in force names it."""
    if name in ENGINE_MOVES:
        return ENGINE_MOVES[name]
    try:
        return with_company(find_move(playbook, name))
    except KeyError:
        return Move(name=name, label={"zh": name, "en": name}, from_=(), by=())


def shown(asked: Field, value: Any) -> Any:
    """A value as a person reads it: code labels as Text, everything else as it is."""
    if asked.type == "yes_no":
        return YES_NO[bool(value)]
    if asked.type == "code" and asked.list:
        return label_of(asked.list, str(value))
    if asked.type == "codes" and asked.list:
        labels = [label_of(asked.list, str(v)) for v in value]
        return {lang: sep.join(x[lang] for x in labels) for lang, sep in (("zh", "、"), ("en", ", "))}
    return value


def label_of(name: str, code: str) -> Text:
    """The two-language label of a code."""
    entry = codes.book()[name].codes.get(code)
    return dict(entry) if entry else {"zh": code, "en": code}


def lines(move: Move, facts: Mapping[str, Any]) -> list[tuple[Text, Any]]:
    """The counted and open answers of a move, labelled."""
    return [(f.label, shown(f, facts[f.name])) for f in move.asks if f.name in facts]


def labelled(move: Move, words: Mapping[str, Any]) -> list[tuple[Text, str]]:
    """The sealed words of a move, labelled where the move asked for them."""
    asked = {f.name: f for f in move.asks}
    out: list[tuple[Text, str]] = []
    for name, value in words.items():
        if name in asked:
            out.append((asked[name].label, shown(asked[name], value)))
        elif name == "allowed_hours":
            out.append(({"zh": "可联系时段", "en": "Hours she gave"}, str(value)))
        else:
            out.append(({"zh": "", "en": ""}, str(value)))
    return out


@dataclass
class Reading:
    """One opening of one matter by one reader."""

    seated: Seated
    actor: Actor
    now: datetime

    @property
    def matter(self) -> Matter:
        return self.seated.matter

    @cached_property
    def duties(self) -> list[Duty]:
        return [d for d in self._all_duties if d.matter_id == self.matter.id]

    @cached_property
    def _all_duties(self) -> list[Duty]:
        """This matter's and its children's, in one statement."""
        ids = [self.matter.id, *(c.id for c in self.children)]
        return list(Duty.objects.filter(matter__in=ids).order_by("started_at", "id"))

    @cached_property
    def events(self) -> list[Event]:
        return list(Event.objects.filter(matter=self.matter.id).order_by("seq"))

    @cached_property
    def parties(self) -> list[Party]:
        return list(Party.objects.filter(matter=self.matter).order_by("id"))

    @cached_property
    def children(self) -> list[Matter]:
        return list(Matter.objects.filter(parent=self.matter).select_related("holder").order_by("id"))

    def child_due(self, child: UUID) -> datetime | None:
        """The earliest open due date of a child."""
        dues = [d.due_at for d in self._all_duties if d.matter_id == child and d.done_at is None]
        return min(dues, default=None)

    @cached_property
    def _key(self) -> vault.RootKey:
        return vault.key(self.matter.root)

    @cached_property
    def _sealed(self) -> dict[tuple[UUID, str], Sealed]:
        """Newest ciphertexts of everything here that this capacity may open, in one statement.

        Whereabouts come along as a row only to know that they exist; they are never opened here.
        """
        wanted = [c for c in Compartment.values if self.seated.may_open(c)]
        if not wanted:
            return {}
        owners = [self.matter.id, *(p.id for p in self.parties), *(e.sealed for e in self.events if e.sealed)]
        owners += [f.id for f in self._files]
        return vault.latest(owners, [*wanted, "whereabouts"])

    @cached_property
    def _files(self) -> list[File]:
        if not self.seated.may_open(Compartment.EVIDENCE) or not any(
            e.codes.get("files") for e in self.events
        ):
            return []
        return list(File.objects.filter(matter=self.matter.id).order_by("id"))

    def document(self, owner: UUID, compartment: str) -> dict[str, Any]:
        """One sealed document, or {} where there is none or this reader may not open it."""
        row = self._sealed.get((owner, compartment))
        if row is None or not self.seated.may_open(compartment):
            return {}
        grants.account_for(self.seated, compartment)
        access.current().opened(self.matter.id, compartment)
        return vault.open_sealed(row, self._key)

    def version(self, owner: UUID, compartment: str) -> int:
        """The newest version of a document, 0 where there is none (or nothing may be known of it)."""
        if compartment == Compartment.WHEREABOUTS and self.seated.capacity not in LEADING:
            return 0
        row = self._sealed.get((owner, compartment))
        return row.version if row else 0

    def names(self) -> dict[str, str]:
        """Who the matter is about, by party role."""
        return {k: str(v) for k, v in self.document(self.matter.id, "label").items()}

    def words(self, event: Event) -> tuple[dict[str, Any], bool]:
        """The words of one event and whether some are kept from this reader."""
        if event.sealed is None:
            return {}, False
        told = [str(a) for a in event.codes.get("told", [])]
        if not self.seated.may_read_event(agency=event.agency, told=told, own=self.actor.agency_id):
            return {}, True
        return {
            **self.document(event.sealed, Compartment.NARRATIVE),
            **self.document(event.sealed, Compartment.EVIDENCE),
            **self.document(event.sealed, Compartment.RESPONDENT),
        }, False

    def files(self) -> list[dict[str, Any]]:
        """Papers and pictures: id, name, kind, size, time, the event they came with."""
        out = []
        for row in self._files:
            about = self.document(row.id, Compartment.EVIDENCE)
            out.append({**about, "id": row.id, "media": row.media, "size": row.size, "at": row.at})
        return out

    def agencies(self) -> dict[UUID, Agency]:
        """Every agency that is named on the page, in one statement."""
        ids = {self.matter.holder_id, *(d.agency_id for d in self.duties)}
        ids |= {e.agency for e in self.events if e.agency}
        ids |= {UUID(b["agency"]) for b in self.matter.roles.values()}
        ids |= {UUID(e.codes["on_behalf_of"]) for e in self.events if e.codes.get("on_behalf_of")}
        return {a.id: a for a in Agency.objects.filter(pk__in=ids)}

    def sees(self, matter: UUID) -> bool:
        """Whether the reader's agency has a seat in another matter."""
        seats = Seat.objects.filter(matter=matter, agency=self.actor.agency_id, to_at__isnull=True)
        return seats.filter(until__gt=self.now).exists()
