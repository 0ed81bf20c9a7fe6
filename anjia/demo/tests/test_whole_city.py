"""The whole demo city: a year, seven counties, every procedure in every stage. Built once, on SQLite."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from anjia.demo import figures
from anjia.demo.city import build
from anjia.demo.posts import COUNTIES
from anjia.demo.tests.test_city import NOW
from anjia.demo.ways import PROCEDURES
from anjia.engine.matters.models import Duty, Matter
from anjia.foundation.events.models import Event
from anjia.law.playbooks.library import catalogue

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(
        bool(os.environ.get("ANJIA_DATABASE")), reason="other database: built once, on SQLite"
    ),
]
#: What the city holds for all counties.
ABOVE = frozenset({"repeat-case"})


@pytest.fixture(scope="module")
def stumbles(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[str]]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(NOW, lambda done, total, what: None, whole=True).stumbles
        transaction.set_rollback(True)


def test_a_year_of_the_whole_city(stumbles: list[str]) -> None:
    assert stumbles == []
    assert Matter.objects.count() >= 600
    assert [f for f in figures.closing() if f.holds is False] == []
    assert not Duty.objects.filter(is_late=True, late_reason="").exists()
    months = {at.month for at in Event.objects.filter(move="open").values_list("at", flat=True)}
    assert months >= set(range(1, 12))


def test_every_county_has_every_procedure_in_every_stage(stumbles: list[str]) -> None:
    there = set(Matter.objects.values_list("county", "playbook", "stage"))
    books = [catalogue()[name] for name in PROCEDURES if name not in ABOVE]
    wanted = {(county, book.name, stage) for county in COUNTIES for book in books for stage in book.stages}
    assert sorted(wanted - there) == []
