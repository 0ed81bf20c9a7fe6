"""The folder of backups: what one holds, how it is made and put back.

    FOLDER/2026-03-09T020000/manifest.json   what it holds, with sums
    FOLDER/2026-03-09T020000/database        sealed; without root keys
    FOLDER/keys/2026-03-09T020000            sealed; wrapped root keys, kept 35 days
    FOLDER/files/..                          sealed files as they lie in var/files, each once

Not in it: the master key (its shares are with three officers) and the list of erased matters beside it.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from anjia.cli.backup import databases, streams
from anjia.foundation.events import anchors
from anjia.foundation.files import files
from anjia.foundation.vault import erasing

STAMP = "%Y-%m-%dT%H%M%S"
KEYS_KEPT = timedelta(days=35)


class BackupProblem(Exception):
    """A backup that cannot be made or put back, with what to do about it."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: rows, keys, files, and how many erased matters were erased again."""

    rows: int
    keys: int
    files: int
    erased_again: int


def make(folder: Path, now: datetime) -> Path:
    """One backup in the folder; complete when its manifest is there."""
    stamp = now.strftime(STAMP)
    place = folder / stamp
    place.mkdir(parents=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=place) as passing:
        copied = Path(passing) / "copy"
        moment = databases.copy(copied)
        with copied.open("rb") as source:
            database_sum = streams.seal(source, place / "database", f"database {stamp}")
    keys = "".join(json.dumps(key) + "\n" for key in moment.keys).encode()
    (folder / "keys").mkdir(exist_ok=True, mode=0o700)
    streams.seal(BytesIO(keys), folder / "keys" / stamp, f"keys {stamp}")
    head = anchors.head()
    manifest = {
        "made": now.isoformat(),
        "counts": moment.counts,
        "keys": len(moment.keys),
        "database": database_sum,
        "files": copy_files(files.folder(), folder / "files"),
        "seal": {"n": head.n, "digest": head.digest.hex()} if head else None,
    }
    (place / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    forget_old_keys(folder / "keys", now)
    return place


def copy_files(source: Path, target: Path) -> int:
    """Each sealed file once; they never change, so what is there is not copied again."""
    count = 0
    for path in sorted(source.glob("??/*")):
        place = target / path.relative_to(source)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            passing = place.with_name(f".{place.name}")
            shutil.copyfile(path, passing)
            passing.replace(place)
        count += 1
    return count


def forget_old_keys(folder: Path, now: datetime) -> None:
    """Keys older than 35 days go, except the newest: then nothing anywhere opens what was erased."""
    oldest = (now - KEYS_KEPT).strftime(STAMP)
    for path in sorted(folder.iterdir())[:-1]:
        if path.name < oldest:
            path.unlink()


def restore(place: Path) -> Restored:
    """Put a backup into an empty place, with the newest keys there are; what was erased stays erased."""
    manifest = read(place)
    if not databases.is_empty():
        raise BackupProblem(
            "there is a database already; restore into an empty place (ANJIA_VAR, ANJIA_DATABASE)"
        )
    if streams.sum_of(place / "database") != manifest["database"]:
        raise BackupProblem("the backup was changed: its sum is not what the manifest says")
    root = files.folder().parent
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root) as passing:
        copied = Path(passing) / "copy"
        with copied.open("wb") as out:
            out.writelines(streams.unseal(place / "database", f"database {place.name}"))
        databases.put_back(copied)
    newest = max((place.parent / "keys").iterdir(), default=None, key=lambda path: path.name)
    if newest is None:
        raise BackupProblem(f"no keys are left in {place.parent / 'keys'}: what was sealed stays sealed")
    keys = databases.put_back_keys(streams.lines(newest, f"keys {newest.name}"))
    copied_files = copy_files(place.parent / "files", files.folder())
    again = erasing.forget_again()
    return Restored(sum(databases.counts().values()), keys, copied_files, again)


def read(place: Path) -> dict[str, Any]:
    """What a backup says it holds."""
    try:
        found: dict[str, Any] = json.loads((place / "manifest.json").read_text())
    except (OSError, ValueError):
        raise BackupProblem(f"{place} holds no complete backup") from None
    return found
