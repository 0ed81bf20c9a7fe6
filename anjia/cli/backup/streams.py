"""Sealing a stream of any length: pieces of four megabytes, each bound to its name, its place and the end.

What a backup holds beside sealed values (codes, times, which office) is sealed as well: a backup lies about.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from anjia.foundation.vault import envelope
from anjia.foundation.vault.errors import SealBroken
from anjia.foundation.vault.providers import provider

PIECE = 4 * 1024 * 1024
LENGTH_BYTES = 4


def seal(source: IO[bytes], target: Path, name: str) -> str:
    """Write a sealed copy of the stream; returns the sum of what was written."""
    key, total = provider().derive("backup"), hashlib.sha256()
    with target.open("wb") as out:
        number, piece = 0, source.read(PIECE)
        while True:
            following = source.read(PIECE)
            body = envelope.encrypt(key, piece, _aad(name, number, last=not following))
            for part in (len(body).to_bytes(LENGTH_BYTES, "big"), body):
                out.write(part)
                total.update(part)
            if not following:
                break
            number, piece = number + 1, following
    return total.hexdigest()


def unseal(source: Path, name: str) -> Iterator[bytes]:
    """The pieces again, in order; SealBroken when one is missing, changed or belongs elsewhere."""
    key, size = provider().derive("backup"), source.stat().st_size
    with source.open("rb") as read:
        number = 0
        while True:
            length = int.from_bytes(read.read(LENGTH_BYTES), "big")
            body = read.read(length)
            last = read.tell() == size
            yield envelope.decrypt(key, body, _aad(name, number, last=last))
            if last:
                return
            if read.tell() > size or not length:
                raise SealBroken("the backup is cut short")
            number += 1


def lines(source: Path, name: str) -> Iterator[Any]:
    """JSON lines of a sealed stream."""
    for line in b"".join(unseal(source, name)).split(b"\n"):
        if line:
            yield json.loads(line)


def sum_of(path: Path) -> str:
    """The sum of a file as it lies there."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _aad(name: str, number: int, *, last: bool) -> bytes:
    return envelope.associated("backup", name, number, int(last))
