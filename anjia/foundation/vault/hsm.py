"""A security module (密码机) as the holder of the master key: the key never leaves it.

The shape of GM/T 0018: a device, sessions on it, keys known by their index inside. What is asked of a device is
four calls on a session; a maker's library is put behind `Device`, everything else stays. The simulated device is
for tests and rehearsals and refuses real service: its keys lie in a file like any other.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from django.conf import settings

from anjia.foundation.vault import envelope, keyfile, suites
from anjia.foundation.vault.errors import KeyMissing, KeyProblem

T = TypeVar("T")


class SessionLost(Exception):
    """The device was restarted or closed the session: a new one is opened and the call made again."""


class Session(Protocol):
    """One session on a device (SDF_OpenSession). Keys are named by their index, newest last; none is given out."""

    def indexes(self) -> list[int]:
        """The master keys there are."""

    def generate(self) -> int:
        """Make another master key inside; its index."""

    def wrap(self, index: int, data: bytes, aad: bytes) -> bytes:
        """Encrypt under that key, inside."""

    def unwrap(self, index: int, data: bytes, aad: bytes) -> bytes:
        """Decrypt under that key, inside; SealBroken if anything differs."""

    def mac(self, index: int, data: bytes) -> bytes:
        """A 32-byte keyed sum under that key, inside."""


class Device(Protocol):
    """A module that sessions are opened on (SDF_OpenDevice)."""

    def open_session(self) -> Session:
        """Begin to use it; KeyProblem when it does not answer."""


class HsmProvider:
    """The vault's master key inside a device. One session a thread; a lost one is opened anew, once a call."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._local = threading.local()
        self._purposes: dict[str, bytes] = {}
        if not self._ask(lambda session: session.indexes()):
            self.renew()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    @property
    def current_id(self) -> str:
        """Public name of the newest key in the device."""
        return self._ask(lambda session: _name(session, session.indexes()[-1]))

    def wrap(self, master_id: str, data: bytes, aad: bytes) -> bytes:
        """Encrypt inside the device."""
        return self._ask(lambda session: session.wrap(_index(session, master_id), data, aad))

    def unwrap(self, master_id: str, data: bytes, aad: bytes) -> bytes:
        """Decrypt inside the device."""
        return self._ask(lambda session: session.unwrap(_index(session, master_id), data, aad))

    def derive(self, purpose: str) -> bytes:
        """A key for one purpose: a keyed sum under the oldest key, so that it outlives every renewal."""
        if purpose not in self._purposes:
            text = f"purpose {purpose}".encode()
            self._purposes[purpose] = self._ask(lambda session: session.mac(session.indexes()[0], text))
        return self._purposes[purpose]

    def renew(self) -> str:
        """A further key, made inside."""
        return self._ask(lambda session: _name(session, session.generate()))

    def _ask(self, call: Callable[[Session], T]) -> T:
        try:
            return call(self._session())
        except SessionLost:
            self._local.session = None
            return call(self._session())

    def _session(self) -> Session:
        session: Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = self._device.open_session()
        return session


def _name(session: Session, index: int) -> str:
    """A key's public name; a sum that tells nothing about it."""
    return session.mac(index, b"master id")[:8].hex()


def _index(session: Session, master_id: str) -> int:
    for index in session.indexes():
        if _name(session, index) == master_id:
            return index
    raise KeyMissing("the security module does not hold the master key that this was sealed under")


class SimulatedDevice:
    """A module made of software, for tests and rehearsals: its keys lie in a file."""

    def __init__(self, path: Path) -> None:
        if not (settings.TESTING or settings.DEMO):
            raise KeyProblem(
                "the simulated security module is for rehearsals only; name the file or a real module"
            )
        self._path = path
        self._generation = 0

    def open_session(self) -> Session:
        """A session that lives until the device is restarted."""
        return _SimulatedSession(self._path, self, self._generation)

    def restart(self) -> None:
        """Every session is lost, as when the real one is switched off and on."""
        self._generation += 1

    def holds(self, generation: int) -> bool:
        """Whether a session of then is still known."""
        return generation == self._generation


class _SimulatedSession:
    """What happens inside; only results come out."""

    def __init__(self, path: Path, device: SimulatedDevice, generation: int) -> None:
        self._path, self._device, self._generation = path, device, generation

    def indexes(self) -> list[int]:
        return list(range(len(self._keys())))

    def generate(self) -> int:
        keys = self._keys()
        new = secrets.token_bytes(envelope.KEY_BYTES)
        if keys:
            keyfile.write(self._path, [*keys, new])
        else:
            keyfile.make(self._path, [new])
        return len(keys)

    def wrap(self, index: int, data: bytes, aad: bytes) -> bytes:
        return envelope.encrypt(envelope.derive(self._keys()[index], "wrap"), data, aad)

    def unwrap(self, index: int, data: bytes, aad: bytes) -> bytes:
        return envelope.decrypt(envelope.derive(self._keys()[index], "wrap"), data, aad)

    def mac(self, index: int, data: bytes) -> bytes:
        return suites.mac(suites.AES, self._keys()[index], data)

    def _keys(self) -> list[bytes]:
        if not self._device.holds(self._generation):
            raise SessionLost
        return keyfile.read(self._path)[0] if self._path.exists() else []
