"""What tells whether a member of staff is somebody in a matter: identity number, telephone, home; sealed, keyed.

A name alone says nothing. Whoever has to hear of a change (the walls of the engine above) is told in the
same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from anjia.foundation.core.batch import Batch
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment, Token
from anjia.law.codes import identity
from anjia.registry.posts import people

#: Kinds of token that two records of one person, or of one household, share.
KINDS = ("id_number", "phone", "name_birth", "home")
#: The root of tokens of relatives whom members of staff have declared; their owner is the member of staff.
KIN_ROOT = UUID("00000000-0000-7000-8000-000000000002")
STAFF_ROOTS = (vault.STAFF_ROOT, KIN_ROOT)
KIN = "kin"
#: A token by which somebody is recognised → the cause that a wall raised by it has: the kind, or "kin".
Tokens = Mapping[tuple[str, bytes], str]
Listener = Callable[[Batch, UUID, Tokens, datetime], None]
_listeners: list[Listener] = []


def on_change(listener: Listener) -> Listener:
    """Register what happens, within the same transaction, when a person becomes recognisable by something new."""
    _listeners.append(listener)
    return listener


def tell(batch: Batch, account: UUID, tokens: Tokens, now: datetime) -> None:
    """Tell whoever has to hear that she is recognisable by these."""
    for listener in _listeners if tokens else ():
        listener(batch, account, tokens, now)


def values(name: str, document: Mapping[str, Any]) -> set[tuple[str, str]]:
    """(kind, value) of everything somebody may be recognised by."""
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


def relatives(account: UUID) -> list[str]:
    """How the relatives she declared are related to her; never who they are."""
    return [str(r.get("relation") or "") for r in details(account).get("relatives", [])]


def add_details(batch: Batch, account: UUID, given: Mapping[str, str], now: datetime) -> None:
    """A new version of what is recorded of her; what is left empty stays as it was."""
    document = {**details(account), **{k: v.strip() for k, v in given.items() if v.strip()}}
    write(batch, account, document)
    remember(batch, account, people.name(account), document, now)


def add_relative(batch: Batch, account: UUID, given: Mapping[str, str], now: datetime) -> None:
    """One relative more: she is kept from this person's matters as from her own."""
    before = details(account)
    relative = {k: v.strip() for k, v in given.items() if v.strip()}
    write(batch, account, {**before, "relatives": [*before.get("relatives", []), relative]})
    found = values(relative.get("name", ""), relative)
    tell(batch, account, keep(batch, account, found, KIN_ROOT), now)


def write(batch: Batch, account: UUID, document: Mapping[str, Any]) -> None:
    """Seal the next version."""
    last = vault.newest(account, Compartment.IDENTITY)
    version = last.version + 1 if last else 1
    key = vault.staff_key()
    vault.seal(
        batch, key, owner=account, compartment=Compartment.IDENTITY, value=dict(document), version=version
    )


def remember(batch: Batch, account: UUID, name: str, document: Mapping[str, Any], now: datetime) -> None:
    """Keep the tokens of one person and tell the listeners. What she was known by earlier stays known."""
    tell(batch, account, keep(batch, account, values(name, document), vault.STAFF_ROOT), now)


def keep(batch: Batch, account: UUID, found: Iterable[tuple[str, str]], root: UUID) -> Tokens:
    """Add tokens of values; each with the cause of a wall that it would raise."""
    found = sorted(found)
    for kind, value in found:
        vault.add_token(batch, kind=kind, value=value, root=root, owner=account)
    return {(kind, vault.token(kind, value)): cause_of(root, kind) for kind, value in found}


def cause_of(root: UUID, kind: str) -> str:
    """Why somebody with this token is walled off."""
    return KIN if root == KIN_ROOT else kind


def compare(batch: Batch, account: UUID, now: datetime) -> None:
    """Everything she is or was known by once more, with kinds of token that did not exist when she was written down."""
    document, mobile = details(account), people.mobiles([account]).get(account, "")
    own = values(people.name(account), {"mobile": mobile, **document})
    kin = {v for r in document.get("relatives", []) for v in values(str(r.get("name") or ""), r)}
    known = {
        (root, kind, bytes(token))
        for root, kind, token in Token.objects.filter(owner=account, kind__in=KINDS).values_list(
            "root", "kind", "token"
        )
    }
    tokens = {(kind, token): cause_of(root, kind) for root, kind, token in known}
    for root, wanted in ((KIN_ROOT, kin), (vault.STAFF_ROOT, own)):
        new = {(k, v) for k, v in wanted if (root, k, vault.token(k, v)) not in known}
        tokens |= keep(batch, account, new, root)
    tell(batch, account, tokens, now)
