"""The small city, and browsers signed in to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from anjia.engine.matters.tests.world import World, build
from anjia.foundation.core.clock import now
from anjia.registry.posts import actions

SignIn = Callable[..., Client]


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.fixture
def signed_in(world: World) -> SignIn:
    def enter(key: str, proved_by: str = "") -> Client:
        post = world.posts[key]
        client = Client()
        client.cookies["s"] = actions.sign_in(account=post.account, post=post, now=now(), proved_by=proved_by)
        return client

    return enter
