"""The small demo city: lived through without a stumble, and the same city for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from anjia.demo.city import build
from anjia.engine.matters.models import Duty, Matter
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events.models import Event

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=SHANGHAI)
Line = tuple[datetime, str, int, str]


@dataclass
class Small:
    """A city that is there for all tests of this file, and what happened in its twin."""

    stumbles: list[str]
    twin: list[Line]


def lived() -> list[Line]:
    """What happened when, without what is random by nature (ids, numbers, keys)."""
    playbooks = dict(Matter.objects.values_list("id", "playbook"))
    events = Event.objects.values_list("at", "matter", "seq", "move")
    return sorted((at, playbooks[matter], seq, move) for at, matter, seq, move in events)


@pytest.fixture(scope="module")
def small(django_db_setup: None, django_db_blocker: Any) -> Iterator[Small]:
    def made() -> list[str]:
        return build(NOW, lambda done, total, what: None).stumbles

    with django_db_blocker.unblock():
        with transaction.atomic():
            made()
            twin = lived()
            transaction.set_rollback(True)
        with transaction.atomic():
            yield Small(made(), twin)
            transaction.set_rollback(True)


def test_every_way_can_be_gone(small: Small) -> None:
    """What a way wants and the house refuses is a fault of the way, or of the procedure."""
    assert small.stumbles == []


def test_the_same_seed_makes_the_same_city(small: Small) -> None:
    assert lived() == small.twin


def test_nobody_acts_in_the_future(small: Small) -> None:
    assert not Event.objects.filter(at__gt=NOW).exists()


def test_some_is_late_and_climbs_and_nothing_of_the_crowd_is_late_without_a_word(small: Small) -> None:
    late = Duty.objects.filter(is_late=True)
    assert late.exists()
    assert not late.filter(late_reason="").exists()
    overdue = Duty.objects.filter(done_at=None, due_at__lt=NOW)
    assert overdue.exists()
    assert overdue.filter(climbed_agency__tier="city").exists()
