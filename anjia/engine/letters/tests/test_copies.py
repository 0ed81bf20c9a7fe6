"""What another system is told: only what it asks for, in its own words, and what was reported there is remembered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from anjia.casework.mediation.tests.disputes import FIRST, SECOND, dispute
from anjia.engine.letters import copies
from anjia.engine.letters.copies import DONE, NOT_NEEDED, PART
from anjia.engine.matters import actions
from anjia.engine.matters.inputs import PartyInput
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import HIS_NAME, NAME, PHONE, STORY, STREET, WHERE, World, at
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Event

WHEN = "05-20 09:00"
SYSTEM = "federation-petitions"


def petition(world: World, request: str = "要求补发三期工资") -> UUID:
    asking = PartyInput(
        role="asking",
        sex="female",
        sealed={"label": {"name": "林玉芳"}, "contact": {"phone": "10013500077"}},
        residence=STREET,
    )
    return actions.open_matter(
        playbook="petition",
        actor=world.actor("county", "05-18 09:00"),
        now=at("05-18 09:00"),
        channel="visit",
        place=STREET,
        parties=[asking],
        data={"request": request, "first_or_repeat": "first", "matter_class": "labour"},
    ).matter


def shown(world: World, m: UUID, name: str = SYSTEM, who: str = "county") -> copies.Sheet:
    actor = world.actor(who, WHEN)
    with access.reading(actor, route="t"):
        return copies.sheet(actor=actor, matter_id=m, name=name, now=at(WHEN))


def notes(world: World, m: UUID, state: str, who: str = "county", **more: Any) -> None:
    given = {"ticked": ["matter.number"], "name": SYSTEM, **more}
    copies.note(actor=world.actor(who, WHEN), matter_id=m, state=state, now=at(WHEN), **given)


def left(world: World, who: str = "county") -> dict[UUID, list[str]]:
    actor = world.actor(who, WHEN)
    with access.reading(actor, route="t"):
        rows = copies.waiting(visible_to(actor), at(WHEN))
    return {w.row.id: [s.name for s, _state in w.systems] for w in rows}


def test_each_field_stands_under_their_label_in_their_words(world: World) -> None:
    said = {f.label["zh"]: f.text["zh"] for f in shown(world, petition(world)).fields}
    assert said["信访形式"] == "来访"
    assert said["初访或重访"] == "初访"
    assert said["姓名"] == "林玉芳"
    assert said["诉求"] == "要求补发三期工资"


def test_no_telephone_and_no_address_is_on_any_sheet(world: World) -> None:
    m = petition(world, "请打10013500077找我")
    text = " ".join(f.text["zh"] for f in shown(world, m).fields)
    assert "10013500077" not in text
    assert [f.label["zh"] for f in shown(world, m).fields if f.struck] == ["诉求"]


def test_where_violence_is_reported_nobody_is_named_and_nothing_told(world: World) -> None:
    sheet = shown(world, world.responding())
    text = " ".join(f.text["zh"] for f in sheet.fields)
    assert "家庭暴力" in text
    assert not [s for s in (NAME, HIS_NAME, PHONE, STORY, WHERE, "柳浦", "杨林") if s in text]


def test_the_neighbours_system_never_hears_of_violence() -> None:
    assert not [
        s for s in copies.systems().values() if s.name in ("grid", "governance") and "dv-case" in s.of
    ]


def test_a_dispute_is_told_to_governance_without_names(world: World) -> None:
    m = dispute(world)
    text = " ".join(f.text["zh"] for f in shown(world, m, "governance", "street").fields)
    assert "赡养纠纷" in text
    assert FIRST not in text
    assert SECOND not in text


def test_ticks_are_kept_and_half_a_sheet_stays_on_the_list(world: World) -> None:
    m = petition(world)
    notes(world, m, PART)
    sheet = shown(world, m)
    assert [f.key for f in sheet.fields if f.ticked] == ["matter.number"]
    assert SYSTEM in left(world)[m]


def test_reported_with_day_and_number_leaves_the_list_and_is_an_event_without_values(world: World) -> None:
    m = petition(world)
    notes(world, m, DONE, on="2026-05-19", number="全妇信2026-1")
    assert SYSTEM not in left(world).get(m, [])
    event = Event.objects.get(matter=m, move="copied")
    assert event.codes["facts"] == {"copied_to": SYSTEM, "copied_state": DONE, "copied_on": "2026-05-19"}
    assert "全妇信" not in str(event.codes)
    assert any("全妇信2026-1" in str(e.words) for e in world.page("county", m, WHEN).entries)


def test_what_need_not_be_reported_leaves_the_list_too(world: World) -> None:
    m = petition(world)
    notes(world, m, NOT_NEEDED)
    assert SYSTEM not in left(world).get(m, [])


UNFIT = [("2026-05-21", "1", "copied_on"), ("5月", "1", "copied_on"), ("2026-05-19", " ", "their_number")]


@pytest.mark.parametrize(("on", "number", "field"), UNFIT)
def test_reported_without_day_or_number_is_refused_beside_the_field(
    world: World, on: str, number: str, field: str
) -> None:
    m = petition(world)
    with pytest.raises(RuleBroken) as broken:
        notes(world, m, DONE, on=on, number=number)
    assert set(broken.value.fields) == {field}
    assert not Event.objects.filter(matter=m, move="copied").exists()


def test_others_see_neither_the_sheet_nor_the_list(world: World) -> None:
    m = petition(world)
    for who in ("other", "street", "police"):
        with pytest.raises(NotFound):
            shown(world, m, who=who)
        assert m not in left(world, who)
    with pytest.raises((NotFound, NotAllowed)):
        notes(world, m, PART, "city")


def test_a_system_asks_only_about_what_came_by_its_way(world: World) -> None:
    m = petition(world)
    with pytest.raises(NotFound):
        shown(world, m, "hotline-12345")
