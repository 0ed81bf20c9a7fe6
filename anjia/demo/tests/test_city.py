"""The small demo city: lived through without a stumble, and the same city for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from anjia.demo import figures
from anjia.demo.city import build
from anjia.demo.ways import BY_HAND, OFFICE_WORK, PROCEDURES, TOO_YOUNG_FOR
from anjia.engine.matters.models import Duty, Matter
from anjia.engine.messages.models import Message
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.ids import uuid7
from anjia.foundation.events.models import Event
from anjia.foundation.vault import vault
from anjia.law.playbooks.library import catalogue

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=SHANGHAI)
Line = tuple[datetime, str, int, str]


@dataclass
class Small:
    """A city that is there for all tests of this file, and what happened in its twin."""

    stumbles: list[str]
    twin: list[Line]


def story_of() -> Matter:
    found = figures.story()
    assert found is not None
    return found


def lived() -> list[Line]:
    """What happened when, without what is random by nature (ids, numbers, keys)."""
    playbooks = dict(Matter.objects.values_list("id", "playbook"))
    events = Event.objects.values_list("at", "matter", "seq", "move")
    return sorted((at, playbooks.get(matter, "an office"), seq, move) for at, matter, seq, move in events)


@pytest.fixture(scope="module")
def small(django_db_setup: None, django_db_blocker: Any) -> Iterator[Small]:
    def made() -> list[str]:
        return build(NOW, lambda done, total, what: None).stumbles

    as_if = override_settings(
        DEMO=True, SMS_URL="demo:", SMS_RESIDENTS=True, MESSAGE_WAYS={"wecom": "demo:{to}"}
    )
    with django_db_blocker.unblock(), as_if:
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


def test_every_procedure_stands_in_every_stage(small: Small) -> None:
    assert set(catalogue()) == set(PROCEDURES) | TOO_YOUNG_FOR | BY_HAND | OFFICE_WORK
    told = {"instruction": {"working", "reported"}, "monthly-page": {"sent", "decided"},
            "shift-handover": {"waiting", "accepted"}}  # fmt: skip
    for name in OFFICE_WORK:
        assert set(Matter.objects.filter(playbook=name).values_list("stage", flat=True)) == told[name]
    for book in (catalogue()[name] for name in {*PROCEDURES, *BY_HAND}):
        there = set(Matter.objects.filter(playbook=book.name).values_list("stage", flat=True))
        assert not set(book.stages) - there, f"nothing of {book.name} in {sorted(set(book.stages) - there)}"


def test_she_whose_household_applied_is_asked_in_her_case(small: Small) -> None:
    """And her household's application says nothing of it."""
    asked = Duty.objects.get(kind="recognition_word", done_at=None)
    assert asked.matter.playbook == "dv-case"
    assert not Duty.objects.filter(playbook="household-recognition", kind="recognition_word").exists()


def test_the_closing_figures_hold_what_the_stories_promise(small: Small) -> None:
    told = list(figures.of_the_story())
    assert told
    assert [f for f in figures.closing() if f.holds is False] == []
    offices, faithful = figures.partners(story_of())
    assert offices == faithful >= 11
    late = Duty.objects.filter(root=story_of().id, is_late=True)
    assert [d.late_reason for d in late] == ["handover"]


def test_one_message_reached_her_one_waits_and_one_stands_aside(small: Small) -> None:
    stand = sorted(Message.objects.values_list("wording", "state", "why"))
    assert stand == [
        ("digest", "given_up", "refused"),
        ("look", "delivered", ""),
        ("look", "waiting", "hours"),
    ]


def test_a_paper_that_says_where_she_is_would_be_counted(small: Small) -> None:
    """Without this the figure above could not be anything but zero."""
    root = story_of()
    key, batch = vault.key(root.id), Batch()
    vault.seal(batch, key, owner=uuid7(), compartment="narrative", value={"words": "她在高邮市湖滨小区6幢"})
    batch.flush()
    assert figures.papers_with_an_address()[1] == 1


def test_some_is_late_and_climbs_and_nothing_of_the_crowd_is_late_without_a_word(small: Small) -> None:
    late = Duty.objects.filter(is_late=True)
    assert late.exists()
    assert not late.filter(late_reason="").exists()
    overdue = Duty.objects.filter(done_at=None, due_at__lt=NOW)
    assert overdue.exists()
    assert overdue.filter(climbed_agency__tier="city").exists()
