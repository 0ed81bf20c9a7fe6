"""At the door: a password alone is not enough where it matters, a code opens once, and two colleagues help."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from pytest_django import Settings

from anjia.foundation.core import clock
from anjia.foundation.core.verdict import NotAllowed, RuleBroken
from anjia.registry.posts import actions, factors, sessions
from anjia.registry.posts.actors import SYSTEM, Actor, for_post
from anjia.registry.posts.models import Account, Factor, Post, Session, Vouch
from anjia.registry.posts.second import steps, totp
from anjia.registry.posts.second.provider import New, opened
from anjia.registry.posts.tests.conftest import NOW

PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
pytestmark = [pytest.mark.urls("anjia.registry.posts.tests.urls"), pytest.mark.django_db]


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    present = SimpleNamespace(now=NOW)
    monkeypatch.setattr(clock, "now", lambda: present.now)
    return present


@pytest.fixture
def client(settings: Settings, time: SimpleNamespace) -> Client:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # what is slow on purpose
    settings.MIDDLEWARE = [
        "anjia.registry.posts.middleware.SignedInMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ]
    return Client()


@pytest.fixture
def wu(make: SimpleNamespace) -> Post:
    """吴秀珍 of the county federation, who has a password."""
    account = actions.add_account(login="wu", name="吴秀珍", password=PASSWORD, actor=SYSTEM, now=NOW)
    held: Post = make.post(account, make.agency())
    return held


def with_codes(account: Account, secret: str = SECRET) -> Factor:
    return actions.add_factor(account=account.pk, kind="totp", new=New({"secret": secret}), now=NOW)


def code(at: datetime, secret: str = SECRET) -> str:
    return totp.code_at(secret, int(at.timestamp()) // totp.STEP)


def ticket(page: Any) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def password(client: Client, **more: str) -> Any:
    return client.post("/desk/sign-in/", {"login": "wu", "password": PASSWORD, **more})


def second(client: Client, page: Any, typed: str) -> Any:
    return client.post("/desk/sign-in/second/", {"ticket": ticket(page), "kind": "totp", "code": typed})


def test_the_codes_are_those_every_authenticator_shows() -> None:
    """RFC 6238, appendix B, the last six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, digits in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924")):
        assert totp.code_at(secret, seconds // 30) == digits


def test_a_federation_officer_sets_one_up_before_she_is_let_in(client: Client, wu: Post) -> None:
    page = password(client, next="/page/")
    assert "s" not in page.cookies
    assert not Session.objects.exists()
    secret = steps.opened(ticket(page), NOW).kept["totp"]["secret"]  # type: ignore[union-attr]
    assert secret[:4] in page.content.decode()
    wrong = client.post("/desk/sign-in/first/", {"ticket": ticket(page), "kind": "totp", "code": "000000"})
    assert wrong.status_code == 422
    assert steps.opened(ticket(wrong), NOW).kept["totp"]["secret"] == secret  # type: ignore[union-attr]
    done = client.post(
        "/desk/sign-in/first/", {"ticket": ticket(wrong), "kind": "totp", "code": code(NOW, secret)}
    )
    assert (done.status_code, done["Location"]) == (302, "/page/")
    assert client.get("/page/").content == b"page"
    row = Factor.objects.get()
    assert opened(row)["secret"] == secret
    assert secret.encode() not in bytes(row.body)


def test_afterwards_she_shows_it_each_time_and_no_code_opens_twice(
    client: Client, wu: Post, time: SimpleNamespace
) -> None:
    with_codes(wu.account)
    time.now = NOW + timedelta(minutes=1)
    page = password(client)
    assert page.status_code == 200
    assert not Session.objects.exists()
    assert second(client, page, code(time.now)).status_code == 302
    client.cookies.clear()
    again = password(client)
    assert second(client, again, code(time.now)).status_code == 422, "overheard and used once more"
    time.now += timedelta(seconds=30)
    assert second(client, again, code(time.now)).status_code == 302


def test_a_question_is_answered_once_and_within_ten_minutes(
    client: Client, wu: Post, time: SimpleNamespace
) -> None:
    with_codes(wu.account)
    time.now += timedelta(minutes=1)
    page = password(client)
    time.now += timedelta(seconds=60)
    assert second(client, page, code(time.now)).status_code == 302
    time.now += timedelta(seconds=60)
    assert second(client, page, code(time.now)).status_code == 422, "the page was kept by somebody"
    fresh = password(client)
    time.now += timedelta(minutes=10)
    assert second(client, fresh, code(time.now))["Location"] == "/desk/sign-in/"


def test_a_page_for_one_person_lets_no_other_in(client: Client, wu: Post, make: SimpleNamespace) -> None:
    with_codes(wu.account)
    for broken in ("", "x", "AAAA", ticket(password(client))[:-4] + "AAAA"):
        answer = client.post("/desk/sign-in/second/", {"ticket": broken, "kind": "totp", "code": code(NOW)})
        assert answer["Location"] == "/desk/sign-in/"
    page = password(client)
    first = client.post("/desk/sign-in/first/", {"ticket": ticket(page), "kind": "totp", "code": "1"})
    assert first["Location"] == "/desk/sign-in/", "nobody adds a factor instead of showing hers"


def test_guessing_codes_stops_and_right_ones_cost_nothing(
    client: Client, wu: Post, time: SimpleNamespace
) -> None:
    with_codes(wu.account)
    for _ in range(8):
        time.now += timedelta(seconds=30)
        assert second(client, password(client), code(time.now)).status_code == 302
    time.now += timedelta(minutes=30)
    page = password(client)
    for _ in range(5):
        assert second(client, page, "000000").status_code == 422
    assert second(client, page, code(time.now)).status_code == 422, "the right one does not pass either"


def test_a_wrong_password_says_the_same_with_and_without_a_factor(
    client: Client, wu: Post, make: SimpleNamespace
) -> None:
    with_codes(wu.account)
    plain = actions.add_account(login="lu", name="陈璐", password=PASSWORD, actor=SYSTEM, now=NOW)
    make.post(plain, make.agency(kind="court", name="邗江区人民法院"))
    pages = set()
    for login in ("wu", "lu", "nobody"):
        page = client.post("/desk/sign-in/", {"login": login, "password": "wrong"})
        text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())
        pages.add((page.status_code, text.replace(f'value="{login}"', "")))
    assert len(pages) == 1


