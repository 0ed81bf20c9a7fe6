"""The batch writer leaves behind exactly what one statement after the other would, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from anjia.foundation.core import batch_sql
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.verdict import Stale
from anjia.foundation.events.models import Access, AccessMatter
from anjia.foundation.files.models import File
from anjia.foundation.limits.models import Idempotency
from anjia.foundation.outbox.models import Schedule

pytestmark = pytest.mark.django_db

AT = datetime(2026, 2, 13, 10, 0, tzinfo=UTC)
IDS = [UUID(int=n + 1) for n in range(4)]
MATTERS = [UUID(int=n + 100) for n in range(3)]
EVENTS = [None, UUID(int=200), UUID(int=201)]
MEDIA = ["image", "pdf"]


def a_file(pk: UUID = IDS[0], **values: Any) -> File:
    given = {"root": MATTERS[0], "matter": MATTERS[0], "event": None, "size": 1, "media": "image", "at": AT}
    return File(id=pk, **{**given, **values})


# -- the property ---------------------------------------------------------------------------------------

columns = st.fixed_dictionaries(
    {},
    optional={
        "matter": st.sampled_from(MATTERS),
        "event": st.sampled_from(EVENTS),
        "size": st.integers(0, 3),
        "media": st.sampled_from(MEDIA),
    },
)
where = st.fixed_dictionaries(
    {},
    optional={
        "matter": st.sampled_from(MATTERS),
        "event": st.sampled_from(EVENTS),
        "event__isnull": st.booleans(),
        "media__in": st.lists(st.sampled_from(MEDIA), max_size=2),
        "id": st.sampled_from(IDS),
    },
).filter(bool)
operations = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), st.sampled_from(IDS), columns, st.just({})),
        st.tuples(st.just("update"), st.sampled_from(IDS), columns, columns),
        st.tuples(st.just("where"), st.just(None), where, columns.filter(bool)),
    ),
    max_size=9,
)


def by_batch(steps: Sequence[Any]) -> None:
    batch = Batch()
    for what, pk, first, second in steps:
        if what == "insert":
            batch.insert(a_file(pk, **first))
        elif what == "update":
            batch.update(a_file(pk, **first), list(first), expect=second)
        else:
            batch.update_where(File, first, second)
    batch.flush()


def one_by_one(steps: Sequence[Any]) -> None:
    """The meaning: the ORM, a statement at a time."""
    for what, pk, first, second in steps:
        if what == "insert":
            a_file(pk, **first).save(force_insert=True)
        elif what == "update" and (first or second):
            rows = File.objects.filter(_conditions(second), pk=pk)
            if (rows.update(**first) if first else rows.count()) != 1:
                raise Stale
        elif what == "where":
            File.objects.filter(_conditions(first)).update(**second)


def _conditions(given: dict[str, Any]) -> Q:
    every = (Q((f"{k}__isnull", True) if v is None else (k, v)) for k, v in given.items())
    return reduce(and_, every, Q())  # two of one column do not replace each other


@contextmanager
def in_sequence() -> Iterator[None]:
    """Make PostgreSQL take SQLite's path."""
    before = batch_sql.write_at_once
    batch_sql.write_at_once = batch_sql.write_in_sequence
    try:
        yield
    finally:
        batch_sql.write_at_once = before


def left_behind(write: Any, steps: Sequence[Any], existing: Sequence[UUID]) -> Any:
    """All rows after the steps, or what they failed with; nothing is kept."""
    outcome: Any = None
    try:
        with transaction.atomic():
            for n, pk in enumerate(existing):
                a_file(pk, matter=MATTERS[n % 3], size=n, event=EVENTS[n % 3]).save(force_insert=True)
            write(steps)
            connection.check_constraints()
            outcome = list(File.objects.order_by("id").values_list())
            transaction.set_rollback(True)
    except (Stale, IntegrityError) as fault:
        outcome = "failed", type(fault)
    return outcome


@given(operations, st.lists(st.sampled_from(IDS), unique=True, max_size=4))
@settings(max_examples=150, deadline=None)
def test_a_batch_leaves_what_one_statement_after_the_other_would(
    steps: list[Any], existing: list[UUID]
) -> None:
    expected = left_behind(one_by_one, steps, existing)
    found = left_behind(by_batch, steps, existing)
    with in_sequence():
        as_on_sqlite = left_behind(by_batch, steps, existing)
    if isinstance(expected, tuple):
        # Which of two faults comes first may differ, that nothing is written may not.
        assert isinstance(found, tuple)
        assert isinstance(as_on_sqlite, tuple)
    else:
        assert found == expected == as_on_sqlite


# -- single faults ------------------------------------------------------------------------------------------


def test_a_stale_row_undoes_everything_even_when_it_is_caught_inside() -> None:
    a_file(IDS[0], size=5).save(force_insert=True)
    with transaction.atomic():
        batch = Batch()
        batch.insert(a_file(IDS[1]))
        batch.update(a_file(IDS[0], size=9), ["size"], expect={"size": 4})
        with pytest.raises(Stale):
            batch.flush()
    assert list(File.objects.values_list("id", "size")) == [(IDS[0], 5)]


def test_a_row_that_is_gone_is_stale() -> None:
    batch = Batch()
    batch.update(a_file(IDS[3]), ["size"])
    with pytest.raises(Stale), transaction.atomic():
        batch.flush()


