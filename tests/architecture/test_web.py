"""What every answer of the site does, and what it makes of things nobody should send."""

from __future__ import annotations

import logging
import os
import random
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from anjia.engine.matters import filing
from anjia.engine.matters.models import Matter
from anjia.engine.matters.tests.world import World, at, build, paper
from anjia.foundation.core.clock import now
from anjia.foundation.core.logs import QuietFormatter
from anjia.foundation.limits import limits
from anjia.registry.posts import actions
from anjia.registry.posts.actors import SYSTEM
from anjia.registry.posts.models import Account, Session
from anjia.registry.posts.passwords import NotOurWords

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def world(db: None) -> World:
    return build()


def browser(world: World, who: str, proved_by: str = "", **more: Any) -> Client:
    client = Client(**more)
    post = world.posts[who]
    client.cookies["s"] = actions.sign_in(account=post.account, post=post, now=now(), proved_by=proved_by)
    return client


def plain_addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Every address without a part to be filled in."""
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLPattern) and "<" not in path:
            yield path
        elif isinstance(one, URLResolver):
            yield from plain_addresses(one, path)


#: What is handed out without being of any matter: the empty table for police.
HANDED_OUT = {
    "/desk/incoming/police/template/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}


def test_every_answer_says_what_it_is_and_in_which_letters(world: World) -> None:
    client, tried = browser(world, "county"), 0
    for path in plain_addresses(get_resolver()):
        answer = client.get(path)
        if answer.content:
            tried += 1
            wanted = HANDED_OUT.get(path, "text/html; charset=utf-8")
            assert answer["Content-Type"] == wanted, path
    assert tried > 15


def test_methods_that_nobody_needs_are_refused(world: World) -> None:
    client = browser(world, "county")
    for path in plain_addresses(get_resolver()):
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND"):
            assert client.generic(method, path).status_code == 405, (method, path)


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/.env", "/static/", "/static/desk/", "/static/../anjia/config/settings.py", "/var/anjia.sqlite3",
     "/static/%2e%2e/pyproject.toml", "/pyproject.toml", "/files/", "/desk/static/", "/server-status", "/metrics"],
)  # fmt: skip
def test_nothing_but_pages_is_served(path: str) -> None:
    assert Client().get(path).status_code == 404


def test_fields_that_were_not_asked_for_change_nothing(world: World) -> None:
    m = world.help_wanted().matter
    sent = {
        "first_or_repeat": "first", "urgency": "soon", "ver": 1, "key": "k" * 32, "stage": "closed_resolved", "grade": "1",
        "holder": str(world.offices["other"].id), "county": "321084", "closed_at": "2026-01-01", "chain_seq": "99",
        "root": str(uuid.uuid4()), "risk_band": "low", "roles": "{}", "actor": "x", "now": "2020-01-01",
    }  # fmt: skip
    before = world.row(m)
    assert browser(world, "county").post(f"/desk/m/{m}/do/accept_in/", sent).status_code == 302
    after = world.row(m)
    for name in ("holder_id", "county", "grade", "root", "risk_band", "closed_at", "roles"):
        assert getattr(after, name) == getattr(before, name), name
    assert after.stage not in ("closed_resolved",)
    assert after.chain_seq == before.chain_seq + 1


def test_what_stands_in_the_address_is_no_part_of_a_form(world: World) -> None:
    m = world.help_wanted().matter
    client = browser(world, "county")
    missing = client.post(f"/desk/m/{m}/do/note/?words=x", {"ver": 1, "key": "n" * 32})
    assert missing.status_code == 422
    twice = "first_or_repeat=first&urgency=soon&urgency=very_urgent&ver=1&key=" + "k" * 32
    done = client.post(
        f"/desk/m/{m}/do/accept_in/?urgency=normal", twice, content_type="application/x-www-form-urlencoded"
    )
    assert done.status_code == 302
    assert world.row(m).urgency in ("soon", "very_urgent")  # one of what was posted, never of the address


def seen_address(settings: Any, proxies: str, remote: str, **headers: str) -> tuple[str, bool]:
    """What the site takes for the reader's address, and whether it takes the line for locked."""
    from ipaddress import ip_network

    from django.http import HttpResponse
    from django.test import RequestFactory

    from anjia.ui.proxies import ProxyMiddleware

    settings.PROXIES = [ip_network(p) for p in proxies.split(",") if p]
    request = RequestFactory().get("/", REMOTE_ADDR=remote, **headers)
    ProxyMiddleware(lambda _r: HttpResponse())(request)
    return request.META["REMOTE_ADDR"], request.is_secure()


