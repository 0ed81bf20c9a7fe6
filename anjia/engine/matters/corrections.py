"""Putting a person's details right while somebody else may be doing the same. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import persons, values
from anjia.engine.matters.engine_moves import OF_RIGHTS
from anjia.engine.matters.moving import Moving
from anjia.foundation.core.verdict import Refused, RuleBroken
from anjia.foundation.events.models import Event
from anjia.foundation.vault import vault
from anjia.registry.posts import who_may

EDITABLE = ("identity", "contact", "whereabouts")
CHOICES = ("mine", "theirs", "both")


@dataclass
class EditedMeanwhile(Refused):
    """Somebody else changed the same document: the person chooses mine, theirs or both."""

    mine: Mapping[str, Any]
    theirs: Mapping[str, Any]
    version: int


def differing(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Fields whose two values differ: name -> (mine, theirs)."""
    names = [n for n in mine if str(mine[n] or "") != str(theirs.get(n) or "")]
    return {n: (mine[n], theirs.get(n)) for n in names}


def kept(mine: Mapping[str, Any], theirs: Mapping[str, Any], choice: str) -> dict[str, Any]:
    """The document after the choice; "both" keeps the two values of each differing field side by side."""
    if choice == "theirs":
        return dict(theirs)
    if choice == "both":
        both = {n: f"{b};{a}" if a and b else a or b for n, (a, b) in differing(mine, theirs).items()}
        return {**theirs, **both}
    return {**theirs, **mine}


def checked(moving: Moving) -> dict[str, Any]:
    """What was typed about the person; an identity number must prove itself here as everywhere."""
    mine = {
        n.removeprefix("party-"): str(v).strip() for n, v in moving.typed.items() if n.startswith("party-")
    }
    for name in [n for n in mine if mine[n] and values.is_id_number(n)]:
        try:
            mine[name] = values.as_id_number(mine[name], moving.now)
        except values.Bad as bad:
            raise RuleBroken(_("有几处需要改一下。"), {name: bad.message}) from None
    return mine


def correct_party(moving: Moving) -> None:
    """A new version of one compartment of one person. `base` is the version the form was made from."""
    typed = moving.typed
    compartment = str(typed.get("compartment") or "")
    wanted = moving.aim("party")
    party = next((p for p in moving.parties if p.id == wanted), None)
    # A note is anybody's; who a person is, only the office that leads the matter rewrites, here as on the page.
    may_write = moving.seated is None or who_may.opens("desk:person", moving.seated.relation)
    if party is None or compartment not in EDITABLE or not may_write or moving.playbook.names_only:
        raise RuleBroken(_("没有找到这个人。"))
    row = vault.latest([party.id], [compartment]).get((party.id, compartment))
    theirs = vault.open_sealed(row, moving.key) if row else {}
    version = row.version if row else 0
    mine = checked(moving)
    choice = str(typed.get("choice") or "")
    if str(typed.get("base") or 0) != str(version) and choice not in CHOICES:
        raise EditedMeanwhile(mine=mine, theirs=theirs, version=version)
    moving.seal(party.id, compartment, kept(mine, theirs, choice or "mine"), version + 1)
    moving.codes["party"] = {"id": str(party.id), "compartment": compartment, "version": version + 1}
    if compartment != "whereabouts":
        persons.remember(moving, party, mine)
    names = {n: v for n, v in mine.items() if n in persons.NAMES}
    if names:
        for name in names.values():
            persons.add_name(moving, party.role, name, replace=True)


def not_sent(moving: Moving, event: UUID) -> UUID:
    """Refuse to void a report that was sent: others acted on its wording."""
    row = Event.objects.filter(pk=event, matter=moving.matter.id).first()
    if row and row.codes.get("report"):
        raise RuleBroken(_("送出的报告不改字,请另发一份更正报告,写明更正第几次。"))
    if row and row.move in OF_RIGHTS:
        raise RuleBroken(_("谁看过、授权给谁,记下就不更正。授权有误请收回。"))
    return event
