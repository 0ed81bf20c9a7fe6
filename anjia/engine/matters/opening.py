"""Opening a matter: roles bound, seats and duties written, words sealed, one event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import accused, persons, walls
from anjia.engine.matters import values as typing_values
from anjia.engine.matters.binding import Bound, Ways, bind
from anjia.engine.matters.builtins import keep_files
from anjia.engine.matters.engine_moves import OPENED
from anjia.engine.matters.inputs import PartyInput
from anjia.engine.matters.models import Capacity, Matter, Party
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.numbers import new_number
from anjia.engine.matters.settling import settle
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.vault import vault
from anjia.law import codes
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.library import catalogue
from anjia.law.playbooks.schema import Move, Playbook
from anjia.registry.posts import agencies
from anjia.registry.posts.actors import Actor


@dataclass
class Opening:
    """What is known of a matter before it exists."""

    playbook: str
    actor: Actor
    now: datetime
    at: datetime
    channel: str
    place: str = ""
    burst: str = ""
    parties: Sequence[PartyInput] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    parent: Matter | None = None
    parent_key: vault.RootKey | None = None
    chosen: Mapping[str, UUID] = field(default_factory=dict)
    partial: bool = True
    apart: bool = False  # a child that goes on for itself: its parent neither waits for it nor hears of it
    files: tuple[Any, ...] = ()  # a recording or photograph handed over with the very first words
    bound: tuple[dict[str, Bound], bool] | None = None  # a child's roles, bound from the parent's people


def build(batch: Batch, opening: Opening) -> Moving:
    """Put a whole new matter into the batch; returns the finished move `open`."""
    playbook = catalogue()[opening.playbook]
    ways = Ways(playbook, on=opening.now.astimezone(SHANGHAI).date(), mark=opening.actor.mark)
    bound, in_tray = opening.bound or bind(
        playbook,
        ways=ways,
        event_place=opening.place,
        parties=opening.parties,
        parent_holder=opening.parent.holder if opening.parent else None,
        chosen={**acting(playbook, opening.actor), **opening.chosen},
    )
    bound = away_from_accused(playbook, bound, opening.data)
    matter = new_matter(opening, bound[playbook.first_stage.holder or ""], bound, ways)
    move = opening_move(opening)
    typed = typing_values.clean(move.asks, opening.data, partial=opening.partial, now=opening.now)
    moving = Moving(
        matter=matter,
        playbook=playbook,
        move=move,
        actor=opening.actor,
        now=opening.now,
        at=opening.at,
        values=typed,
        batch=batch,
        files=opening.files,
        is_opening=True,
    )
    moving.key = opening.parent_key or vault.new_root(batch, matter.root)
    moving.codes["channel"] = opening.channel
    write_parties(moving, opening.parties)
    bound = away_from_walled(moving, bound)
    seat_everybody(moving, bound, in_tray)
    keep_files(moving)
    settle(moving, interpreter.open_plan(playbook, moving.over_matter()), extra=("tray",) if in_tray else ())
    return moving


def acting(playbook: Playbook, actor: Actor) -> dict[str, UUID]:
    """The roles that the office itself takes which opens the matter: a shelter its own stays."""
    if actor.agency_id is None:
        return {}
    return {
        r.name: actor.agency_id for r in playbook.roles.values() if r.acts and actor.agency_kind in r.kind
    }


def away_from_accused(
    playbook: Playbook, bound: Mapping[str, Bound], data: Mapping[str, Any]
) -> dict[str, Bound]:
    """What is said of an office is not handled by that office: it goes to the one above it."""
    out, holder = dict(bound), playbook.first_stage.holder or ""
    if str(out[holder].agency.id) == accused.named_in(data):
        above = agencies.above(out[holder].agency)
        if above is None:
            raise RuleBroken(_("被反映的就是本级最高单位,请转送有权机关。"))
        out[holder] = Bound(above, "above")
    return out


def away_from_walled(moving: Moving, bound: dict[str, Bound]) -> dict[str, Bound]:
    """An office that is stopped, or all of whose people would be walled off, is passed over for the one above."""
    matter, on = moving.matter, moving.now.astimezone(SHANGHAI).date()
    if matter.parent_id:  # its people are the parent's, and so are the walls
        walled = walls.of_root(matter.root)
    else:
        walled = walls.raise_for_people(moving.batch, matter.root, moving.identities, moving.now)
    moving.identities.clear()
    stopped = any(b.agency.stopped_at for b in bound.values())
    if not stopped and not walls.emptied({b.agency.id for b in bound.values()}, walled, on):
        return bound
    out = {}
    for name, b in bound.items():
        agency = walls.instead_of(b.agency, walled, on)
        if agency.stopped_at and b.why == "chosen":
            raise RuleBroken(_("“%(office)s”已停用,请选另一个单位。") % {"office": agency.name})
        out[name] = b if agency.id == b.agency.id else Bound(agency, "above")
    matter.holder = next(out[n].agency for n, b in bound.items() if b.agency.id == matter.holder_id)
    matter.roles = {name: b.as_json() for name, b in out.items()}
    return out


def opening_move(opening: Opening) -> Move:
    """The move `open` asks what the playbook lists as `opening`; what is a person's stands with the person."""
    asked = catalogue()[opening.playbook].opening
    return Move(name="open", label=OPENED.label, from_=(), by=(), builtin=True, asks=asked)


