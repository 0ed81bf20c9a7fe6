"""The first person who may sign in is opened at the machine; what it prints lets her in once."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from anjia.cli.people import people
from anjia.engine.matters.tests.world import World, build
from anjia.registry.posts import accounts
from anjia.registry.posts.models import Account

pytestmark = pytest.mark.django_db
HANDED = re.compile(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}")


@pytest.fixture
def world() -> World:
    return build()


def said(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(people, list(words))
    return done.exit_code, done.output


def test_an_administrator_is_opened_and_helped_back(world: World) -> None:
    office = world.offices["city"].name
    code, text = said("add", "first", "某管", "--agency", office)
    shown = HANDED.search(text)
    assert (code, bool(shown)) == (0, True)
    account = accounts.recognise(login="first", password=shown[0])  # type: ignore[index]
    assert account is not None
    assert account.password_due is not None
    assert [p.role for p in account.posts.all()] == ["sysadmin"]
    code, text = said("password", "first")
    assert code == 0
    assert accounts.recognise(login="first", password=shown[0]) is None  # type: ignore[index]


@pytest.mark.parametrize(
    "words",
    [
        ("add", "x", "某", "--agency", "没有这个单位"),
        ("add", "", "某", "--agency", "CITY"),
        ("password", "nobody"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(world: World, words: tuple[str, ...]) -> None:
    before = Account.objects.count()
    code, text = said(*(world.offices["city"].name if w == "CITY" else w for w in words))
    assert code == 2
    assert "✗" in text
    assert Account.objects.count() == before
