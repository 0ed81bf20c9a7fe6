"""Prepared questions: the same rows as the query set they were made from, and never another caller's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection, models
from django.db.models import BinaryField, DateTimeField, Exists, OuterRef, Q
from django.test.utils import CaptureQueriesContext

from anjia.foundation.core.clock import now
from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.prepared import Prepared, Slot
from anjia.foundation.events.models import Unsealed
from anjia.foundation.outbox.models import Outbox

pytestmark = pytest.mark.django_db
KIND = Slot("kind", models.CharField())


def row(kind: str) -> Outbox:
    return Outbox.objects.create(id=uuid7(), kind=kind, body=b"sealed", created_at=now(), not_before=now())


def fields_of(found: list[Outbox]) -> list[dict[str, object]]:
    return [{k: v for k, v in vars(o).items() if k != "_state"} for o in found]


def test_it_answers_as_the_query_set_does_with_values_of_every_kind() -> None:
    rows = [row("one"), row("one"), row("other")]
    Unsealed.objects.create(id=rows[0].id, kind="event", mac=b"mac")

    def asked(kind: object, when: object, mac: object) -> models.QuerySet[Outbox]:
        known = Unsealed.objects.filter(id=OuterRef("id"), mac=mac)
        return Outbox.objects.filter(Q(kind=kind) | Exists(known), created_at__lte=when).order_by("-id")

    question = Prepared(lambda: asked(KIND, Slot("when", DateTimeField()), Slot("mac", BinaryField())))
    later = now()
    for kind, mac in (("one", b"mac"), ("other", b"mac"), ("other", b"none"), ("nothing", b"none")):
        with CaptureQueriesContext(connection) as one:
            found = question.rows(kind=kind, when=later, mac=mac)
        assert fields_of(found) == fields_of(list(asked(kind, later, mac)))
        assert len(one) == 1


def test_values_rows_and_single_columns() -> None:
    first = row("one")
    pairs = Prepared(lambda: Outbox.objects.filter(kind=KIND).values_list("id", "kind"))
    flat: Prepared[UUID] = Prepared(lambda: Outbox.objects.filter(kind=KIND).values_list("id", flat=True))
    dicts = Prepared(lambda: Outbox.objects.filter(kind=KIND).values("kind", "attempts"))
    assert pairs.rows(kind="one") == [(first.id, "one")]
    assert flat.first(kind="one") == first.id
    assert dicts.rows(kind="one") == [{"kind": "one", "attempts": 0}]
    assert dicts.first(kind="none") is None


def test_a_value_that_is_not_given_is_an_error_not_an_empty_answer() -> None:
    with pytest.raises(KeyError):
        Prepared(lambda: Outbox.objects.filter(kind=KIND)).rows()


def test_a_quote_in_a_value_stays_a_value() -> None:
    row("one")
    assert Prepared(lambda: Outbox.objects.filter(kind=KIND)).rows(kind="' OR 1=1 --") == []


def test_two_threads_do_not_mix_up_their_values(transactional_db: Callable[[], None]) -> None:
    for kind in ("a", "b"):
        row(kind)
    question = Prepared(lambda: Outbox.objects.filter(kind=KIND).values_list("kind", flat=True))
    wrong: list[object] = []

    def ask(kind: str) -> None:
        wrong.extend(found for _ in range(50) if (found := question.rows(kind=kind)) != [kind])
        connection.close()

    threads = [threading.Thread(target=ask, args=(kind,)) for kind in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
