"""Erased is erased: the wrapped root key and every search token are gone; what was sealed is noise from then on.

An older backup would bring the key back. So each erased root stands in a list beside the master key, which no
backup of the database holds, and the list is gone through again before anything is served. Backups of the keys
are to be kept 35 days at most: after that no copy anywhere opens.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from anjia.foundation.vault.errors import KeyProblem
from anjia.foundation.vault.models import DataKey, Token


def place() -> Path:
    """The list of erased roots: one id a line with the day. Ids only; they point to nothing any more."""
    return Path(settings.ERASED_LIST)


def forget(root: UUID, at: datetime) -> None:
    """Erase a root for ever, inside the caller's transaction. The list has it on disk first."""
    _remember(root, at)
    _destroy([root])


def unfind(owners: list[UUID]) -> None:
    """These people are found by nothing any more; what is sealed of them stays."""
    Token.objects.filter(owner__in=owners).delete()


def forget_again() -> int:
    """Erase whatever the list names and a restored database brought back; returns how many roots."""
    with transaction.atomic():
        back = list(DataKey.objects.filter(root__in=erased()).values_list("root", flat=True))
        _destroy(back)
    return len(back)


def erased() -> set[UUID]:
    """The roots in the list. A last line cut short by a power failure was not committed either."""
    path = place()
    lines = path.read_text("ascii").split("\n")[:-1] if path.exists() else []
    try:
        return {UUID(line.split()[0]) for line in lines}
    except (ValueError, IndexError):
        raise KeyProblem(f"the list of erased matters {path} holds a line that is none") from None


def _destroy(roots: list[UUID]) -> None:
    DataKey.objects.filter(root__in=roots).delete()
    Token.objects.filter(root__in=roots).delete()


def _remember(root: UUID, at: datetime) -> None:
    path = place()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    torn = path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0
    descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    try:
        if torn:
            os.ftruncate(descriptor, path.read_bytes().rfind(b"\n") + 1)
        os.write(descriptor, f"{root} {at.date()}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
