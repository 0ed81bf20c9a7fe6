"""The envelope: version | suite | nonce | ciphertext with tag, bound to its place by associated data.

GCM with a random 96-bit nonce, by AES-256 or SM4 (suites.py). The associated data names version and suite,
and the table and row it was made for: a ciphertext copied to another row, compartment or matter does not
open there.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from anjia.foundation.vault import suites
from anjia.foundation.vault.errors import SealBroken

KEY_BYTES = 32
NONCE_BYTES = 12
VERSION = 1
HEADERS = {bytes((VERSION, suite)): suite for suite in suites.NAMES.values()}
HEADER_BYTES = 2


def new_nonce() -> bytes:
    """Twelve random bytes; a function of its own so that known-answer tests can fix it."""
    return os.urandom(NONCE_BYTES)


def derive(key: bytes, info: str) -> bytes:
    """A 32-byte key for one purpose from another key (HKDF-SHA-256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"anjia " + info.encode()).derive(key)


def associated(*parts: object) -> bytes:
    """Associated data from its parts, each with its length, so that no two lists give the same bytes."""
    encoded = [part if isinstance(part, bytes) else str(part).encode() for part in parts]
    return b"".join(len(p).to_bytes(4, "big") + p for p in encoded)


def encrypt(key: bytes, data: bytes, aad: bytes, suite: int | None = None) -> bytes:
    """Seal `data` under a 32-byte key, with the suite in use unless another is named."""
    suite = suite or suites.current()
    nonce, header = new_nonce(), bytes((VERSION, suite))
    return header + nonce + suites.seal(suite, key, nonce, data, header + aad)


def decrypt(key: bytes, body: bytes, aad: bytes) -> bytes:
    """Open an envelope; SealBroken if anything about it, its key or its place is not what it was."""
    if len(body) < HEADER_BYTES + NONCE_BYTES + suites.TAG_BYTES:
        raise SealBroken("the sealed value is cut short")
    header, rest = body[:HEADER_BYTES], body[HEADER_BYTES:]
    if header not in HEADERS:
        raise SealBroken("the sealed value has an unknown version or cipher suite")
    try:
        return suites.unseal(HEADERS[header], key, rest[:NONCE_BYTES], rest[NONCE_BYTES:], header + aad)
    except InvalidTag:
        raise SealBroken("the sealed value was changed, moved, or sealed under another key") from None