def test_forwarded_words_of_a_stranger_mean_nothing(settings: Any) -> None:
    said = {"HTTP_X_FORWARDED_FOR": "192.0.2.1", "HTTP_X_FORWARDED_PROTO": "https"}
    assert seen_address(settings, "", "203.0.113.9", **said) == ("203.0.113.9", False)
    assert seen_address(settings, "127.0.0.1", "203.0.113.9", **said) == ("203.0.113.9", False)


def test_our_own_proxy_says_whose_request_it_is(settings: Any) -> None:
    ours = "127.0.0.1,127.0.0.8/30"
    said = {"HTTP_X_FORWARDED_PROTO": "https"}
    for forwarded, expected in (
        ("192.0.2.1", "192.0.2.1"),
        ("198.51.100.66, 192.0.2.1", "192.0.2.1"),  # what she wrote herself stands left of what the proxy saw
        ("192.0.2.1, 127.0.0.9", "192.0.2.1"),
        ("", "127.0.0.1"),
        ("nonsense", "127.0.0.1"),
        ("2001:db8::1", "2001:db8::1"),
    ):
        found = seen_address(settings, ours, "127.0.0.1", HTTP_X_FORWARDED_FOR=forwarded, **said)
        assert found == (expected, True), forwarded


def test_a_form_behind_a_locked_proxy_is_taken_and_from_another_site_is_not(settings: Any) -> None:
    from ipaddress import ip_network

    settings.PROXIES = [ip_network("127.0.0.1/32")]
    for origin, status in (("https://testserver", 422), ("https://evil.example", 403)):
        said = {
            "HTTP_HOST": "testserver",
            "HTTP_X_FORWARDED_PROTO": "https",
            "HTTP_X_FORWARDED_FOR": "192.0.2.7",
        }
        client = Client(enforce_csrf_checks=True, **said)  # type: ignore[arg-type]
        page = client.get("/desk/sign-in/").content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        sent = {"login": "x", "password": "y", "csrfmiddlewaretoken": token[1]}
        assert client.post("/desk/sign-in/", sent, HTTP_ORIGIN=origin).status_code == status


@pytest.mark.parametrize("name", ['a"b\r\nSet-Cookie: x=1.pdf', "材料\n.pdf", "..\\..\\x.pdf", "x'; rm.pdf"])
def test_a_file_name_breaks_no_header(name: str) -> None:
    quoted = filing.quoted(name)
    assert re.fullmatch(r"[A-Za-z0-9%._~-]+", quoted)


def taken(password: str) -> bool:
    from anjia.foundation.core.verdict import RuleBroken

    try:
        actions.add_account(login=uuid.uuid4().hex, name="某", password=password, actor=SYSTEM, now=now())
    except RuleBroken:
        return False
    return True


