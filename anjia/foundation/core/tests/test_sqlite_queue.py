"""Writers on SQLite are served in the order in which they asked, and none stands in the queue for ever."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import OperationalError, connection, connections, transaction

from anjia.foundation.core.sqlite.base import DatabaseWrapper, Queue, queue_of


def wait_until_there(queue: Queue, count: int) -> None:
    """Until so many stand in the queue."""
    until = time.monotonic() + 10
    while len(queue._waiting) < count:
        assert time.monotonic() < until
        time.sleep(0.001)


def test_first_come_first_served() -> None:
    queue, served = Queue(), list[int]()
    assert queue.enter(0)

    def stand(number: int) -> None:
        assert queue.enter(10)
        served.append(number)
        queue.leave()

    threads = []
    for number in range(8):
        threads.append(threading.Thread(target=stand, args=(number,)))
        threads[-1].start()
        wait_until_there(queue, number + 1)
    queue.leave()
    for thread in threads:
        thread.join(10)
    assert served == list(range(8))
    assert queue.enter(0)  # nobody has it any more


def test_whoever_gives_up_keeps_nobody_waiting() -> None:
    queue = Queue()
    assert queue.enter(0)
    assert not queue.enter(0.01)
    queue.leave()
    assert queue.enter(0)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the other database queues its own writers")
@pytest.mark.django_db(transaction=True)
def test_the_turn_ends_with_the_transaction_however_it_ends() -> None:
    queue = queue_of(str(connection.settings_dict["NAME"]))
    for fault in (None, ValueError("refused"), KeyboardInterrupt()):
        try:
            with transaction.atomic():
                assert not queue.enter(0)
                if fault is not None:
                    raise fault
        except (ValueError, KeyboardInterrupt):
            pass
        assert queue.enter(0)
        queue.leave()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the other database queues its own writers")
@pytest.mark.django_db(transaction=True)
def test_a_connection_closed_half_way_leaves_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    other = connections["default"].copy()
    assert isinstance(other, DatabaseWrapper)
    queue = Queue()
    monkeypatch.setattr("anjia.foundation.core.sqlite.base.queue_of", lambda _name: queue)
    other.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    assert not queue.enter(0)
    other._close()
    assert queue.enter(0)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the other database queues its own writers")
@pytest.mark.django_db(transaction=True)
def test_somebody_who_waited_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Queue()
    monkeypatch.setattr("anjia.foundation.core.sqlite.base.queue_of", lambda _name: queue)
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.01)
    assert queue.enter(0)
    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pytest.fail("served out of turn")
    queue.leave()
    with transaction.atomic():
        assert not queue.enter(0)