def new_matter(opening: Opening, holder: Bound, bound: Mapping[str, Bound], ways: Ways) -> Matter:
    """The row itself; its plain place stops at the township."""
    parent = opening.parent
    chain = ways.up(opening.place).codes()
    county = chain.get("county", "") or holder.agency.county
    matter_id = uuid7(int(opening.now.timestamp() * 1000))
    return Matter(
        id=matter_id,
        root=parent.root if parent else matter_id,
        parent=parent,
        detached_at=opening.now if opening.apart else None,
        depth=parent.depth + 1 if parent else 0,
        number=new_number(county or settings.CITY, opening.now),
        playbook=opening.playbook,
        version=str(catalogue()[opening.playbook].version),
        stage=catalogue()[opening.playbook].first_stage.name,
        holder=holder.agency,
        channel=opening.channel,
        burst=opening.burst,
        city=chain.get("city", "") or settings.CITY,
        county=county,
        township=chain.get("township", ""),
        urgency=str(opening.data.get("urgency") or ""),
        grade=parent.grade if parent and parent.holder_id == holder.agency.id else "",
        not_alone_until=parent.not_alone_until if parent else None,
        not_alone_of=parent.not_alone_of if parent else None,
        opened_at=opening.at,
        updated_at=opening.now,
        roles={name: b.as_json() for name, b in bound.items()},
    )


def seat_everybody(moving: Moving, bound: Mapping[str, Bound], in_tray: bool) -> None:
    """The holder and every role that joins openly may see the matter; an invited role may not yet."""
    holder = moving.matter.holder
    for name, b in bound.items():
        if b.agency.id == holder.id:
            continue
        role = moving.playbook.roles[name]
        moving.give_seat(b.agency, Capacity.REFERRER if role.holder_of_parent else role.capacity)
    moving.give_seat(holder, Capacity.TRAY if in_tray else Capacity.HOLDER)
    if moving.actor.agency_id != holder.id:
        moving.tell(holder.id, "new")


def write_parties(moving: Moving, inputs: Sequence[PartyInput]) -> None:
    """People: codes on the row, everything that names or finds them sealed under the matter's key."""
    moving.parties = []
    for given in inputs:
        check_codes(moving, given)
        decisions = given.decisions
        party = Party(
            matter=moving.matter,
            root=moving.matter.root,
            role=given.role,
            sex=given.sex,
            age_band=given.age_band,
            relation=given.relation,
            protection=list(given.protection),
            tell_community=decisions.tell_community if decisions else None,
            come_to_door=decisions.come_to_door if decisions else None,
            tell_police=decisions.tell_police if decisions else None,
        )
        moving.parties.append(party)
        moving.batch.insert(party)
        documents = {c: dict(d) for c, d in given.sealed.items()}
        if given.residence:
            documents.setdefault("identity", {}).setdefault("residence", given.residence)
        for compartment, document in documents.items():
            persons.write_document(moving, party, compartment, document)
        known = [d for c, d in documents.items() if c != "whereabouts"]
        persons.remember(moving, party, {k: v for d in known for k, v in d.items()})
    persons.write_label(moving)


CODED = {"sex": "sex", "age_band": "age-band", "relation": "relation"}


def check_codes(moving: Moving, given: PartyInput) -> None:
    """Refuse a role the playbook does not know and a code that is in no list."""
    bad = [
        n for n, book in CODED.items() if getattr(given, n) and getattr(given, n) not in codes.book()[book]
    ]
    bad += [c for c in given.protection if c not in codes.book()["special-protection"]]
    if given.role not in moving.playbook.parties and moving.playbook.parties:
        bad.append("role")
    if bad:
        raise RuleBroken(_("有几处需要改一下。"), {name: _("请从列表中选择。") for name in bad})
