"""What test_rotation.py runs in processes of its own: `prepare`, `rotate` and `serve` (until killed), `report`."""

from __future__ import annotations

import json
import os
import random
import sys
from uuid import UUID, uuid4

from anjia.foundation.outbox.tests.kill_worker import set_up

TEXT = {"n": "王小兰"}


def add(root: UUID) -> None:
    """A root with its key and one sealed document; the owner's id is the root's."""
    from django.db import transaction

    from anjia.foundation.core.batch import Batch
    from anjia.foundation.vault import vault

    with transaction.atomic():
        batch = Batch()
        key = vault.new_root(batch, root)
        vault.seal(batch, key, owner=root, compartment="label", value=TEXT)
        batch.flush()


def readable(root: UUID) -> bool:
    """Whether what was sealed for this root opens."""
    from anjia.foundation.vault import vault

    row = vault.newest(root, "label")
    return row is not None and vault.open_sealed(row, vault.key(root)) == TEXT


def prepare(rows: int) -> None:
    """Tables where there are none, and the rows."""
    from django.db import connection, transaction

    from anjia.foundation.vault.models import DataKey, Sealed

    there = connection.introspection.table_names()
    with connection.schema_editor() as editor:
        for model in (DataKey, Sealed):
            if model._meta.db_table not in there:
                editor.create_model(model)
    with transaction.atomic():
        for _ in range(rows):
            add(uuid4())


def rotate() -> None:
    """One rotation after the other, in small pages, so that every kill falls into one."""
    from anjia.foundation.vault import rotation

    while True:
        done = rotation.rotate(page=20, pause=0)
        print(json.dumps({"renewed": done.renewed, "broken": len(done.broken)}), flush=True)


def serve() -> None:
    """An office that works on: opens matters, takes in new ones, and says what it could not do."""
    from anjia.foundation.vault.models import DataKey

    roots = list(DataKey.objects.values_list("root", flat=True))
    rng = random.Random(os.getpid())
    while True:
        for root in rng.sample(roots, 20):
            try:
                fine = readable(root)
            except Exception as fault:
                print(type(fault).__name__, fault, flush=True)
                continue
            print("ok" if fine else "unreadable", flush=True)
        new = uuid4()
        add(new)
        roots.append(new)
        print("added", flush=True)


def report() -> None:
    """Whether every root opens, and which still stand under an older key."""
    from anjia.foundation.vault import rotation
    from anjia.foundation.vault.models import DataKey
    from anjia.foundation.vault.providers import provider

    roots = list(DataKey.objects.values_list("root", flat=True))
    if "finish" in sys.argv:
        rotation.rewrap(pause=0)
    said = {
        "roots": len(roots),
        "unreadable": sum(not readable(root) for root in roots),
        "older": rotation.older(provider().current_id).count(),
        "masters": len(rotation.under()),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    set_up()
    {"prepare": lambda: prepare(int(sys.argv[2])), "rotate": rotate, "serve": serve, "report": report}[
        sys.argv[1]
    ]()
