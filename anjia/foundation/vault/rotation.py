"""A new master key, without closing the office: every root key is wrapped anew while people go on working.

The root keys stay what they are, so nothing that was sealed is touched; only their wraps change, a page a
transaction. What is left to do is what the table says (rows under an older master key), so a rotation that
was killed is taken up by running it again. A root that is erased meanwhile stays erased.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, QuerySet

from anjia.foundation.vault.errors import VaultError
from anjia.foundation.vault.models import DataKey
from anjia.foundation.vault.providers import MasterKeyProvider, provider
from anjia.foundation.vault.vault import wrap_aad

PAGE = 500
#: Between two pages: whoever saves a report comes first.
PAUSE_SECONDS = 0.02
REWRAP = "UPDATE vault_datakey SET master_id = %s, wrapped = %s WHERE root = %s AND master_id = %s"


@dataclass(slots=True)
class Rotated:
    """What a rotation did: how many wraps it renewed, and which it could not open."""

    master_id: str
    renewed: int = 0
    broken: list[UUID] = field(default_factory=list)


def rotate(page: int = PAGE, pause: float = PAUSE_SECONDS) -> Rotated:
    """Make a new master key and wrap every root key with it; or finish a rotation that was interrupted."""
    master = provider()
    if not older(master.current_id).exists():
        master.renew()
    return rewrap(page, pause)


def rewrap(page: int = PAGE, pause: float = PAUSE_SECONDS) -> Rotated:
    """Wrap with the current master key whatever stands under an older one."""
    master = provider()
    done = Rotated(master.current_id)
    for roots in _pages(done.master_id, page):
        done.renewed += _rewrap(roots, master, done)
        time.sleep(pause)
    return done


def under() -> dict[str, int]:
    """How many root keys are wrapped by which master key, by its public name."""
    rows = DataKey.objects.values("master_id").annotate(roots=Count("root"))
    return {row["master_id"]: row["roots"] for row in rows.order_by("master_id")}


def older(master_id: str) -> QuerySet[DataKey]:
    """Root keys that are wrapped by another master key than this."""
    return DataKey.objects.exclude(master_id=master_id)


def _pages(master_id: str, page: int) -> Iterator[list[UUID]]:
    """Ids of the root keys to be wrapped anew, in order, each once."""
    rows, after = older(master_id).order_by("root").values_list("root", flat=True), None
    while roots := list((rows.filter(root__gt=after) if after else rows)[:page]):
        yield roots
        after = roots[-1]


def _rewrap(roots: list[UUID], master: MasterKeyProvider, done: Rotated) -> int:
    """One page in one transaction. A row that somebody changed or erased meanwhile is left alone."""
    column = DataKey._meta.get_field("root")
    with transaction.atomic():
        rows = DataKey.objects.filter(root__in=roots).exclude(master_id=done.master_id).order_by("root")
        changes = []
        for row in rows:
            try:
                secret = master.unwrap(row.master_id, bytes(row.wrapped), wrap_aad(row.root, row.master_id))
            except VaultError:
                done.broken.append(row.root)
                continue
            wrapped = master.wrap(done.master_id, secret, wrap_aad(row.root, done.master_id))
            key = column.get_db_prep_value(row.root, connection)
            changes.append((done.master_id, wrapped, key, row.master_id))
        with connection.cursor() as cursor:
            cursor.executemany(REWRAP, changes)
    return len(changes)
