"""What tells whether a member of staff is somebody in a matter: identity number, telephone, home; sealed, keyed.

A name alone says nothing. Whoever has to hear of a change (the walls of the engine above) is told in the
same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from anjia.foundation.core.batch import Batch
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment
from anjia.law.codes import identity
from anjia.registry.posts import people

#: Kinds of token that two records of one person, or of one household, share.
KINDS = ("id_number", "phone", "name_birth", "home")
Listener = Callable[[Batch, UUID, Sequence[tuple[str, bytes]], datetime], None]
_listeners: list[Listener] = []


def on_change(listener: Listener) -> Listener:
    """Register what happens, within the same transaction, when a person becomes recognisable by something new."""
    _listeners.append(listener)
    return listener


def values(name: str, document: Mapping[str, Any]) -> set[tuple[str, str]]:
    """(kind, value) of everything she may be recognised by."""
    number = str(document.get("id_number") or "")
    born = identity.born_on(identity.bare(number)) if number else None
    birth = str(document.get("birth_on") or "") or (born.isoformat() if born else "")
    found = {
        ("id_number", number),
        ("phone", str(document.get("mobile") or "")),
        ("home", str(document.get("address") or "")),
        ("name_birth", f"{name}|{birth}" if name and birth else ""),
    }
    return {(kind, value) for kind, value in found if vault.normalise(kind, value)}


def details(account: UUID) -> dict[str, Any]:
    """What is recorded of her beyond name and telephone; {} where nothing is."""
    row = vault.newest(account, Compartment.IDENTITY)
    return vault.open_sealed(row, vault.staff_key()) if row else {}


def add_details(batch: Batch, account: UUID, given: Mapping[str, str], now: datetime) -> None:
    """A new version of what is recorded of her; what is left empty stays as it was."""
    last, key = vault.newest(account, Compartment.IDENTITY), vault.staff_key()
    before = vault.open_sealed(last, key) if last else {}
    document = {**before, **{k: v.strip() for k, v in given.items() if v.strip()}}
    version = last.version + 1 if last else 1
    vault.seal(batch, key, owner=account, compartment=Compartment.IDENTITY, value=document, version=version)
    remember(batch, account, people.name(account), document, now)


def remember(batch: Batch, account: UUID, name: str, document: Mapping[str, Any], now: datetime) -> None:
    """Keep the tokens of one person and tell the listeners. What she was known by earlier stays known."""
    found = sorted(values(name, document))
    for kind, value in found:
        vault.add_token(batch, kind=kind, value=value, root=vault.STAFF_ROOT, owner=account)
    tokens = [(kind, vault.token(kind, value)) for kind, value in found]
    for listener in _listeners if tokens else ():
        listener(batch, account, tokens, now)