def test_a_password_is_taken_as_it_is(settings: Any) -> None:
    """Any characters, up to the longest the page takes; neither cut nor changed in its letters."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for password in (
        "只有汉字也可以的一句话呀",
        "alllowercaseletters",
        " spaces at both ends ",
        "x" * 60 + "yz9!" + "é" * 60,
    ):
        assert taken(password), password
    long = "correct horse battery staple " * 4
    account = actions.add_account(login="long", name="某", password=long, actor=SYSTEM, now=now())
    for wrong in (long[:-1], long.upper(), long.strip(), long[:72]):
        assert not account.check_password(wrong)
    assert account.check_password(long)


@pytest.mark.parametrize(
    "password",
    ["short", "password1234", "123456789012", "qwertyuiop123", "Fulian@202600", "hanjiangfulian2026",
     "安家平安家庭2026妇联", "anjia-anjia-2026"],
)  # fmt: skip
def test_common_and_our_own_words_are_no_password(password: str) -> None:
    assert not taken(password)


def test_control_a_sentence_with_one_of_our_words_is_one() -> None:
    NotOurWords().validate("the anjia lamp burns over seven bridges")
    with pytest.raises(ValidationError):
        NotOurWords().validate("anjia2026")


def test_the_password_field_hides_and_lets_a_manager_fill_it() -> None:
    page = Client().get("/desk/sign-in/").content.decode()
    field = re.search(r'<input[^>]*name="password"[^>]*>', page)
    assert field
    assert 'type="password"' in field[0]
    assert 'autocomplete="current-password"' in field[0]
    assert "onpaste" not in page
    assert 'maxlength="128"' in field[0]


def test_changing_a_password_asks_for_the_old_one_and_ends_every_session(world: World, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    account = world.posts["police"].account
    actions.set_password(account=account, password=PASSWORD, actor=SYSTEM, now=now())
    here, there = browser(world, "police"), browser(world, "police")
    new = "seven bridges over the river"
    url = reverse("posts:password")
    for current, first, second in (
        ("wrong", new, new),
        (PASSWORD, new, "other"),
        (PASSWORD, "short", "short"),
    ):
        assert here.post(url, {"current": current, "password": first, "again": second}).status_code == 422
    assert Session.objects.filter(account=account).count() == 2
    assert here.post(url, {"current": PASSWORD, "password": new, "again": new}).status_code == 302
    assert not Session.objects.filter(account=account).exists()
    assert there.get("/desk/").status_code == 302
    account.refresh_from_db()
    assert account.check_password(new)
    assert 'autocomplete="new-password"' in browser(world, "police").get(url).content.decode()


def test_guessing_the_old_password_inside_is_bounded_too(world: World, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    account = world.posts["police"].account
    actions.set_password(account=account, password=PASSWORD, actor=SYSTEM, now=now())
    client = browser(world, "police")
    new = {"password": "seven bridges over the river", "again": "seven bridges over the river"}
    for _ in range(limits.LIMITS["sign-in.account"].count):
        client.post(reverse("posts:password"), {"current": "wrong", **new})
    assert client.post(reverse("posts:password"), {"current": PASSWORD, **new}).status_code == 422


def lines(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(QuietFormatter().format(r) for r in caplog.records)


@pytest.fixture
def loud(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Our own log, as it is written."""
    monkeypatch.setattr(logging.getLogger("anjia"), "propagate", True)
    caplog.set_level(logging.INFO, logger="anjia")
    return caplog


