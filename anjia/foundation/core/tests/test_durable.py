"""No receipt for a row that a failover could still lose."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connection, transaction

from anjia.foundation.core import durable
from anjia.foundation.outbox.models import Schedule

AT = datetime(2026, 2, 13, 10, 0, tzinfo=UTC)
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="other database: SQLite has no standbys"
)


@pytest.mark.django_db(transaction=True)
def test_an_ordinary_commit_is_confirmed() -> None:
    with durable.durably():
        Schedule.objects.create(name="a", next_at=AT)
    assert Schedule.objects.filter(name="a").exists()


@pytest.mark.django_db(transaction=True)
def test_a_fault_inside_rolls_back_and_keeps_its_name() -> None:
    def fail() -> None:
        with durable.durably():
            Schedule.objects.create(name="a", next_at=AT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Schedule.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_connection_lost_at_commit_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost() -> None:
        raise OperationalError("server closed the connection")

    def work() -> None:
        with durable.durably():
            Schedule.objects.create(name="a", next_at=AT)
            monkeypatch.setattr(connection, "_commit", lost)

    with pytest.raises(durable.Unknown):
        work()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_cancelled_wait_for_the_standby_is_unknown() -> None:
    warning = "canceling wait for synchronous replication due to user request"

    def work() -> None:
        with durable.durably(), connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE WARNING '{warning}'; END $$")

    with pytest.raises(durable.Unknown):
        work()
    with durable.durably():  # the handler of the block before is gone
        Schedule.objects.create(name="a", next_at=AT)


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_an_inner_block_commits_nothing_and_says_so() -> None:
    with transaction.atomic(), pytest.raises(transaction.TransactionManagementError), durable.durably():
        pass
