"""A matter that goes from office to office is never without one that sees it and answers for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anjia.engine.matters import effects
from anjia.engine.matters.handing import hand_over
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.models import Capacity, Matter, Seat
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.tests.world import World, at
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.clock import NEVER
from anjia.foundation.core.verdict import RuleBroken
from anjia.registry.posts.actors import SYSTEM
from anjia.registry.posts.models import Agency

OFFICES = [Agency(id=UUID(int=n + 1), line="federation") for n in range(4)]
NOW = at("03-12 09:00")
ENDS = {Capacity.GRANTED: NOW + timedelta(days=3)}
OTHERS = [c.value for c in Capacity if c not in (Capacity.HOLDER, Capacity.TRAY)]
office = st.integers(0, len(OFFICES) - 1)


def held(first: str, others: dict[int, str], roles: dict[str, int]) -> Moving:
    """A matter of the first office, in which others have seats and roles; nothing of it is stored."""
    matter = Matter(playbook="dv-case", version="1.0", holder=OFFICES[0], opened_at=NOW)
    matter.roles = {
        name: {"agency": str(OFFICES[n].id), "why": "residence", "place": ""} for name, n in roles.items()
    }
    rest: dict[str, Any] = {"playbook": None, "move": None, "actor": SYSTEM, "values": {}, "batch": Batch()}
    moving = Moving(matter=matter, now=NOW, at=NOW, is_opening=True, **rest)
    for n, capacity in {**others, 0: first}.items():
        mask, until = capacity == Capacity.GRANTED, ENDS.get(Capacity(capacity), NEVER)
        moving.give_seat(OFFICES[n], capacity, mask=mask, until=until)
    return moving


def seat(moving: Moving, agency: UUID) -> tuple[str, bool, bool] | None:
    """What this office may do, whether it sees a mask, and whether its right lasts."""
    return next(
        (
            (s.capacity, s.mask, s.until == NEVER)
            for s in moving.seats
            if s.agency_id == agency and s.to_at is None
        ),
        None,
    )


@given(
    st.sampled_from([Capacity.HOLDER.value, Capacity.TRAY.value]),
    st.dictionaries(office, st.sampled_from(OTHERS)),
    st.dictionaries(st.sampled_from(["county_women", "police", "aid"]), office),
    st.lists(st.tuples(office, office), min_size=1, max_size=6),
)
def test_whoever_holds_or_has_a_part_sees_it(
    first: str, others: dict[int, str], roles: dict[str, int], steps: list[tuple[int, int]]
) -> None:
    """Transfer, passing on, standing aside and leaving are all this one act, in any order, to any office."""
    moving = held(first, {n: c for n, c in others.items() if n}, {})
    for n in {*roles.values()} - {0, *others}:
        moving.give_seat(OFFICES[n], Capacity.PARTNER)
    moving.matter.roles = held(first, {}, roles).matter.roles
    for old, new in steps:
        hand_over(moving, OFFICES[old], OFFICES[new], "above")
        holds = seat(moving, moving.matter.holder_id)
        assert holds in ((Capacity.HOLDER, False, True), (first, False, True))
        assert len({s.agency_id for s in moving.seats}) == len(moving.seats)
        for bound in moving.matter.roles.values():
            assert seat(moving, UUID(bound["agency"]))
        moving.end_seat(moving.matter.holder_id)  # a role that it also played is released
        assert seat(moving, moving.matter.holder_id)


def test_to_the_office_that_holds_it_is_refused_in_words(world: World) -> None:
    """It was done, and the office never saw the matter again."""
    m = world.responding()
    with pytest.raises(RuleBroken) as refused:
        world.does(
            "county", "transfer", m, "03-11 09:00", agency=str(world.offices["county"].id), reason="点错"
        )
    assert "本来就由这个单位承办" in str(refused.value.fields["agency"])
    assert world.page("county", m).steps


def test_there_and_back_each_sees_it_in_turn(world: World) -> None:
    m = world.responding()
    for who, to, when in (("county", "city", "03-11 09:00"), ("city", "county", "03-11 10:00")):
        world.does(who, "transfer", m, when, agency=str(world.offices[to].id), reason="就近")
        seats = Seat.objects.filter(matter=m, agency=world.offices[to], to_at__isnull=True)
        assert [s.capacity for s in seats] == [Capacity.HOLDER]
        assert world.page(to, m).steps


def test_an_office_that_was_only_let_read_and_then_owes_sees_it_for_good(world: World) -> None:
    """A right to read ends by itself; what the office has to do there does not."""
    m = held(Capacity.HOLDER, {1: Capacity.PARTNER, 2: Capacity.GRANTED}, {})
    hand_over(m, OFFICES[1], OFFICES[2], "above")
    assert seat(m, OFFICES[2].id) == (Capacity.PARTNER, False, True)


@pytest.mark.django_db
def test_an_office_that_takes_a_part_in_its_own_matter_still_holds_it_whole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = world.responding(decisions=Decisions(tell_community=True))
    monkeypatch.setattr(effects, "chosen_agency", lambda moving, *_: (moving.matter.holder, "chosen"))
    world.does("county", "invite_village", m, "03-11 09:00")
    seats = Seat.objects.filter(matter=m, agency=world.offices["county"], to_at__isnull=True)
    assert [s.capacity for s in seats] == [Capacity.HOLDER]
    assert world.page("county", m).matter.id == m
