"""A mistyped identity number is refused where it was typed, in words that help; nothing of it is stored."""

from __future__ import annotations

import pytest

from anjia.engine.matters.tests.world import World
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.vault.models import Token

RIGHT, WRONG = "999999199108060347", "999999199108060346"


@pytest.mark.parametrize("way", ["form", "correction"])
def test_wrong_number_is_named_beside_its_field(world: World, way: str) -> None:
    m = world.responding()

    def give(number: str) -> None:
        if way == "form":
            world.does("county", "register_forms", m, "03-10 14:00", id_number=number)
            return
        her = next(p for p in world.page("county", m).people if p.role == "asking")
        world.does("county", "correct", m, "03-10 14:00", party=str(her.id), compartment="identity", reason="看了证件",
                   base=str(her.versions["identity"]), **{"party-id_number": number})  # fmt: skip

    with pytest.raises(RuleBroken) as broken:
        give(WRONG)
    assert "校验位" in str(broken.value.fields["id_number"])
    assert not Token.objects.filter(kind="id_number").exists()
    give("999999 19910806 0347")
    her = next(p for p in world.page("county", m).people if p.role == "asking")
    assert her.identity["id_number"] == RIGHT
