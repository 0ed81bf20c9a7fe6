"""Capability 72 · 家暴人身保护令 · Protection order.

Works when: the clocks of 72 hours, 24 hours, five days and six months are right through application, order, service,
reconsideration and extension, and where the woman lives now stands on no page, in no event and in nothing the court gets.
Screen: /desk/m/…/do/apply_order/
"""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from anjia.engine.matters.tests.world import NAME, WHERE, World, build, paper
from anjia.foundation.core.clock import SHANGHAI, now
from anjia.foundation.events.models import Event
from anjia.registry.posts import actions

PACKET = {
    "who_applies": "herself",
    "measures_sought": ["no_violence"],
    "evidence_kinds": ["statement"],
    "facts": "多次",
}
ORDER = {
    "order_no": "演9号",
    "order_on": "2026-03-19",
    "order_until": "2026-09-19",
    "order_measures": ["no_violence"],
}
Enter = Callable[[str], Client]


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.fixture
def signed_in(world: World) -> Enter:
    """A browser in somebody's post."""

    def enter(key: str) -> Client:
        post = world.posts[key]
        client = Client()
        client.cookies["s"] = actions.sign_in(account=post.account, post=post, now=now())
        return client

    return enter


def due(world: World, m: UUID, kind: str) -> str:
    return world.duty(m, kind).due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def applied(world: World, urgent: str) -> UUID:
    """Her whereabouts are known to the case; the application is filed and accepted on Wednesday at 10:05."""
    m = world.responding()
    world.does("county", "record_whereabouts", m, "03-16 08:30", now_at=WHERE)
    order = world.does("county", "apply_order", m, "03-17 09:00", urgent=urgent).child
    assert order is not None
    world.does("county", "packet", order, "03-17 09:30", urgent=urgent, **PACKET)
    world.does("county", "file", order, "03-17 10:00", to_court=str(world.offices["court"].id))
    world.does("county", "accept", order, "03-18 11:00", behalf="court", happened_at="2026-03-18T10:05")
    return order


def test_the_clocks_are_the_laws(world: World) -> None:
    assert due(world, applied(world, "no"), "decide") == "03-21 10:05"  # 72 hours, over a Saturday
    order = applied(world, "yes")
    assert due(world, order, "decide") == "03-19 10:05"  # 24 hours
    world.does(
        "county", "record_order", order, "03-19 17:10", behalf="court", happened_at="2026-03-19T09:30", files=[paper()],
        **ORDER,
    )  # fmt: skip
    assert due(world, order, "serve") == "03-20 09:30"
    assert due(world, order, "reconsider_window") == "03-24 23:59"
    assert due(world, order, "renew") == "09-19 23:59"  # Saturday 19 September: an order is not rolled over


def test_where_she_lives_now_is_on_nothing_of_the_order(world: World, signed_in: Enter) -> None:
    order = applied(world, "yes")
    world.does(
        "county", "record_order", order, "03-19 09:10", behalf="court", files=[paper()], **ORDER,
    )  # fmt: skip
    for who, path in (
        ("county", ""),
        ("court", ""),
        ("court", "do/serve/"),
        ("county", "do/visit/"),
    ):
        response = signed_in(who).get(f"/desk/m/{order}/{path}")
        text = response.content.decode()
        assert response.status_code == 200, path
        assert WHERE not in text, (who, path)
    assert NAME in signed_in("court").get(f"/desk/m/{order}/").content.decode()
    codes = json.dumps([e.codes for e in Event.objects.filter(matter=order)], ensure_ascii=False)
    assert WHERE not in codes
    assert "现在住处" not in signed_in("county").get(f"/desk/m/{order}/").content.decode()
