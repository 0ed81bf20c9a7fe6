"""A few histories of grants and openings beside the plain model; ten thousand steps are in `make assurance`."""

from __future__ import annotations

import pytest

from anjia.engine.matters.tests.histories import Histories, run
from anjia.engine.matters.tests.world import World


@pytest.mark.slow
def test_rights_are_what_a_plain_model_says(world: World) -> None:
    done = run(world, Histories, examples=6, steps=25)
    assert done.steps >= 60
