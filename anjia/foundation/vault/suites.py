"""Families of algorithms, by number: what is stored says which it was made with, so both can stand side by side.

1 · AES-256-GCM with SHA-256; 2 · SM4-GCM with SM3 (GM/T 0002, 0004) for sites that must use the national ones.
A sum of suite 1 is the plain 32 bytes; of every other suite its number stands before it.
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

AES, SM = 1, 2
NAMES = {"aes": AES, "sm": SM}
SUM_BYTES = 32
TAG_BYTES = 16
SM4_KEY_BYTES = 16


def current() -> int:
    """What new ciphertexts and sums are made with (ANJIA_SUITE); may be changed at any time."""
    return NAMES[settings.SUITE]


def for_tokens() -> int:
    """What identifiers are found by (ANJIA_TOKEN_SUITE); fixed when the first account is made."""
    return NAMES[settings.TOKEN_SUITE]


def seal(suite: int, key: bytes, nonce: bytes, data: bytes, aad: bytes) -> bytes:
    """Ciphertext with tag, under a 32-byte key."""
    if suite == AES:
        return AESGCM(key).encrypt(nonce, data, aad)
    cipher = Cipher(SM4(_short(key)), GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(aad)
    return cipher.update(data) + cipher.finalize() + cipher.tag


def unseal(suite: int, key: bytes, nonce: bytes, text: bytes, aad: bytes) -> bytes:
    """What `seal` sealed; InvalidTag if anything differs."""
    if suite == AES:
        return AESGCM(key).decrypt(nonce, text, aad)
    cipher = Cipher(SM4(_short(key)), GCM(nonce, text[-TAG_BYTES:])).decryptor()
    cipher.authenticate_additional_data(aad)
    return cipher.update(text[:-TAG_BYTES]) + cipher.finalize()


def mac(suite: int, key: bytes, data: bytes) -> bytes:
    """A keyed sum (HMAC) that says which suite it is of."""
    if suite == AES:
        return hmac.digest(key, data, "sha256")
    keyed = HMAC(key, SM3())
    keyed.update(data)
    return bytes((suite,)) + keyed.finalize()


def digest(suite: int, data: bytes) -> bytes:
    """A sum without key that says which suite it is of."""
    if suite == AES:
        return hashlib.sha256(data).digest()
    plain = Hash(SM3())
    plain.update(data)
    return bytes((suite,)) + plain.finalize()


def of(value: bytes) -> int:
    """The suite that a sum was made with; a sum of no suite we know is compared as if it were of the first."""
    return SM if len(value) == SUM_BYTES + 1 and value[0] == SM else AES


def _short(key: bytes) -> bytes:
    """SM4 takes 16 bytes: derived from the 32 by HKDF with SM3."""
    return HKDF(algorithm=SM3(), length=SM4_KEY_BYTES, salt=None, info=b"anjia sm4").derive(key)
