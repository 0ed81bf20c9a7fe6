"""盲核: what stands in a case reaches nobody who handles the application, and not being listed says nothing of a home."""

from __future__ import annotations

import json
import re
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from anjia.engine.matters import actions, blind
from anjia.engine.matters.models import Matter, Party
from anjia.engine.matters.pages import MatterPage
from anjia.engine.matters.tests.world import COUNTY, HIS_NAME, NAME, OTHER, PHONE, World, at
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events.models import Event
from anjia.prevention.honours import draw, rounds
from anjia.prevention.honours.following import NOT_LISTED
from anjia.prevention.honours.tests.yearly import (
    ASKED,
    CHECKED,
    CLOSED,
    LISTED,
    applies,
    begun,
    listed,
    many,
    until,
)


def lot(data: bytes) -> bytes:
    import hashlib

    return hashlib.sha256(b"test key" + data).digest()


def applied(n: int, held: int = 0, aside: int = 0) -> list[draw.Applied]:
    return [
        draw.Applied(
            uuid4(), "321003990", frozenset({f"{i}".encode()}), held=i < held, aside=held <= i < held + aside
        )
        for i in range(n)
    ]


@pytest.mark.parametrize("n", [1, 2, 5, 12, 41, 200])
@pytest.mark.parametrize("held", [0, 1, 2, 9])
def test_as_many_stand_there_by_lot_as_because_of_a_case(n: int, held: int) -> None:
    all_ = applied(n, held)
    out = draw.not_listed(all_, lot)
    because, by_lot = {a.key for a in all_ if a.held}, out - {a.key for a in all_ if a.held}
    assert because <= out
    assert len(by_lot) >= min(len(because), n - len(because))
    assert len(out) >= min(n, max(3, -(-n // 5)))


@pytest.mark.parametrize("held", [0, 1, 3, 4])
def test_how_many_are_not_listed_does_not_tell_how_many_have_a_case(held: int) -> None:
    assert len(draw.not_listed(applied(41, held), lot)) == len(draw.not_listed(applied(41), lot)) == 9


def test_the_lot_is_the_same_again_and_another_under_another_key() -> None:
    all_ = applied(40)
    assert draw.not_listed(all_, lot) == draw.not_listed(list(reversed(all_)), lot)
    assert draw.not_listed(all_, lot) != draw.not_listed(all_, lambda d: lot(b"other" + d))


def test_a_household_that_applies_twice_with_other_words_fares_the_same_twice() -> None:
    """Else two tries would tell the lot from a case."""
    for seed in range(30):
        all_ = applied(20)
        twin = draw.Applied(uuid4(), "321003990", all_[seed % 20].names | {b"an aunt"})
        out = draw.not_listed([*all_, twin], lambda d, s=seed: lot(bytes([s]) + d))
        assert (twin.key in out) == (all_[seed % 20].key in out)


def test_nor_does_the_same_couple_in_another_township_get_a_second_lot() -> None:
    for seed in range(30):
        all_ = applied(20)
        couple = frozenset({b"he", b"she"})
        here, there = (draw.Applied(uuid4(), place, couple) for place in ("321003990", "321003991"))
        out = draw.not_listed([*all_, here, there], lambda d, s=seed: lot(bytes([s]) + d))
        assert (here.key in out) == (there.key in out)


# -- with real matters ----------------------------------------------------------------------------------


def without_ids(page: MatterPage) -> str:
    """What the page says, without what differs between any two households."""
    said = str(
        (page.stage, page.entries, page.duties, page.past_duties, page.steps, page.roles, page.capacity)
    )
    for name in page.names.values():
        for one in (name, *name.split("、")):
            said = said.replace(one, "·")
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|0x[0-9a-f]+", "·", said)


def as_recorded(m: UUID) -> list[tuple[str, str]]:
    return [
        (
            e.move,
            json.dumps({k: v for k, v in e.codes.items() if k not in ("owes", "told")}, ensure_ascii=False),
        )
        for e in Event.objects.filter(matter=m).order_by("seq")
    ]


def test_her_household_is_not_listed_and_nothing_there_tells_why(world: World) -> None:
    world.help_wanted(when="03-09 20:47")
    round_ = begun(world)
    hers = applies(HIS_NAME, NAME).matter
    crowd = many(12)
    listed(world, round_)
    assert world.row(hers).stage == "not_listed"
    by_lot = [m for m in crowd.values() if world.row(m).stage == "not_listed"]
    assert len(by_lot) == 2  # three are not listed, as without her case
    assert {str(as_recorded(m)) for m in [hers, *by_lot]} == {str(as_recorded(hers))}
    pages = [without_ids(world.page("street", m, "04-28 10:00")) for m in [hers, *by_lot]]
    assert pages[0] == pages[1] == pages[2]
    assert NOT_LISTED in str(world.page("county", hers, "04-28 10:00").entries)


def test_without_the_case_as_many_are_not_listed(world: World) -> None:
    round_ = begun(world)
    applies(HIS_NAME, NAME)
    many(12)
    listed(world, round_)
    assert Matter.objects.filter(playbook="household-recognition", stage="not_listed").count() == 3


def test_she_is_asked_in_her_case_and_her_word_counts(world: World) -> None:
    case = world.help_wanted(when="03-09 20:47").matter
    round_ = begun(world)
    hers = applies(HIS_NAME, NAME).matter
    many(60)  # so that the lot leaves most alone
    until(CLOSED)
    assert world.duty(case, "recognition_word")
    before = as_recorded(hers)
    world.does("county", "recognition_word", case, ASKED, recognition_word="as_usual")
    assert as_recorded(hers) == before
    assert blind.answer(hers, since=at(CLOSED), now=at(CHECKED)) is blind.Answer.YES
    wrong = Event.objects.get(matter=case, move="recognition_word")
    with transaction.atomic():  # written down by mistake: then nothing was said, and nothing said is no
        world.does("county", "correct", case, "04-17 11:00", event=str(wrong.id), reason="记错了人")
        assert blind.answer(hers, since=at(CLOSED), now=at(CHECKED)) is not blind.Answer.YES
        transaction.set_rollback(True)
    until(CHECKED)
    world.does("county", "list_all", round_, LISTED)
    until(LISTED)


def test_a_closed_matter_holds_for_a_year_and_one_without_finding_not_at_all(world: World) -> None:
    case = world.help_wanted(when="03-09 20:47").matter
    begun(world)
    hers = applies(HIS_NAME, NAME).matter
    row = world.row(case)
    row.ended_at, row.result, row.stage = at("03-20 09:00"), "settled", "closed"
    row.save()
    assert blind.answer(hers, since=at(CLOSED), now=at(LISTED)) is blind.Answer.NO
    assert blind.answer(hers, since=at(CLOSED), now=at(LISTED).replace(year=2027)) is blind.Answer.YES
    Matter.objects.filter(pk=case).update(result="unfounded")
    assert blind.answer(hers, since=at(CLOSED), now=at(LISTED)) is blind.Answer.YES


@pytest.mark.parametrize(("place", "found"), [("", "ASK"), (COUNTY, "ASK"), (OTHER, "YES")])
def test_a_namesake_in_another_township_is_another_family(world: World, place: str, found: str) -> None:
    world.help_wanted(when="03-09 20:47", place=place)
    begun(world)
    assert blind.answer(applies(NAME).matter, since=at(CLOSED), now=at(LISTED)) is blind.Answer.YES
    both = applies(HIS_NAME, NAME).matter
    assert blind.answer(both, since=at(CLOSED), now=at(LISTED)) is blind.Answer[found]


def test_nobody_in_an_application_can_be_held_to_be_somebody_in_a_case(world: World) -> None:
    """A telephone or a link in it would have the house ask “the same family?” before the eyes of the township."""
    case = world.help_wanted(when="03-09 20:47").matter
    begun(world)
    hers = applies(HIS_NAME, NAME).matter
    world.does("street", "look", hers, "03-27 09:00")
    mine, theirs = (Party.objects.filter(matter=m).order_by("id").first() for m in (hers, case))
    assert mine
    assert theirs
    said = {"compartment": "contact", "base": "0", "phone": PHONE}
    with pytest.raises(RuleBroken):
        world.does("county", "correct", hers, "03-28 09:00", party=str(mine.id), **said)
    officer, when = world.actor("county", "03-28 09:00"), at("03-28 09:00")
    for matter, here, there in ((hers, mine.id, theirs.id), (case, theirs.id, mine.id)):
        with pytest.raises((NotFound, NotAllowed)):
            actions.link_person(
                matter_id=matter, party=here, theirs=there, why="told", words="x", actor=officer, now=when
            )
    aimed = {"matter": str(rounds.round_of(hers)), "same_case": "same"}
    with pytest.raises(RuleBroken):
        actions.move(matter_id=hers, name="link_same", actor=officer, now=when, data=aimed)
    until("03-29 09:00")
    assert [e.move for e in Event.objects.filter(matter=hers)] == ["open", "look"]


def test_what_the_office_sets_aside_names_numbers_of_this_round_only(world: World) -> None:
    round_ = begun(world)
    crowd = many(20)
    one = next(iter(crowd.values()))
    with pytest.raises(RuleBroken):
        world.does("county", "set_aside", round_, "04-10 09:00", numbers="JS000", why="x")
    world.does(
        "county",
        "set_aside",
        round_,
        "04-10 09:00",
        numbers=world.row(one).number,
        why="家里有人来说不愿意。",
    )
    listed(world, round_)
    assert world.row(one).stage == "not_listed"
    assert len([m for m in crowd.values() if world.row(m).stage == "not_listed"]) == 4
