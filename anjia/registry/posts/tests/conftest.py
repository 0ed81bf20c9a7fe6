"""A city with one county federation, one court and two officers, for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from anjia.registry.places import actions as places_actions
from anjia.registry.posts import actions
from anjia.registry.posts.actors import SYSTEM
from anjia.registry.posts.models import Account, Agency, Post

#: A Monday, noon in Shanghai.
NOW = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 9)
HANJIANG = "321003"


@pytest.fixture
def yangzhou(db: None) -> None:
    places_actions.load_places(city="321000", now=NOW, actor=SYSTEM)


@pytest.fixture
def make(yangzhou: None) -> SimpleNamespace:
    """Short ways to make an agency, an account and a post."""
    counter = iter(range(1000))

    def agency(
        kind: str = "federation", place: str = HANJIANG, name: str = "邗江区妇联", **more: Any
    ) -> Agency:
        return actions.add_agency(
            kind=kind, name=name, place=place, actor=SYSTEM, now=NOW, opened_on=date(2020, 1, 1), **more
        )

    def account(name: str = "沈静", password: str | None = None, mobile: str = "") -> Account:
        return actions.add_account(
            login=f"person{next(counter)}", name=name, mobile=mobile, password=password, actor=SYSTEM, now=NOW
        )

    def post(
        account: Account, agency: Agency, role: str = "officer", title: str = "权益部部长", **more: Any
    ) -> Post:
        dates = {"from_on": date(2026, 1, 1), **more}
        return actions.give_post(
            account=account, agency=agency, role=role, title=title, actor=SYSTEM, now=NOW, **dates
        )

    return SimpleNamespace(agency=agency, account=account, post=post)


@pytest.fixture
def shen(make: SimpleNamespace) -> Post:
    """沈静, officer of the federation of 邗江区."""
    held: Callable[..., Post] = make.post
    return held(make.account("沈静", mobile="13900000001"), make.agency())
