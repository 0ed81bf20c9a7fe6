"""The people of a matter: their codes, their sealed documents, the names that lists show, their tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anjia.engine.matters.models import Party
from anjia.engine.matters.moving import Moving
from anjia.foundation.core.pinyin import spellings
from anjia.foundation.outbox import outbox
from anjia.foundation.vault import vault
from anjia.law.codes import identity
from anjia.registry.posts import identities

#: Field names that hold a person's name; they go to the matter's one label document, by party role.
NAMES = frozenset({"name", "their_name", "child_name", "helper_name"})
#: Columns of `party`, by the field name without its prefix (their_sex -> sex).
COLUMNS = ("sex", "age_band", "relation", "protection", "tell_community", "come_to_door", "tell_police")
#: What makes two reports look like one family; a name alone never does.
IDENTIFYING = ("phone", "id_number", "name_birth")
#: Kind of token by field name. A home both know of; where she fled to is in no field of this name.
TOKENS = {"phone": "phone", "id_number": "id_number", "address": "home"}
#: Who only brings word of somebody else's trouble may do so for many, and as her work.
MESSENGERS = frozenset({"helper", "reporting"})
PREFIXES = ("their_", "child_", "helper_")


def bare(name: str) -> str:
    """A field name without the prefix that says whose it is."""
    return next((name.removeprefix(p) for p in PREFIXES if name.startswith(p)), name)


def write_document(moving: Moving, party: Party, compartment: str, document: Mapping[str, Any]) -> None:
    """The first version of one compartment of one person."""
    kept = {k: v for k, v in document.items() if v not in (None, "", [])}
    for name in NAMES & set(kept):
        add_name(moving, party.role, str(kept[name]))
    stored = {k: v for k, v in kept.items() if k not in NAMES}
    if compartment != "label" and stored:
        moving.seal(party.id, compartment, stored)


def change_document(moving: Moving, role: str, compartment: str, changes: Mapping[str, Any]) -> None:
    """Later answers about a person: a new version, merged; the first person in the role, made if missing."""
    party = moving.party(role) or add_person(moving, role)
    if compartment != "whereabouts":
        remember(moving, party, changes)
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


def remember(moving: Moving, party: Party, document: Mapping[str, Any]) -> None:
    """Keyed fingerprints by which she can be found and a later report be matched. Never of whereabouts."""
    if party.unlisted_at:
        return
    found = tokens_of(document)
    born = birth_date(document)
    if born or any(kind == "name" for kind, _value in found):
        found |= name_births(moving, party, document, born)
    if not moving.is_opening and any(kind in IDENTIFYING for kind, _value in found):
        outbox.put(
            moving.batch, kind="matters.repeat", body={"matter": str(moving.matter.id)}, now=moving.now
        )
    for kind, value in sorted(found):
        vault.add_token(moving.batch, kind=kind, value=value, root=moving.matter.root, owner=party.id)
        if kind in identities.KINDS and party.role not in MESSENGERS and vault.normalise(kind, value):
            moving.identities.add((kind, vault.token(kind, value)))


def tokens_of(document: Mapping[str, Any]) -> set[tuple[str, str]]:
    """(kind, value) of everything in a document that somebody may be found by."""
    found: set[tuple[str, str]] = set()
    for field, value in document.items():
        if not value:
            continue
        if field in NAMES:
            found |= name_tokens(str(value))
        elif bare(field) in TOKENS:
            found.add((TOKENS[bare(field)], str(value)))
    return found


def name_tokens(name: str) -> set[tuple[str, str]]:
    """A name as it is written and as it is typed in letters."""
    found = {("name", name)}
    for full, initials in spellings(name):
        found |= {("pinyin", full), ("initials", initials)}
    return found


def birth_date(document: Mapping[str, Any]) -> str:
    """The date of birth as digits, stated or carried by the identity number; "" where there is none."""
    values = {bare(field): str(value) for field, value in document.items() if value}
    born = identity.born_on(identity.bare(values.get("id_number", "")))
    return values.get("birth_on") or (born.isoformat() if born else "")


def name_births(moving: Moving, party: Party, document: Mapping[str, Any], born: str) -> set[tuple[str, str]]:
    """Name and date of birth together: what tells two people of one name apart. One may have come earlier."""
    names = [str(v) for f, v in document.items() if f in NAMES] or [moving.names.get(party.role, "")]
    if not born and not moving.is_opening:
        born = birth_date(moving.document(party.role, "identity"))
    return {("name_birth", f"{name}|{born}") for name in names if name and born}
