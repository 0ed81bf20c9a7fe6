"""A quarrel that a village handed on goes to mediation: the people go with it, who told does not."""

from __future__ import annotations

from uuid import UUID

import pytest

from anjia.engine.matters import actions
from anjia.engine.matters.inputs import PartyInput
from anjia.engine.matters.models import Duty, Matter, Party
from anjia.engine.matters.tests.world import VILLAGE, World, at
from anjia.foundation.core.verdict import NotFound

TOLD = "隔壁李家说的,他们天天吵。"
QUARREL = {
    "mediation_source": "found", "dispute_kind": "in_laws", "dispute_words": "为带孩子争。",
    "done_words": "请调委会约了两边。",
}  # fmt: skip


def handed_on(world: World) -> UUID:
    people = [
        PartyInput(role="asking", sealed={"label": {"name": "徐桂香"}}),
        PartyInput(role="complained", sealed={"label": {"their_name": "蓝小满"}}),
    ]
    return actions.open_matter(
        playbook="lead", actor=world.actor("village"), now=at("03-10 09:00"), channel="outreach", place=VILLAGE,
        parties=people, data={"words": TOLD},
    ).matter  # fmt: skip


def test_a_lead_goes_on_as_a_mediation_of_both_and_the_village_hears_what_was_done(world: World) -> None:
    m = handed_on(world)
    world.does("street", "to_mediation", m, "03-10 15:00", **QUARREL)
    quarrel = Matter.objects.get(playbook="dispute-mediation")
    assert (quarrel.holder, quarrel.stage) == (world.offices["mediators"], "lead")
    assert set(Party.objects.filter(matter=quarrel).values_list("role", flat=True)) == {"asking", "other"}
    page = world.page("mediators", quarrel.id)
    assert set(page.names.values()) == {"徐桂香", "蓝小满"}
    assert [d.kind for d in page.duties] == ["check_lead"]
    said = str([(e.label, e.words) for e in page.entries])
    assert "为带孩子争" in said
    assert TOLD not in said, "who told stays where it was told"
    assert world.row(m).stage == "taken"
    assert not Duty.objects.filter(matter=m, kind="look", done_at__isnull=True).exists()
    assert "请调委会约了两边" in str([e.words for e in world.page("village", m).entries])
    with pytest.raises(NotFound):
        world.page("village", quarrel.id)
    with pytest.raises(NotFound):
        world.page("mediators", m)
    assert world.page("street", quarrel.id).names == page.names, (
        "the federation that sent it on sees how it goes"
    )