def colleague(make: SimpleNamespace, agency: Any, role: str = "head", name: str = "沈静") -> Actor:
    return for_post(make.post(make.account(name), agency, role=role, title="负责人").id, NOW)


def test_two_colleagues_help_her_back_and_all_of_the_old_ends(
    client: Client, wu: Post, make: SimpleNamespace, time: SimpleNamespace
) -> None:
    old = with_codes(wu.account)
    stolen = actions.sign_in(account=wu.account, post=wu, now=NOW, proved_by="totp")
    codes = [
        actions.vouch(post=wu.id, actor=colleague(make, wu.agency, role), now=NOW)
        for role in ("head", "triage")
    ]
    page = password(client)
    help_page = client.post("/desk/sign-in/recover/", {"ticket": ticket(page)})
    assert "24" in help_page.content.decode()
    asked = {"ticket": ticket(help_page), "one": codes[0], "two": f"{codes[1][:5]} {codes[1][5:]}"}
    found = client.post("/desk/sign-in/recover/", asked)
    assert found.status_code == 200
    old.refresh_from_db()
    assert (bytes(old.body), old.removed_at) == (b"", NOW)
    assert sessions.look_up(stolen, NOW) is None
    secret = steps.opened(ticket(found), NOW).kept["totp"]["secret"]  # type: ignore[union-attr]
    done = client.post(
        "/desk/sign-in/first/", {"ticket": ticket(found), "kind": "totp", "code": code(NOW, secret)}
    )
    assert done.status_code == 302
    mine = client.get("/desk/my-sign-in/").content.decode()
    assert mine.count("沈静") == 2, "she is told who answered for her"
    assert client.post("/desk/sign-in/recover/", asked).status_code == 422, "used up"


