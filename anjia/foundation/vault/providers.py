"""Where the master key comes from. It is never in the database, a setting, a log or a backup of either.

A key service (KMS) is added as another class with the members of `MasterKeyProvider`, named in `PROVIDERS`;
a security module as another `Device` (hsm.py): it keeps the key inside and answers wrap, unwrap and derive.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings

from anjia.foundation.vault import envelope, keyfile
from anjia.foundation.vault.errors import KeyMissing, KeyProblem
from anjia.foundation.vault.hsm import HsmProvider, SimulatedDevice

VARIABLE = "ANJIA_MASTER_KEY"


class MasterKeyProvider(Protocol):
    """What the vault asks of whoever holds the master key."""

    @property
    def current_id(self) -> str:
        """Public name (16 characters) of the master key that new wraps are made with."""

    def wrap(self, master_id: str, data: bytes, aad: bytes) -> bytes:
        """Encrypt a root key under that master key, which is named because `current_id` may change."""

    def unwrap(self, master_id: str, data: bytes, aad: bytes) -> bytes:
        """Decrypt what `wrap` made, also under an older master key; KeyMissing or SealBroken."""

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose; the same for ever, also after the master key was renewed."""

    def renew(self) -> str:
        """Make a new master key the current one, the older ones still unwrap; returns its name."""


class Keyring:
    """Master keys in memory: the first wraps, all unwrap; purposes derive from the last, the oldest."""

    def __init__(self, masters: list[bytes]) -> None:
        self._hold(masters)
        self._origin = masters[-1]
        self._purposes: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def _hold(self, masters: list[bytes]) -> None:
        """Take these keys at once, so that another thread sees the old ones or the new ones."""
        self._wrapping = {
            envelope.derive(m, "master id")[:8].hex(): envelope.derive(m, "wrap") for m in masters
        }

    @property
    def current_id(self) -> str:
        """Public name of the master key in use."""
        return next(iter(self._wrapping))

    def wrap(self, master_id: str, data: bytes, aad: bytes) -> bytes:
        """Encrypt under that master key."""
        return envelope.encrypt(self._key(master_id), data, aad)

    def unwrap(self, master_id: str, data: bytes, aad: bytes) -> bytes:
        """Decrypt what was wrapped under that master key."""
        return envelope.decrypt(self._key(master_id), data, aad)

    def _key(self, master_id: str) -> bytes:
        if master_id not in self._wrapping:
            raise KeyMissing(
                "this database was sealed under another master key than the one in use; "
                "put the older key back as a further line of the key file (the newest stays first)"
            )
        return self._wrapping[master_id]

    def derive(self, purpose: str) -> bytes:
        """A key for one purpose."""
        if purpose not in self._purposes:
            self._purposes[purpose] = envelope.derive(self._origin, f"purpose {purpose}")
        return self._purposes[purpose]

    def renew(self) -> str:
        """A key held elsewhere is renewed there."""
        raise KeyProblem(
            "this provider cannot make a key: put a new one (openssl rand -hex 32) before those in "
            f"{VARIABLE}, keep them all, restart every process, then run `anjia keys rotate` again"
        )


class FileProvider(Keyring):
    """Keys in a file, one per line in hexadecimal, newest first; mode 0400. Made once if there is none.

    A process that serves takes up a renewed file by itself: it looks at the file's date before it wraps.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.exists():
            keyfile.make(path, [secrets.token_bytes(envelope.KEY_BYTES)])
        masters, self._seen = keyfile.read(path)
        super().__init__(masters)

    @property
    def current_id(self) -> str:
        """Public name of the newest key in the file."""
        self._look_again()
        return super().current_id

    def _key(self, master_id: str) -> bytes:
        if master_id not in self._wrapping:
            self._look_again()
        return super()._key(master_id)

    def renew(self) -> str:
        """Write a new key before the others; complete on disk before anything is wrapped with it."""
        with keyfile.alone(self._path):
            masters, _ = keyfile.read(self._path)
            keyfile.write(self._path, [secrets.token_bytes(envelope.KEY_BYTES), *masters])
        return self.current_id

    def _look_again(self) -> None:
        """Take up a file that was renewed. What is in memory stays in use while the file cannot be had."""
        try:
            if keyfile.stamp(self._path) == self._seen:
                return
            masters, seen = keyfile.read(self._path)
        except (OSError, KeyProblem):
            return
        if masters[-1] == self._origin:  # without the oldest key nobody would be found any more
            self._hold(masters)
            self._seen = seen


class EnvironmentProvider(Keyring):
    """Keys in the environment variable ANJIA_MASTER_KEY: hexadecimal, newest first, separated by commas."""

    def __init__(self) -> None:
        text = os.environ.get(VARIABLE, "")
        if not text:
            raise KeyProblem(
                f"the environment variable {VARIABLE} is not set; it must hold 64 hexadecimal digits "
                "(make one with: openssl rand -hex 32), the same ones at every start"
            )
        super().__init__(
            keyfile.parse(text.replace(",", " ").split(), f"the environment variable {VARIABLE}")
        )


PROVIDERS: dict[str, Callable[[], MasterKeyProvider]] = {
    "file": lambda: FileProvider(Path(settings.VAR) / "keys" / "master"),
    "environment": EnvironmentProvider,
    "simulated-hsm": lambda: HsmProvider(SimulatedDevice(Path(settings.VAR) / "keys" / "simulated-hsm")),
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
