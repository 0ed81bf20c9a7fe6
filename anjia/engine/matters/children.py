"""Referral is a child matter: opened by a move of the parent, heard of again through `on_child`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.engine.matters.models import Party
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.opening import Opening, build
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment
from anjia.law.playbooks.library import catalogue
from anjia.registry.posts import agencies

#: What each kind of receiver is given of the people, by party role and compartment. Whereabouts: never.
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
}
LEAST = {"asking": frozenset({IDENTITY})}
MAX_DEPTH = 4


def shared_parties(moving: Moving, kind: str) -> list[PartyInput]:
    """Copies of the people for the child: what this receiver is told, as it stood on that day."""
    table = SHARED.get(kind, LEAST)
    wanted = {p.id: table.get(p.role, table.get("*", frozenset())) for p in moving.parties}
    compartments = sorted({str(c) for cs in wanted.values() for c in cs})
    rows = vault.latest([p for p, cs in wanted.items() if cs], compartments) if compartments else {}
    out = []
    for party in moving.parties:
        if not wanted[party.id]:
            continue
        sealed = {
            str(c): vault.open_sealed(rows[(party.id, str(c))], moving.key)
            for c in wanted[party.id]
            if (party.id, str(c)) in rows
        }
        if moving.names.get(party.role):
            sealed["label"] = {"name": moving.names[party.role]}
        out.append(copy_of(party, sealed))
    return out


def copy_of(party: Party, sealed: Mapping[str, Mapping[str, Any]]) -> PartyInput:
    """One person's codes and the shared part of what is sealed."""
    return PartyInput(
        role=party.role,
        sex=party.sex,
        age_band=party.age_band,
        relation=party.relation,
        protection=tuple(party.protection),
        sealed=sealed,
        decisions=Decisions(party.tell_community, party.come_to_door, party.tell_police),
    )


def receiver(moving: Moving) -> UUID:
    """The agency the child goes to: the one chosen, else the nearest of the move's kinds."""
    chosen = moving.values.get("agency")
    if chosen:
        return UUID(str(chosen))
    place = moving.matter.township or moving.matter.county or moving.matter.city
    for kind in moving.move.opens_kind:
        found = agencies.nearest(kind, place, moving.now.date())
        if found:
            return found[0].id
    raise RuleBroken(_("请选请哪个单位协办。"), {"agency": _("这一项要填。")})


def open_child(moving: Moving) -> None:
    """Open the child in the same transaction; the parent's event names it."""
    if moving.matter.depth + 1 > MAX_DEPTH:
        raise RuleBroken(_("协办层级太深,请在上一级事项里办理。"))
    playbook = catalogue()[moving.move.opens or ""]
    role = next((r for r in playbook.roles.values() if r.by_field), None)
    agency = moving.agency(receiver(moving))
    if moving.move.opens_kind and agency.kind not in moving.move.opens_kind:
        raise RuleBroken(_("请选对口的单位。"), {"agency": _("这个单位不办这类事。")})
    opening = Opening(
        playbook=playbook.name,
        actor=moving.actor,
        now=moving.now,
        at=moving.at,
        channel="transfer",
        place=moving.matter.township or moving.matter.county or moving.matter.city,
        parties=shared_parties(moving, agency.kind),
        data={name: moving.values[name] for name in playbook.fields if name in moving.values},
        parent=moving.matter,
        parent_key=moving.key,
        chosen={role.by_field: agency.id} if role and role.by_field else {},
        partial=False,
    )
    child = build(moving.batch, opening)
    moving.child = child.matter.id
    moving.codes["to"] = {"agency": str(agency.id), "kind": agency.kind}
