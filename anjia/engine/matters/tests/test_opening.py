"""A call for help becomes an owned, clocked matter; twice the same click is one; nothing is routed to nobody."""

from __future__ import annotations

import uuid

import pytest

from anjia.engine.matters import actions, resident
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.engine.matters.models import Duty, Matter, Party, Seat
from anjia.engine.matters.numbers import check_digit
from anjia.engine.matters.tests.world import CITY, COUNTY, VILLAGE, World, at
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.events.models import Event
from anjia.registry.posts import actors


def test_goes_to_the_county_not_to_the_village(world: World) -> None:
    m = world.row(world.help_wanted().matter)
    assert m.holder == world.offices["county"]
    assert [s.agency.name for s in Seat.objects.filter(matter=m)] == ["邗江区妇联"]
    assert m.township == "321003990"
    assert VILLAGE not in str(
        Matter.objects.filter(pk=m.pk).values()
    )  # the plain place stops at the township


def test_owes_triage_today_and_says_why_the_county(world: World) -> None:
    m = world.row(world.help_wanted().matter)
    duty = Duty.objects.get(matter=m)
    assert (duty.kind, duty.agency, duty.due_at.astimezone(at("03-09 00:00").tzinfo).date().isoformat()) == (
        "triage", world.offices["county"], "2026-03-09",
    )  # fmt: skip
    assert m.roles["station"]["why"] == "residence"


def test_all_three_decisions_are_no_unless_she_says_otherwise(world: World) -> None:
    asking = Party.objects.get(matter=world.help_wanted().matter, role="asking")
    assert (asking.tell_community, asking.come_to_door, asking.tell_police) == (False, False, False)


def test_double_click_opens_one_matter_and_shows_the_same_receipt(world: World) -> None:
    key = uuid.uuid4().hex
    first, second = world.help_wanted(key=key), world.help_wanted(key=key)
    assert second.is_repeat
    assert (first.matter, first.receipt) == (second.matter, second.receipt)
    assert Matter.objects.count() == 1


def test_same_key_with_other_words_is_refused(world: World) -> None:
    key = uuid.uuid4().hex
    world.help_wanted(key=key)
    with pytest.raises(RuleBroken):
        world.help_wanted(key=key, data={"facts": "另一件事"})
    assert Matter.objects.count() == 1


def test_unknown_place_lands_on_the_citys_open_tray_with_a_duty(world: World) -> None:
    opened = world.help_wanted(place="")
    m = world.row(opened.matter)
    assert m.holder == world.offices["city"]
    assert {d.kind for d in Duty.objects.filter(matter=m)} >= {"tray"}
    assert Seat.objects.get(matter=m).capacity == "tray"


def test_place_outside_the_city_lands_on_the_tray(world: World) -> None:
    assert world.row(world.help_wanted(place="440300").matter).holder == world.offices["city"]


def test_empty_report_is_accepted(world: World) -> None:
    opened = actions.open_matter(
        playbook="dv-case", actor=actors.resident(), now=at("03-09 20:47"), channel="online",
        parties=[PartyInput("asking", decisions=Decisions())], place=COUNTY, with_receipt=True,
    )  # fmt: skip
    assert resident.find(opened.receipt) is not None


def test_unknown_code_is_an_error_next_to_its_field(world: World) -> None:
    with pytest.raises(RuleBroken) as refused:
        world.help_wanted(data={"dv_forms": ["不存在"]})
    assert "dv_forms" in refused.value.fields


def test_number_has_no_sequence_and_a_check_digit(world: World) -> None:
    numbers = [world.row(world.help_wanted().matter).number for _ in range(5)]
    middles = [int(n.split("-")[2]) for n in numbers]
    assert sorted(middles) != list(range(min(middles), min(middles) + 5))
    for n in numbers:
        *parts, digit = n.split("-")
        assert int(digit) == check_digit("".join(parts))


def test_receipt_is_found_only_whole_and_never_stored(world: World) -> None:
    opened = world.help_wanted()
    grouped = " ".join(opened.receipt[i : i + 4] for i in range(0, 20, 4))
    found = resident.find(grouped)
    assert found is not None
    assert found.id == opened.matter
    assert resident.find(opened.receipt[:-1]) is None
    wrong = opened.receipt[:-1] + str((int(opened.receipt[-1]) + 1) % 10)
    assert resident.find(wrong) is None


def test_child_procedure_cannot_be_opened_alone(world: World) -> None:
    with pytest.raises(RuleBroken):
        actions.open_matter(
            playbook="referral",
            actor=world.actor("county"),
            now=at("03-10 09:00"),
            channel="call",
            parties=[],
        )


def test_one_event_opens_the_chain(world: World) -> None:
    m = world.row(world.help_wanted().matter)
    event = Event.objects.get(matter=m.id)
    assert (event.seq, event.move, event.actor_kind) == (1, "open", "resident")
    assert (m.chain_seq, bytes(m.chain_mac)) == (1, bytes(event.mac))
    assert CITY not in str(event.codes.get("facts", {}))
