"""Writes access rows: one by one, or gathered by one thread a process.

The answer waits until its row is committed. Gathering matters on SQLite, where each page that logs in its
own transaction would otherwise stand in the line of writers (measured: writers 10 times slower at p99).
Nobody waits for others to come: what comes while a batch is being written makes the next one.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections, connection

from anjia.foundation.core.batch import Batch
from anjia.foundation.events.models import Access, AccessMatter

log = logging.getLogger("anjia.access")

MAX_ROWS = 100
#: An answer that cannot be recorded within this time is not given.
PATIENCE_SECONDS = 10.0


class NotWritten(RuntimeError):
    """The access log could not be written: nothing of what was opened may be shown."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry and the matters that were really opened by it (not only listed)."""

    access: Access
    matters: Sequence[UUID]


def write(rows: Sequence[Row]) -> None:
    """Write entries in one transaction of the calling thread."""
    batch = Batch()
    for row in rows:
        batch.insert(row.access)
        for matter in row.matters:
            batch.insert(AccessMatter(access=row.access, matter=matter))
    batch.commit()


def write_and_wait(row: Row) -> None:
    """Write an entry the way this process is set up to, and return when it is committed.

    settings.ACCESS_BATCH (default: on, off under tests): gather rows of all threads. NotWritten or the
    database's own error when it failed.
    """
    if not getattr(settings, "ACCESS_BATCH", not settings.TESTING):
        write([row])
        return
    try:
        gatherer().submit(row).result(timeout=PATIENCE_SECONDS)
    except TimeoutError:
        raise NotWritten from None


class Gatherer:
    """One thread that writes what all others hand in."""

    def __init__(self, write: Callable[[Sequence[Row]], None] = write) -> None:
        self._write = write
        self._queue: queue.SimpleQueue[tuple[Row, Future[None]] | None] = queue.SimpleQueue()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="anjia-access", daemon=True)
        self._thread.start()
        self.pid = os.getpid()

    def submit(self, row: Row) -> Future[None]:
        """Hand in a row; the future is done when it is committed, or holds the exception."""
        future: Future[None] = Future()
        self._queue.put((row, future))
        return future

    def is_alive(self) -> bool:
        """Whether the thread still runs (it does not survive a fork)."""
        return self._thread.is_alive() and self.pid == os.getpid()

    def stop(self) -> None:
        """Write what was handed in, close the connection and end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping:
            self._flush(self._gather())
        connection.close()

    def _gather(self) -> list[tuple[Row, Future[None]]]:
        """Wait for a row; with it goes what was handed in while the last ones were being written, at most 100."""
        handed: list[tuple[Row, Future[None]]] = []
        while len(handed) < MAX_ROWS:
            try:
                one = self._queue.get(block=not handed)
            except queue.Empty:
                break
            if one is None:
                self._stopping = True
                break
            handed.append(one)
        return handed

    def _flush(self, handed: list[tuple[Row, Future[None]]]) -> None:
        """Write all at once; if that fails each alone, so that one bad row does not fail the others."""
        if not handed:
            return
        try:
            close_old_connections()
            self._write([row for row, _ in handed])
        except Exception as fault:  # the waiting answers must hear of whatever happened
            log.error("the access log could not be written", exc_info=fault)
            connection.close_if_unusable_or_obsolete()
            if len(handed) == 1:
                handed[0][1].set_exception(fault)
                return
            for one in handed:
                self._flush([one])
            return
        for _, future in handed:
            future.set_result(None)


_gatherer: Gatherer | None = None
_lock = threading.Lock()


def gatherer() -> Gatherer:
    """The gatherer of this process, started on first use."""
    global _gatherer
    with _lock:
        if _gatherer is None or not _gatherer.is_alive():
            _gatherer = Gatherer()
        return _gatherer
