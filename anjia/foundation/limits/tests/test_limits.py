"""Guessing is slowed down, and one act stays one act however often it is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from anjia.foundation.core.batch import Batch
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.limits import idempotency, jobs, limits
from anjia.foundation.limits.models import Bucket, Idempotency

pytestmark = pytest.mark.django_db

AT = datetime(2026, 2, 13, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", sorted(limits.LIMITS))
def test_each_limit_trips_alone_and_opens_again_with_the_next_window(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = limits.Limit(3, limits.LIMITS[name].window)
    monkeypatch.setitem(limits.LIMITS, name, limit)
    other = "upload.account" if name != "upload.account" else "api.account"
    assert [bool(limits.take(name, "192.0.2.1", AT)) for _ in range(5)] == [True] * 3 + [False] * 2
    refused = limits.take(name, "192.0.2.1", AT)
    assert refused.code == "limit"
    ends = limits.start_of_window(limit, AT) + limit.window
    assert str(max(1, round((ends - AT).total_seconds() / 60))) in str(refused.reason)
    assert limits.take(name, "192.0.2.2", AT)
    assert limits.take(other, "192.0.2.1", AT)
    assert not limits.take(name, "192.0.2.1", ends - timedelta(seconds=1))
    assert limits.take(name, "192.0.2.1", ends)


def test_a_try_is_one_statement_and_keeps_no_address() -> None:
    with CaptureQueriesContext(connection) as queries:
        limits.take("receipt.address", "192.0.2.77", AT)
        limits.take("receipt.address", "192.0.2.77", AT)
    assert len(queries) == 2
    row = Bucket.objects.get()
    assert row.count == 2
    assert b"192.0.2" not in bytes(row.key)
    assert row.window == AT


def test_yesterdays_hash_is_not_todays() -> None:
    limits.take("receipt.all", b"x", AT)
    limits.take("receipt.all", b"x", AT + timedelta(days=1))
    one, other = Bucket.objects.order_by("window")
    assert bytes(one.key) != bytes(other.key)


def test_a_right_try_is_given_back() -> None:
    for _ in range(20):
        assert limits.take("factor.account", b"x", AT)
        limits.give_back("factor.account", b"x", AT)
    for _ in range(5):
        assert limits.take("factor.account", b"x", AT)
    assert not limits.take("factor.account", b"x", AT)


def test_what_is_no_longer_needed_is_forgotten() -> None:
    limits.take("api.account", b"x", AT)
    keep("k", b"body", {})
    jobs.sweep(now=AT + timedelta(hours=25))
    assert not Bucket.objects.exists()
    assert Idempotency.objects.exists()
    jobs.sweep(now=AT + timedelta(hours=73))
    assert not Idempotency.objects.exists()


# -- one submission, one act ----------------------------------------------------------------------------


def keep(key: str, request: bytes, reply: dict[str, Any]) -> None:
    with transaction.atomic():
        batch = Batch()
        idempotency.keep(batch, key, request, reply, AT)
        batch.flush()


def test_the_same_submission_gets_the_first_answer_again() -> None:
    assert idempotency.begin("key-1", b"body") is None
    keep("key-1", b"body", {"receipt": "1234 5678", "name": "周晓兰"})
    again = idempotency.begin("key-1", b"body")
    assert again is not None
    assert again.value == {"receipt": "1234 5678", "name": "周晓兰"}
    assert again.at == AT


def test_the_same_key_with_other_content_is_refused() -> None:
    keep("key-1", b"body", {})
    with pytest.raises(RuleBroken) as refused:
        idempotency.begin("key-1", b"other body")
    assert str(refused.value)
    assert idempotency.begin("key-2", b"other body") is None


def test_neither_key_nor_answer_stands_in_the_row() -> None:
    keep("key-1", b"body", {"receipt": "12345678"})
    row = Idempotency.objects.get()
    stored = bytes(row.key) + bytes(row.request) + bytes(row.reply)
    for value in (b"key-1", b"body", b"12345678"):
        assert value not in stored


def test_of_two_at_the_same_moment_one_is_written() -> None:
    keep("key-1", b"body", {"first": True})
    with pytest.raises(IntegrityError):
        keep("key-1", b"body", {"first": False})
    again = idempotency.begin("key-1", b"body")
    assert again is not None
    assert again.value == {"first": True}


def test_many_from_one_place_share_a_mark_and_one_has_none() -> None:
    limit = limits.LIMITS["report.address"].count
    marks = [limits.burst("report.address", "192.0.2.1", AT) for _ in range(limit + 2)]
    assert marks[:limit] == [""] * limit
    assert marks[limit] == marks[limit + 1] != ""
    assert limits.burst("report.address", "192.0.2.2", AT) == ""
    later = [limits.burst("report.address", "192.0.2.1", AT + timedelta(hours=2)) for _ in range(limit + 1)]
    assert later[-1] not in marks