def test_colleagues_codes_are_kept_like_passwords(wu: Post, make: SimpleNamespace) -> None:
    """ASVS 6.5.2: short codes stand under a slow, salted hash, and under a key outside the database besides."""
    with_codes(wu.account)
    head = colleague(make, wu.agency)
    code_given = actions.vouch(post=wu.id, actor=head, now=NOW)
    kept = Vouch.objects.get().code
    assert kept.startswith("argon2$argon2id$")
    assert not check_password(code_given, kept), "without the key the code itself does not fit"
    assert code_given not in kept


@pytest.mark.parametrize("how", ["one", "same colleague", "late", "left", "made up"])
def test_less_than_two_good_words_change_nothing(wu: Post, make: SimpleNamespace, how: str) -> None:
    factor = with_codes(wu.account)
    head, other = colleague(make, wu.agency), colleague(make, wu.agency, "triage")
    first = actions.vouch(post=wu.id, actor=head, now=NOW)
    second_code = actions.vouch(post=wu.id, actor=head if how == "same colleague" else other, now=NOW)
    codes = {"one": {first}, "made up": {first, "0000000000"}}.get(how, {first, second_code})
    if how == "left":
        actions.end_post(post=Post.objects.get(pk=other.post_id), actor=SYSTEM, now=NOW)
    at = NOW + timedelta(hours=24) if how == "late" else NOW
    with pytest.raises(RuleBroken):
        actions.recover(account=wu.account.pk, codes=codes, now=at)
    factor.refresh_from_db()
    assert factor.removed_at is None
    assert not Vouch.objects.filter(used_at__isnull=False).exists()


def test_only_heads_and_intake_desks_of_hers_or_above_answer_for_her(wu: Post, make: SimpleNamespace) -> None:
    city = make.agency(place="321000", name="扬州市妇联")
    court = make.agency(kind="court", name="邗江区人民法院")
    below = make.agency(place="321003001", name="邗上街道妇联")
    assert len(actions.vouch(post=wu.id, actor=colleague(make, city), now=NOW)) == 10
    refused = [
        colleague(make, wu.agency, "officer"),
        colleague(make, court),
        colleague(make, below),
        for_post(make.post(wu.account, wu.agency, role="head").id, NOW),
    ]
    for actor in refused:
        with pytest.raises(NotAllowed):
            actions.vouch(post=wu.id, actor=actor, now=NOW)


def test_every_browser_of_hers_says_so_until_she_has_looked(
    client: Client, wu: Post, make: SimpleNamespace
) -> None:
    client.cookies["s"] = actions.sign_in(account=wu.account, post=wu, now=NOW, proved_by="totp")
    assert "登录方式有变动" not in client.get("/desk/my-sign-in/").content.decode()
    actions.vouch(post=wu.id, actor=colleague(make, wu.agency), now=NOW)
    assert "登录方式有变动" in client.get("/desk/my-sign-in/").content.decode()
    assert "登录方式有变动" not in client.get("/desk/my-sign-in/").content.decode()
    late = actions.sign_in(account=wu.account, post=wu, now=NOW + timedelta(days=2), proved_by="totp")
    assert sessions.look_up(late, NOW + timedelta(days=2)).news  # type: ignore[union-attr]


def test_she_sees_where_she_is_signed_in_and_ends_it_from_here(
    client: Client, wu: Post, make: SimpleNamespace
) -> None:
    phone = actions.sign_in(
        account=wu.account, post=wu, now=NOW, place={"device": "微信 · Android", "address": "192.0.2.7"}
    )
    third = actions.sign_in(account=wu.account, post=wu, now=NOW)
    stranger = make.post(make.account("陈璐"), wu.agency)
    theirs = actions.sign_in(account=stranger.account, post=stranger, now=NOW)
    client.cookies["s"] = actions.sign_in(account=wu.account, post=wu, now=NOW, proved_by="totp")
    page = client.get("/desk/my-sign-in/").content.decode()
    assert "微信 · Android" in page
    assert page.count("让它退出</button>") == 2
    assert b"Android" not in b"".join(bytes(s.data) for s in Session.objects.all())
    for name in (sessions.key_of(phone).hex(), sessions.key_of(theirs).hex(), "nonsense"):  # type: ignore[union-attr]
        client.post("/desk/my-sign-in/end/", {"session": name})
    assert sessions.look_up(phone, NOW) is None
    assert sessions.look_up(theirs, NOW) is not None, "only one's own"
    client.post("/desk/my-sign-in/end/", {"session": "others"})
    assert sessions.look_up(third, NOW) is None
    assert client.get("/desk/my-sign-in/").status_code == 200


