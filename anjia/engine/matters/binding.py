"""Which agency plays which role: one agency a role, with the reason, decided when the matter opens.

A role resolves by kind and place, climbing the managing places village → township → county → city until
an agency exists. Where none is found, or the place is unknown, the matter goes to the open tray of the
county's (else the city's) federation. Nobody is ever routed to "nobody".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.inputs import PartyInput
from anjia.foundation.core.verdict import RuleBroken
from anjia.law.playbooks.schema import Playbook, Ref, Role
from anjia.registry.posts import agencies
from anjia.registry.posts.agencies import WayUp, way_up
from anjia.registry.posts.models import Agency

TOWNSHIP_DIGITS = 9
FEDERATION = "federation"


@dataclass(frozen=True)
class Bound:
    """One role bound to one agency. `why` is a code: chosen, parent, residence, event, tray."""

    agency: Agency
    why: str
    place: str = ""

    def as_json(self) -> dict[str, str]:
        """What the matter keeps of it in the clear: never the village, which could point to a family."""
        return {"agency": str(self.agency.id), "why": self.why, "place": self.place[:TOWNSHIP_DIGITS]}


def place_of(ref: Ref | None, *, event_place: str, parties: Sequence[PartyInput]) -> tuple[str, str]:
    """(division code, reason) that a reference points at; empty when it is not known."""
    if ref is None:
        return event_place, "event"
    kind, name = ref
    if kind == "place_of":
        return event_place, "event"
    return next((p.residence for p in parties if p.role == name and p.residence), ""), "residence"


@dataclass
class Ways:
    """The ways up from the places of one opening, each climbed once (and kept, where the mark is known)."""

    playbook: Playbook
    on: date
    mark: int | None = None  # state of the registry that whoever acts was read with
    _climbed: dict[str, WayUp] = field(default_factory=dict)

    def up(self, code: str) -> WayUp:
        """The places above one place, with the agencies of every kind this procedure may need."""
        if not code:
            return WayUp()
        if code not in self._climbed:
            kinds = {kind for role in self.playbook.roles.values() for kind in role.kind}
            self._climbed[code] = way_up(code, kinds | {FEDERATION}, self.on, self.mark)
        return self._climbed[code]


def by_place(role: Role, code: str, why: str, ways: Ways) -> Bound | None:
    """The nearest agency of the role's kinds at or above a place, from the role's own tier upwards."""
    way = ways.up(code)
    start = way.step_at(role.tier) if role.tier else 0
    if start is None:
        return None
    found = next((agency for kind in role.kind if (agency := way.nearest(kind, start))), None)
    return Bound(found, why, code) if found else None


def bind_role(
    role: Role,
    *,
    ways: Ways,
    event_place: str,
    parties: Sequence[PartyInput],
    parent_holder: Agency | None,
    chosen: Mapping[str, UUID],
) -> Bound | None:
    """One role, or None when it cannot be decided from what is known."""
    if role.by_field and role.by_field in chosen:
        return Bound(Agency.objects.get(pk=chosen[role.by_field]), "chosen")
    if role.name in chosen:
        return Bound(Agency.objects.get(pk=chosen[role.name]), "chosen")
    if role.above_parent:
        return superior(role, parent_holder)
    if role.holder_of_parent and (parent_holder or not role.kind):
        return Bound(parent_holder, "parent") if parent_holder else None
    for ref in (role.at, *role.choose_from) if role.at else (*role.choose_from, None):
        code, why = place_of(ref, event_place=event_place, parties=parties)
        if code and role.kind and (bound := by_place(role, code, why, ways)):
            return bound
    code = event_place
    return by_place(role, code, "event", ways) if code and role.kind else None


def superior(role: Role, parent_holder: Agency | None) -> Bound:
    """The agency so many tiers above the one that holds the parent; never that one itself."""
    agency = parent_holder
    for _step in range(role.above_parent):
        agency = agencies.above(agency) if agency else None
    if agency is None:
        raise RuleBroken(_("没有再上一级的单位可以复查复核。"))
    return Bound(agency, "above")


def open_tray(event_place: str, ways: Ways) -> Bound:
    """Where a matter goes that finds no agency: the county's federation, else the city's."""
    for code in (event_place, settings.CITY):
        way = ways.up(code)
        start = way.step_at("county")
        found = way.nearest(FEDERATION, start) if start is not None else None
        if found:
            return Bound(found, "tray", way.steps[start or 0][0])
    raise LookupError("the city has no federation: run `anjia demo` or load agencies first")


def bind(
    playbook: Playbook,
    *,
    ways: Ways,
    event_place: str,
    parties: Sequence[PartyInput],
    parent_holder: Agency | None,
    chosen: Mapping[str, UUID],
) -> tuple[dict[str, Bound], bool]:
    """Every role that is bound at opening, and whether the holder had to be the open tray."""
    bound: dict[str, Bound] = {}
    for role in playbook.roles.values():
        if role.joins == "invite" and not (role.by_field and role.by_field in chosen):
            continue
        found = bind_role(
            role,
            ways=ways,
            event_place=event_place,
            parties=parties,
            parent_holder=parent_holder,
            chosen=chosen,
        )
        if found:
            bound[role.name] = found
    holder = playbook.first_stage.holder
    if holder and holder not in bound:
        bound[holder] = open_tray(event_place, ways)
        return bound, True
    return bound, False
