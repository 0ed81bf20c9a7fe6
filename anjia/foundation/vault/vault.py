"""Sealing and opening. Every value that could point to a person passes through here and nowhere else.

One random key per root matter, wrapped by the master key; a key per compartment derived from it; one
ciphertext per compartment and version. What may be searched is a keyed token: it finds, never reveals.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from typing import Any, NoReturn
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, QuerySet, UUIDField

from anjia.foundation.core.batch import Batch
from anjia.foundation.core.prepared import Prepared, Slot
from anjia.foundation.vault import envelope, suites
from anjia.foundation.vault.errors import KeyMissing, SealBroken
from anjia.foundation.vault.models import COMPARTMENTS, DataKey, Sealed, Token
from anjia.foundation.vault.normalise import normalise
from anjia.foundation.vault.providers import provider

#: The root under which names and telephones of staff and volunteers are sealed.
STAFF_ROOT = UUID("00000000-0000-7000-8000-000000000001")
TOKEN_BYTES = 16
#: Documents are padded to multiples of this, so that the length of a name does not show.
PAD_BYTES = 64


class RootKey:
    """The key of one root matter, in memory only. Cannot be printed, pickled or compared by content."""

    __slots__ = ("_compartments", "_secret", "root")

    def __init__(self, root: UUID, secret: bytes) -> None:
        self.root = root
        self._secret = secret
        self._compartments: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"<RootKey {self.root}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key does not leave this process")

    def compartment(self, name: str) -> bytes:
        """The key of one compartment (HKDF of the root key)."""
        if name not in self._compartments:
            if name not in COMPARTMENTS:
                raise ValueError(f"unknown compartment {name!r}")
            self._compartments[name] = envelope.derive(self._secret, f"compartment {name}")
        return self._compartments[name]


# -- keys -----------------------------------------------------------------------------------------------


def new_root(batch: Batch, root: UUID) -> RootKey:
    """Make a random key for a new root matter and add it, wrapped, to the batch."""
    secret = secrets.token_bytes(envelope.KEY_BYTES)
    master = provider()
    master_id = master.current_id  # asked once: the key may be renewed at any moment
    wrapped = master.wrap(master_id, secret, wrap_aad(root, master_id))
    batch.insert(DataKey(root=root, master_id=master_id, wrap_version=1, wrapped=wrapped))
    return RootKey(root, secret)


WRAPPED = ("root", "master_id", "wrapped")
ONE_KEY = Prepared(lambda: DataKey.objects.filter(root=Slot("root", UUIDField())).values_list(*WRAPPED))


def key(root: UUID) -> RootKey:
    """The key of a root matter (one statement). KeyMissing if it was erased."""
    if root == STAFF_ROOT:
        return staff_key()
    return unwrapped(ONE_KEY.rows(root=root), {root})[root]


def keys(roots: Iterable[UUID]) -> dict[UUID, RootKey]:
    """The keys of several root matters in one statement. KeyMissing if one of them does not exist."""
    wanted = set(roots)
    found = {STAFF_ROOT: staff_key()} if STAFF_ROOT in wanted else {}
    missing = wanted - found.keys()
    if not missing:
        return found
    return found | unwrapped(DataKey.objects.filter(root__in=missing).values_list(*WRAPPED), missing)


def opened(row: DataKey) -> RootKey:
    """The key that a row holds wrapped."""
    return unwrapped([(row.root, row.master_id, row.wrapped)], {row.root})[row.root]


def unwrapped(rows: Iterable[tuple[UUID, str, bytes | memoryview]], wanted: set[UUID]) -> dict[UUID, RootKey]:
    """Root keys from rows of WRAPPED. KeyMissing unless there is one for each root wanted."""
    found, master = {}, provider()
    for root, master_id, wrapped in rows:
        aad = wrap_aad(root, master_id)
        found[root] = RootKey(root, master.unwrap(master_id, bytes(wrapped), aad))
    if len(found) < len(wanted):
        raise KeyMissing("there is no key for this matter: it was erased, or never stored")
    return found


def staff_key() -> RootKey:
    """The key for names and telephones of staff. Derived from the master key, so it costs no statement."""
    return RootKey(STAFF_ROOT, provider().derive("root staff"))


def ensure_staff_key() -> RootKey:
    """Called by set-up: proves that the master key can be had before the first account is sealed."""
    return staff_key()


def wrap_aad(root: UUID, master_id: str) -> bytes:
    """What a wrapped root key is bound to."""
    return envelope.associated("vault_datakey", root, master_id)


# -- documents ------------------------------------------------------------------------------------------


def seal(
    batch: Batch,
    key: RootKey,
    *,
    owner: UUID,
    compartment: str,
    value: dict[str, Any],
    version: int = 1,
) -> None:
    """Add one sealed document to the batch. Versions are never overwritten: pass the last one plus one."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    text += b" " * (-len(text) % PAD_BYTES)
    aad = _aad(key.root, owner, compartment, version)
    body = envelope.encrypt(key.compartment(compartment), text, aad)
    batch.insert(Sealed(root=key.root, owner=owner, compartment=compartment, version=version, body=body))


