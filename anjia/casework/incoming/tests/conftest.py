"""The small city, fresh for each test, and somebody reading in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from anjia.engine.matters.tests.world import World, build
from anjia.foundation.events import access


@pytest.fixture
def world(db: None) -> Iterator[World]:
    made = build()
    with access.reading(made.actor("county"), route="desk:incoming", how="open"):
        yield made
