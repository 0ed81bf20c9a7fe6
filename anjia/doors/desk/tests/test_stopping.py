"""停用 of an office: the next request of anybody in it is refused, signing in says whom to call, work goes on elsewhere."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from anjia.engine.matters.heads import heads
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.models import Capacity, Duty, Seat
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import World, at, hired
from anjia.foundation.core.clock import now
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events.verifying import verify
from anjia.foundation.outbox import worker
from anjia.registry.posts import actions, ledger, pledges
from anjia.registry.posts.accounts import login_hash
from anjia.registry.posts.models import Agency, Post, PostRole

PASSWORD = "corre ct horse battery 9"
WHY = "值班电脑被偷"


def stop(world: World, office: str, by: str = "city", when: str = "03-11 12:00") -> None:
    actions.stop_agency(
        agency=world.offices[office], reason=WHY, fresh=True, actor=world.actor(by, when), now=at(when)
    )


def browser(world: World, who: str) -> Client:
    post = world.posts[who]
    client = Client()
    client.cookies["s"] = actions.sign_in(account=post.account, post=post, now=now(), proved_by="totp")
    return client


def test_the_next_request_of_anybody_in_it_is_refused(world: World) -> None:
    """The one who acts and the one who asks are different browsers; nothing is waited for."""
    theirs, others = browser(world, "police"), browser(world, "court")
    city = browser(world, "city")
    address = f"/desk/offices/{world.offices['police'].id}/"
    assert theirs.get("/desk/").status_code == 200
    assert city.post(address, {"reason": ""}).status_code == 422
    assert theirs.get("/desk/").status_code == 200
    assert city.post(address, {"reason": WHY}).status_code == 302
    for path in ("/desk/", "/desk/duties/", "/desk/posts/"):
        assert "/sign-in/" in theirs.get(path)["Location"]
    assert others.get("/desk/").status_code == 200
    assert WHY in city.get(address).content.decode()
    assert list(verify(heads())) == []


def test_signing_in_says_whom_to_call_and_only_to_who_knows_the_password(world: World) -> None:
    account = world.posts["police"].account
    login = "qin-yong"
    account.login_hash = login_hash(login)
    account.set_password(PASSWORD)
    account.save()
    stop(world, "police")
    said = Client().post("/desk/sign-in/", {"login": login, "password": PASSWORD}).content.decode()
    assert "扬州市妇联" in said
    assert "已停用" in said
    wrong = Client().post("/desk/sign-in/", {"login": login, "password": "x" * 14}).content.decode()
    assert "已停用" not in wrong


def test_without_a_second_factor_just_now_the_page_asks_for_one(world: World) -> None:
    post = world.posts["city"]
    client = Client()
    client.cookies["s"] = actions.sign_in(account=post.account, post=post, now=now())
    answer = client.post(f"/desk/offices/{world.offices['police'].id}/", {"reason": WHY})
    assert "/step-up/" in answer["Location"]
    assert Agency.objects.get(pk=world.offices["police"].id).stopped_at is None


@pytest.mark.parametrize(
    ("by", "office", "may"),
    [
        ("city", "police", True), ("city", "county", True), ("city", "court", True), ("city", "city", False),
        ("city", "province", False), ("county", "police", True), ("county", "village", True),
        ("county", "court", False), ("county", "county", False), ("county", "other", False),
        ("other", "police", False), ("officer", "police", False), ("court", "police", False),
        ("sysadmin", "police", False), ("street", "village", False),
    ],
)  # fmt: skip
def test_who_may_stop_which_office(world: World, by: str, office: str, may: bool) -> None:
    if may:
        stop(world, office, by)
        assert ledger.entries(world.offices[office].id, (ledger.STOP,))[0].words == WHY
    else:
        with pytest.raises(NotAllowed):
            stop(world, office, by)
        assert not Agency.objects.filter(stopped_at__isnull=False).exists()


def test_what_it_leads_and_owes_goes_to_the_next(world: World) -> None:
    case = world.responding(decisions=Decisions(True, True, True))
    child = world.refers(case, "refer_police", "police", "03-11 09:00")
    Agency.objects.filter(pk=world.offices["police"].pk).update(superior=world.offices["bureau"])
    stop(world, "police")
    stop(world, "county")
    worker.drain(at("03-11 12:01"))
    assert world.row(child).holder == world.offices["bureau"]
    assert world.row(case).holder == world.offices["city"]
    gone = (world.offices["police"], world.offices["county"])
    assert not Duty.objects.filter(agency__in=gone, done_at__isnull=True).exists()
    assert not Seat.objects.filter(agency__in=gone, to_at__isnull=True).exists()
    assert world.page("city", case, "03-11 12:02").entries[-1].move == "pass_on"


def test_an_office_without_a_line_keeps_its_part_and_its_duties_climb(world: World) -> None:
    """Nobody is routed to nobody: the federation hears of it within the minute, not when it is late."""
    case = world.responding()
    child = world.refers(case, "refer_shelter", "shelter", "03-11 09:00")
    duty = Duty.objects.filter(matter=child, done_at__isnull=True).first()
    assert duty is not None
    assert duty.climbs_at > at("03-11 12:01")
    stop(world, "shelter")
    worker.drain(at("03-11 12:01"))
    assert Duty.objects.get(pk=duty.pk).climbs_at <= at("03-11 12:01")


def test_nothing_is_sent_to_an_office_that_nobody_answers_for(world: World) -> None:
    """A form that was opened before the office was stopped."""
    case = world.responding()
    stop(world, "shelter")
    stop(world, "other")
    with pytest.raises(RuleBroken):
        world.refers(case, "refer_shelter", "shelter", "03-11 13:00")
    with pytest.raises(RuleBroken):
        world.does(
            "county",
            "transfer",
            case,
            "03-11 13:00",
            agency=str(world.offices["other"].id),
            reason="她搬去高邮了",
        )


def test_a_right_to_look_on_passes_to_nobody(world: World) -> None:
    """What was granted to an office for a purpose is not its superior's."""
    case = world.responding()
    seat = Seat.objects.filter(matter=case, agency=world.offices["county"]).get()
    seat.pk, seat.agency, seat.capacity = uuid4(), world.offices["police"], Capacity.GRANTED
    seat.save(force_insert=True)
    Agency.objects.filter(pk=world.offices["police"].pk).update(superior=world.offices["bureau"])
    stop(world, "police")
    worker.drain(at("03-11 12:01"))
    assert not Seat.objects.filter(matter=case, agency=world.offices["bureau"]).exists()


