"""同一人: one person met in several matters. A link between parties and nothing more; it holds no identifier.

Whoever leads a matter says that somebody in it is the same person as somebody in another matter that lies
open before the same reader. Both matters keep the event; ending the link undoes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import not_alone, repeats, values, walls
from anjia.engine.matters.acting import locked
from anjia.engine.matters.engine_moves import LINK_PERSON, LINK_WHY, UNLINK_PERSON
from anjia.engine.matters.models import Party, PersonLink
from anjia.engine.matters.moving import Moving, step_of
from anjia.engine.matters.policies import can_link_person, names_only
from anjia.engine.matters.seats import MAY_OPEN, Scope, Seated, visible_to
from anjia.engine.matters.settling import settle
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.verdict import NotFound, RuleBroken, require
from anjia.foundation.events import access
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.library import definition
from anjia.law.playbooks.schema import Move, Text
from anjia.registry.posts.actors import Actor

OFFERED = 20


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody in another matter that lies open before this reader: linked already, or perhaps the same."""

    mine: UUID  # the party of this matter
    party: UUID
    matter: UUID
    number: str
    label: Text
    stage: Text
    holder: str
    called: Text
    name: str
    alike: tuple[str, ...] = ()  # kinds of identifier that are equal


# -- reading --------------------------------------------------------------------------------------------


def linked(scope: Scope, matter: UUID) -> list[Met]:
    """The other matters of the people of this one, as far as the reader may open them."""
    mine = dict(
        PersonLink.objects.filter(party__matter=matter, ended_at__isnull=True).values_list("person", "party")
    )
    if not mine:
        return []
    links = PersonLink.objects.filter(person__in=mine, ended_at__isnull=True).exclude(party__matter=matter)
    person_of = dict(links.order_by("-at").values_list("party", "person")[: OFFERED * 2])
    return met(scope, {p: mine[person] for p, person in person_of.items()})


def suggested(scope: Scope, matter: UUID) -> list[Met]:
    """Who may be the same: equal telephone, identity number, or name with date of birth; in scope only."""
    known = {m.party for m in linked(scope, matter)}
    alike: dict[UUID, set[str]] = {}
    mine: dict[UUID, UUID] = {}
    for twin in repeats.twins(matter):
        if twin.theirs not in known:
            mine.setdefault(twin.theirs, twin.mine)
            alike.setdefault(twin.theirs, set()).add(twin.kind)
    return [replace(m, alike=tuple(sorted(alike[m.party]))) for m in met(scope, mine)]


def people_of(scope: Scope, matter: UUID, mine: UUID) -> list[Met]:
    """Everybody in a matter the reader names, to choose from; nobody where it does not lie open to her."""
    return met(scope, dict.fromkeys(Party.objects.filter(matter=matter).values_list("id", flat=True), mine))


def open_parties(scope: Scope, parties: Iterable[UUID]) -> list[Party]:
    """Those of these people whose matters lie open, unmasked, before the reader's own office."""
    rows = list(Party.objects.filter(pk__in=list(parties)).select_related("matter__holder").order_by("-id"))
    seats = scope.own().filter(mask=False, matter__in={p.matter_id for p in rows})
    may = {
        m
        for m, capacity in seats.values_list("matter_id", "capacity")
        if Compartment.IDENTITY in MAY_OPEN.get(capacity, frozenset())
    }
    return [p for p in rows if p.matter_id in may and not names_only(p.matter)][:OFFERED]


def met(scope: Scope, mine: dict[UUID, UUID]) -> list[Met]:
    """What is shown of people in other matters (theirs -> whom they are compared with); the reading is logged."""
    rows = open_parties(scope, mine)
    labels = vault.latest([p.matter_id for p in rows], ["label"]) if rows else {}
    keys = vault.keys({p.root for p in rows}) if rows else {}
    found = []
    for p in rows:
        playbook, label = definition(p.matter.playbook, p.matter.version), labels.get((p.matter_id, "label"))
        access.current().opened(p.matter_id, Compartment.LABEL)
        found.append(
            Met(
                mine=mine[p.id],
                party=p.id,
                matter=p.matter_id,
                number=p.matter.number,
                label=playbook.label,
                stage=playbook.stages[p.matter.stage].label,
                holder=p.matter.holder.name,
                called=interpreter.words(playbook, p.matter.stage, p.role),
                name=str(vault.open_sealed(label, keys[p.root]).get(p.role) or "") if label else "",
            )
        )
    return found


