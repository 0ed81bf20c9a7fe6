"""Ten thousand steps of grants, openings, walls and ended posts: after each, everybody's rights equal a plain model's."""

from __future__ import annotations

import pytest
from report import row

from anjia.engine.matters import granting, seats
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.tests.histories import Histories, run
from anjia.engine.matters.tests.world import World, build

pytestmark = [pytest.mark.assurance, pytest.mark.django_db]

LEAST = 10_000


@pytest.fixture
def world(db: None) -> World:
    return build()


def test_rights_equal_the_model_after_every_step(world: World) -> None:
    done = run(world, Histories, examples=220, steps=50)
    row(
        "8",
        "steps of grant, revoke, open, emergency, review, wall, ended post, clock: rights equal a plain model",
        done.steps,
        0,
        f"{done.checked:,} answers of {len(seats.MAY_OPEN)} capacities compared; seed fixed",
    )
    assert done.steps >= LEAST


def test_a_revocation_that_does_nothing_is_caught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(moving: Moving, _grants: object) -> None:
        """The event is written, the right stays."""

    monkeypatch.setattr(granting, "end", nothing)
    with pytest.raises(AssertionError):
        run(world, type("Unrevoked", (Histories,), {}), examples=60, steps=50, shrink=False)


def test_a_right_that_outlasts_its_hours_is_caught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from anjia.engine.matters import grants

    longer = {kind: lasts * 2 for kind, lasts in grants.LASTS.items()}
    monkeypatch.setattr(grants, "LASTS", longer)
    with pytest.raises(AssertionError):
        run(world, type("Longer", (Histories,), {}), examples=60, steps=50, shrink=False)
