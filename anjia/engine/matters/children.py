"""Referrals and measures are child matters: opened by a move of the parent, and the two hear of each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import accused, persons
from anjia.engine.matters.binding import Bound, Ways, bind
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.engine.matters.models import Matter, Party
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.opening import Opening, build
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import RuleBroken, require
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.library import catalogue, definition
from anjia.law.playbooks.schema import Playbook
from anjia.registry.posts import agencies
from anjia.registry.posts.models import Agency

#: What each kind of receiver is given of the people, by role and compartment. Whereabouts: never.
IDENTITY, CONTACT = Compartment.IDENTITY, Compartment.CONTACT
WHOLE = frozenset({IDENTITY, CONTACT})
SHARED: dict[str, dict[str, frozenset[Compartment]]] = {
    "federation": {"*": WHOLE},
    "police_station": {"*": frozenset({IDENTITY}), "asking": WHOLE},
    "police_bureau": {"*": frozenset({IDENTITY}), "asking": WHOLE},
    "court": {"*": frozenset({IDENTITY}), "asking": WHOLE},
    "legal_aid_center": {"*": frozenset({IDENTITY}), "asking": WHOLE},
    "hospital": {"asking": WHOLE},
    "appraisal_center": {"asking": WHOLE},
    "shelter": {"asking": WHOLE, "child": frozenset({IDENTITY})},
    "civil_affairs": {"asking": WHOLE, "child": frozenset({IDENTITY})},
    "school": {"child": frozenset({IDENTITY})},
    "village_committee": {"complained": frozenset({IDENTITY})},
    "mediation_committee": {"asking": frozenset({IDENTITY}), "other": frozenset({IDENTITY})},
}
LEAST = {"asking": frozenset({IDENTITY})}
#: Who reported somebody else's harm is known to whoever took the report, and goes nowhere from there.
NEVER_COPIED = frozenset({"reporting"})
MAX_DEPTH = 4

Copy = tuple[Party, str]  # one of the parent's people, and the role in the child


def copies(moving: Moving, playbook: Playbook) -> list[Copy]:
    """Who of the parent's people is in the child, and as what; a child without parties takes them as they are."""
    if not playbook.shares_people:
        return []
    if not playbook.parties:
        return [(p, p.role) for p in moving.parties if p.role not in NEVER_COPIED]
    out: list[Copy] = []
    for name, party in playbook.parties.items():
        given = moving.move.gives.get(name)
        sources = (given,) if given else party.from_ or (name,)
        role = next((s for s in sources if moving.party(s)), None)
        found = [p for p in moving.parties if p.role == role]
        out += [(p, name) for p in (found if party.many else found[:1])]
    return out


def shared_parties(
    moving: Moving, playbook: Playbook, wanted: Mapping[UUID, frozenset[Compartment]], people: list[Copy]
) -> list[PartyInput]:
    """Copies of the people for the child: what its holder is told, as it stood on that day."""
    compartments = sorted({str(c) for cs in wanted.values() for c in cs})
    rows = vault.latest([p for p, cs in wanted.items() if cs], compartments) if compartments else {}
    out = []
    for party, role in people:
        if not wanted[party.id]:
            continue
        sealed = {
            str(c): vault.open_sealed(rows[(party.id, str(c))], moving.key)
            for c in wanted[party.id]
            if (party.id, str(c)) in rows
        }
        sealed = {c: as_called_there(playbook, role, document) for c, document in sealed.items()}
        if moving.names.get(party.role):
            sealed["label"] = {"name": moving.names[party.role]}
        out.append(copy_of(party, role, sealed))
    return out


