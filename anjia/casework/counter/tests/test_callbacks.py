"""Who may be called now: in her hours, by the words she gave, never against her word; an attempt meets nothing."""

from __future__ import annotations

from uuid import UUID

import pytest

from anjia.casework.counter import callbacks
from anjia.casework.counter.callbacks import LATER, NEVER, NO_WAY, NOW, OTHER_DAY, UNREAD, Call
from anjia.engine.matters import figures
from anjia.engine.matters.models import Duty
from anjia.engine.matters.safe_contact import Contact
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import NAME, PHONE, World, at
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events import access
from anjia.foundation.events.models import Access

HOURS = "工作日 12:10–12:50"


def shown(world: World, who: str, when: str) -> dict[UUID, Call]:
    actor = world.actor(who, when)
    with access.reading(actor, route="t", how="list"):
        return {c.matter: c for c in callbacks.calls(visible_to(actor), at(when))}


def taken_on(world: World) -> UUID:
    m = world.help_wanted().matter
    world.does("county", "accept_in", m, "03-09 21:00", first_or_repeat="first", urgency="urgent")
    return m


def test_now_later_and_not_today(world: World) -> None:
    m = taken_on(world)
    for when, state, phone in (
        ("03-10 12:20", NOW, PHONE), ("03-10 09:00", LATER, ""), ("03-10 18:00", OTHER_DAY, ""),
    ):  # fmt: skip
        call = shown(world, "county", when)[m]
        assert (call.state, call.phone, call.names.split(" · ")[0]) == (state, phone, NAME), when
    saturday = shown(world, "county", "03-14 12:20")[m]
    assert saturday.state == OTHER_DAY
    assert saturday.until is not None
    assert saturday.until.astimezone(SHANGHAI).weekday() == 0


def test_nobody_but_whoever_leads_gets_a_number(world: World) -> None:
    m = taken_on(world)
    for who in ("city", "street", "village", "police", "other", "leader", "sysadmin"):
        assert m not in shown(world, who, "03-10 12:20"), who


def test_each_opening_of_a_number_is_logged(world: World) -> None:
    m = taken_on(world)
    shown(world, "county", "03-10 12:20")
    assert any("contact" in a.compartments and str(m) in a.matters for a in Access.objects.all())


def test_an_attempt_without_an_answer_is_noted_and_she_is_still_to_be_called(world: World) -> None:
    m = taken_on(world)
    world.does("county", "call_missed", m, "03-10 12:15", missed_why="no_answer")
    call = shown(world, "county", "03-10 12:20")[m]
    assert call.tries == 1
    tried, owed = Duty.objects.filter(matter=m, kind="contact").order_by("round")
    assert (tried.outcome, owed.done_at, owed.due_at > tried.due_at) == ("tried", None, True)


def test_a_call_outside_her_hours_is_written_down_and_counts_as_no_attempt(world: World) -> None:
    m = taken_on(world)
    world.does("county", "call_missed", m, "03-10 18:00", missed_why="no_answer")
    owed = Duty.objects.get(matter=m, kind="contact")
    assert (owed.round, owed.done_at) == (1, None)


def test_after_the_third_attempt_somebody_owes_another_way_and_it_is_over_once_she_answers(
    world: World,
) -> None:
    m = taken_on(world)
    for day in ("10", "11", "12"):
        assert not Duty.objects.filter(matter=m, kind="seek").exists(), day
        world.does("county", "call_missed", m, f"03-{day} 12:20", missed_why="no_answer")
    seek = Duty.objects.get(matter=m, kind="seek", done_at__isnull=True)
    assert seek.agency_id == world.actor("county", "03-12 12:30").agency_id
    line = next(d for d in world.page("county", m, "03-12 12:30").duties if d.kind == "contact")
    assert (line.tries, line.try_at) == (3, None)
    world.does("county", "call_safe", m, "03-13 12:20", was_alone=True)
    assert not Duty.objects.filter(matter=m, kind__in=("seek", "contact"), done_at__isnull=True).exists()


def test_only_contact_made_counts_as_kept_and_a_late_attempt_as_late(world: World) -> None:
    m = taken_on(world)
    world.does("county", "call_missed", m, "03-10 12:20", missed_why="no_answer")
    world.does("county", "call_missed", m, "03-20 12:20", missed_why="no_answer")  # due long before
    when = "03-25 12:20"
    parts = figures.value(world.actor("county", when), "in_time", 202603, at(when)).parts
    assert sum(p.clock == "late" for p in parts) == 1
    assert sum(p.clock == "in_time" for p in parts) == 1, "taking it on; no call yet"


@pytest.mark.parametrize(
    ("hours", "never", "phone", "state", "shown"),
    [
        ("", "", PHONE, UNREAD, True),
        ("等他出车的时候", "", PHONE, UNREAD, True),
        (HOURS, "", "", NO_WAY, False),
        (HOURS, "12:00–13:00", PHONE, UNREAD, False),
        (HOURS, "不要打电话", PHONE, NEVER, False),
        ("8:00-20:00", "18:00-8:00", PHONE, NOW, True),
    ],
)
def test_what_she_wrote_is_read_to_her_side(
    hours: str, never: str, phone: str, state: str, shown: bool
) -> None:
    contact = Contact(phone=phone, when=hours, never=never)
    got, answer = callbacks.standing(contact, at("03-10 12:20"))
    assert got == state
    assert bool(answer.number) == shown
