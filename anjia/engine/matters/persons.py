"""The people of a matter: their codes, their sealed documents, the names that lists show, their tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anjia.engine.matters.models import Party
from anjia.engine.matters.moving import Moving
from anjia.foundation.vault import vault

#: Field names that hold a person's name; they go to the matter's one label document, by party role.
NAMES = frozenset({"name", "their_name", "child_name", "helper_name"})
#: Columns of `party`, by the field name without its prefix (their_sex -> sex).
COLUMNS = ("sex", "age_band", "relation", "protection", "tell_community", "come_to_door", "tell_police")
PREFIXES = ("their_", "child_", "helper_")


def bare(name: str) -> str:
    """A field name without the prefix that says whose it is."""
    return next((name.removeprefix(p) for p in PREFIXES if name.startswith(p)), name)


def write_document(moving: Moving, party: Party, compartment: str, document: Mapping[str, Any]) -> None:
    """The first version of one compartment of one person."""
    kept = {k: v for k, v in document.items() if v not in (None, "", [])}
    for name in NAMES & set(kept):
        add_name(moving, party.role, str(kept[name]))
    remember(moving, party, compartment, kept)
    stored = {k: v for k, v in kept.items() if k not in NAMES}
    if compartment != "label" and stored:
        moving.seal(party.id, compartment, stored)


def change_document(moving: Moving, role: str, compartment: str, changes: Mapping[str, Any]) -> None:
    """Later answers about a person: a new version, merged; the first person in the role, made if missing."""
    party = moving.party(role) or add_person(moving, role)
    remember(moving, party, compartment, changes)
    for name in NAMES & set(changes):
        add_name(moving, role, str(changes[name]), replace=True)
    rest = {k: v for k, v in changes.items() if k not in NAMES}
    if compartment != "label" and rest:
        moving.merge_sealed(party.id, compartment, rest)


def add_person(moving: Moving, role: str) -> Party:
    """Somebody who is mentioned for the first time."""
    party = Party(matter=moving.matter, root=moving.matter.root, role=role)
    moving.parties.append(party)
    moving.batch.insert(party)
    return party


def set_columns(moving: Moving, role: str, columns: Mapping[str, Any]) -> None:
    """Codes about a person that have a column of their own."""
    known = {bare(name): value for name, value in columns.items() if bare(name) in COLUMNS}
    if not known:
        return
    party = moving.party(role) or add_person(moving, role)
    for name, value in known.items():
        setattr(party, name, value)
    moving.batch.update(party, sorted(known))


def add_name(moving: Moving, role: str, name: str, *, replace: bool = False) -> None:
    """Put a name into the label that lists show for this matter."""
    names = moving.names
    before = "" if replace else names.get(role, "")
    names[role] = f"{before}、{name}" if before and name not in before else name
    moving.names_changed = True


def write_label(moving: Moving) -> None:
    """Seal the matter's label if a name was added or changed by this move."""
    if moving.names_changed:
        moving.seal(moving.matter.id, "label", moving.names, moving.label_version + 1)
        moving.names_changed = False


def remember(moving: Moving, party: Party, compartment: str, document: Mapping[str, Any]) -> None:
    """Keyed fingerprints by which a later report can be matched. Whereabouts leave none."""
    if compartment == "whereabouts":
        return
    for field, value in document.items():
        kind = "name" if field in NAMES else {"phone": "phone", "id_number": "id_number"}.get(bare(field))
        if kind and value:
            vault.add_token(
                moving.batch, kind=kind, value=str(value), root=moving.matter.root, owner=party.id
            )