# -- writing; `actions` are the only callers ------------------------------------------------------------


@dataclass(frozen=True)
class Two:
    """The two people and their matters, both open to who acts."""

    mine: Party
    theirs: Party
    first: Seated
    second: Seated


def both(actor: Actor, matter: UUID, mine: UUID, theirs: UUID) -> Two:
    """Find and lock both matters, in one order whoever begins, or the same NotFound for all that is not so."""
    people = {p.id: p for p in Party.objects.filter(pk__in=[mine, theirs])}
    if mine not in people or theirs not in people or people[mine].matter_id != matter:
        raise NotFound
    other = people[theirs].matter_id
    if other == matter:
        raise RuleBroken(_("请选另一件事项里的人。"), {"theirs": _("请选另一件事项里的人。")})
    scope = visible_to(actor)
    seated = {m: scope.find(m) for m in (matter, other)}
    if seated[other].mask or not seated[other].may_open(Compartment.IDENTITY):
        raise NotFound
    if names_only(seated[other].matter):
        raise NotFound
    require(can_link_person(seated[matter]))
    rows = {m: locked(m) for m in sorted(seated)}
    first, second = (Seated(rows[m], seated[m].capacity, seated[m].mask) for m in (matter, other))
    return Two(people[mine], people[theirs], first, second)


def link(batch: Batch, two: Two, *, actor: Actor, now: datetime, why: str, words: str) -> Moving:
    """Put both people under one person id; whoever had none takes the other's."""
    held = {
        row.party_id: row
        for row in PersonLink.objects.filter(party__in=[two.mine, two.theirs], ended_at__isnull=True)
    }
    mine, theirs = held.get(two.mine.id), held.get(two.theirs.id)
    if mine and theirs and mine.person == theirs.person:
        raise RuleBroken(_("已经认定是同一人。"))
    person = theirs.person if theirs else mine.person if mine else uuid7()
    if mine and theirs:  # she had been linked elsewhere: she goes over to this one, and the record says so
        end(batch, mine, actor=actor, now=now)
    for party, row in ((two.mine, None if mine and theirs else mine), (two.theirs, theirs)):
        if row is None:
            batch.insert(PersonLink(person=person, party=party, why=why, linked_by=actor.account_id, at=now))
    walls.share(batch, {two.mine.root, two.theirs.root}, now)
    not_alone.share(batch, two.first.matter, two.second.matter)
    return record(batch, two, LINK_PERSON, actor=actor, now=now, why=why, words=words)


def unlink(batch: Batch, two: Two, *, actor: Actor, now: datetime, words: str) -> Moving:
    """The person of this matter is no longer held to be the other one."""
    held = {
        row.party_id: row
        for row in PersonLink.objects.filter(party__in=[two.mine, two.theirs], ended_at__isnull=True)
    }
    mine, theirs = held.get(two.mine.id), held.get(two.theirs.id)
    if mine is None or theirs is None or mine.person != theirs.person:
        raise RuleBroken(_("没有认定过是同一人。"))
    end(batch, mine, actor=actor, now=now)
    return record(batch, two, UNLINK_PERSON, actor=actor, now=now, why="", words=words)


def end(batch: Batch, row: PersonLink, *, actor: Actor, now: datetime) -> None:
    """The link ends; the row stays as the record that it existed."""
    row.ended_at, row.ended_by = now, actor.account_id
    batch.update(row, ["ended_at", "ended_by"])


def record(
    batch: Batch, two: Two, move: Move, *, actor: Actor, now: datetime, why: str, words: str
) -> Moving:
    """The event in both matters, each naming the other's person; the words stay with the one it was done in."""
    typed = values.clean(move.asks, {"link_why": why, "reason": words}, now=now)
    facts = {name: value for name, value in typed.items() if name == LINK_WHY.name}
    pairs = ((two.second, two.theirs, two.mine), (two.first, two.mine, two.theirs))
    for seated, party, other in pairs:
        moving = step_of(
            seated.matter,
            move,
            actor=actor,
            now=now,
            values=typed if seated is two.first else facts,
            batch=batch,
            seated=seated,
        )
        moving.codes["person"] = {
            "party": str(party.id), "other": str(other.id), "matter": str(other.matter_id),
        }  # fmt: skip
        settle(moving, interpreter.Plan(stage_after=seated.matter.stage))
    return moving
