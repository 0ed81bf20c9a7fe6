"""Walls by declared relatives; walls that were wrong; old data compared once more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anjia.engine.matters import actions, jobs, lifting, recusals
from anjia.engine.matters.models import Wall, WallLift
from anjia.engine.matters.tests.test_walls import (
    HIS_ID,
    HIS_PHONE,
    HOME,
    NOON,
    is_gone,
    known_as,
    says_of_him,
)
from anjia.engine.matters.tests.world import PHONE, World, at, hired
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.outbox import schedule, worker
from anjia.foundation.vault.models import Token
from anjia.registry.posts.actions import accounts

KIN = {"name": "丁海峰", "relation": "sibling", "id_number": "", "phone": ""}


def declares(world: World, who: str, **given: str) -> None:
    accounts.declare_relative(
        account_id=world.posts[who].account_id, actor=world.actor(who), now=at(NOON), **{**KIN, **given}
    )


@pytest.mark.parametrize(
    ("mine", "his"),
    [
        ({"phone": HIS_PHONE}, {"their_phone": "100-1350 0777"}),
        ({"id_number": HIS_ID}, {"their_id_number": HIS_ID.lower()}),
        ({"id_number": HIS_ID}, {"their_birth_on": "1986-03-12"}),
    ],
)
@pytest.mark.parametrize("first", ["declared", "said"])
def test_a_declared_relative_walls_from_either_side(
    world: World, mine: dict[str, str], his: dict[str, str], first: str
) -> None:
    m = world.responding()
    steps = [lambda: declares(world, "officer", **mine), lambda: says_of_him(world, m, **his)]
    for step in steps if first == "declared" else reversed(steps):
        step()
    assert is_gone(world, "officer", m)
    assert not is_gone(world, "county", m)
    worker.drain(at(NOON))
    (line,) = recusals.record(world.actor("city"), at(NOON))
    assert line.why == recusals.CAUSES["kin"]


@pytest.mark.parametrize("wrong", [{}, {"phone": PHONE, "name": ""}, {"id_number": "123"}, {"relation": "x"}])
def test_what_could_never_match_is_not_taken(world: World, wrong: dict[str, str]) -> None:
    with pytest.raises(RuleBroken):
        declares(world, "officer", **wrong)
    with pytest.raises(NotFound):
        accounts.declare_relative(
            account_id=world.posts["county"].account_id, actor=world.actor("officer"), now=at(NOON),
            **{**KIN, "phone": PHONE},
        )  # fmt: skip


def walled(world: World) -> Wall:
    world.responding()
    known_as(world, "officer", mobile=PHONE)
    worker.drain(at(NOON))
    world.posts["second"] = hired("second", world.offices["city"], "officer")
    return Wall.objects.get()


def lift(world: World, wall: Wall, *, agrees: bool = True) -> None:
    actions.ask_lift(
        wall_id=wall.id, second=str(world.posts["second"].id), words="号码换过机主", actor=world.actor("city"),
        now=at(NOON),
    )  # fmt: skip
    (asked,) = lifting.record(world.actor("second"))
    actions.decide_lift(lift_id=asked.id, agrees=agrees, actor=world.actor("second"), now=at(NOON))


def test_a_wrong_wall_is_lifted_by_two_and_not_raised_again(world: World) -> None:
    wall = walled(world)
    lift(world, wall)
    assert not is_gone(world, "officer", wall.root)
    known_as(world, "officer", mobile=PHONE)  # the same number once more
    actions.compare_walls(after=None, now=at(NOON))
    assert not Wall.objects.exists()
    assert lifting.record(world.actor("city"))[0].agreed


def test_another_cause_still_walls_after_lifting(world: World) -> None:
    wall = walled(world)
    lift(world, wall)
    known_as(world, "officer", address=HOME)
    says_of_him(world, wall.root, their_address=HOME)
    assert is_gone(world, "officer", wall.root)


def test_without_the_second_persons_word_the_wall_stands(world: World) -> None:
    wall = walled(world)
    lift(world, wall, agrees=False)
    assert is_gone(world, "officer", wall.root)
    assert not WallLift.objects.get().covers
    assert recusals.is_supervisor(world.actor("city"))
    assert not recusals.is_supervisor(world.actor("second"))


@pytest.mark.parametrize("who", ["officer", "county", "other", "street", "second", "sysadmin", "province"])
def test_nobody_else_asks(world: World, who: str) -> None:
    wall = walled(world)
    with pytest.raises(NotFound):
        actions.ask_lift(
            wall_id=wall.id, second=str(world.posts["second"].id), words="号码换过机主",
            actor=world.actor(who), now=at(NOON),
        )  # fmt: skip


def test_the_second_is_neither_himself_nor_whom_it_is_about(world: World) -> None:
    wall = walled(world)
    choices = {post for post, _label in lifting.seconds(world.actor("city"), wall, at(NOON))}
    assert world.posts["second"].id in choices
    assert world.posts["city"].id not in choices
    assert world.posts["officer"].id not in choices
    for second, words in (
        (str(world.posts["city"].id), "号码换过机主"),
        (str(world.posts["second"].id), " "),
    ):
        with pytest.raises(RuleBroken):
            actions.ask_lift(
                wall_id=wall.id, second=second, words=words, actor=world.actor("city"), now=at(NOON)
            )


def test_old_data_is_compared_in_stretches_and_once(world: World) -> None:
    """What was written down before walls, or a kind of token, existed is found by the weekly comparison."""
    m = world.responding()
    known_as(world, "officer", mobile=PHONE)
    Wall.objects.all().delete()
    Token.objects.filter(owner=world.posts["officer"].account_id).delete()
    schedule.run_due(at(NOON))
    for n in range(8):
        worker.drain(at(NOON) + timedelta(seconds=n))
    assert is_gone(world, "officer", m)
    assert Wall.objects.get().told == world.posts["city"]
    before = Token.objects.count()
    actions.ask_comparison(now=at(NOON))
    worker.drain(at(NOON) + timedelta(minutes=1))
    assert (Wall.objects.count(), Token.objects.count()) == (1, before)
    assert jobs.COMPARISON in schedule.outbox.JOBS
