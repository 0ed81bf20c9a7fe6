"""One way to write an entry down, and the keyed sums over it. Verifier and writer share this file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from anjia.foundation.events.models import Access, Event, Seal
from anjia.foundation.vault import suites
from anjia.foundation.vault.providers import provider

MAX_CODE = 120
PLAIN = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def canonical(entry: dict[str, Any]) -> bytes:
    """JSON with sorted keys and no space: the same bytes on every machine and after both databases."""
    return PLAIN.encode(entry).encode()


def require_codes(value: Any, depth: int = 0) -> None:
    """ValueError unless the value is made of codes, whole numbers, dates and ids: text belongs in the vault.

    Floating point is refused too, because databases write it down differently.
    """
    if value is None or isinstance(value, bool | int):
        return
    if isinstance(value, str):
        if len(value) > MAX_CODE or not value.isascii() or not value.isprintable() or " " in value:
            raise ValueError("an event holds codes, numbers, dates and ids; words must be sealed")
        return
    if depth > 4:
        raise ValueError("codes of an event are nested too deep")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise ValueError("keys of an event's codes must be strings")
            require_codes(key)
            require_codes(inner, depth + 1)
        return
    if isinstance(value, list | tuple):
        for inner in value:
            require_codes(inner, depth + 1)
        return
    raise ValueError(
        f"an event cannot hold a {type(value).__name__}; use a code, whole number, ISO date or id"
    )


def event_mac(event: Event, suite: int | None = None) -> bytes:
    """HMAC over the whole entry and the sum of the entry before it in the same matter.

    The verifier names the suite that the sum it compares with was made with; a new entry has the one in use.
    """
    entry = {
        "id": str(event.id),
        "matter": str(event.matter),
        "seq": event.seq,
        "at": instant(event.at),
        "actor": text(event.actor),
        "kind": event.actor_kind,
        "post": text(event.post),
        "agency": text(event.agency),
        "move": event.move,
        "codes": event.codes,
        "sealed": text(event.sealed),
        "voids": text(event.voids),
        "prev": bytes(event.prev_mac).hex(),
    }
    return _mac("ledger", entry, suite)


def access_mac(access: Access, suite: int | None = None) -> bytes:
    """HMAC over one row of the access log (not chained: the seals cover it)."""
    entry = {
        "id": str(access.id),
        "at": instant(access.at),
        "actor": text(access.actor),
        "post": text(access.post),
        "route": access.route,
        "how": access.how,
        "purpose": access.purpose,
        "words": bytes(access.purpose_sealed).hex() if access.purpose_sealed is not None else None,
        "matters": access.matters,
        "compartments": access.compartments,
    }
    return _mac("access", entry, suite)


def merkle_root(members: Sequence[Sequence[str]], suite: int | None = None) -> bytes:
    """Merkle root (RFC 6962 shape) over members [kind, id, mac in hex], in their order."""
    suite = suite or suites.current()
    level = [suites.digest(suite, b"\x00" + canonical({"m": list(m)})) for m in members]
    if not level:
        return suites.digest(suite, b"")
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [suites.digest(suite, b"\x01" + b"".join(p)) if len(p) == 2 else p[0] for p in pairs]
    return level[0]


def seal_text(seal: Seal) -> bytes:
    """What is signed: number, time, root, how many, and the seal before."""
    return canonical(
        {
            "n": seal.n,
            "at": instant(seal.at),
            "prev": bytes(seal.prev).hex(),
            "root": bytes(seal.root).hex(),
            "count": len(seal.members),
        }
    )


def seal_digest(seal: Seal) -> bytes:
    """What the next seal names as the one before it."""
    return link(seal_text(seal), bytes(seal.signature), bytes(seal.root))


def link(words: bytes, signature: bytes, root: bytes) -> bytes:
    """The sum of a signed seal, by the suite of its root."""
    return suites.digest(suites.of(root), words + signature)


def sign(seal: Seal) -> bytes:
    """Ed25519 signature, so that somebody who holds only the public key can check an anchored seal."""
    return _signing_key().sign(seal_text(seal))


def signature_holds(seal: Seal) -> bool:
    """Whether the signature is ours and over this very seal."""
    return signed(seal_text(seal), bytes(seal.signature))


def signed(words: bytes, signature: bytes) -> bool:
    """Whether we signed this."""
    try:
        _signing_key().public_key().verify(signature, words)
    except InvalidSignature:
        return False
    return True


def public_key() -> bytes:
    """The 32 bytes to give to those who keep anchors outside."""
    key: Ed25519PublicKey = _signing_key().public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def instant(at: datetime) -> str:
    """UTC with microseconds, however the time zone was written."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def text(value: UUID | None) -> str | None:
    """An id as text."""
    return None if value is None else str(value)


def _mac(purpose: str, entry: dict[str, Any], suite: int | None) -> bytes:
    return suites.mac(suite or suites.current(), provider().derive(purpose), canonical(entry))


def _signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(provider().derive("seal"))
