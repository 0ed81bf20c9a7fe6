"""Every stored file is opened anew each week and compared with its check values; what differs is reported.

The tag of the encryption already refuses a changed byte when somebody opens the file. This finds it while a backup
still has the right one. (法发〔2016〕22号 Art. 5; what is found says only which file, never what it holds.)
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from anjia.foundation.core.batch import Batch
from anjia.foundation.files import files
from anjia.foundation.files.models import File
from anjia.foundation.outbox import outbox
from anjia.foundation.vault import vault
from anjia.foundation.vault.errors import SealBroken
from anjia.foundation.vault.models import DataKey

log = logging.getLogger("anjia.files")

EACH = timedelta(days=7)
AT_ONCE = 500
SECONDS = 60.0  # of one run; the next goes on where it ended
CHANGED, MISSING = "changed", "missing"
FAULTY = "files.faulty"  # the outbox row that tells whoever leads the matter


def recheck(*, now: datetime, seconds: float = SECONDS) -> int:
    """Compare those whose week is over, the longest ago first, for so many seconds; says how many."""
    began, count = time.monotonic(), 0
    for file in due(now):
        if count and time.monotonic() - began > seconds:
            break
        settle(file, fault_of(file), now)
        count += 1
    return count


def due(now: datetime) -> list[File]:
    """Files that were not compared for a week. What was erased has no key and nothing to compare."""
    late = File.objects.filter(Q(checked_at=None) | Q(checked_at__lte=now - EACH))
    kept = late.filter(Exists(DataKey.objects.filter(root=OuterRef("root"))))
    return list(kept.order_by(F("checked_at").asc(nulls_first=True), "id")[:AT_ONCE])


def fault_of(file: File) -> str:
    """What is wrong with the stored bytes or the description of a file; "" when nothing is."""
    try:
        key = vault.key(file.root)
        data, about = files.read(file, key), files.describe(file, key)
    except files.FileMissing:
        return MISSING
    except SealBroken:
        return CHANGED
    found = files.check_values(data)
    return CHANGED if any(about.get(name, found[name]) != found[name] for name in found) else ""


def settle(file: File, fault: str, now: datetime) -> None:
    """Note what was found. As long as it is broken whoever leads the matter is told each week."""
    with transaction.atomic():
        File.objects.filter(pk=file.pk).update(checked_at=now, fault=fault)
        if fault:
            batch = Batch()
            outbox.put(batch, kind=FAULTY, body={"matter": str(file.matter), "file": str(file.id)}, now=now)
            batch.flush()
    if fault:
        log.error("stored file %s is %s", file.id, fault)


def broken() -> int:
    """How many stored files differ from their check values or are gone."""
    return File.objects.exclude(fault="").count()