def test_who_came_in_and_who_was_refused_stands_in_the_log(
    world: World, settings: Any, loud: pytest.LogCaptureFixture
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    post = world.posts["police"]
    actions.add_account(login="zhang", name="张", password=PASSWORD, actor=SYSTEM, now=now())
    Account.objects.filter(pk=post.account_id).update(login_hash=b"x")
    client = Client()
    client.post("/desk/sign-in/", {"login": "zhang", "password": "wrong"})
    text = lines(loud)
    assert "sign-in refused" in text
    assert "zhang" not in text
    other = world.help_wanted(place="321084").matter
    client = browser(world, "police")
    client.get(f"/desk/m/{other}/")
    assert f"refused NotFound at desk.matter: post {post.id}" in lines(loud)
    client.post("/desk/sign-out/")
    assert f"signed out: account {post.account_id}" in lines(loud)
    for _ in range(limits.LIMITS["sign-in.account"].count + 1):
        Client().post("/desk/sign-in/", {"login": "zhang", "password": "wrong"})
    text = lines(loud)
    assert "limit reached: sign-in.account" in text
    assert re.search(r"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 WARNING anjia\.", text), (
        "in UTC, one form"
    )
    assert PASSWORD not in text


def test_signing_in_is_logged_with_account_post_and_factor(
    world: World, settings: Any, loud: pytest.LogCaptureFixture
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    account = actions.add_account(login="zhang", name="张", password=PASSWORD, actor=SYSTEM, now=now())
    post = world.posts["court"]
    type(post).objects.filter(pk=post.pk).update(account=account)
    page = Client().post("/desk/sign-in/", {"login": "zhang", "password": PASSWORD}).content.decode()
    ticket = page.split('name="ticket" value="')[1].split('"')[0]
    assert Client().post("/desk/sign-in/later/", {"ticket": ticket}).status_code == 302
    assert f"signed in: account {account.pk}, post {post.pk}, second factor none" in lines(loud)


@pytest.mark.parametrize("said", ["one\ntwo", "one\r\nERROR forged", "a\x1b[31mred", "x\u2028y"])
def test_nobody_writes_lines_into_the_log(said: str) -> None:
    record = logging.LogRecord("anjia.x", logging.INFO, __file__, 1, "it was %s", (said,), None)
    assert len(QuietFormatter().format(record).splitlines()) == 1
    record = logging.LogRecord("anjia.x", logging.INFO, __file__, 1, said, (), None)
    assert "withheld" in QuietFormatter().format(record)


def setting(*names: str, **env: str) -> list[str]:
    """Settings as another process would have them."""
    asked = f"from anjia.config import settings as s; print(*[getattr(s, n) for n in {names!r}])"
    done = subprocess.run(
        [sys.executable, "-c", asked], env={**os.environ, **env}, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_over_a_locked_line_cookies_are_this_hosts_alone() -> None:
    names = (
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        "SESSION_COOKIE_SECURE",
    )
    assert setting(*names, ANJIA_HTTPS="1") == ["__Host-s", "__Host-c", "True", "True"]
    assert setting("SECURE_HSTS_SECONDS", ANJIA_HTTPS="1") == [str(2 * 365 * 24 * 3600)]


def test_a_real_service_has_no_demo_no_gallery_and_no_account_of_its_own() -> None:
    asked = (
        "import django; django.setup(); from django.urls import get_resolver;"
        "print(*[str(p.pattern) for p in get_resolver().url_patterns]);"
        "from anjia.ui import urls; import django.urls as u;"
        "print(*[bool(u.is_valid_path(p)) for p in ('/demo/', '/desk/gallery', '/desk/')])"
    )
    env = {
        **os.environ,
        "ANJIA_TESTING": "0",
        "ANJIA_DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "anjia.config.settings",
    }
    done = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False False True"
    assert not Account.objects.exists()


def test_every_page_of_the_desk_has_the_way_out(world: World) -> None:
    m = world.responding()
    for who in ("county", "village", "police", "leader", "sysadmin"):
        client = browser(world, who)
        for path in ("/desk/", "/desk/posts/", f"/desk/m/{m}/"):
            answer = client.get(path)
            if answer.status_code == 200:
                assert re.search(r'action="/desk/sign-out/"', answer.content.decode()), (who, path)


def test_looking_up_and_sending_files_are_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    m = world.responding()
    client = browser(world, "county")
    for name in ("search.account", "upload.account"):
        monkeypatch.setitem(limits.LIMITS, name, limits.Limit(3, limits.LIMITS[name].window))
    statuses = [
        client.post(f"/desk/{p}/", {"q": "周"}).status_code for p in ("search", "find", "search", "search")
    ]
    assert statuses == [200, 200, 200, 429]
    assert browser(world, "other").post("/desk/search/", {"q": "周"}).status_code == 200
    answers = [
        client.post(
            f"/desk/m/{m}/do/attach/", {"file": paper(), "key": uuid.uuid4().hex, "ver": world.row(m).ver}
        )
        for _ in range(4)
    ]
    assert [a.status_code for a in answers] == [302, 302, 302, 422]
    assert "次数太多" in answers[-1].content.decode()


NASTY = (
    "", "\x00", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "9" * 40, "-1", "1e309", "NaN", "٣",
    "'; DROP TABLE matters_matter; --", "<script>alert(1)</script>", "{{7*7}}", "${7*7}", "%n%s", "../../etc/passwd",
    "2026-02-30", "2026-13-01T25:61", "0000-00-00", "999999999-01-01", "true", "[]", '{"a":1}', "a" * 30_000, "\r\nX: y",
    "=cmd|' /C calc'!A0", "‮abc", "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
FIELDS = (
    "name", "phone", "facts", "urgency", "key", "ver", "first_or_repeat", "happened_at", "event", "duty", "agency", "place",
    "residence", "on_behalf_of", "dv_forms", "id_number", "q", "incident_on", "who", "step", "go", "ticket", "receipt", "to",
    "base", "choice", "purpose", "words", "session", "current", "password", "next", "code", "kind", "burst", "after", "post",
)  # fmt: skip


def test_whatever_is_sent_nothing_breaks_and_nothing_leaks(world: World) -> None:
    """Nonsense in every field of every form: refused, taken as words or not found, never a failure of ours."""
    m = world.responding()
    rng, client = random.Random(20260309), browser(world, "county", "totp", raise_request_exception=False)
    paths = ["/", "/s/", "/c/", "/desk/new/", "/desk/search/", "/desk/find/", "/desk/new/same/", "/desk/sign-in/",
             "/desk/new/petition/", "/desk/handover/", "/desk/posts/particulars/", "/desk/my-sign-in/password/"]  # fmt: skip
    moves = ("accept_in", "call_safe", "assess", "note", "refer_police", "record_whereabouts", "pause", "transfer",
             "correct",
             "visit_done", "grade_1", "attach", "change_decisions", "plan_visit", "link_same", "assign")  # fmt: skip
    paths += [f"/desk/m/{m}/do/{name}/" for name in moves]
    before = Matter.objects.count()
    for n in range(400):
        sent = {name: rng.choice(NASTY) for name in rng.sample(FIELDS, 12)}
        if n % 2:
            sent["ver"] = str(world.row(m).ver)
        path = rng.choice(paths)
        answer = client.post(path, sent)
        assert answer.status_code < 500, (path, sent)
        assert "<script>alert(1)" not in answer.content.decode(errors="replace"), path
    for path in ("/desk/duties/", "/desk/matters/", "/desk/below/", "/desk/rules/order.decide/"):
        for value in NASTY[:-4]:
            query = {
                k: value
                for k in ("which", "after", "sort", "playbook", "grade", "burst", "start", "lang", "tab")
            }
            assert client.get(path, query).status_code < 500, (path, value)
    assert Matter.objects.count() >= before
    assert world.row(m).opened_at == at("03-09 20:47")


def test_no_cookie_is_too_large() -> None:
    from anjia.registry.posts import sessions
    from anjia.registry.posts.second import steps

    cookies = {sessions.new_cookie() for _ in range(1000)}
    assert len(cookies) == 1000
    assert {len(c) for c in cookies} == {43}, "256 bits"
    kept = {"sso": {name: "x" * 64 for name in ("nonce", "verifier", "state")}}
    ticket = steps.Ticket(steps.PROVE, uuid.uuid4(), now(), "/desk/" + "x" * 500, "y" * 60, kept)
    assert len(ticket.sealed()) < 4000


def test_a_password_does_not_grow_old(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from datetime import timedelta

    from anjia.registry.posts import accounts

    actions.add_account(
        login="old", name="某", password=PASSWORD, actor=SYSTEM, now=now() - timedelta(days=3650)
    )
    assert accounts.recognise(login="old", password=PASSWORD) is not None


def test_passwords_are_kept_by_argon2(settings: Any) -> None:
    account = actions.add_account(login="kept", name="某", password=PASSWORD, actor=SYSTEM, now=now())
    how, kind, _version, cost, _rest = account.password.split("$", 4)
    assert (how, kind) == ("argon2", "argon2id")
    memory, passes, _lanes = (int(part.split("=")[1]) for part in cost.split(","))
    assert memory >= 19 * 1024  # KiB
    assert passes >= 2


def test_codes_of_colleagues_are_long_enough() -> None:
    from math import log2

    from anjia.registry.posts.actions import factors

    assert log2(10**factors.VOUCH_DIGITS) >= 20
    assert limits.LIMITS["recover.account"].count <= 10


def test_going_out_checks_certificates_and_follows_nobody() -> None:
    import ssl
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    from anjia.foundation.events import anchoring
    from anjia.registry.posts.second import sso

    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/other")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_words: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/here"
        with pytest.raises(sso.Refused):
            sso.fetched(address)
        with pytest.raises(anchoring.AnchorProblem):
            anchoring.post(address, b"x", "text/plain")
    finally:
        server.shutdown()
    assert asked == ["/here", "/here"]
    context = ssl._create_default_https_context()  # what both clients use when nothing else is said
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    for module in (sso, anchoring):
        assert module.__file__
        with open(module.__file__, encoding="utf-8") as source:
            assert not re.search(r"CERT_NONE|_create_unverified|check_hostname\s*=\s*False", source.read())
