"""One town for all journeys of a process; a browser window per person."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from town import Town, copied


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = copied(tmp_path_factory.getbasetemp())
    made.serve()
    yield made
    made.stop()


@pytest.fixture(autouse=True, scope="module")
def today(town: Town) -> None:
    """Where the journeys before went on days ahead, these begin today, in whatever order they are told."""
    if town.ahead or town.process is None:
        town.serve()
