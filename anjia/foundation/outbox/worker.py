"""`anjia worker`: carries out outbox rows and runs the schedule. Any number may run at once.

Nothing is lost and nothing happens twice: a row is leased, then its handler and the mark "done" are one
transaction (what leaves the machine: `outbox.outside`). Rows whose effects stay in the database share one
(`outbox.TOGETHER`); if one of them fails, they are done one by one. A killed worker's lease runs out and another
takes the row. A row that always fails stands aside after eight tries and stops nobody.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db import Error as DatabaseFault
from django.db import close_old_connections, connection, transaction
from django.db.models import F, Q, QuerySet, UUIDField

from anjia.foundation.core import clock
from anjia.foundation.core.prepared import Prepared, Slot
from anjia.foundation.outbox import outbox, schedule
from anjia.foundation.outbox.models import Outbox

log = logging.getLogger("anjia.worker")

LEASE = timedelta(minutes=1)
PAGE = 100
#: How many rows share a transaction: on SQLite everybody who writes waits for it.
SHARE = 20
MAX_TRIES = 8
#: Waits before the second, third … try; in all about a day and a half.
BACKOFF = [timedelta(seconds=s) for s in (5, 30, 120, 600, 3600, 4 * 3600, 24 * 3600)]
IDLE_SECONDS = 0.5
FAULT_SECONDS = 2.0


class NoHandler(LookupError):
    """No room of this program carries out this kind of effect (an older or newer version wrote it)."""


def run(stop: threading.Event, once: bool = False) -> None:
    """Work until `stop` is set; the row in hand is finished first. `once`: one round, then return.

    What talks to other machines has a thread of its own, so that one that does not answer delays nothing else.
    """
    log.info("worker started")
    if once:
        rounds(
            stop, once, lambda: run_due(clock.now(), stop, clock.now) + schedule.run_due(clock.now(), stop)
        )
    else:
        outside = threading.Thread(
            target=rounds, args=(stop, False, lambda: send_out(stop)), name="anjia-outside"
        )
        if outbox.OUTSIDE:
            outside.start()
        try:
            rounds(
                stop,
                False,
                lambda: run_due(clock.now(), stop, outside=False) + schedule.run_due(clock.now(), stop),
            )
        finally:
            if outbox.OUTSIDE:
                stop.set()
                outside.join()
    log.info("worker stopped")


def send_out(stop: threading.Event) -> int:
    """One page of what talks to other machines, each at its own moment."""
    return run_due(clock.now(), stop, clock.now, outside=True)


def rounds(stop: threading.Event, once: bool, work: Callable[[], int]) -> None:
    """Round after round until asked to stop."""
    while not stop.is_set():
        close_old_connections()
        worked = 0
        pause = IDLE_SECONDS
        try:
            worked = work()
        except DatabaseFault:
            # The database is away or busy: nothing was done, everything is still there to be done.
            log.warning("the database did not answer; trying again", exc_info=True)
            pause = FAULT_SECONDS
        if once:
            break
        if worked < PAGE:  # a moment later there is more to do at once
            stop.wait(pause)


def drain(now: datetime) -> int:
    """Carry out everything due at `now`, also what that brings about; returns how many rows were tried."""
    total = 0
    while tried := run_due(now):
        total += tried
    return total


def run_due(
    now: datetime,
    stop: threading.Event | None = None,
    tick: Callable[[], datetime] | None = None,
    *,
    outside: bool | None = None,
) -> int:
    """Lease one page of due rows and carry them out; returns how many were tried. `tick` tells the time of each
    where it is not the same for all: who may be written to now may not be a minute later. `outside`: only what
    talks to other machines, or only what does not.
    """
    leased = lease(now, outside=outside)
    tried = 0
    for rows in shares(leased):
        if stop is not None and stop.is_set():
            release([row_id for row_id, _kind in leased[tried:]], now)
            break
        if len(rows) == 1 or not carry_out_together(rows, now):
            for row_id in rows:
                carry_out(row_id, tick() if tick else now)
        tried += len(rows)
    return tried


def shares(leased: Sequence[tuple[UUID, str]]) -> Iterator[list[UUID]]:
    """The rows in their order, those next to each other in one share that may go together."""
    for together, rows in groupby(leased, lambda row: row[1] in outbox.TOGETHER):
        ids, most = [row_id for row_id, _kind in rows], SHARE if together else 1
        yield from (ids[n : n + most] for n in range(0, len(ids), most))


def lease(now: datetime, limit: int = PAGE, *, outside: bool | None = None) -> list[tuple[UUID, str]]:
    """Take due rows for a minute: their ids and kinds. Each lease counts as a try, so that a row that kills us ends
    aside too."""
    with transaction.atomic():
        rows = waiting().filter(not_before__lte=now).filter(Q(leased_until=None) | Q(leased_until__lte=now))
        if outside is not None:
            of_kind = Q(kind__in=outbox.OUTSIDE)
            rows = rows.filter(of_kind if outside else ~of_kind)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        taken = list(rows.order_by("not_before", "id").values_list("id", "kind", "attempts")[:limit])
        worn_out = [row_id for row_id, _kind, attempts in taken if attempts >= MAX_TRIES]
        fresh = [(row_id, kind) for row_id, kind, attempts in taken if attempts < MAX_TRIES]
        if worn_out:
            Outbox.objects.filter(id__in=worn_out).update(
                dead_at=now, leased_until=None, last_error="Crashed"
            )
        if fresh:
            Outbox.objects.filter(id__in=[row_id for row_id, _kind in fresh]).update(
                leased_until=now + LEASE, attempts=F("attempts") + 1
            )
    for row_id in worn_out:
        log.error("dead letter %s: the worker ended during every try", row_id)
    return fresh


def carry_out_together(row_ids: Sequence[UUID], now: datetime) -> bool:
    """All these rows and their marks in one transaction. False when one of them failed: then nothing was done."""
    try:
        with transaction.atomic():
            rows = list(waiting().filter(id__in=row_ids).order_by("id").select_for_update())
            for row in rows:
                outbox.HANDLERS[row.kind](body=outbox.body_of(row), outbox_id=row.id, now=now)
            finish([row.id for row in rows], now)
    except Exception:  # whose fault it was shows when they are done one by one
        if not connection.is_usable():
            raise
        return False
    return True


#: One row that is still to be done, locked where the database locks rows.
TO_DO = Prepared(lambda: waiting().filter(id=Slot("id", UUIDField())).select_for_update())


def carry_out(row_id: UUID, now: datetime) -> bool:
    """One row: its effect and the mark "done" together, or neither. True when it is done."""
    try:
        with transaction.atomic():
            row = TO_DO.first(id=row_id)
            if row is None:
                return False  # another worker did it while our lease had run out
            if row.kind not in outbox.HANDLERS:
                raise NoHandler
            if row.kind not in outbox.OUTSIDE:
                outbox.HANDLERS[row.kind](body=outbox.body_of(row), outbox_id=row.id, now=now)
                finish([row_id], now)
        if row.kind in outbox.OUTSIDE:
            outbox.HANDLERS[row.kind](body=outbox.body_of(row), outbox_id=row.id, now=now)
            finish([row_id], now)
    except outbox.Later as later:
        put_off(row_id, later.until)
        return False
    except DatabaseFault as fault:
        if not connection.is_usable():
            raise
        fail(row_id, now, fault)
        return False
    except Exception as fault:  # a handler may raise anything; the others go on
        fail(row_id, now, fault)
        return False
    return True


def finish(row_ids: Sequence[UUID], now: datetime) -> None:
    """Mark rows done and forget what they said."""
    Outbox.objects.filter(id__in=row_ids).update(done_at=now, leased_until=None, last_error="", body=b"")


def put_off(row_id: UUID, until: datetime) -> None:
    """Its time has not come: waits until then, and this was no try."""
    waiting().filter(id=row_id, attempts__gt=0).update(
        not_before=until, leased_until=None, attempts=F("attempts") - 1
    )


def fail(row_id: UUID, now: datetime, fault: Exception) -> None:
    """Try again later, or set aside after the eighth try. Kept of the fault: its class."""
    row = waiting().filter(id=row_id).only("attempts", "kind").first()
    if row is None:
        return
    name = type(fault).__name__[:80]
    if row.attempts >= MAX_TRIES or isinstance(fault, outbox.SetAside):
        Outbox.objects.filter(id=row_id).update(dead_at=now, leased_until=None, last_error=name)
        log.error("dead letter %s of kind %s after %d tries", row_id, row.kind, row.attempts, exc_info=fault)
        return
    later = now + BACKOFF[min(row.attempts, len(BACKOFF)) - 1]
    Outbox.objects.filter(id=row_id).update(not_before=later, leased_until=None, last_error=name)
    log.warning("try %d of %s of kind %s failed", row.attempts, row_id, row.kind, exc_info=fault)


def release(row_ids: Iterable[UUID], now: datetime) -> None:
    """Give leased rows back untried, when the worker is asked to stop."""
    waiting().filter(id__in=list(row_ids), attempts__gt=0).update(
        leased_until=None, attempts=F("attempts") - 1
    )


def waiting() -> QuerySet[Outbox]:
    """Rows neither done nor set aside."""
    return Outbox.objects.filter(done_at=None, dead_at=None)


def dead_letters() -> QuerySet[Outbox]:
    """Rows set aside, oldest first: somebody must look at them."""
    return Outbox.objects.filter(done_at=None).exclude(dead_at=None).order_by("dead_at", "id")


def revive(row_id: UUID, now: datetime) -> bool:
    """Give a dead letter eight new tries, after its cause was mended."""
    rows = dead_letters().filter(id=row_id)
    return rows.update(dead_at=None, attempts=0, not_before=now, leased_until=None) == 1