def test_stopping_a_factor_asks_for_one_and_the_last_one_stays(
    client: Client, wu: Post, time: SimpleNamespace
) -> None:
    one = with_codes(wu.account)
    client.cookies["s"] = actions.sign_in(account=wu.account, post=wu, now=NOW, proved_by="totp")
    refused = client.post(f"/desk/my-sign-in/{one.id}/remove/")
    assert refused.status_code == 422
    two = with_codes(wu.account, "KRUGKIDROVUWG2ZAMJZG653OEBTG66BA")
    time.now += timedelta(minutes=6)
    asked = client.post(f"/desk/my-sign-in/{one.id}/remove/")
    assert asked["Location"].startswith("/desk/step-up/")
    page = client.get(asked["Location"])
    before = client.cookies["s"].value
    proof = {"ticket": ticket(page), "kind": "totp", "code": code(time.now)}
    assert client.post("/desk/step-up/", proof)["Location"] == "/desk/my-sign-in/"
    assert client.cookies["s"].value != before
    assert sessions.look_up(before, time.now) is None
    client.post(f"/desk/my-sign-in/{one.id}/remove/")
    assert [f.id for f in factors.of_account(wu.account.pk)] == [two.id]


def test_a_page_for_her_proof_is_worth_nothing_in_another_session(
    client: Client, wu: Post, make: SimpleNamespace
) -> None:
    with_codes(wu.account)
    client.cookies["s"] = actions.sign_in(account=wu.account, post=wu, now=NOW)
    page = client.get("/desk/step-up/?next=/page/")
    other = make.post(make.account("陈璐"), wu.agency)
    client.cookies["s"] = actions.sign_in(account=other.account, post=other, now=NOW)
    proof = {"ticket": ticket(page), "kind": "totp", "code": code(NOW + timedelta(seconds=30))}
    assert client.post("/desk/step-up/", proof)["Location"] == "/desk/step-up/"
    assert Session.objects.get(account=other.account).proved_by == ""


def test_changing_to_a_post_of_the_federation_asks_for_it(
    client: Client, make: SimpleNamespace, wu: Post
) -> None:
    court = make.post(wu.account, make.agency(kind="court", name="邗江区人民法院"))
    client.cookies["s"] = actions.sign_in(account=wu.account, post=court, now=NOW)
    answer = client.post(f"/desk/posts/{wu.id}/switch/")
    assert answer["Location"].startswith("/desk/step-up/")
    assert Session.objects.get().post_id == court.id


@pytest.fixture
def demo(settings: Settings) -> None:
    settings.DEMO = True


def test_in_the_demo_the_screen_shows_the_code(client: Client, wu: Post, demo: None) -> None:
    client.cookies["s"] = actions.sign_in(account=wu.account, post=wu, now=NOW, proved_by=factors.ONE_CLICK)
    page = client.get("/desk/step-up/?next=/page/")
    assert not factors.is_fresh(page.wsgi_request)
    shown = re.search(r"演示:请输入 (\d{6})", page.content.decode())
    assert shown
    proof = {"ticket": ticket(page), "kind": "demo", "code": shown[1]}
    assert client.post("/desk/step-up/", proof)["Location"] == "/page/"
    assert factors.is_fresh(client.get("/page/").wsgi_request)


def test_outside_the_demo_there_is_no_such_code(client: Client, wu: Post) -> None:
    client.cookies["s"] = actions.sign_in(account=wu.account, post=wu, now=NOW, proved_by="totp")
    page = client.get("/desk/step-up/?next=/page/")
    assert page["Location"].startswith("/desk/my-sign-in/add/"), "she has none and adds one first"
    made = steps.Ticket(steps.AGAIN, wu.account.pk, NOW, "/page/", "", {"demo": {"code": "123456"}})
    proof = {"ticket": made.sealed(), "kind": "demo", "code": "123456"}
    assert client.post("/desk/step-up/", proof).status_code == 422
