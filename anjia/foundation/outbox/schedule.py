"""Periodic jobs of the worker. The table says when each runs next; a lease keeps two workers apart."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

from django.db import Error as DatabaseFault
from django.db import connection, transaction
from django.db.models import Q

from anjia.foundation.outbox import outbox
from anjia.foundation.outbox.models import Schedule

log = logging.getLogger("anjia.worker")

LEASE = timedelta(minutes=2)


def run_due(now: datetime, stop: threading.Event | None = None) -> int:
    """Run every registered job whose time has come, once each; returns how many ran."""
    ran = 0
    for name in due(now):
        if stop is not None and stop.is_set():
            break
        if take(name, now):
            carry_out(name, now)
            ran += 1
    return ran


def due(now: datetime) -> list[str]:
    """Names of jobs to run now, the longest overdue first. A job seen for the first time is due at once."""
    known = {row.name: row for row in Schedule.objects.filter(name__in=outbox.JOBS)}
    new = [name for name in outbox.JOBS if name not in known]
    Schedule.objects.bulk_create([Schedule(name=n, next_at=now) for n in new], ignore_conflicts=True)
    late = [(row.next_at, row.name) for row in known.values() if row.next_at <= now]
    return [name for _, name in sorted(late)] + new


def take(name: str, now: datetime) -> bool:
    """Lease one job; False when another worker has it or has just run it."""
    with transaction.atomic():
        rows = Schedule.objects.filter(
            Q(leased_until=None) | Q(leased_until__lte=now), name=name, next_at__lte=now
        )
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        if rows.first() is None:
            return False
        Schedule.objects.filter(name=name).update(leased_until=now + LEASE)
    return True


def carry_out(name: str, now: datetime) -> bool:
    """Run one leased job and say when it runs next; a job that fails waits at least ten seconds."""
    every = outbox.JOBS[name].every
    try:
        outbox.JOBS[name].job(now=now)
    except Exception as fault:  # one job that fails must not stop the others
        if isinstance(fault, DatabaseFault) and not connection.is_usable():
            raise
        log.error("job %s failed", name, exc_info=fault)
        wait = max(every, timedelta(seconds=10))
        Schedule.objects.filter(name=name).update(next_at=now + wait, leased_until=None)
        return False
    Schedule.objects.filter(name=name).update(next_at=now + every, leased_until=None, last_ok_at=now)
    return True