def test_nothing_new_goes_to_it_until_it_is_opened_again(world: World) -> None:
    stop(world, "county", when="03-09 08:00")
    assert world.row(world.help_wanted().matter).holder == world.offices["city"]
    actions.reopen_agency(
        agency=world.offices["county"], reason="电脑找回,密码已换", fresh=True, actor=world.actor("city"),
        now=at("03-10 09:00"),
    )  # fmt: skip
    assert world.row(world.help_wanted("03-10 10:00", name="陈杏").matter).holder == world.offices["county"]
    moves = [e.move for e in ledger.entries(world.offices["county"].id, (ledger.STOP, ledger.REOPEN))]
    assert moves == [ledger.REOPEN, ledger.STOP]
    with pytest.raises(RuleBroken):
        actions.reopen_agency(
            agency=world.offices["county"], reason="再来一次", fresh=True, actor=world.actor("city"),
            now=at("03-10 09:00"),
        )  # fmt: skip


def test_a_second_post_elsewhere_still_opens_that_office_only(world: World) -> None:
    """Who also sits in an office that works gets in there, and cannot change over."""
    two = world.posts["officer"]
    second = Post.objects.create(
        account=two.account, agency=world.offices["street"], role=PostRole.OFFICER, title="兼",
        from_on=two.from_on,
    )  # fmt: skip
    stop(world, "county")
    cookie = actions.sign_in(account=two.account, post=second, now=now(), proved_by="totp")
    client = Client()
    client.cookies["s"] = cookie
    assert client.get("/desk/").status_code == 200
    assert client.post(f"/desk/posts/{two.id}/switch/")["Location"] == "/desk/"
    with pytest.raises(NotFound):
        actions.sign_in(account=two.account, post=two, now=now())


# -- the pledge -----------------------------------------------------------------------------------------------


def test_before_the_pledge_a_volunteer_sees_its_page_and_after_it_what_she_wanted(world: World) -> None:
    case = world.responding(decisions=Decisions(True, True, True))
    world.does("county", "invite_village", case, "03-11 10:30")
    world.posts["new"] = hired("new", world.offices["village"], "volunteer", pledged=False)
    client = browser(world, "new")
    address = f"/desk/m/{case}/"
    asked = client.get(address)
    assert "/pledge/" in asked["Location"]
    page = client.get(asked["Location"]).content.decode()
    assert "保密承诺" in page
    data = {"next": address, "version": "2026-1"}
    assert client.post("/desk/pledge/", data).status_code == 422
    assert client.post("/desk/pledge/", {**data, "pledge": "yes"})["Location"] == address
    assert client.get(address).status_code == 200
    post = Post.objects.get(pk=world.posts["new"].pk)
    assert post.pledge == "2026-1"
    assert post.pledged_at is not None


def test_heads_see_who_has_pledged(world: World) -> None:
    world.posts["new"] = hired("new", world.offices["village"], "volunteer", pledged=False)
    page = browser(world, "county").get(f"/desk/offices/{world.offices['village'].id}/").content.decode()
    assert page.count("还没有承诺") == 1
    assert "2026-01-05" in page or "1月5日" in page


def test_a_new_version_asks_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    known = pledges.versions()
    assert visible_to(world.actor("village")).sees_own
    newer = pledges.Pledge("2026-2", at("03-01 00:00").date(), ({"zh": "新", "en": "new"},))
    monkeypatch.setattr(pledges, "versions", lambda: (*known, newer))
    assert not visible_to(world.actor("village")).sees_own
    assert visible_to(world.actor("county")).sees_own
