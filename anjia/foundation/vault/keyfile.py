"""The file of master keys: one key per line in hexadecimal, newest first, readable by its owner alone.

Written as a whole beside its place, on disk before it gets its name: a power cut leaves the old file or the
new one.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anjia.foundation.vault import envelope
from anjia.foundation.vault.errors import KeyProblem

Stamp = tuple[int, int, int]


def read(path: Path) -> tuple[list[bytes], Stamp]:
    """The keys of the file and what to know it by; KeyProblem says what to do when it cannot be used."""
    try:
        with path.open("rb") as source:
            status = os.fstat(source.fileno())
            text = source.read().decode("ascii", errors="replace")
    except OSError as error:
        raise KeyProblem(f"the master key file {path} cannot be read: {error.strerror}") from None
    if status.st_mode & 0o077:
        raise KeyProblem(
            f"the master key file {path} can be read by other users of this machine; "
            f"run: chmod 0400 {path} (and consider the key known if others had access)"
        )
    return parse(text.split(), f"the file {path}"), _stamp(status)


def stamp(path: Path) -> Stamp:
    """What a file is known by: another one in its place has another stamp."""
    return _stamp(path.stat())


def make(path: Path, keys: list[bytes]) -> None:
    """A file where there is none; of two processes at once one makes it and both use it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = _beside(path, keys)
    try:
        os.link(temporary, path)  # fails if another process was first; then its key is the key
    except FileExistsError:
        return
    finally:
        temporary.unlink()
    _sync(path.parent)


def write(path: Path, keys: list[bytes]) -> None:
    """Put these keys in the place of those in the file."""
    os.replace(_beside(path, keys), path)
    _sync(path.parent)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """No other process renews the file meanwhile; a killed one holds nothing up."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


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


def _beside(path: Path, keys: list[bytes]) -> Path:
    """A complete file on disk under a passing name."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(descriptor, "w") as out:
        out.writelines(f"{key.hex()}\n" for key in keys)
        out.flush()
        os.fchmod(out.fileno(), 0o400)
        os.fsync(out.fileno())
    return Path(name)


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_ino, status.st_mtime_ns, status.st_size


def _sync(folder: Path) -> None:
    """The name itself is on disk."""
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