def open_sealed(row: Sealed, key: RootKey) -> dict[str, Any]:
    """The document of a row. SealBroken if it was changed, moved, or belongs to another root.

    Whoever shows the result to somebody says so first: `access.current().opened(matter, compartment)`.
    """
    if row.root != key.root:
        raise SealBroken("the sealed value belongs to another root")
    return open_body(row.body, key, owner=row.owner, compartment=row.compartment, version=row.version)


def open_body(
    body: bytes | memoryview, key: RootKey, *, owner: UUID, compartment: str, version: int
) -> dict[str, Any]:
    """The document that was sealed for this owner under this key; for lists, which read no whole rows. As `open_sealed`."""
    aad = _aad(key.root, owner, compartment, version)
    value = json.loads(envelope.decrypt(key.compartment(compartment), bytes(body), aad))
    if not isinstance(value, dict):
        raise SealBroken("the sealed value is not a document")
    return value


NEWEST = Prepared(
    lambda: Sealed.objects.filter(
        owner=Slot("owner", UUIDField()), compartment=Slot("compartment", CharField())
    ).order_by("-version")[:1]
)


def newest(owner: UUID, compartment: str) -> Sealed | None:
    """The newest version of one document, in one statement; None where there is none."""
    return NEWEST.first(owner=owner, compartment=compartment)


def latest(owners: Iterable[UUID], compartments: Iterable[str]) -> dict[tuple[UUID, str], Sealed]:
    """The newest version of each document that exists, in one statement."""
    newer = Sealed.objects.filter(
        owner=OuterRef("owner"), compartment=OuterRef("compartment"), version__gt=OuterRef("version")
    )
    wanted = Sealed.objects.filter(owner__in=set(owners), compartment__in=set(compartments))
    return {(row.owner, row.compartment): row for row in wanted.filter(~Exists(newer))}


def history(owner: UUID, compartment: str) -> list[Sealed]:
    """All versions of one document, oldest first."""
    return list(Sealed.objects.filter(owner=owner, compartment=compartment).order_by("version"))


def _aad(root: UUID, owner: UUID, compartment: str, version: int) -> bytes:
    return envelope.associated("vault_sealed", compartment, owner, root, version)


# -- what can be found ----------------------------------------------------------------------------------


def token(kind: str, value: str) -> bytes:
    """16 bytes (17 of SM3) that stand for one identifier. Equal only for the same one of the same kind.

    ValueError when nothing is left after normalising: an empty identifier would match every other one.
    """
    text = normalise(kind, value)
    if not text:
        raise ValueError(f"an empty {kind} has no token")
    suite = suites.for_tokens()
    whole = _mac(f"token {kind}", text.encode(), suite)
    return whole[: TOKEN_BYTES + len(whole) - suites.SUM_BYTES]


def add_token(batch: Batch, *, kind: str, value: str, root: UUID, owner: UUID) -> None:
    """Remember that `owner` (a party, an account) has this identifier; an empty one is left out."""
    if normalise(kind, value):
        batch.insert(Token(kind=kind, token=token(kind, value), root=root, owner=owner))


def find(kind: str, value: str) -> QuerySet[Token]:
    """Where an identifier occurs. The caller narrows this to what the reader may see before showing any."""
    if not normalise(kind, value):
        return Token.objects.none()
    return Token.objects.filter(kind=kind, token=token(kind, value))


def fingerprint(purpose: str, data: bytes) -> bytes:
    """32 bytes that stand for `data` within one purpose: session cookies, submissions, limits."""
    return _mac(f"fingerprint {purpose}", data, suites.AES)


def _mac(purpose: str, data: bytes, suite: int) -> bytes:
    return suites.mac(suite, provider().derive(purpose), data)


# -- sealed, but not part of a matter ---------------------------------------------------------------------


def box(purpose: str, data: bytes, aad: bytes = b"") -> bytes:
    """Seal bytes that belong to no matter (a session, an outbox body). `aad` binds them to their row."""
    return envelope.encrypt(provider().derive(f"box {purpose}"), data, envelope.associated(purpose, aad))


def unbox(purpose: str, data: bytes | memoryview, aad: bytes = b"") -> bytes:
    """Open what `box` sealed for the same purpose and row; SealBroken otherwise."""
    key = provider().derive(f"box {purpose}")
    return envelope.decrypt(key, bytes(data), envelope.associated(purpose, aad))


__all__ = [
    "STAFF_ROOT",
    "KeyMissing",
    "RootKey",
    "SealBroken",
    "add_token",
    "box",
    "ensure_staff_key",
    "find",
    "fingerprint",
    "history",
    "key",
    "keys",
    "latest",
    "new_root",
    "newest",
    "normalise",
    "open_sealed",
    "seal",
    "staff_key",
    "token",
    "unbox",
]
