"""One writer at a time, in the order of asking.

SQLite has one write lock. Whoever finds it taken sleeps and asks again, ever more seldom: with sixteen people
at work somebody waits for seconds while others who came later are served (measured: p99 50 times that of
PostgreSQL). Within one process the threads therefore stand in a queue of our own before `BEGIN IMMEDIATE`,
and only its head asks SQLite, which other processes (the worker) may still keep waiting.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError


class Queue:
    """First come, first served. The turn belongs to a connection, not to a thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    def enter(self, patience: float) -> bool:
        """Wait for one's turn, at most so many seconds; whether it came."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(patience):
            return True
        with self._lock:
            if turn.is_set():  # it came while we gave up
                return True
            self._waiting.remove(turn)
        return False

    def leave(self) -> None:
        """Let the next one in."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


_queues: dict[str, Queue] = {}
_opening = threading.Lock()
os.register_at_fork(after_in_child=_queues.clear)  # whoever stood in it stayed in the parent


def queue_of(name: str) -> Queue:
    """The queue before one database file."""
    with _opening:
        return _queues.setdefault(name, Queue())


#: What of Django's own is extended here is not in the published types.
Own: Any = base.DatabaseWrapper


class DatabaseWrapper(Own):  # type: ignore[misc]
    """Django's own, with the queue around every transaction that may write."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._queue: Queue | None = None  # where this connection has the turn

    def _start_transaction_under_autocommit(self) -> None:
        queue = queue_of(str(self.settings_dict["NAME"]))
        patience = float(self.settings_dict.get("OPTIONS", {}).get("timeout", 5.0))
        if self._queue is None:
            if not queue.enter(patience):
                raise OperationalError("database is locked")
            self._queue = queue
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave()
            raise

    def _leave(self) -> None:
        queue, self._queue = self._queue, None
        if queue is not None:
            queue.leave()

    def _commit(self) -> None:
        super()._commit()
        self._leave()  # a commit that failed goes on to the rollback

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._leave()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._leave()
