"""A password that was handed over opens one page, once and for three days; then everybody sets up a second factor."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from anjia.foundation.core import clock
from anjia.foundation.core.verdict import NotAllowed, RuleBroken
from anjia.foundation.events.models import Event
from anjia.registry.posts import accounts, actions
from anjia.registry.posts.actors import SYSTEM, Actor, for_post
from anjia.registry.posts.models import Account, Factor, Post, Session
from anjia.registry.posts.passwords import NotStolen
from anjia.registry.posts.second import steps, totp
from anjia.registry.posts.second.provider import New
from anjia.registry.posts.tests.conftest import NOW

HERS = "seven bridges and a lamp"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
pytestmark = [pytest.mark.urls("anjia.registry.posts.tests.urls"), pytest.mark.django_db]


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> SimpleNamespace:
    present = SimpleNamespace(now=NOW)
    monkeypatch.setattr(clock, "now", lambda: present.now)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # what is slow on purpose
    settings.MIDDLEWARE = ["anjia.registry.posts.middleware.SignedInMiddleware"]
    return present


@pytest.fixture
def admin(make: SimpleNamespace) -> Actor:
    agency = make.agency(kind="governance_center", name="邗江区综治中心")
    return for_post(make.post(make.account("管理员"), agency, role="sysadmin", title="系统管理员").id, NOW)


@pytest.fixture
def lu(time: SimpleNamespace, make: SimpleNamespace) -> Post:
    """陈璐 of the court, without a password so far."""
    account = actions.add_account(login="lu", name="陈璐", actor=SYSTEM, now=NOW)
    held: Post = make.post(account, make.agency(kind="court", name="邗江区人民法院"))
    return held


def enters(password: str, client: Client | None = None) -> Any:
    return (client or Client()).post("/desk/sign-in/", {"login": "lu", "password": password})


def ticket(page: Any) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page.content.decode())
    return found[1] if found else ""


def chooses(page: Any, password: str, again: str = "") -> Any:
    form = {"ticket": ticket(page), "password": password, "again": again or password}
    return Client().post("/desk/sign-in/password/", form)


def step_of(page: Any, now: datetime) -> str:
    found = steps.opened(ticket(page), now)
    return found.step if found else ""


def test_it_opens_the_page_for_her_own_and_nothing_else(lu: Post, admin: Actor) -> None:
    handed = actions.issue_password(account=lu.account, actor=admin, now=NOW)
    page = enters(handed)
    assert "定一个自己的密码" in page.content.decode()
    assert "s" not in page.cookies
    for address in ("later", "first", "second"):
        again = Client().post(f"/desk/sign-in/{address}/", {"ticket": ticket(page), "kind": "totp"})
        assert again["Location"] == "/desk/sign-in/", "its page is no page of another step"
    assert not Session.objects.exists()
    offered = chooses(page, HERS)
    assert step_of(offered, NOW) == steps.FIRST
    assert accounts.recognise(login="lu", password=HERS) is not None
    assert accounts.recognise(login="lu", password=handed) is None, "it does not become hers"


def test_it_is_chosen_once_and_what_is_wrong_stands_beside_the_field(lu: Post, admin: Actor) -> None:
    handed = actions.issue_password(account=lu.account, actor=admin, now=NOW)
    page, other = enters(handed), enters(handed)
    for new, again, words in (
        (handed, "", "不一样"), ("short", "", "至少12个字"), ("woaini5201314", "", "常见"), (HERS, "x", "两次写的不一样"),
    ):  # fmt: skip
        answer = chooses(page, new, again)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), new
    assert chooses(page, HERS).status_code == 200
    assert chooses(other, "another one that is long")["Location"] == "/desk/sign-in/", (
        "the slip was found by another"
    )
    assert accounts.recognise(login="lu", password=HERS) is not None


def test_after_three_days_it_opens_nothing(lu: Post, admin: Actor, time: SimpleNamespace) -> None:
    handed = actions.issue_password(account=lu.account, actor=admin, now=NOW)
    time.now = NOW + timedelta(hours=72)
    late = enters(handed)
    assert (late.status_code, "已失效" in late.content.decode()) == (422, True)
    assert enters("wrong").content.decode().count("账号或密码不对") == 1, "only who knows it is told"
    renewed = actions.issue_password(account=lu.account, actor=admin, now=time.now)
    assert "定一个自己的密码" in enters(renewed).content.decode()


def test_issuing_ends_what_was_and_stands_in_the_ledger(
    lu: Post, admin: Actor, make: SimpleNamespace
) -> None:
    actions.set_password(account=lu.account, password=HERS, actor=SYSTEM, now=NOW)
    actions.sign_in(account=lu.account, post=lu, now=NOW)
    handed = actions.issue_password(account=lu.account, actor=admin, now=NOW)
    assert accounts.recognise(login="lu", password=HERS) is None
    assert not Session.objects.exists()
    row = Event.objects.get(matter=lu.agency_id, move="password_issued")
    assert (row.actor, row.codes["post"]) == (admin.account_id, str(lu.pk))
    assert handed not in str(row.codes)
    assert len({actions.issue_password(account=lu.account, actor=SYSTEM, now=NOW) for _ in range(20)}) == 20
    assert re.fullmatch(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", handed)


def test_nobody_chooses_for_another(lu: Post, admin: Actor, make: SimpleNamespace) -> None:
    """ASVS 6.4.6: who looks after accounts begins it, the password is hers."""
    with pytest.raises(NotAllowed):
        actions.set_password(account=lu.account, password=HERS, actor=admin, now=NOW)
    with pytest.raises(NotAllowed):
        actions.add_account(login="x", name="某", password=HERS, actor=admin, now=NOW)
    own = Account.objects.get(pk=admin.account_id)
    head = for_post(make.post(make.account("负责人"), lu.agency, role="head").id, NOW)
    for who, account in ((admin, own), (head, lu.account)):
        with pytest.raises(NotAllowed):
            actions.issue_password(account=account, actor=who, now=NOW)


def test_a_page_made_under_the_old_password_is_worth_nothing(lu: Post, admin: Actor) -> None:
    """Whoever knew the old one had the page for a factor open when hers was issued anew."""
    actions.set_password(account=lu.account, password=HERS, actor=SYSTEM, now=NOW)
    kept = enters(HERS)
    secret = steps.opened(ticket(kept), NOW).kept["totp"]["secret"]  # type: ignore[union-attr]
    actions.issue_password(account=Account.objects.get(pk=lu.account_id), actor=admin, now=NOW)
    code = totp.code_at(secret, int(NOW.timestamp()) // totp.STEP)
    for address in ("first", "later"):
        form = {"ticket": ticket(kept), "kind": "totp", "code": code}
        assert Client().post(f"/desk/sign-in/{address}/", form)["Location"] == "/desk/sign-in/"
    assert not Factor.objects.exists()
    assert not Session.objects.exists()


def test_with_a_factor_she_shows_it_first(lu: Post, admin: Actor, time: SimpleNamespace) -> None:
    actions.add_factor(account=lu.account_id, kind="totp", new=New({"secret": SECRET}), now=NOW)
    handed = actions.issue_password(account=lu.account, actor=admin, now=NOW)
    time.now = NOW + timedelta(minutes=2)
    page = enters(handed)
    assert step_of(page, time.now) == steps.PROVE
    code = totp.code_at(SECRET, int(time.now.timestamp()) // totp.STEP)
    shown = Client().post("/desk/sign-in/second/", {"ticket": ticket(page), "kind": "totp", "code": code})
    assert step_of(shown, time.now) == steps.OWN
    assert not Session.objects.exists()
    assert chooses(shown, HERS).status_code == 302
    assert Session.objects.get().proved_by == "totp"


# -- days for a second factor -------------------------------------------------------------------------------


@pytest.fixture
def known(lu: Post) -> Post:
    actions.set_password(account=lu.account, password=HERS, actor=SYSTEM, now=NOW)
    return lu


def later(page: Any) -> Any:
    return Client().post("/desk/sign-in/later/", {"ticket": ticket(page)})


def test_for_some_days_she_may_put_it_off_then_there_is_only_the_page(
    known: Post, time: SimpleNamespace
) -> None:
    first = enters(HERS)
    assert "您还有14天可以不设" in first.content.decode()
    assert not Session.objects.exists(), "asked first"
    assert later(first).status_code == 302
    time.now = NOW + timedelta(days=13, hours=1)
    almost = enters(HERS)
    assert "您还有1天可以不设" in almost.content.decode()
    assert later(almost).status_code == 302
    Session.objects.all().delete()
    time.now = NOW + timedelta(days=14)
    over = enters(HERS)
    assert "以后再设" not in over.content.decode()
    assert later(over)["Location"] == "/desk/sign-in/"
    assert not Session.objects.exists()
    secret = steps.opened(ticket(over), time.now).kept["totp"]["secret"]  # type: ignore[union-attr]
    code = totp.code_at(secret, int(time.now.timestamp()) // totp.STEP)
    form = {"ticket": ticket(over), "kind": "totp", "code": code}
    assert Client().post("/desk/sign-in/first/", form).status_code == 302


def test_the_days_are_the_offices_own_and_a_page_kept_over_their_end_is_too_late(
    known: Post, time: SimpleNamespace, settings: Settings
) -> None:
    settings.FACTOR_DAYS = 0
    assert "以后再设" not in enters(HERS).content.decode()
    settings.FACTOR_DAYS = 1
    assert later(enters(HERS)).status_code == 302
    time.now = NOW + timedelta(hours=23, minutes=55)
    page = enters(HERS)
    time.now = NOW + timedelta(days=1, minutes=1)
    assert later(page)["Location"] == "/desk/sign-in/"


@pytest.mark.parametrize(
    ("kind", "role", "asked"),
    [("court", "officer", True), ("police_station", "head", True), ("hospital", "officer", True),
     ("government", "leader", False)],
)  # fmt: skip
def test_whoever_may_open_names_is_asked(
    time: SimpleNamespace, make: SimpleNamespace, kind: str, role: str, asked: bool
) -> None:
    place = "321003001" if kind == "police_station" else "321003"
    account = actions.add_account(login="lu", name="某", password=HERS, actor=SYSTEM, now=NOW)
    make.post(account, make.agency(kind=kind, name="某单位", place=place), role=role)
    page = enters(HERS)
    assert (page.status_code == 200) is asked
    assert Session.objects.exists() is not asked


def test_on_her_telephone_the_fingerprint_comes_first(known: Post) -> None:
    def order(agent: str) -> list[str]:
        page = Client(headers={"user-agent": agent})
        return re.findall(r'id="way-(\w+)"', enters(HERS, page).content.decode())

    phone = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"
    assert order(phone) == ["passkey", "totp"]
    assert order(phone + " MicroMessenger/8.0") == ["totp", "passkey"], "there is none inside WeChat"
    assert 'href="otpauth://totp/' in enters(HERS).content.decode()


# -- she is told of others' tries -----------------------------------------------------------------------------


def test_she_is_told_how_often_somebody_was_turned_away(known: Post, time: SimpleNamespace) -> None:
    for _ in range(3):
        assert enters("guessed by somebody").status_code == 422
    client = Client()
    client.post("/desk/sign-in/later/", {"ticket": ticket(enters(HERS, client))})
    page = client.get("/desk/my-sign-in/").content.decode()
    assert "登录失败3次" in page
    time.now = NOW + timedelta(hours=1)
    other = Client()
    other.post("/desk/sign-in/later/", {"ticket": ticket(enters(HERS, other))})
    assert "登录失败" not in other.get("/desk/my-sign-in/").content.decode().replace(
        "有人用您的账号登录失败。", ""
    )


# -- words that are no password --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    ["woaini1314520", "WoAiNi_1314.520", "5201314woaini", "a1234567890", "123456781234", "qwertyuiop123456",
     "1qaz2wsx3edc", "dragon monkey", "password1password", "zhang19850101", "19880808liming", "wang13900001111",
     "abcabcabcabc", "320102198503071234"],
)  # fmt: skip
def test_what_was_stolen_elsewhere_is_no_password(word: str) -> None:
    with pytest.raises(Exception, match="不要用别人常用的密码"):
        NotStolen().validate(word)


@pytest.mark.parametrize(
    "word",
    [
        "correct horse battery",
        "只有汉字也可以的一句话呀",
        HERS,
        "k7mq-3xfa-9d2m-p4tz",
        "门前老槐树下第三块石头",
    ],
)
def test_control_a_sentence_of_hers_is_one(word: str) -> None:
    NotStolen().validate(word)


# -- where it is done --------------------------------------------------------------------------------------------


def at_the_desk(admin: Actor) -> Client:
    client = Client()
    post = Post.objects.get(pk=admin.post_id)
    client.cookies["s"] = actions.sign_in(account=post.account, post=post, now=NOW, proved_by="totp")
    return client


def test_who_looks_after_accounts_opens_one_and_issues_anew(admin: Actor, lu: Post) -> None:
    client = at_the_desk(admin)
    form = {
        "new": "1",
        "name": "周宁",
        "login": "zhou",
        "office": lu.agency.name,
        "role": "officer",
        "title": "书记员",
    }
    page = client.post("/desk/accounts/", form).content.decode()
    handed = re.search(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", page)
    assert handed
    assert handed[0] not in client.get("/desk/accounts/").content.decode(), "shown once"
    assert accounts.recognise(login="zhou", password=handed[0]) is not None
    again = client.post("/desk/accounts/", {"again": "zhou"}).content.decode()
    assert handed[0] not in again
    assert accounts.recognise(login="zhou", password=handed[0]) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [({"login": "lu"}, "login"), ({"name": ""}, "name"), ({"office": "没有这个"}, "office"), ({"role": "x"}, "role"),
     ({"title": ""}, "title")],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept(
    admin: Actor, lu: Post, change: dict[str, str], field: str
) -> None:
    form = {
        "new": "1",
        "name": "周宁",
        "login": "zhou",
        "office": lu.agency.name,
        "role": "officer",
        "title": "书记员",
    }
    before = Account.objects.count()
    page = at_the_desk(admin).post("/desk/accounts/", {**form, **change})
    assert page.status_code == 422
    assert f'id="f-{field}-error"' in page.content.decode()
    assert (form | change)["name"] in page.content.decode()
    assert Account.objects.count() == before


def test_control_an_officer_opens_no_account(lu: Post) -> None:
    client = Client()
    client.cookies["s"] = actions.sign_in(account=lu.account, post=lu, now=NOW, proved_by="totp")
    with pytest.raises(NotAllowed):
        client.get("/desk/accounts/")
    with pytest.raises(RuleBroken):
        actions.issue_password_again(login="nobody", actor=SYSTEM, now=NOW)
