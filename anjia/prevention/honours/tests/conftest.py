"""The small city, fresh for each test."""

from __future__ import annotations

import pytest

from anjia.engine.matters.tests.world import World, build


@pytest.fixture
def world(db: None) -> World:
    return build()
