"""What can go wrong with keys and seals. No text here holds a value of anybody."""

from __future__ import annotations


class VaultError(Exception):
    """Anything that keeps the vault from working."""


class KeyProblem(VaultError):
    """The master key is missing, malformed or open to others; the text tells an IT person what to do."""


class KeyMissing(VaultError):
    """There is no key for this root: it was erased, or the row does not belong to this database."""


class SealBroken(VaultError):
    """A ciphertext was changed, moved to another place, or belongs to another key. It is never shown."""
