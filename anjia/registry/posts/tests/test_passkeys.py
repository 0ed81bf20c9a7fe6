"""A passkey answers this site, this question and a verified person only; a copied one is noticed."""

from __future__ import annotations

import html
import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from anjia.foundation.core import clock
from anjia.registry.posts import actions
from anjia.registry.posts.actors import SYSTEM
from anjia.registry.posts.models import Factor, Post
from anjia.registry.posts.tests.conftest import NOW
from anjia.registry.posts.tests.software_key import PRESENT, VERIFIED, SoftwareKey

PASSWORD = "correct horse battery"
pytestmark = [pytest.mark.urls("anjia.registry.posts.tests.urls"), pytest.mark.django_db]


@pytest.fixture
def client(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Client:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # what is slow on purpose
    settings.MIDDLEWARE = ["anjia.registry.posts.middleware.SignedInMiddleware"]
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Client()


@pytest.fixture
def wu(make: SimpleNamespace) -> Post:
    account = actions.add_account(login="wu", name="吴秀珍", password=PASSWORD, actor=SYSTEM, now=NOW)
    held: Post = make.post(account, make.agency())
    return held


def asked(page: Any) -> tuple[dict[str, Any], str]:
    """What the page asks the key, and its ticket."""
    text = page.content.decode()
    options = re.search(r'data-options="([^"]+)"', text)
    ticket = re.search(r'name="ticket" value="([^"]+)"', text)
    assert options
    assert ticket
    return json.loads(html.unescape(options[1])), ticket[1]


def password(client: Client) -> Any:
    client.cookies.clear()
    return client.post("/desk/sign-in/", {"login": "wu", "password": PASSWORD})


def add(client: Client, key: SoftwareKey) -> Any:
    options, ticket = asked(password(client))
    answer = {"ticket": ticket, "kind": "passkey", "answer": key.create(options)}
    return client.post("/desk/sign-in/first/", answer)


def show(client: Client, key: SoftwareKey) -> int:
    options, ticket = asked(password(client))
    answer = {"ticket": ticket, "kind": "passkey", "answer": key.get(options)}
    return int(client.post("/desk/sign-in/second/", answer).status_code)


def test_a_key_is_added_and_opens(client: Client, wu: Post) -> None:
    key = SoftwareKey()
    assert add(client, key).status_code == 302
    assert key.name not in bytes(Factor.objects.get().body)
    assert show(client, key) == 302
    assert show(client, key) == 302


@pytest.mark.parametrize(
    "fault",
    [
        {"host": "evil.example"},
        {"origin": "http://evil.example"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
    ],
)
def test_another_site_or_an_unverified_person_opens_nothing(
    client: Client, wu: Post, fault: dict[str, Any]
) -> None:
    key = SoftwareKey()
    add(client, key)
    before = {name: getattr(key, name) for name in fault}
    for name, value in fault.items():
        setattr(key, name, value)
    assert show(client, key) == 422
    for name, value in before.items():
        setattr(key, name, value)
    assert show(client, key) == 302
    assert add(client, SoftwareKey(**fault)).status_code == 302, "she has one: the door asks for it"
    assert Factor.objects.count() == 1


def test_a_key_that_verifies_nobody_is_not_added(client: Client, wu: Post) -> None:
    assert add(client, SoftwareKey(flags=PRESENT)).status_code == 422
    assert not Factor.objects.exists()


def test_a_strange_key_and_a_copy_with_an_older_counter_open_nothing(client: Client, wu: Post) -> None:
    key = SoftwareKey()
    add(client, key)
    assert show(client, SoftwareKey()) == 422
    copy = SoftwareKey(name=key.name, key=key.key, uses=key.uses)
    assert show(client, key) == 302
    assert show(client, copy) == 422


def test_an_answer_opens_once(client: Client, wu: Post) -> None:
    """Keys that are kept in a cloud do not count their uses: the question itself must be spent."""
    key = SoftwareKey()
    add(client, key)
    options, ticket = asked(password(client))
    answer = {"ticket": ticket, "kind": "passkey", "answer": key.get(options)}
    assert client.post("/desk/sign-in/second/", answer).status_code == 302
    assert client.post("/desk/sign-in/second/", answer).status_code == 422
    other, _ticket = asked(password(client))
    wrong = {"ticket": ticket, "kind": "passkey", "answer": key.get(other)}
    assert client.post("/desk/sign-in/second/", wrong).status_code == 422, "answer to another question"


def test_one_key_belongs_to_one_person(client: Client, wu: Post, make: SimpleNamespace) -> None:
    key = SoftwareKey()
    add(client, key)
    other = make.post(make.account("陈璐"), wu.agency)
    client.cookies["s"] = actions.sign_in(account=other.account, post=other, now=NOW)
    options, ticket = asked(client.get("/desk/my-sign-in/add/"))
    answer = {"ticket": ticket, "kind": "passkey", "answer": key.create(options)}
    assert client.post("/desk/my-sign-in/add/", answer).status_code == 422
    assert Factor.objects.count() == 1


@pytest.mark.parametrize("answer", ["", "x", "[]", "{}", '{"rawId": 5}', '{"rawId": "AA"}', "{" * 9000])
def test_made_up_answers_are_refused_quietly(client: Client, wu: Post, answer: str) -> None:
    add(client, SoftwareKey())
    _options, ticket = asked(password(client))
    page = client.post("/desk/sign-in/second/", {"ticket": ticket, "kind": "passkey", "answer": answer})
    assert page.status_code == 422
