"""离岗: a post ends only when what it holds has gone to somebody, and leaves nobody a way in."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from anjia.engine.matters import actions, leaving, worklists
from anjia.engine.matters.models import Duty, Notice, Wall
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.test_walls import known_as
from anjia.engine.matters.tests.world import HIS_NAME, PHONE, World, at, hired
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.outbox import worker
from anjia.registry.posts import actions as people
from anjia.registry.posts import actors
from anjia.registry.posts.models import Factor, Post, Session

NOON = "03-12 12:00"


def taken_on(world: World, who: str = "officer") -> UUID:
    """A matter that was assigned to somebody, and a duty she took on."""
    m = world.help_wanted().matter
    world.does("county", "assign", m, "03-09 20:50", post=str(world.posts[who].id))
    world.does(who, "claim", m, "03-09 20:55", duty=str(world.duty(m, "triage").id))
    return m


def ends(world: World, who: str, handed: dict[UUID, str], by: str = "county") -> int:
    return actions.end_post(
        post_id=world.posts[who].id, handed=handed, actor=world.actor(by, NOON), now=at(NOON)
    )


def test_a_post_with_something_in_hand_does_not_end(world: World) -> None:
    m = taken_on(world)
    with pytest.raises(RuleBroken):
        people.end_post(post=world.posts["officer"], actor=actors.SYSTEM, now=at(NOON))
    with pytest.raises(RuleBroken) as refused:
        ends(world, "officer", {})
    assert f"post-{m}" in refused.value.fields
    assert Post.objects.get(pk=world.posts["officer"].pk).to_on is None


def test_it_ends_in_one_act_and_the_heir_finds_it(world: World) -> None:
    m = taken_on(world)
    officer, heir = world.posts["officer"], world.posts["county"]
    people.sign_in(account=officer.account, post=officer, now=at(NOON), proved_by="totp")
    Factor.objects.create(account=officer.account, kind="totp", body=b"x", added_at=at(NOON))
    assert ends(world, "officer", {m: str(heir.id)}) == 1
    duty = world.duty(m, "triage")
    assert duty.post == heir
    assert duty.claimed_at is None  # nobody has said yet that she does it: it climbs
    assert duty.climbs_at.year == 2026
    assert world.row(m).assignee == heir
    assert not Session.objects.filter(post=officer).exists()
    assert not Factor.objects.filter(account=officer.account, removed_at=None).exists()
    with pytest.raises(NotFound):
        actors.for_post(officer.id, at(NOON))
    assert world.page("county", m, NOON).entries[-1].move == "hand_on"
    with pytest.raises(NotFound):
        ends(world, "officer", {})


def test_all_or_nothing(world: World) -> None:
    """One heir who may not know of it: nothing is handed over, nobody has left."""
    first, second = taken_on(world), world.help_wanted("03-10 09:00", name="钱一", phone="10013500990").matter
    world.does("county", "assign", second, "03-10 09:10", post=str(world.posts["officer"].id))
    world.posts["kin"] = hired("kin", world.offices["county"], "officer")
    known_as(world, "kin", mobile="10013500990")
    kin = str(world.posts["kin"].id)
    with pytest.raises(RuleBroken):
        ends(world, "officer", {first: kin, second: kin})
    assert world.row(first).assignee == world.posts["officer"]
    assert Post.objects.get(pk=world.posts["officer"].pk).to_on is None


def test_the_office_above_can_take_it_where_no_colleague_is_left(world: World) -> None:
    m = world.help_wanted().matter
    world.does("county", "assign", m, "03-09 20:50", post=str(world.posts["officer"].id))
    ends(world, "officer", {m: leaving.ABOVE})
    assert world.row(m).holder == world.offices["city"]


def test_what_the_head_may_not_see_goes_by_itself_and_is_not_listed(world: World) -> None:
    m = taken_on(world)
    known_as(world, "county", mobile=PHONE)
    worker.drain(at("03-09 21:00"))
    assert not leaving.leaving(world.posts["officer"], world.actor("county", NOON), at(NOON)).held
    assert ends(world, "officer", {}) == 1
    assert world.row(m).holder == world.offices["city"]  # everybody left in the office is walled off
    assert Wall.objects.get().account == world.posts["county"].account


@pytest.mark.parametrize("by", ["other", "police", "officer", "leader", "court"])
def test_others_do_not_end_it(world: World, by: str) -> None:
    with pytest.raises(NotAllowed):
        ends(world, "officer", {}, by=by)


def test_a_post_that_ended_by_its_date_leaves_its_work_with_the_head(world: World) -> None:
    m = taken_on(world)
    Post.objects.filter(pk=world.posts["officer"].pk).update(to_on=date(2026, 3, 12))
    assert actions.clear_ended_posts(now=at("03-11 23:00")) == 0
    assert actions.clear_ended_posts(now=at("03-12 00:30")) == 1
    assert actions.clear_ended_posts(now=at("03-12 00:30")) == 0
    assert world.row(m).assignee == world.posts["county"]
    assert not Duty.objects.filter(post=world.posts["officer"], done_at__isnull=True).exists()
    worker.drain(at("03-12 00:31"))
    assert Notice.objects.filter(matter=m, kind="left", agency=world.offices["county"]).exists()
    head = world.actor("county", NOON)
    (told,) = leaving.news(head, at(NOON))
    assert told.codes["handed"] == 1
    assert leaving.news(head, at(NOON) + timedelta(days=30)) == []
    assert {n.kind for n in worklists.inbox(visible_to(head))} >= {"left"}


def test_a_shut_account_leaves_nothing_behind_either(world: World) -> None:
    m = taken_on(world)
    people.shut_account(account=world.posts["officer"].account, actor=actors.SYSTEM, now=at(NOON))
    assert actions.clear_ended_posts(now=at(NOON)) == 1
    assert world.row(m).assignee == world.posts["county"]


def test_what_was_given_out_is_shown(world: World) -> None:
    m = world.responding()
    world.does("county", "assign", m, "03-11 10:00", post=str(world.posts["officer"].id))
    shown = leaving.leaving(world.posts["officer"], world.actor("county", NOON), at(NOON))
    assert [h.number for h in shown.held] == [world.row(m).number]
    assert HIS_NAME not in str(shown.held)