def as_called_there(playbook: Playbook, role: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """A person's document under the child's own field names: 乙方 here may be the person asking there."""
    if role not in playbook.parties:
        return dict(document)
    there = {persons.bare(f.name): f.name for f in playbook.parties[role].fields}
    return {there.get(persons.bare(name), name): value for name, value in document.items()}


def told(holder: Agency, moving: Moving, people: list[Copy]) -> dict[UUID, frozenset[Compartment]]:
    """What the child's holder is given of each: all of it where it is who holds the parent."""
    if holder.id == moving.matter.holder_id:
        return {p.id: WHOLE for p, _role in people}
    table = SHARED.get(holder.kind, LEAST)
    return {p.id: table.get(role, table.get("*", frozenset())) for p, role in people}


def copy_of(party: Party, role: str, sealed: Mapping[str, Mapping[str, Any]]) -> PartyInput:
    """One person's codes and the shared part of what is sealed."""
    return PartyInput(
        role=role,
        sex=party.sex,
        age_band=party.age_band,
        relation=party.relation,
        protection=tuple(party.protection),
        sealed=sealed,
        decisions=Decisions(party.tell_community, party.come_to_door, party.tell_police),
    )


def chosen(moving: Moving, playbook: Playbook) -> dict[str, UUID]:
    """Agencies of the child that are known already: the one asked, and the one that acts or is recorded."""
    asked = next((r for r in playbook.roles.values() if r.by_field and not r.kind), None)
    out: dict[str, UUID] = {}
    if asked and asked.by_field:
        agency = moving.agency(receiver(moving, asked.by_field))
        if moving.move.opens_kind and agency.kind not in moving.move.opens_kind:
            raise RuleBroken(_("请选对口的单位。"), {asked.by_field: _("这个单位不办这类事。")})
        out[asked.by_field] = agency.id
    who = acting(moving)
    for role in playbook.roles.values():
        named = moving.values.get(role.by_field) if role.by_field else None
        if named and role.by_field:
            out[role.by_field] = UUID(str(named))
        elif who and who.kind in role.kind and not role.holder_of_parent:
            out[role.name] = who.id
    return out


def acting(moving: Moving) -> Agency | None:
    """Whose act this is: the office it is recorded for, else the actor's own where it does not hold the parent."""
    if moving.on_behalf_of:
        return moving.on_behalf_of
    own = moving.actor.agency_id
    return moving.agency(own) if own and own != moving.matter.holder_id else None


def receiver(moving: Moving, name: str) -> UUID:
    """The agency the child goes to: the one chosen, else the nearest of the move's kinds."""
    named = moving.values.get(name)
    if named:
        return UUID(str(named))
    place = moving.matter.township or moving.matter.county or moving.matter.city
    for kind in moving.move.opens_kind:
        found = agencies.nearest(kind, place, moving.now.date())
        if found:
            return found[0].id
    raise RuleBroken(_("请选请哪个单位协办。"), {name: _("这一项要填。")})


def waiting_child(moving: Moving) -> Matter | None:
    """A child that waits for just the move with which a new one would begin: it takes the answers."""
    name = moving.move.opens_with
    if not name:
        return None
    running = [c for c in moving.children if c.playbook == moving.move.opens and not c.ended_at]
    return next((c for c in running if waits_for(definition(c.playbook, c.version), name, c.stage)), None)


def waits_for(playbook: Playbook, name: str, stage: str) -> bool:
    """Whether that move may start there."""
    return name in playbook.moves and interpreter.allowed(playbook, playbook.moves[name], stage)


def open_child(moving: Moving) -> None:
    """Open the child in the same transaction; the parent's event names it."""
    waiting = waiting_child(moving)
    if waiting:
        moving.child = waiting.id
        return
    if moving.matter.depth + 1 > MAX_DEPTH:
        raise RuleBroken(_("协办层级太深,请在上一级事项里办理。"))
    playbook = catalogue()[moving.move.opens or ""]
    people, known = copies(moving, playbook), chosen(moving, playbook)
    bound, in_tray = bound_roles(moving, playbook, people, known)
    holder = bound[playbook.first_stage.holder or ""].agency
    if playbook.shares_people:
        require(accused.apart(moving.matter, holder.id))
    opening = Opening(
        playbook=playbook.name,
        actor=moving.actor,
        now=moving.now,
        at=moving.at,
        channel="transfer",
        place=place_of(moving),
        parties=shared_parties(moving, playbook, told(holder, moving, people), people),
        data={name: moving.values[name] for name in playbook.fields if name in moving.values},
        parent=moving.matter,
        parent_key=moving.key,
        bound=(bound, in_tray),
        partial=False,
        apart=moving.move.apart,
    )
    child = build(moving.batch, opening)
    moving.opened = child.matter
    if moving.move.apart:
        return  # not even the parent's event names it: who reads there must not learn where it went on
    moving.child = child.matter.id
    moving.codes["to"] = {"agency": str(holder.id), "kind": holder.kind}


def place_of(moving: Moving) -> str:
    """The parent's plain place, never finer than the township."""
    return moving.matter.township or moving.matter.county or moving.matter.city


def bound_roles(
    moving: Moving, playbook: Playbook, people: list[Copy], known: Mapping[str, UUID]
) -> tuple[dict[str, Bound], bool]:
    """The child's roles. A residence is opened to find who answers for it; it is shown to nobody by this."""
    goes_by = {ref[1] for r in playbook.roles.values() for ref in (r.at, *r.choose_from) if ref}
    wanted = {p.id: frozenset({IDENTITY}) for p, role in people if role in goes_by}
    found = (
        shared_parties(moving, playbook, wanted, [c for c in people if c[0].id in wanted]) if wanted else []
    )
    residents = [
        PartyInput(role=p.role, residence=str(p.sealed.get(str(IDENTITY), {}).get("residence") or ""))
        for p in found
    ]
    return bind(
        playbook,
        ways=Ways(playbook, on=moving.now.astimezone(SHANGHAI).date(), mark=moving.actor.mark),
        event_place=place_of(moving),
        parties=residents,
        parent_holder=moving.matter.holder,
        chosen=known,
    )
