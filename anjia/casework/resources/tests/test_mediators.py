"""Who may mediate: nobody the dispute is about, nobody past the term, nobody a party objected to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from anjia.casework.mediation.tests.disputes import (
    FIRST_PHONE,
    NO,
    accepted,
    dispute,
    screened,
    session,
    told,
)
from anjia.casework.resources import actions, mediators
from anjia.engine.matters.tests.world import FOUNDED, STREET, World, at
from anjia.foundation.core.verdict import NotAllowed, RuleBroken
from anjia.registry.posts import actors
from anjia.registry.posts.actions import accounts
from anjia.registry.posts.models import Post

ID = "999999198001010011"


def hired(world: World, name: str, *, mobile: str = "", begun: date = date(2026, 1, 1), **more: Any) -> Post:
    """One more mediator of the street's committee."""
    account = accounts.add_account(login=name, name=name, mobile=mobile, actor=actors.SYSTEM, now=FOUNDED)
    return accounts.give_post(
        account=account, agency=world.offices["mediators"], role="officer", title="调解员", from_on=begun,
        actor=actors.SYSTEM, now=FOUNDED, **more,
    )  # fmt: skip


def appoint(world: World, m: Any, post: Post, when: str = "04-09 09:00") -> None:
    world.does("mediators", "appoint_mediator", m, when, mediator=str(post.id))


def describe(post: Post, **more: str) -> None:
    actions.describe_mediator(post_id=post.id, actor=actors.SYSTEM, now=FOUNDED, **more)


def test_kin_by_telephone_by_home_and_the_party_herself_are_blocked(world: World) -> None:
    m = accepted(world)
    world.does("mediators", "register_parties", m, "04-08 09:30", id_number=ID)
    by_phone, by_home, herself, free = (hired(world, n) for n in ("甲某", "乙某", "丙某", "丁某"))
    accounts.set_contact(
        account=by_phone.account, name="甲某", mobile="100 1350 0081", actor=actors.SYSTEM, now=FOUNDED
    )
    assert FIRST_PHONE == "10013500081"
    describe(by_home, address="杏湾村 3组12号")
    describe(herself, id_number=ID)
    describe(free, address="柳浦街道别处1号", id_number="999999198001020041")
    for post in (by_phone, by_home, herself):
        with pytest.raises(NotAllowed) as refused:
            appoint(world, m, post)
        said = str(refused.value)
        assert "回避" in said
        assert FIRST_PHONE not in said  # what matched is not told
        assert "杏湾" not in said
    appoint(world, m, free)
    assert world.row(m).assignee == free


def test_a_partys_objection_is_final_in_this_matter_and_reaches_nobody_elsewhere(world: World) -> None:
    m, elsewhere = accepted(world), dispute(world, "04-07 11:00")
    other = hired(world, "戊某")
    mine = world.posts["mediators"]
    world.does(
        "mediators", "exclude_mediator", m, "04-09 09:00", mediator=str(mine.id), excluded_why="objection"
    )
    assert world.row(m).assignee is None
    assert world.duty(m, "appoint")
    with pytest.raises(NotAllowed):
        appoint(world, m, mine)
    appoint(world, m, other)
    world.does("mediators", "accept", elsewhere, "04-09 10:00", applied="yes", dispute_kind="elder_support")
    appoint(world, elsewhere, mine)


def test_the_general_assign_is_no_way_round_recusal(world: World) -> None:
    m = screened(world)
    mine = world.posts["mediators"]
    world.does("mediators", "exclude_mediator", m, "04-09 09:00", mediator=str(mine.id), excluded_why="kin")
    with pytest.raises(NotAllowed):
        session(world, m)
    world.does("mediators", "assign", m, "04-09 09:30", post=str(mine.id))
    with pytest.raises(NotAllowed) as refused:
        session(world, m)
    assert refused.value.verdict.code == "mediator"


@pytest.mark.parametrize(
    ("begun", "trained", "fit"),
    [
        (date(2023, 4, 10), "", True),  # the last day of three years
        (date(2023, 4, 9), "", False),
        (date(2026, 1, 1), "2026-04-09", True),
        (date(2026, 1, 1), "2026-04-08", False),
    ],
)
def test_term_of_three_years_and_training(world: World, begun: date, trained: str, fit: bool) -> None:
    """人民调解法 9 and 14; where no certificate is recorded none can have lapsed."""
    m, post = accepted(world), hired(world, "己某", begun=begun)
    if trained:
        describe(post, trained_until=trained)
    if fit:
        appoint(world, m, post)
        return
    with pytest.raises(NotAllowed):
        appoint(world, m, post)


def test_only_somebody_of_the_committee_may_be_appointed(world: World) -> None:
    m = accepted(world)
    with pytest.raises(RuleBroken) as refused:
        appoint(world, m, world.posts["county"])
    assert "mediator" in refused.value.fields
    gone = hired(world, "庚某", to_on=date(2026, 4, 1))
    with pytest.raises(RuleBroken):
        appoint(world, m, gone)


def test_particulars_are_kept_sealed_by_whom_it_concerns_and_never_half(world: World) -> None:
    post = hired(world, "辛某")
    describe(post, sex="female", trained_until="2027-01-01")
    describe(post, address="柳浦街道1号")
    kept = mediators.particulars([post.account_id])[post.account_id]
    assert kept == {"sex": "female", "trained_until": "2027-01-01", "address": "柳浦街道1号"}
    with pytest.raises(NotAllowed):
        actions.describe_mediator(post_id=post.id, actor=world.actor("county"), now=FOUNDED, sex="male")
    with pytest.raises(RuleBroken) as wrong:
        describe(post, id_number="99999919")
    assert "id_number" in wrong.value.fields


def test_committee_is_held_against_the_statute(world: World) -> None:
    """人民调解法 8: three to nine members, a woman among them."""
    ours = next(c for c in mediators.committees(world.actor("street"), at("04-09 09:00")))
    assert any("3至9" in str(f) for f in ours.faults)
    for name in ("壬某", "癸某"):
        describe(hired(world, name), sex="male")
    describe(world.posts["mediators"], sex="male")
    ours = next(c for c in mediators.committees(world.actor("street"), at("04-09 09:00")))
    assert [str(f) for f in ours.faults] == ["应当有妇女委员,请补充。"]
    describe(world.posts["mediators"], sex="female")
    ours = next(c for c in mediators.committees(world.actor("street"), at("04-09 09:00")))
    assert not ours.faults


def test_load_counts_open_duties_in_bands_and_only_what_the_reader_may_see(world: World) -> None:
    m = accepted(world)
    told(world, m)
    world.does("mediators", "safety_first", m, "04-08 11:00", **NO)
    band = {
        who: mediators.committees(world.actor(who), at("04-09 09:00"), STREET)[0].mediators[0].band
        for who in ("mediators", "street", "county", "other")
    }
    assert band == {"mediators": "light", "street": "light", "county": "light", "other": "free"}
    assert [mediators.band_of(n) for n in (0, 1, 5, 6, 15, 16)] == [
        "free",
        "light",
        "light",
        "busy",
        "busy",
        "full",
    ]
