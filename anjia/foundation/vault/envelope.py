"""The envelope: version | suite | nonce | ciphertext with tag, bound to its place by associated data.

AES-256-GCM with a random 96-bit nonce. The associated data names the table and row it was made for, so
that a ciphertext copied to another row, compartment or matter does not open there.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from anjia.foundation.vault.errors import SealBroken

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
VERSION = 1
AES_256_GCM = 1
HEADER = bytes((VERSION, AES_256_GCM))


def new_nonce() -> bytes:
    """Twelve random bytes; a function of its own so that known-answer tests can fix it."""
    return os.urandom(NONCE_BYTES)


def derive(key: bytes, info: str) -> bytes:
    """A 32-byte key for one purpose from another key (HKDF-SHA-256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"anjia " + info.encode()).derive(key)


def associated(*parts: object) -> bytes:
    """Associated data from its parts, each with its length, so that no two lists give the same bytes."""
    encoded = [part if isinstance(part, bytes) else str(part).encode() for part in parts]
    return HEADER + b"".join(len(p).to_bytes(4, "big") + p for p in encoded)


def encrypt(key: bytes, data: bytes, aad: bytes) -> bytes:
    """Seal `data` under a 32-byte key."""
    nonce = new_nonce()
    return HEADER + nonce + AESGCM(key).encrypt(nonce, data, aad)


def decrypt(key: bytes, body: bytes, aad: bytes) -> bytes:
    """Open an envelope; SealBroken if anything about it, its key or its place is not what it was."""
    if len(body) < len(HEADER) + NONCE_BYTES + TAG_BYTES:
        raise SealBroken("the sealed value is cut short")
    if body[: len(HEADER)] != HEADER:
        raise SealBroken("the sealed value has an unknown version or cipher suite")
    nonce, text = body[len(HEADER) : len(HEADER) + NONCE_BYTES], body[len(HEADER) + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, text, aad)
    except InvalidTag:
        raise SealBroken("the sealed value was changed, moved, or sealed under another key") from None
