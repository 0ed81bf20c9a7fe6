"""An effect that was promised by a commit happens, and happens once, whatever dies in between."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from anjia.foundation.core.batch import Batch
from anjia.foundation.limits.models import Bucket
from anjia.foundation.outbox import outbox, schedule, worker
from anjia.foundation.outbox.models import Outbox, Schedule

pytestmark = pytest.mark.django_db

AT = datetime(2026, 2, 13, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def only_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Handlers and jobs of other rooms do not take part."""
    monkeypatch.setattr(outbox, "HANDLERS", {})
    monkeypatch.setattr(outbox, "TOGETHER", set())
    monkeypatch.setattr(outbox, "JOBS", {})


def put(kind: str = "note", body: dict[str, Any] | None = None, **more: Any) -> UUID:
    with transaction.atomic():
        batch = Batch()
        row_id = outbox.put(batch, kind=kind, body=body or {"name": "周晓兰"}, now=AT, **more)
        batch.flush()
    return row_id


def effect(row_id: UUID, now: datetime) -> None:
    """Something in the database that can be counted."""
    Bucket.objects.create(name="effect", key=row_id.bytes, window=now)


def test_a_handler_gets_the_body_once_and_the_row_forgets_it() -> None:
    seen: list[dict[str, Any]] = []

    @outbox.handler("note")
    def handle(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
        seen.append(body)

    row_id = put()
    assert "周晓兰".encode() not in bytes(Outbox.objects.get().body)
    assert worker.drain(AT) == 1
    assert worker.drain(AT) == 0
    assert seen == [{"name": "周晓兰"}]
    row = Outbox.objects.get(id=row_id)
    assert (row.done_at, bytes(row.body), row.attempts) == (AT, b"", 1)


def test_rows_of_one_share_are_one_transaction(django_assert_max_num_queries: Any) -> None:
    @outbox.handler("note", together=True)
    def handle(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
        effect(outbox_id, now)

    ids = {put() for _ in range(worker.SHARE)}
    with django_assert_max_num_queries(worker.SHARE + 9):  # one each, and what they share
        assert worker.run_due(AT) == worker.SHARE
    assert {UUID(bytes=bytes(b.key)) for b in Bucket.objects.all()} == ids
    assert not worker.waiting().exists()


def test_one_that_fails_takes_nothing_from_the_others_of_its_share() -> None:
    @outbox.handler("note", together=True)
    def handle(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
        effect(outbox_id, now)
        if body.get("bad"):
            raise ValueError

    good, bad, also = put(), put(body={"bad": 1}), put()
    worker.run_due(AT)
    assert {UUID(bytes=bytes(b.key)) for b in Bucket.objects.all()} == {good, also}
    left = worker.waiting().get()
    assert (left.id, left.attempts, left.last_error) == (bad, 1, "ValueError")


def test_what_goes_out_into_the_world_never_shares_a_transaction() -> None:
    """A mail cannot be taken back: were it undone with its neighbour, it would be sent twice."""
    sent: list[UUID] = []

    @outbox.handler("mail")
    def handle(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
        sent.append(outbox_id)
        if body.get("bad"):
            raise ValueError

    first, bad, last = put("mail"), put("mail", body={"bad": 1}), put("mail")
    worker.run_due(AT)
    assert sorted(sent) == sorted([first, bad, last])
    assert worker.waiting().get().id == bad


def test_a_row_waits_for_its_time() -> None:
    outbox.handler("note")(lambda **_: None)
    put(not_before=AT + timedelta(hours=1))
    assert worker.drain(AT) == 0
    assert worker.drain(AT + timedelta(hours=1)) == 1


def test_what_an_effect_brings_about_is_drained_too() -> None:
    @outbox.handler("note")
    def handle(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
        batch = Batch()
        if body["left"]:
            outbox.put(batch, kind="note", body={"left": body["left"] - 1}, now=now)
        batch.flush()

    put(body={"left": 3})
    assert worker.drain(AT) == 4


def test_an_effect_that_fails_half_way_leaves_nothing_and_comes_once_later() -> None:
    tries: list[int] = []

    @outbox.handler("note")
    def handle(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
        effect(outbox_id, now)
        tries.append(1)
        if len(tries) < 3:
            raise OSError("周晓兰")

    row_id = put()
    now = AT
    for _ in range(3):
        worker.drain(now)
        now += timedelta(minutes=10)
    assert Bucket.objects.count() == 1
    row = Outbox.objects.get(id=row_id)
    assert (row.attempts, row.done_at is not None) == (3, True)


def test_a_poisoned_row_stops_nobody_and_stands_aside_after_eight_tries() -> None:
    @outbox.handler("poison")
    def poison(**_: Any) -> None:
        raise ZeroDivisionError("周晓兰")

    @outbox.handler("note")
    def handle(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
        effect(outbox_id, now)

    bad = put("poison")
    put("note")
    now = AT
    for day in range(20):
        now = AT + timedelta(days=2 * day)
        worker.drain(now)
        if day == 0:
            assert Bucket.objects.count() == 1
    row = Outbox.objects.get(id=bad)
    assert (row.attempts, row.dead_at is not None, row.last_error) == (8, True, "ZeroDivisionError")
    assert [r.id for r in worker.dead_letters()] == [bad]
    assert worker.revive(bad, now)
    assert worker.drain(now) == 1
    assert Outbox.objects.get(id=bad).attempts == 1


def test_a_kind_nobody_knows_waits_for_a_program_that_does() -> None:
    row_id = put("unknown")
    worker.drain(AT)
    assert Outbox.objects.get(id=row_id).last_error == "NoHandler"
    outbox.handler("unknown")(lambda **_: None)
    assert worker.drain(AT + timedelta(minutes=1)) == 1
    assert Outbox.objects.get(id=row_id).done_at


def test_a_leased_row_is_left_alone_until_the_lease_runs_out() -> None:
    outbox.handler("note")(lambda **_: None)
    row_id = put()
    assert worker.lease(AT) == [(row_id, "note")]  # … and this worker dies here
    assert worker.drain(AT + timedelta(seconds=59)) == 0
    assert worker.drain(AT + timedelta(seconds=60)) == 1


def test_a_row_that_kills_each_worker_stands_aside_too() -> None:
    row_id = put()
    now = AT
    for _ in range(worker.MAX_TRIES):
        assert worker.lease(now) == [(row_id, "note")]
        now += worker.LEASE
    assert worker.lease(now) == []
    assert Outbox.objects.get(id=row_id).last_error == "Crashed"


def test_the_second_worker_whose_lease_ran_out_does_nothing_again() -> None:
    @outbox.handler("note")
    def handle(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
        effect(outbox_id, now)

    row_id = put()
    worker.lease(AT)
    assert worker.carry_out(row_id, AT)
    assert not worker.carry_out(row_id, AT)
    assert Bucket.objects.count() == 1


def test_a_body_moved_to_another_row_is_not_carried_out() -> None:
    seen: list[object] = []
    outbox.handler("note")(lambda **given: seen.append(given))
    one, other = put(), put(body={"name": "李明"})
    Outbox.objects.filter(id=one).update(body=Outbox.objects.get(id=other).body)
    worker.drain(AT)
    assert len(seen) == 1
    assert Outbox.objects.get(id=one).last_error == "SealBroken"


def test_asked_to_stop_the_worker_gives_back_what_it_had_not_begun() -> None:
    stop = threading.Event()

    @outbox.handler("note")
    def handle(**_: Any) -> None:
        stop.set()

    put()
    put()
    assert worker.run_due(AT, stop) == 1
    assert sorted(Outbox.objects.values_list("attempts", "leased_until")) == [(0, None), (1, None)]


def test_one_round_does_what_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[datetime] = []
    outbox.handler("note")(lambda **_: None)
    outbox.scheduled("tick", every=timedelta(seconds=2))(lambda *, now: ran.append(now))
    put()
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    worker.run(threading.Event(), once=True)
    assert Outbox.objects.filter(done_at=None).count() == 0
    assert len(ran) == 1


def test_two_handlers_of_one_kind_are_refused() -> None:
    outbox.handler("note")(lambda **_: None)

    def other(**_: Any) -> None: ...

    with pytest.raises(ValueError, match="two handlers"):
        outbox.handler("note")(other)


# -- the schedule ------------------------------------------------------------------------------------


def test_a_job_runs_at_once_and_then_at_its_interval() -> None:
    ran: list[datetime] = []
    outbox.scheduled("job", every=timedelta(minutes=1))(lambda *, now: ran.append(now))
    for seconds in (0, 30, 60, 61, 600):
        schedule.run_due(AT + timedelta(seconds=seconds))
    assert [int((t - AT).total_seconds()) for t in ran] == [0, 60, 600]
    assert Schedule.objects.get().last_ok_at == AT + timedelta(seconds=600)


def test_a_job_that_fails_stops_no_other_and_is_tried_again() -> None:
    ran: list[str] = []

    def bad(*, now: datetime) -> None:
        raise OSError

    outbox.scheduled("a-bad", every=timedelta(seconds=2))(bad)
    outbox.scheduled("b-good", every=timedelta(seconds=2))(lambda *, now: ran.append("good"))
    assert schedule.run_due(AT) == 2
    assert ran == ["good"]
    row = Schedule.objects.get(name="a-bad")
    assert (row.last_ok_at, row.next_at) == (None, AT + timedelta(seconds=10))


def test_two_workers_do_not_run_one_job_at_once() -> None:
    outbox.scheduled("job", every=timedelta(minutes=1))(lambda *, now: None)
    assert schedule.due(AT) == ["job"]
    assert schedule.take("job", AT)
    assert not schedule.take("job", AT + timedelta(seconds=60))
    assert schedule.take("job", AT + schedule.LEASE)
