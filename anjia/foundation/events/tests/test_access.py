"""No entry, no value: whatever shows sealed data leaves a row before it leaves the house."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from anjia.foundation.core.ids import uuid7
from anjia.foundation.events import access, checks, writer
from anjia.foundation.events.middleware import (
    AccessMiddleware,
    ReadOnlyGetMiddleware,
    WriteOnGet,
    may_run_on_get,
)
from anjia.foundation.events.models import Access, AccessMatter, Unsealed
from anjia.foundation.events.tests.ledger import AT, OFFICER
from anjia.foundation.outbox.models import Schedule

VALUE = "周晓兰住在哪里"
MATTER = UUID(int=77)


def a_request(method: str = "GET") -> HttpRequest:
    request = RequestFactory().generic(method, "/m/1")
    request.actor = OFFICER  # type: ignore[attr-defined]
    return request


def shows(*opens: tuple[UUID, str]) -> Any:
    """A view that opens these and shows a value."""

    def view(request: HttpRequest) -> HttpResponse:
        for matter, compartment in opens:
            access.current().opened(matter, compartment)
        return HttpResponse(VALUE)

    return view


# -- the row ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_one_request_is_one_row_however_much_it_opens() -> None:
    other = UUID(int=78)
    view = shows((MATTER, "label"), (other, "label"), (MATTER, "identity"), (MATTER, "narrative"))
    response = AccessMiddleware(view)(a_request())
    assert response.status_code == 200
    row = Access.objects.get()
    assert (row.how, row.actor, row.post) == ("open", OFFICER.account_id, OFFICER.post_id)
    assert row.matters == [str(MATTER), str(other)]
    assert row.compartments == ["identity", "label", "narrative"]
    assert list(AccessMatter.objects.values_list("matter", flat=True)) == [MATTER]
    assert Unsealed.objects.get().id == row.id
    assert [a.id for a in access.seen_by(MATTER)] == [row.id]
    assert access.seen_by(other) == []


@pytest.mark.django_db
def test_a_list_page_is_an_appearance_not_an_opening() -> None:
    AccessMiddleware(shows(*[(UUID(int=n), "label") for n in range(1, 51)]))(a_request())
    row = Access.objects.get()
    assert (row.how, len(row.matters)) == ("list", 50)
    assert access.seen_by(UUID(int=1)) == []
    assert [a.id for a in access.listed(UUID(int=1), since=row.at - timedelta(days=1))] == [row.id]


@pytest.mark.django_db
def test_a_page_that_opens_nothing_writes_nothing() -> None:
    AccessMiddleware(shows())(a_request())
    assert not Access.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("vendor_limit", [4])
def test_a_row_costs_few_statements(vendor_limit: int) -> None:
    with CaptureQueriesContext(connection) as queries:
        AccessMiddleware(shows((MATTER, "identity")))(a_request())
    writes = [q for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
    assert len(writes) <= (1 if connection.vendor == "postgresql" else vendor_limit)


@pytest.mark.django_db
def test_if_the_row_cannot_be_written_no_value_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(rows: Sequence[writer.Row]) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(writer, "write", broken)
    response = AccessMiddleware(shows((MATTER, "identity")))(a_request())
    assert response.status_code == 503
    assert isinstance(response, HttpResponse)
    assert VALUE.encode() not in response.content
    assert "110" in response.content.decode()
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_view_that_fails_after_opening_is_still_recorded() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        access.current().opened(MATTER, "identity")
        return HttpResponse(status=500)

    AccessMiddleware(view)(a_request())
    assert Access.objects.count() == 1


@pytest.mark.django_db
def test_after_the_row_is_written_nothing_more_can_be_opened() -> None:
    late: list[access.Reader] = []

    def view(request: HttpRequest) -> HttpResponse:
        late.append(access.current())
        return HttpResponse("")

    AccessMiddleware(view)(a_request())
    with pytest.raises(access.NotRecorded):
        late[0].opened(MATTER, "identity")


def test_outside_a_request_there_is_no_reader() -> None:
    with pytest.raises(access.NotRecorded):
        access.current()


@pytest.mark.django_db
def test_work_outside_a_request_is_recorded_at_the_end_of_its_block() -> None:
    def work() -> None:
        with access.reading(OFFICER, route="worker.reply", how="open", at=AT) as reader:
            reader.opened(MATTER, "contact")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()
    row = Access.objects.get()
    assert (row.route, row.how, row.at) == ("worker.reply", "open", AT)
    with pytest.raises(access.NotRecorded):
        access.current()


# -- whereabouts -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_whereabouts_are_recorded_before_they_are_opened_and_only_with_a_purpose() -> None:
    asked: dict[str, Any] = {"matter": MATTER, "compartment": "whereabouts", "route": "m", "at": AT}

    def view(request: HttpRequest) -> HttpResponse:
        with pytest.raises(access.NotRecorded):
            access.current().opened(MATTER, "whereabouts")
        access.open_now(OFFICER, purpose_code="visit", purpose_text="明天去看她", **asked)
        assert Access.objects.count() == 1
        access.current().opened(MATTER, "whereabouts")
        return HttpResponse(VALUE)

    AccessMiddleware(view)(a_request())
    row = Access.objects.get()
    assert (row.how, row.purpose) == (access.WHEREABOUTS, "visit")
    assert "明天去看她".encode() not in bytes(row.purpose_sealed or b"")
    assert access.purpose_text(row) == "明天去看她"
    assert [a.id for a in access.seen_by(MATTER)] == [row.id]
    with pytest.raises(ValueError, match="purpose"):
        access.open_now(OFFICER, purpose_code="", purpose_text="", **asked)


# -- isolation -------------------------------------------------------------------------------------


def test_readers_of_two_requests_do_not_see_each_other() -> None:
    barrier = threading.Barrier(2)

    def one(n: int) -> list[str]:
        reader = access.Reader(OFFICER)
        with access.use(reader):
            barrier.wait()
            for _ in range(50):
                access.current().opened(UUID(int=n), "identity")
            barrier.wait()
            row = reader.close(AT)
        assert row is not None
        return list(row.access.matters)

    with ThreadPoolExecutor(2) as pool:
        assert [list(x) for x in pool.map(one, (1, 2))] == [[str(UUID(int=1))], [str(UUID(int=2))]]
    assert copy_context().run(access._current.get) is None


# -- the gathering writer --------------------------------------------------------------------------


def a_row() -> writer.Row:
    return writer.Row(Access(id=uuid7(), at=AT, route="r", how="list", mac=b""), [])


def test_an_answer_waits_until_its_row_is_written_and_rows_are_gathered() -> None:
    begun, may_go = threading.Event(), threading.Event()
    batches: list[int] = []

    def slow(rows: Sequence[writer.Row]) -> None:
        begun.set()
        may_go.wait(5)
        batches.append(len(rows))

    gatherer = writer.Gatherer(slow)
    first = gatherer.submit(a_row())
    assert begun.wait(5)
    others = [gatherer.submit(a_row()) for _ in range(150)]
    assert not first.done()
    may_go.set()
    for future in [first, *others]:
        future.result(timeout=5)
    assert batches[0] == 1
    assert max(batches) == writer.MAX_ROWS
    assert sum(batches) == 151


def test_a_row_that_cannot_be_written_fails_alone() -> None:
    bad = a_row()

    def picky(rows: Sequence[writer.Row]) -> None:
        if bad in rows:
            raise OSError

    gatherer = writer.Gatherer(picky)
    futures = [gatherer.submit(row) for row in (a_row(), bad, a_row())]
    assert futures[0].result(5) is None
    with pytest.raises(OSError):  # noqa: PT011 - the very fault that was raised
        futures[1].result(5)
    assert futures[2].result(5) is None
    assert gatherer.submit(a_row()).result(5) is None


@pytest.mark.django_db(transaction=True)
def test_gathered_rows_are_in_the_database_when_the_answer_leaves(settings: Any) -> None:
    settings.ACCESS_BATCH = True
    response = AccessMiddleware(shows((MATTER, "identity")))(a_request())
    writer.gatherer().stop()
    assert response.status_code == 200
    assert Access.objects.count() == 1
    assert writer.gatherer().is_alive()  # the next answer starts another


# -- a page that shows does not write --------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_page_that_shows_cannot_write(method: str) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        Schedule.objects.create(name="x", next_at=AT)
        return HttpResponse()

    with pytest.raises(WriteOnGet), transaction.atomic():
        ReadOnlyGetMiddleware(view)(a_request(method))
    assert not Schedule.objects.exists()
    ReadOnlyGetMiddleware(view)(a_request("POST"))
    assert Schedule.objects.exists()


@pytest.mark.django_db
def test_a_page_that_shows_may_record_who_looked() -> None:
    inner = AccessMiddleware(shows((MATTER, "identity")))
    assert ReadOnlyGetMiddleware(inner)(a_request()).status_code == 200
    assert Access.objects.count() == 1


@pytest.mark.parametrize(
    ("sql", "allowed"),
    [
        ('SELECT 1 FROM "matters_matter" FOR UPDATE', True),
        ("SELECT 1 FROM t FOR NO KEY UPDATE", True),
        ('WITH x AS (SELECT 1) SELECT * FROM "x"', True),
        ('INSERT INTO "events_access" ("id") VALUES (%s)', True),
        ('UPDATE "posts_session" SET "last_seen_at" = %s', True),
        ("INSERT INTO limits_bucket (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2", True),
        (
            'WITH i0 AS (INSERT INTO "events_access" (a) VALUES (1)), i1 AS (INSERT INTO "events_unsealed" ',
            True,
        ),
        (
            'WITH i0 AS (INSERT INTO "events_access" (a) VALUES (1)), u AS (UPDATE "matters_matter" SET a=1',
            False,
        ),
        ('  update "matters_matter" set "ver" = 1', False),
        ('INSERT OR REPLACE INTO "matters_matter" VALUES (1)', False),
        ('DELETE FROM "events_event"', False),
        ('REPLACE INTO "events_event" VALUES (1)', False),
        ("DROP TABLE events_event", False),
        ("TRUNCATE events_event", False),
        ("/* SELECT */ DELETE FROM x", False),
        ("WITH d AS (DELETE FROM ONLY matters_duty) SELECT 1", False),
        ("SAVEPOINT x", True),
    ],
)
def test_which_statements_a_showing_page_may_run(sql: str, allowed: bool) -> None:
    assert may_run_on_get(sql) is allowed


# -- checks ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_database_is_set_as_asked_for() -> None:
    assert checks.sqlite_is_safe([connection.alias]) == []
    assert checks.sqlite_is_safe(None) == []


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="other database: a setting of SQLite")
def test_a_database_that_could_lose_what_it_acknowledged_is_reported() -> None:
    before = checks.read_pragmas

    def relaxed(conn: Any) -> dict[str, object]:
        return {**before(conn), "synchronous": 1}

    assert before(connection)["secure_delete"] == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "read_pragmas", relaxed)
        found = checks.sqlite_is_safe([connection.alias])
    assert [f.id for f in found] == ["events.E001"]
    assert "synchronous=1" in found[0].msg
