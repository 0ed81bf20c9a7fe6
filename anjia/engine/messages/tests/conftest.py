"""The small city, and servers that take messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from anjia.engine.matters.tests.world import World, build
from anjia.engine.messages.tests.servers import Gateway, MailServer


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    """A text message gateway that knows no keys; residents' messages are switched on."""
    with Gateway() as one:
        settings.SMS_URL, settings.SMS_RESIDENTS = one.address, True
        settings.SMS_TEMPLATES = {"staff": "S1", "resident": "R1"}
        yield one


@pytest.fixture
def mail(settings: Any) -> Iterator[MailServer]:
    """A mail server."""
    with MailServer() as one:
        settings.MESSAGE_WAYS = {**settings.MESSAGE_WAYS, "mail": one.address}
        yield one
