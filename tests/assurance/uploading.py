"""What test_evidence.py runs in processes of its own: `prepare`, `take` (until killed), `report`."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from anjia.foundation.outbox.tests.kill_worker import set_up

NOW = datetime(2026, 3, 9, tzinfo=UTC)
BIG = 256 * 1024  # so that writing takes a moment


def prepare() -> None:
    """Tables where there are none, and one root."""
    from django.db import connection, transaction

    from anjia.foundation.core.batch import Batch
    from anjia.foundation.files.models import File
    from anjia.foundation.outbox.models import Outbox
    from anjia.foundation.vault import vault
    from anjia.foundation.vault.models import DataKey, Sealed

    there = connection.introspection.table_names()
    with connection.schema_editor() as editor:
        for model in (DataKey, Sealed, File, Outbox):
            if model._meta.db_table not in there:
                editor.create_model(model)
    with transaction.atomic():
        File.objects.all().delete()
        DataKey.objects.all().delete()
        batch = Batch()
        vault.new_root(batch, uuid4())
        batch.flush()


def take() -> None:
    """An office that is sent one file after the other."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.db import transaction

    from anjia.foundation.core.batch import Batch
    from anjia.foundation.files import files
    from anjia.foundation.vault import vault
    from anjia.foundation.vault.models import DataKey

    key = vault.key(DataKey.objects.get().root)
    while True:
        data = b"%PDF-1.4\n" + os.urandom(BIG).hex().encode() + b"\n%%EOF\n"
        with transaction.atomic():
            batch = Batch()
            files.store(
                batch,
                key=key,
                matter=key.root,
                upload=SimpleUploadedFile("a.pdf", data),
                now=datetime.now(UTC),
            )
            batch.flush()
        print("taken", flush=True)


def report() -> None:
    """What counts as evidence, what of it is broken, what lies on the disk without a row, before and after the sweep."""
    from anjia.foundation.files import files, jobs, rechecking
    from anjia.foundation.files.models import File

    faults = [rechecking.fault_of(row) for row in File.objects.all()]
    on_disk = [p for p in files.folder().rglob("*") if p.is_file()]
    later = datetime.now(UTC) + timedelta(days=2)
    orphans = len(list(files.orphans(later)))
    swept = jobs.sweep(now=later)
    left = [p for p in files.folder().rglob("*") if p.is_file()]
    rows = File.objects.count()
    said = {"rows": rows, "broken": sum(bool(f) for f in faults), "disk": len(on_disk), "orphans": orphans}
    print(json.dumps({**said, "swept": swept, "left": len(left)}))


if __name__ == "__main__":
    set_up()
    {"prepare": prepare, "take": take, "report": report}[sys.argv[1]]()