def test_all_kinds_of_columns_come_back_as_they_were_written() -> None:
    access = Access(
        at=AT,
        route="测试",
        how="open",
        matters=["a", {"b": [1, None, True]}],
        compartments=[],
        mac=b"\x00\xff'%s",
    )
    with transaction.atomic():
        batch = Batch()
        batch.insert(access)
        batch.insert(AccessMatter(access=access, matter=MATTERS[0]))
        batch.insert(AccessMatter(access=access, matter=MATTERS[1]))
        batch.insert(Idempotency(key=b"k" * 32, request=b"r", reply=b"\x00%", at=AT))
        batch.insert(Schedule(name="百分号 % '", next_at=AT))
        batch.flush()
        assert len(batch) == 0
        batch.flush()  # empty and reusable
    stored = Access.objects.get()
    assert (stored.at, stored.route, stored.matters) == (AT, "测试", access.matters)
    assert bytes(stored.mac) == b"\x00\xff'%s"
    assert stored.purpose_sealed is None
    assert AccessMatter.objects.filter(access=access).count() == 2
    assert Schedule.objects.filter(name="百分号 % '").exists()
    assert bytes(Idempotency.objects.get(key=b"k" * 32).reply) == b"\x00%"


def test_an_expected_binary_value_is_compared_by_content() -> None:
    first = Idempotency(key=b"k" * 32, request=b"one", reply=b"", at=AT)
    with transaction.atomic():
        batch = Batch()
        batch.insert(first)
        first.request = b"two"
        batch.update(first, ["request"], expect={"request": b"one"})
        first.request = b"three"
        batch.update(first, ["request"], expect={"request": b"two"})
        batch.flush()
    assert bytes(Idempotency.objects.get().request) == b"three"
    batch.update(first, ["request"], expect={"request": b"two"})
    with pytest.raises(Stale), transaction.atomic():
        batch.flush()


def test_two_moves_of_one_row_in_one_batch_need_the_first_expectation_only() -> None:
    a_file(IDS[0], size=1).save(force_insert=True)
    row = a_file(IDS[0])
    with transaction.atomic():
        batch = Batch()
        for size in (2, 3):
            row.size = size
            batch.update(row, ["size"], expect={"size": size - 1})
        batch.flush()
    assert File.objects.get().size == 3


@pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="other database: SQLite has no writing CTE; sequence tested above",
)
def test_postgresql_gets_one_statement() -> None:
    a_file(IDS[0]).save(force_insert=True)
    with transaction.atomic():
        batch = Batch()
        batch.update(a_file(IDS[0], size=7), ["size"], expect={"matter": MATTERS[0]})
        batch.insert(a_file(IDS[1], matter=MATTERS[1]))
        batch.update_where(File, {"matter": MATTERS[2]}, {"size": 1})
        batch.insert(Schedule(name="x", next_at=AT))
        with CaptureQueriesContext(connection) as queries:
            batch.flush()
    assert len(queries) == 1


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="other database: its driver reads no statements"
)
def test_a_long_statement_is_read_once_by_the_driver() -> None:
    from psycopg import _queries

    def written(first: int) -> int:
        """Forty rows as one statement; how often the driver had to read a statement for it."""
        before = _queries._query2pg.cache_info().misses
        with transaction.atomic():
            batch = Batch()
            for n in range(40):
                batch.insert(a_file(UUID(int=first + n)))
            batch.flush()
        return _queries._query2pg.cache_info().misses - before

    seen = _queries._query2pg.cache_info().hits
    written(1000)
    assert written(2000) == 0  # nothing new to read
    assert _queries._query2pg.cache_info().hits > seen  # and it was looked for among what is known


def test_a_table_is_never_changed_as_a_whole_and_unknown_conditions_are_refused() -> None:
    batch = Batch()
    with pytest.raises(ValueError, match="condition"):
        batch.update_where(File, {}, {"size": 1})
    with pytest.raises(ValueError, match="__isnull and __in"):
        batch.update_where(File, {"size__gt": 1}, {"size": 1})
    with pytest.raises(ValueError, match="no column"):
        batch.update_where(File, {"colour": 1}, {"size": 1})


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written() -> None:
    batch = Batch()
    batch.insert(a_file())
    with pytest.raises(transaction.TransactionManagementError):
        batch.flush()
    assert not File.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_batch_of_its_own_is_written_whole_or_not_at_all() -> None:
    """The reading of a matter is recorded without BEGIN and COMMIT; half a record would hide who looked at what."""
    with CaptureQueriesContext(connection) as seen:
        batch = Batch()
        row = Access(id=IDS[0], at=AT, route="r", how="open", matters=[], compartments=[], mac=b"m")
        batch.insert(row)
        batch.insert(AccessMatter(access=row, matter=MATTERS[0]))
        batch.commit()
    assert AccessMatter.objects.get().access_id == IDS[0]
    if connection.vendor == "postgresql":
        assert len(seen.captured_queries) == 1

    batch = Batch()
    batch.insert(File(id=IDS[1], root=MATTERS[0], matter=MATTERS[0], size=1, media="image", at=AT))
    batch.insert(Access(id=IDS[0], at=AT, route="r", how="open", matters=[], compartments=[], mac=b"m"))
    with pytest.raises(IntegrityError):
        batch.commit()
    assert not File.objects.filter(id=IDS[1]).exists(), (
        "the second row is there already, so the first is not written"
    )

    with transaction.atomic():
        batch = Batch()
        batch.insert(a_file(IDS[2]))
        batch.commit()
        transaction.set_rollback(True)
    assert not File.objects.filter(id=IDS[2]).exists(), "inside a transaction it shares its end"
