"""A backup that was never put back is a hope. The drill puts one back, elsewhere, and looks at everything."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from anjia.cli.backup import databases, store
from anjia.foundation.core import clock
from anjia.foundation.core.who import SYSTEM
from anjia.foundation.events import access, anchors
from anjia.foundation.events.verifying import verify
from anjia.foundation.files import files
from anjia.foundation.files.models import File
from anjia.foundation.vault import vault
from anjia.foundation.vault.errors import KeyMissing, VaultError
from anjia.foundation.vault.models import Sealed

SAMPLE = 500


@dataclass(slots=True)
class Looked:
    """What a restored place was found to hold, and whatever is wrong with it."""

    rows: int = 0
    files: int = 0
    documents: int = 0
    erased: int = 0
    faults: list[str] = field(default_factory=list)


def look(manifest: dict[str, Any]) -> Looked:
    """Rows, ledger, seal, every file against its sum, a sample of what was sealed; in the restored place."""
    found = Looked()
    now = databases.counts()
    found.rows = sum(now.values())
    for table, count in manifest["counts"].items():
        if table not in (databases.KEYS, "vault_token") and now.get(table) != count:
            found.faults.append(f"{table}: {now.get(table)} rows, {count} were copied")
    from anjia.engine.matters.heads import heads

    found.faults += [f.message for f in verify(heads())]
    head, seal = anchors.head(), manifest["seal"]
    if (head and {"n": head.n, "digest": head.digest.hex()}) != seal:
        found.faults.append("the newest seal is not the one that was copied")
    with access.reading(SYSTEM, route="cli:drill", how="file", at=clock.now()):
        look_at_files(found)
        look_at_documents(found)
    return found


def look_at_files(found: Looked) -> None:
    """Every file opens and has the sum it was taken in with."""
    for row in File.objects.order_by("id").iterator():
        try:
            key = vault.key(row.root)
            same = hashlib.sha256(files.read(row, key)).hexdigest() == files.describe(row, key)["sha256"]
        except KeyMissing:
            found.erased += 1
            continue
        except VaultError as fault:
            same = False
            found.faults.append(f"file {row.id}: {fault}")
        found.files += 1
        if not same:
            found.faults.append(f"file {row.id} is not what was taken in")


def look_at_documents(found: Looked) -> None:
    """Some of the sealed documents open, spread over the whole table."""
    step = max(1, Sealed.objects.count() // SAMPLE)
    for number, row in enumerate(Sealed.objects.order_by("id").iterator()):
        if number % step:
            continue
        try:
            vault.open_sealed(row, vault.key(row.root))
            found.documents += 1
        except KeyMissing:
            found.erased += 1
        except VaultError as fault:
            found.faults.append(f"document {row.id}: {fault}")


def run() -> Looked:
    """Backup, restore into an empty place of its own, look; nothing of it is left afterwards."""
    with tempfile.TemporaryDirectory(prefix="anjia-drill.") as passing:
        root = Path(passing)
        place = store.make(root / "backups", clock.now())
        with elsewhere(root / "var") as own:
            asked = [sys.executable, "-m", "anjia.cli", "restore", str(place), "--look"]
            said = subprocess.run(asked, env={**os.environ, **own}, stdout=subprocess.PIPE, check=False)
    lines = said.stdout.decode().strip().split("\n")
    if not lines[-1].startswith("{"):
        return Looked(faults=["the backup could not be put back"])
    return Looked(**json.loads(lines[-1]))


@contextmanager
def elsewhere(var: Path) -> Iterator[dict[str, str]]:
    """The environment of an empty place with the same keys; they are handed on in memory, never on disk."""
    own = {"ANJIA_VAR": str(var), "ANJIA_ERASED": settings.ERASED_LIST, "ANJIA_DEMO": "0"}
    if settings.KEY_PROVIDER == "file":
        words = (Path(settings.VAR) / "keys" / "master").read_text("ascii").split()
        own |= {"ANJIA_KEY_PROVIDER": "environment", "ANJIA_MASTER_KEY": ",".join(words)}
    if connection.vendor != "postgresql":
        yield own | {"ANJIA_DATABASE": ""}
        return
    used = connection.settings_dict
    with databases.another() as name:
        who = f"{quote(str(used['USER']))}:{quote(str(used['PASSWORD']))}"
        yield own | {"ANJIA_DATABASE": f"postgresql://{who}@{used['HOST']}:{used['PORT']}/{name}"}


def as_line(found: Looked) -> str:
    """For the process that asked."""
    return json.dumps(asdict(found))
