"""What test_kill.py runs in processes of its own: `prepare`, `work` (until killed), `report`."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import django
from django.conf import settings

KIND = "test.kill"


def set_up() -> None:
    """Only the foundation, so that this starts fast and depends on no other room."""
    settings.INSTALLED_APPS = [
        *[f"anjia.foundation.{room}" for room in ("vault", "events", "outbox", "files", "limits")],
        "django.contrib.contenttypes",
        "django.contrib.auth",
    ]
    settings.AUTH_USER_MODEL = "auth.User"
    django.setup()


def prepare(rows: int) -> None:
    """Tables where there are none, and the rows."""
    from django.db import connection, transaction

    from anjia.foundation.core.batch import Batch
    from anjia.foundation.limits.models import Bucket
    from anjia.foundation.outbox import outbox
    from anjia.foundation.outbox.models import Outbox, Schedule

    there = connection.introspection.table_names()
    with connection.schema_editor() as editor:
        for model in (Outbox, Schedule, Bucket):
            if model._meta.db_table not in there:
                editor.create_model(model)
    with transaction.atomic():
        batch = Batch()
        for n in range(rows):
            outbox.put(batch, kind=KIND, body={"n": n}, now=datetime(2026, 2, 13, tzinfo=UTC))
        batch.flush()


def work() -> None:
    """A worker whose effect takes a moment, so that it is often killed in the middle of one."""
    from anjia.foundation.limits.models import Bucket
    from anjia.foundation.outbox import outbox, worker

    worker.LEASE = timedelta(seconds=0.5)
    worker.IDLE_SECONDS = 0.05
    worker.MAX_TRIES = 1000
    outbox.JOBS.clear()

    @outbox.handler(KIND)
    def handle(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
        Bucket.objects.create(name="kill", key=os.urandom(16), window=now, count=body["n"])
        time.sleep(0.02)

    worker.run(threading.Event())


def report() -> None:
    """Say what was done and what is left, as JSON."""
    from anjia.foundation.limits.models import Bucket
    from anjia.foundation.outbox.models import Outbox

    effects = sorted(Bucket.objects.filter(name="kill").values_list("count", flat=True))
    print(json.dumps({"effects": effects, "left": Outbox.objects.filter(done_at=None).count()}))


if __name__ == "__main__":
    set_up()
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    elif sys.argv[1] == "work":
        work()
    else:
        report()
