"""Every address × method × reader answers with exactly the same protection, and nothing is done without its token.

The addresses come from the resolver: a new one is tried from the day it is mounted.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from report import row

from anjia.engine.matters.tests.world import World, build
from anjia.foundation.core.clock import now
from anjia.registry.posts import actions
from anjia.ui.middleware import NOTHING_KEPT, PERMISSIONS, PERMISSIONS_TO_SPEAK

pytestmark = [pytest.mark.assurance, pytest.mark.django_db]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
READERS = ("", "county", "city", "village", "police", "leader", "sysadmin")
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EXACTLY = {
    "Cache-Control": NOTHING_KEPT,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
#: What an answer may carry beside these; anything else is told as a fault (a server's name, a version, a trace).
MAY = {"Content-Type", "Content-Length", "Content-Language", "Location", "Allow", "Vary", "Clear-Site-Data",
       "Content-Disposition", "Content-Security-Policy"}  # fmt: skip
#: The residents' forms, a hospital's report and those of agencies with a letter carry what they may do in themselves;
#: no cookie of theirs exists that could be borrowed.
WITHOUT_TOKEN = {"portal:home", "portal:tell", "portal:check", "portal:leave", "portal:point", "portal:recognition",
                 "portal:notice", "reply:letter"}  # fmt: skip
#: The one page of these that may ask for the microphone, for the one reader who may speak instead of typing.
SPEAKS = ("village", "desk:note")
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=\"|javascript:", re.IGNORECASE)


def addresses(world: World, matter: uuid.UUID) -> Iterator[tuple[str, str]]:
    """(name, path) of every pattern, filled with the id of a real matter where one is wanted."""

    def fill(route: str) -> str:
        filled = re.sub(r"<uuid:matter_id>", str(matter), route)
        filled = re.sub(r"<uuid:\w+>", str(uuid.uuid4()), filled)
        filled = re.sub(r"<int:\w+>", "1", filled)
        return re.sub(r"<(?:slug|str):\w+>", "dv-case", filled)

    def walk(resolver: URLResolver, before: str, space: str) -> Iterator[tuple[str, str]]:
        for one in resolver.url_patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLPattern):
                yield f"{space}:{one.name}", "/" + fill(route)
            else:
                yield from walk(one, route, one.namespace or space)

    yield from walk(get_resolver(), "", "")


def faults(answer: HttpResponseBase, *, speaks: bool = False) -> list[str]:
    """Headers that are missing, otherwise, or too many."""
    exactly = {**EXACTLY, "Permissions-Policy": PERMISSIONS_TO_SPEAK} if speaks else EXACTLY
    found = [
        f"{name}: {answer.get(name)!r}" for name, wanted in exactly.items() if answer.get(name) != wanted
    ]
    found += [f"{name} is too much" for name in answer.headers if name not in EXACTLY and name not in MAY]
    policy = sorted(answer.get("Content-Security-Policy", "").split("; "))
    if policy != sorted(CSP.split("; ")):
        found.append(f"Content-Security-Policy: {policy}")
    if isinstance(answer, HttpResponse) and answer.get("Content-Type", "").startswith("text/html"):
        found += [f"inline: {one[0]}" for one in INLINE.finditer(answer.content.decode())]
    for name, cookie in answer.cookies.items():
        kept = cookie["max-age"] not in ("", 0) or (cookie["expires"] and cookie.value)
        if (
            (not cookie["httponly"] and cookie.value)
            or cookie["samesite"] != "Lax"
            or cookie["path"] != "/"
            or kept
        ):
            found.append(f"cookie {name}: {cookie.OutputString().split('=', 1)[1][-60:]}")
    return found


def browser(world: World, who: str, **more: Any) -> Client:
    client = Client(raise_request_exception=False, **more)
    if who:
        post = world.posts[who]
        client.cookies["s"] = actions.sign_in(account=post.account, post=post, now=now())
    return client


def test_every_address_and_method_answers_with_the_same_headers() -> None:
    world = build()
    matter = world.help_wanted().matter
    wrong: list[str] = []
    tried = 0
    places = [*addresses(world, matter), ("", "/no/such/page"), ("", "/desk/no/such"), ("", "/s")]
    for who in READERS:
        for name, path in places:
            for method in METHODS:
                answer = browser(world, who).generic(method, path)
                tried += 1
                found = faults(answer, speaks=(who, name) == SPEAKS and answer.status_code in (200, 422))
                if answer.status_code >= 500:
                    found.append(str(answer.status_code))
                if name.startswith(("portal:", "reply:")) and answer.cookies:
                    found.append("a cookie on the residents' site")
                wrong += [f"{who or 'nobody'} {method} {path} {answer.status_code}: {one}" for one in found]
    row("6a", "addresses × methods × readers with exactly the protecting headers, nothing inline, no loose cookie",
        tried, len(wrong), f"{len(places)} addresses from the resolver")  # fmt: skip
    assert wrong == []
    assert len(places) >= 40


def test_nothing_is_done_without_the_token_of_the_page() -> None:
    world = build()
    matter = world.help_wanted().matter
    wrong: list[str] = []
    tried = 0
    for who in ("", "county", "sysadmin"):
        for name, path in addresses(world, matter):
            for method in METHODS:
                if method in SAFE or name in WITHOUT_TOKEN:
                    continue
                answer = browser(world, who, enforce_csrf_checks=True).generic(method, path)
                tried += 1
                if answer.status_code != 403:
                    wrong.append(f"{who or 'nobody'} {method} {path}: {answer.status_code}")
    row("6b", "unsafe methods refused without the token of a page of ours", tried, len(wrong))
    assert wrong == [], wrong


def test_no_form_of_the_residents_site_acts_for_somebody_signed_in() -> None:
    """What needs no token must not know a cookie: answered the same, to the letter, with and without one."""
    world = build()
    for path in ("/", "/s/", "/c/", "/x/"):
        for data in (
            {},
            {"to": "s"},
            {"to": "c", "receipt": "2" * 20},
            {"step": "who", "who": "self"},
            {"receipt": "1" * 20},
            {"do": "withdraw"},
        ):
            with_cookie = browser(world, "county").post(path, data)
            without = browser(world, "").post(path, data)
            strip = re.compile(rb'name="ticket" value="[^"]*"')
            assert with_cookie.status_code == without.status_code
            assert strip.sub(b"", with_cookie.content) == strip.sub(b"", without.content)


def test_control_a_page_with_something_inline_or_a_loose_policy_is_noticed() -> None:
    answer = HttpResponse('<p style="color:red" onclick="x()">')
    for name, value in EXACTLY.items():
        answer[name] = value
    answer["Content-Security-Policy"] = CSP.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
    answer["Server"] = "somebody 1.0"
    answer.set_cookie("s", "x", max_age=99)
    assert len(faults(answer)) == 5


def test_static_files_may_be_kept_but_not_framed_or_believed() -> None:
    answer = Client().get("/static/ui/icon.svg")
    assert answer.status_code == 200
    for name in set(EXACTLY) - {"Cache-Control"}:
        assert answer[name] == EXACTLY[name]
    assert sorted(answer["Content-Security-Policy"].split("; ")) == sorted(CSP.split("; "))


def test_cookies_are_out_of_reach_and_only_sent_over_a_locked_line_where_there_is_one() -> None:
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    asked = (
        "from anjia.config import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 31e6)"
    )
    env = {**os.environ, "ANJIA_HTTPS": "1"}
    done = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"] * 3
