"""Where the master key comes from. It is never in the database, a setting, a log or a backup of either.

A key service or security module (KMS/HSM) is added as another class with the four members of
`MasterKeyProvider`, named in `PROVIDERS`: it keeps the key inside and answers wrap, unwrap and derive.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings

from anjia.foundation.vault import envelope
from anjia.foundation.vault.errors import KeyMissing, KeyProblem

VARIABLE = "ANJIA_MASTER_KEY"


class MasterKeyProvider(Protocol):
    """What the vault asks of whoever holds the master key."""

    @property
    def current_id(self) -> str:
        """Public name (16 characters) of the master key that new wraps are made with."""

    def wrap(self, data: bytes, aad: bytes) -> bytes:
        """Encrypt a root key under the current master key."""

    def unwrap(self, master_id: str, data: bytes, aad: bytes) -> bytes:
        """Decrypt what `wrap` made, also under an older master key; KeyMissing or SealBroken."""

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose; the same for ever, also after the master key was renewed."""


class Keyring:
    """Master keys in memory: the first wraps, all unwrap; purposes derive from the last, the oldest."""

    def __init__(self, masters: list[bytes]) -> None:
        self._wrapping = {
            envelope.derive(m, "master id")[:8].hex(): envelope.derive(m, "wrap") for m in masters
        }
        self._origin = masters[-1]
        self._purposes: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    @property
    def current_id(self) -> str:
        """Public name of the master key in use."""
        return next(iter(self._wrapping))

    def wrap(self, data: bytes, aad: bytes) -> bytes:
        """Encrypt under the current master key."""
        return envelope.encrypt(self._wrapping[self.current_id], data, aad)

    def unwrap(self, master_id: str, data: bytes, aad: bytes) -> bytes:
        """Decrypt what was wrapped under that master key."""
        if master_id not in self._wrapping:
            raise KeyMissing(
                "this database was sealed under another master key than the one in use; "
                "put the older key back as a further line of the key file (the newest stays first)"
            )
        return envelope.decrypt(self._wrapping[master_id], data, aad)

    def derive(self, purpose: str) -> bytes:
        """A key for one purpose."""
        if purpose not in self._purposes:
            self._purposes[purpose] = envelope.derive(self._origin, f"purpose {purpose}")
        return self._purposes[purpose]


class FileProvider(Keyring):
    """Keys in a file, one per line in hexadecimal, newest first; mode 0400. Made once if there is none."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            make_key_file(path)
        try:
            status = path.stat()
            text = path.read_text("ascii", errors="replace")
        except OSError as error:
            raise KeyProblem(f"the master key file {path} cannot be read: {error.strerror}") from None
        if status.st_mode & 0o077:
            raise KeyProblem(
                f"the master key file {path} can be read by other users of this machine; "
                f"run: chmod 0400 {path} (and consider the key known if others had access)"
            )
        super().__init__(parse(text.split(), f"the file {path}"))


class EnvironmentProvider(Keyring):
    """Keys in the environment variable ANJIA_MASTER_KEY: hexadecimal, newest first, separated by commas."""

    def __init__(self) -> None:
        text = os.environ.get(VARIABLE, "")
        if not text:
            raise KeyProblem(
                f"the environment variable {VARIABLE} is not set; it must hold 64 hexadecimal digits "
                "(make one with: openssl rand -hex 32), the same ones at every start"
            )
        super().__init__(parse(text.replace(",", " ").split(), f"the environment variable {VARIABLE}"))


def parse(words: list[str], source: str) -> list[bytes]:
    """Keys from their hexadecimal form; says where the mistake is, never what stands there."""
    keys = []
    for number, word in enumerate(words, 1):
        try:
            key = bytes.fromhex(word)
        except ValueError:
            key = b""
        if len(key) != envelope.KEY_BYTES:
            raise KeyProblem(f"key {number} in {source} is not 64 hexadecimal digits (0-9, a-f)")
        keys.append(key)
    if not keys:
        raise KeyProblem(f"{source} holds no key; restore it from the backup of keys, do not make a new one")
    return keys


def make_key_file(path: Path) -> None:
    """A new random key, complete on disk before it has its name; two processes at once make one key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_hex(envelope.KEY_BYTES) + "\n")
            out.flush()
            os.fchmod(out.fileno(), 0o400)
            os.fsync(out.fileno())
        try:
            os.link(temporary, path)  # fails if another process was first; then its key is the key
        except FileExistsError:
            return
    finally:
        os.unlink(temporary)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


PROVIDERS: dict[str, Callable[[], MasterKeyProvider]] = {
    "file": lambda: FileProvider(Path(settings.VAR) / "keys" / "master"),
    "environment": EnvironmentProvider,
}


def provider() -> MasterKeyProvider:
    """The provider this instance is set up with, made once a process; KeyProblem tells what is wrong."""
    return _provider(str(settings.KEY_PROVIDER), str(settings.VAR))


@lru_cache(maxsize=8)
def _provider(name: str, var: str) -> MasterKeyProvider:
    if name not in PROVIDERS:
        known = " or ".join(PROVIDERS)
        raise KeyProblem(f"ANJIA_KEY_PROVIDER must be {known}, not {name!r}")
    return PROVIDERS[name]()
