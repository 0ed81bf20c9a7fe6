"""A round of 平安家庭推选: not without its basis; all on one day; the notice runs its five working days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from anjia.engine.matters import actions, resident
from anjia.engine.matters.tests.world import COUNTY, OTHER, VILLAGE, World, at, paper
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.prevention.honours import applying, notice, rounds
from anjia.prevention.honours.applying import Adult
from anjia.prevention.honours.tests.yearly import BASIS, applies, begun, listed, many, registered, until
from anjia.registry.posts.actors import resident as anybody


def on_notice(when: str, place: str = COUNTY) -> list[str]:
    with access.reading(anybody(), route="portal:notice", how="list"):
        return [p.names for p in notice.shown(place, at(when))]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"basis_until": "2026-03-19"}, "basis_until"),
        ({"basis_until": "2026-04-01"}, "closes_on"),
        ({"closes_on": "2026-03-19"}, "closes_on"),
        ({"basis_number": ""}, "basis_number"),
    ],
)
def test_a_round_without_a_basis_that_holds_is_refused(
    world: World, wrong: dict[str, Any], field: str
) -> None:
    m = registered(world)
    with pytest.raises(RuleBroken) as broken:
        world.does("county", "open_round", m, "03-20 09:00", files=(paper(),), **{**BASIS, **wrong})
    assert set(broken.value.fields) == {field}
    assert rounds.standing(VILLAGE, at("03-20 10:00")) == rounds.Standing()


def test_nor_without_the_paper_itself_nor_by_anybody_but_the_head(world: World) -> None:
    m = registered(world)
    with pytest.raises(NotAllowed):
        world.does("county", "open_round", m, "03-20 09:00", **BASIS)
    with pytest.raises(NotAllowed):
        world.does("officer", "open_round", m, "03-20 09:00", files=(paper(),), **BASIS)


def test_a_township_that_registers_one_hands_it_to_the_county(world: World) -> None:
    """Only a federation of county or city holds a round."""
    m = registered(world, "street")
    assert world.row(m).holder_id == world.offices["county"].id


def test_a_round_of_the_city_reaches_every_county_and_there_is_one_at_a_time(world: World) -> None:
    m = begun(world, "city")
    assert world.row(m).holder_id == world.offices["city"].id
    for place in (VILLAGE, OTHER):
        assert rounds.standing(place, at("03-21 09:00")).open == world.row(m)
    with pytest.raises(NotAllowed):
        begun(world, "county")


def test_applications_end_with_the_last_minute_of_the_day(world: World) -> None:
    begun(world)
    assert applies("高德林", when="04-15 23:59").receipt
    with pytest.raises(RuleBroken):
        applies("高洋", when="04-16 00:00")
    standing = rounds.standing(VILLAGE, at("04-16 00:00"))
    assert standing.open is None
    assert standing.ended
    assert standing.ended.astimezone(SHANGHAI).date() == date(2026, 4, 15)


def test_sent_twice_is_one_application(world: World) -> None:
    begun(world)
    first, again = applies("高德林", key="k"), applies("高德林", key="k")
    assert (first.matter, first.receipt) == (again.matter, again.receipt)


def test_one_adult_who_does_not_agree_stops_it_beside_her_row(world: World) -> None:
    begun(world)
    adults = [Adult("高德林", agrees=True), Adult("陈月英", agrees=False)]
    with pytest.raises(RuleBroken) as broken:
        applying.apply(village=VILLAGE, adults=adults, minors=0, words="", key="", now=at("03-25 20:00"))
    assert set(broken.value.fields) == {"agrees-1"}


def test_the_story_of_the_gao_household(world: World) -> None:
    """USERS 5.4: put up on 28 April, objected to on 7 May, one working day left, over on 20 May, published on 28 May."""
    round_ = begun(world)
    gao = applies("高德林", "陈月英", "高洋", "孙悦")
    crowd = many(12)
    world.does("street", "look", gao.matter, "04-16 09:00", look_words="夜巡热心。")
    assert on_notice("04-27 09:00") == []
    listed(world, round_)
    if (
        world.row(gao.matter).stage != "noticed"
    ):  # the lot fell on them: the story goes on with another household
        gao_matter = next(m for m in crowd.values() if world.row(m).stage == "noticed")
    else:
        gao_matter = gao.matter
    names = {p for p in on_notice("05-06 09:00")}
    assert len(names) == 10  # three of thirteen are not listed
    world.does("county", "object", gao_matter, "05-07 10:00", objection="楼道停三轮、飞线充电。")
    assert len(on_notice("05-12 09:00")) == 1  # the others are over; while it is checked it stays, unmarked
    until("05-12 09:30")
    with pytest.raises(NotAllowed):
        world.does("county", "finish", round_, "05-12 10:00", summary="好")
    world.does(
        "county", "settle_objection", gao_matter, "05-19 09:00", finding="put_right", checked="已清理。"
    )
    assert world.duty(gao_matter, "notice").due_at.astimezone(SHANGHAI).date() == date(2026, 5, 20)
    until("05-20 12:00")
    assert world.row(gao_matter).stage == "noticed"
    until("05-21 00:10")
    assert world.row(gao_matter).stage == "after_notice"
    assert on_notice("05-21 00:10") == []
    world.does("county", "announce", round_, "05-28 09:00")
    until("05-28 09:01")
    assert {m.stage for m in rounds.households(round_)} == {"listed", "not_listed"}
    assert not [
        d for m in rounds.households(round_) for d in m.duties.filter(is_late=True) if d.kind == "notice"
    ]
    world.does("county", "finish", round_, "05-28 10:00", summary="公布十户。")


def test_who_holds_the_round_sees_its_households_and_the_township_only_its_own(world: World) -> None:
    round_ = world.row(begun(world))
    mine = applies("高德林")
    sees = {}
    for who in ("county", "officer", "city", "other"):
        with access.reading(world.actor(who, "03-26 09:00"), route="desk:matter", how="open"):
            sees[who] = [(r.id, r.is_masked) for r in rounds.rows(world.actor(who, "03-26 09:00"), round_)]
    assert sees == {
        "county": [(mine.matter, False)],
        "officer": [(mine.matter, False)],
        "city": [(mine.matter, True)],
        "other": [],
    }
    with pytest.raises(NotFound):
        world.page("street", round_.id)


def test_an_objection_that_stands_ends_it_with_the_same_sentence(world: World) -> None:
    round_ = begun(world)
    crowd = many(6)
    listed(world, round_)
    one = next(m for m in crowd.values() if world.row(m).stage == "noticed")
    notice.object_to(household=one, words="占了公共地方。", key="", now=at("04-29 10:00"))
    world.does("county", "settle_objection", one, "04-30 09:00", finding="stands", checked="没有改。")
    assert world.row(one).stage == "noticed"  # nothing ends early, and nobody sees an early end
    until("05-20 09:00")
    world.does("county", "announce", round_, "05-20 10:00")
    until("05-20 10:01")
    assert world.row(one).stage == "not_listed"


def test_what_was_objected_is_not_read_at_the_township(world: World) -> None:
    round_ = begun(world)
    crowd = many(6)
    listed(world, round_)
    one = next(m for m in crowd.values() if world.row(m).stage == "noticed")
    notice.object_to(household=one, words="常听见他打人。", key="", now=at("04-29 10:00"))
    assert "常听见他打人" not in str(world.page("street", one, "04-29 11:00").entries)
    assert "常听见他打人" in str(world.page("county", one, "04-29 11:00").entries)


def test_only_names_that_were_let_are_shown_and_no_others_can_be_objected_to(world: World) -> None:
    round_ = begun(world)
    mine = []
    for n in range(5):
        adults = [Adult(f"高德林{n}", True, True), Adult(f"陈月英{n}", True, False)]
        sent = applying.apply(
            village=VILLAGE, adults=adults, minors=2, words="", key="", now=at("03-25 20:00")
        )
        mine.append(sent.matter)
    listed(world, round_)
    shown = on_notice("04-29 09:00")
    assert len(shown) == 2
    assert all("高德林" in s and "陈月英" not in s for s in shown)
    assert on_notice("04-29 09:00", OTHER) == []
    out = next(m for m in mine if world.row(m).stage == "not_listed")
    with pytest.raises(NotFound):
        notice.object_to(household=out, words="他家……", key="", now=at("04-29 10:00"))


def test_withdrawn_with_the_receipt_it_is_gone_from_the_round(world: World) -> None:
    round_ = begun(world)
    mine = applies("高德林")
    actions.resident_move(receipt=mine.receipt, name="withdraw", now=at("04-01 09:00"))
    listed(world, round_)
    assert world.row(mine.matter).stage == "withdrawn"
    assert resident.find(mine.receipt) is None
