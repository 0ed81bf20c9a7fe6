"""A stolen table opens no session, a stolen cookie not for long, and a page costs one look-up."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from anjia.foundation.core import clock
from anjia.foundation.core.verdict import NotAllowed, NotFound
from anjia.registry.posts import actions, sessions
from anjia.registry.posts.actors import SYSTEM, for_post
from anjia.registry.posts.models import Post, Session
from anjia.registry.posts.tests.conftest import NOW

PASSWORD = "correct horse battery"
pytestmark = pytest.mark.urls("anjia.registry.posts.tests.urls")


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The clock of the views: set `time.now`."""
    present = SimpleNamespace(now=NOW)
    monkeypatch.setattr(clock, "now", lambda: present.now)
    return present


@pytest.fixture
def client(settings: Settings, time: SimpleNamespace) -> Client:
    settings.MIDDLEWARE = [
        "anjia.registry.posts.middleware.SignedInMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ]
    return Client()


def enter(client: Client, post: Post, now: datetime = NOW) -> str:
    cookie = actions.sign_in(account=post.account, post=post, now=now, proved_by="totp")
    client.cookies["s"] = cookie
    return cookie


def test_one_statement_tells_who_is_asking_and_visitors_cost_none(client: Client, shen: Post) -> None:
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/").content == b"public"
    assert len(seen) == 0
    enter(client, shen)
    with CaptureQueriesContext(connection) as seen:
        response = client.get("/page/")
    assert (response.content, len(seen)) == (b"page", 1)
    assert response["Cache-Control"] == "no-store"
    actor = response.wsgi_request.actor  # type: ignore[attr-defined]
    assert actor == for_post(shen.id, NOW)


def test_the_table_holds_neither_the_cookie_nor_readable_data(client: Client, shen: Post) -> None:
    cookie = enter(client, shen)
    row = Session.objects.get()
    actions.keep_in_session(session=bytes(row.key), data={"note": "secret-note"})
    row.refresh_from_db()
    assert cookie.encode() not in bytes(row.key) + bytes(row.data)
    assert b"secret-note" not in bytes(row.data)
    found = sessions.look_up(cookie, NOW)
    assert found is not None
    assert found.data == {"note": "secret-note"}


def test_a_session_ends_when_idle_and_after_a_working_day(client: Client, shen: Post) -> None:
    cookie = enter(client, shen)
    assert sessions.look_up(cookie, NOW + timedelta(minutes=29)) is not None
    assert sessions.look_up(cookie, NOW + timedelta(minutes=30)) is None
    Session.objects.update(last_seen_at=NOW + timedelta(hours=11, minutes=59))
    assert sessions.look_up(cookie, NOW + timedelta(hours=11, minutes=59)) is not None
    assert sessions.look_up(cookie, NOW + timedelta(hours=12)) is None


def test_use_is_noted_at_most_once_a_minute(client: Client, shen: Post, time: SimpleNamespace) -> None:
    enter(client, shen)
    for seconds, statements in ((30, 1), (60, 2), (90, 1), (120, 2)):
        time.now = NOW + timedelta(seconds=seconds)
        with CaptureQueriesContext(connection) as seen:
            client.get("/page/")
        assert len(seen) == statements, seconds
    assert Session.objects.get().last_seen_at == NOW + timedelta(seconds=120)


@pytest.mark.parametrize("how", ["end", "shut", "password"])
def test_access_ends_with_the_next_request(client: Client, shen: Post, how: str) -> None:
    enter(client, shen)
    assert client.get("/page/").status_code == 200
    if how == "end":
        actions.end_post(post=shen, actor=SYSTEM, now=NOW)
    elif how == "shut":
        actions.shut_account(account=shen.account, actor=SYSTEM, now=NOW)
    else:
        actions.set_password(account=shen.account, password=PASSWORD, actor=SYSTEM, now=NOW)
    response = client.get("/page/")
    assert response.status_code == 302
    assert response.cookies["s"].value == "", "a cookie that opens nothing is taken back"


def test_a_post_that_runs_out_ends_the_session_at_midnight_in_shanghai(
    client: Client, make: SimpleNamespace, time: SimpleNamespace
) -> None:
    post = make.post(make.account(), make.agency(), to_on=NOW.date() + timedelta(days=1))
    time.now = NOW.replace(hour=15, minute=59)
    enter(client, post, time.now)
    assert client.get("/page/").status_code == 200
    time.now += timedelta(minutes=1)
    assert client.get("/page/").status_code == 302


def test_switching_posts_gives_a_new_cookie_and_another_actor(client: Client, make: SimpleNamespace) -> None:
    account = make.account()
    county = make.post(account, make.agency())
    town = make.post(account, make.agency(place="321003001", name="邗上街道妇联"), title="干事")
    old = enter(client, county)
    response = client.post(f"/desk/posts/{town.id}/switch/", {"next": "/page/"})
    assert (response.status_code, response["Location"]) == (302, "/page/")
    assert response.cookies["s"].value not in ("", old)
    assert sessions.look_up(old, NOW) is None
    actor = client.get("/page/").wsgi_request.actor  # type: ignore[attr-defined]
    assert (actor.post_id, set(actor.post_ids)) == (town.id, {town.id, county.id})


def test_switching_does_not_lengthen_the_working_day(client: Client, make: SimpleNamespace) -> None:
    account = make.account()
    posts = [make.post(account, make.agency(name=n)) for n in ("邗江区妇联", "邗江区妇联二")]
    cookie = enter(client, posts[0])
    later = NOW + timedelta(minutes=20)
    signed_in = sessions.look_up(cookie, later)
    assert signed_in is not None
    actions.switch_post(session=signed_in.key, post=posts[1].id, actor=signed_in.actor, now=later)
    assert Session.objects.get().expires_at == NOW + timedelta(hours=12)


def test_nobody_acts_in_the_post_of_another(client: Client, shen: Post, make: SimpleNamespace) -> None:
    other = make.post(make.account("陈璐"), make.agency(name="别处"))
    enter(client, shen)
    client.post(f"/desk/posts/{other.id}/switch/")
    actor = client.get("/page/").wsgi_request.actor  # type: ignore[attr-defined]
    assert actor.post_id == shen.id
    with pytest.raises(NotFound):
        actions.sign_in(account=shen.account, post=other, now=NOW)


def test_signing_out_forgets_the_browser(client: Client, shen: Post) -> None:
    cookie = enter(client, shen)
    response = client.post("/desk/sign-out/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.exists()
    assert sessions.look_up(cookie, NOW) is None
    assert client.get("/desk/sign-out/").status_code == 405


@pytest.mark.parametrize("cookie", ["x", "a" * 42, "a" * 44, "é" * 43, "a" * 43, "'" * 43])
def test_a_made_up_cookie_opens_nothing(client: Client, shen: Post, cookie: str) -> None:
    assert sessions.look_up(cookie, NOW) is None


def test_the_gate_sends_strangers_to_sign_in_and_back(client: Client, shen: Post) -> None:
    response = client.get("/page/?q=1")
    assert response["Location"] == "/desk/sign-in/?next=%2Fpage%2F%3Fq%3D1"
    assert client.post("/page/").headers["Location"] == "/desk/sign-in/"
    enter(client, shen)
    with pytest.raises(NotAllowed):
        client.get("/heads/")


def signed(client: Client, make: SimpleNamespace) -> Post:
    """Somebody at the court: for some days the password is enough there."""
    account = actions.add_account(login="shen", name="沈静", password=PASSWORD, actor=SYSTEM, now=NOW)
    held: Post = make.post(account, make.agency(kind="court", name="邗江区人民法院"))
    return held


def by_password(client: Client, **more: str) -> Any:
    """In by password, the page that offers a second factor put off."""
    page = client.post("/desk/sign-in/", {"login": "shen", "password": PASSWORD, **more})
    found = re.search(r'name="ticket" value="([^"]+)"', page.content.decode())
    assert found
    return client.post("/desk/sign-in/later/", {"ticket": found[1]})


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        ("/page/", "/page/"),
        ("https://evil.example/", "/desk/"),
        ("//evil.example/", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
        ("/\\evil.example", "/desk/"),
        ("", "/desk/"),
    ],
)
def test_signing_in_lands_on_this_site_only(
    client: Client, make: SimpleNamespace, wanted: str, lands: str
) -> None:
    signed(client, make)
    response = by_password(client, next=wanted)
    assert (response.status_code, response["Location"]) == (302, lands)
    cookie = response.cookies["s"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")
    assert client.get("/page/").content == b"page"


def test_a_planted_cookie_is_worth_nothing_after_signing_in(client: Client, make: SimpleNamespace) -> None:
    post = signed(client, make)
    planted = enter(client, post)
    by_password(client)
    assert sessions.look_up(planted, NOW) is None
    unknown = secrets.token_urlsafe(32)
    client.cookies["s"] = unknown
    by_password(client)
    assert sessions.look_up(unknown, NOW) is None


def test_every_failure_says_the_same_and_guessing_is_stopped(client: Client, make: SimpleNamespace) -> None:
    signed(client, make)
    actions.add_account(login="idle", name="陈璐", password=PASSWORD, actor=SYSTEM, now=NOW)
    pages = [
        client.post("/desk/sign-in/", {"login": login, "password": password})
        for login, password in (("shen", "wrong"), ("nobody", "wrong"), ("idle", PASSWORD))
    ]
    assert {p.status_code for p in pages} == {422}
    assert all("账号或密码不对" in p.content.decode() for p in pages)
    for _ in range(10):
        client.post("/desk/sign-in/", {"login": "shen", "password": "wrong"})
    stopped = client.post("/desk/sign-in/", {"login": "shen", "password": PASSWORD})
    assert stopped.status_code == 422, "the right password does not pass either"
    assert client.post("/desk/sign-in/", {}).status_code == 422


def test_the_sign_in_form_needs_its_token(settings: Settings, client: Client, db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/desk/sign-in/", {"login": "a", "password": "b"}).status_code == 403


def test_pages_of_this_room_show_what_they_should(client: Client, shen: Post) -> None:
    assert 'autocomplete="current-password"' in client.get("/desk/sign-in/").content.decode()
    enter(client, shen)
    page = client.get("/desk/posts/").content.decode()
    assert "邗江区妇联" in page
    assert "现在的岗位" in page
    assert client.get("/desk/sign-in/").status_code == 302


def test_old_sessions_leave_the_table(shen: Post) -> None:
    actions.sign_in(account=shen.account, post=shen, now=NOW)
    actions.sign_in(account=shen.account, post=shen, now=NOW + timedelta(minutes=10))
    assert actions.forget_old_sessions(now=NOW + timedelta(minutes=35)) == 1
