"""A shift is handed over matter by matter, taken over by somebody else, and climbs where nobody takes it."""

from __future__ import annotations

from uuid import UUID

import pytest

from anjia.engine.matters import actions, office_work
from anjia.engine.matters.models import Matter, Notice, Wall
from anjia.engine.matters.tests.world import World, at, hired
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.vault.models import Sealed

NOTE = "她约了明天中午回电,先说是质检培训班"


def given(
    world: World, notes: dict[UUID, str], who: str = "county", when: str = "03-10 18:00", **more: str
) -> UUID:
    return actions.hand_over_shift(
        notes=notes, general=more.get("general", ""), next_post="", actor=world.actor(who, when), now=at(when),
        key=more.get("key", ""),
    ).matter  # fmt: skip


def read(world: World, who: str, m: UUID, when: str = "03-10 18:10") -> list[office_work.Item]:
    actor = world.actor(who, when)
    with access.reading(actor, route="t", how="open"):
        return list(office_work.items(actor, m, at(when)))


def test_each_note_stands_in_its_own_matter_and_the_next_reads_it(world: World) -> None:
    case = world.responding()
    m = given(world, {case: NOTE}, general="夜里注意12338")
    assert [(i.matter, i.note) for i in read(world, "officer", m)] == [(case, NOTE)]
    noted = Event.objects.get(matter=case, move="shift_note")
    assert Sealed.objects.get(owner=noted.sealed).root == case
    world.does("officer", "accept", m, "03-10 18:20", taken="都清楚了")
    assert world.row(m).closed_at is not None


def test_whoever_hands_over_does_not_take_over_himself(world: World) -> None:
    m = given(world, {world.responding(): NOTE})
    with pytest.raises(NotAllowed):
        world.does("county", "accept", m, "03-10 18:20", taken="我自己接")
    world.does("county", "take_back", m, "03-10 18:30", why="交错了人")


def test_what_nobody_takes_over_within_the_hour_climbs(world: World) -> None:
    m = given(world, {world.responding(): NOTE})
    assert world.duty(m, "accept").due_at == at("03-10 19:00")
    actions.climb_overdue(now=at("03-10 19:31"))
    assert world.duty(m, "accept").step >= 1
    actions.climb_overdue(now=at("03-10 21:05"))
    assert (
        Notice.objects.filter(matter=m, agency=world.offices["city"]).exists()
        or world.duty(m, "accept").step > 1
    )


def test_who_is_walled_off_reads_neither_the_note_nor_that_there_is_one(world: World) -> None:
    case, other = (
        world.responding(),
        world.help_wanted("03-10 10:00", name="杭秋月", phone="10013500999").matter,
    )
    m = given(world, {case: NOTE, other: "一般"})
    Wall.objects.create(
        account_id=world.posts["officer"].account_id, root=case, cause="recused", since=at("03-10 18:01")
    )
    assert [i.matter for i in read(world, "officer", m)] == [other]


@pytest.mark.parametrize("who", ["leader", "sysadmin", "volunteer"])
def test_those_who_have_no_shift_hand_nothing_over(world: World, who: str) -> None:
    world.posts.setdefault("volunteer", hired("volunteer", world.offices["village"], "volunteer"))
    with pytest.raises((NotAllowed, NotFound)):
        given(world, {}, who, general="x")


def test_a_matter_that_is_not_theirs_refuses_all_of_it(world: World) -> None:
    case = world.responding()
    for who in ("city", "police", "other"):  # masked, or none at all
        with pytest.raises(NotFound):
            given(world, {case: NOTE}, who)
    assert not Event.objects.filter(move="shift_note").exists()
    assert not Matter.objects.filter(playbook="shift-handover").exists()


def test_nothing_to_say_is_no_hand_over_and_a_double_click_is_one(world: World) -> None:
    with pytest.raises(RuleBroken):
        given(world, {})
    case = world.responding()
    first = given(world, {case: NOTE}, key="k1")
    assert given(world, {case: NOTE}, key="k1") == first
    assert Event.objects.filter(move="shift_note").count() == 1
    with pytest.raises(RuleBroken):
        given(world, {case: "长" * 501}, key="k2")
