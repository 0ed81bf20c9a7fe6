"""找: everything somebody may type finds what she may see, and nothing tells what she may not."""

from __future__ import annotations

from uuid import UUID

import pytest

from anjia.engine.matters import actions, finding
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import FOUNDED, NAME, PHONE, World
from anjia.foundation.events import access
from anjia.foundation.vault.models import Token

ID = "999999199108060347"


def found(world: World, who: str, text: str) -> list[UUID]:
    actor = world.actor(who, "03-12 09:00")
    with access.reading(actor, route="t", how="list"):
        return [r.id for r in finding.search(visible_to(actor), text).rows]


@pytest.mark.parametrize(
    "typed",
    [NAME, " 周 晓兰", "zhouxiaolan", "Zhou Xiaolan", "zxl", PHONE, "100-1350 0034", ID],
)
def test_she_is_found_however_she_is_typed(world: World, typed: str) -> None:
    m = world.responding()
    world.does("county", "register_forms", m, "03-10 14:00", id_number=ID)
    assert found(world, "county", typed) == [m]
    assert found(world, "other", typed) == []
    assert found(world, "city", typed) == []  # the line above finds by number, never by a person


@pytest.mark.parametrize(
    ("name", "typed"), [("单雄信", "shanxiongxin"), ("尉迟丽华", "yclh"), ("朴素珍", "piaosuzhen")]
)
def test_surnames_are_found_as_they_are_spoken(world: World, name: str, typed: str) -> None:
    m = world.help_wanted(name=name).matter
    assert found(world, "county", typed) == [m]


@pytest.mark.parametrize("form", ["{}", "{} ", "0{}"])
def test_number_finds_for_holder_and_for_the_line_above(world: World, form: str) -> None:
    m = world.responding()
    number = world.row(m).number
    expected = [] if form == "0{}" else [m]
    assert found(world, "county", form.format(number)) == expected
    assert found(world, "county", form.format(number.replace("-", ""))) == expected
    assert found(world, "city", form.format(number)) == expected
    assert found(world, "other", form.format(number)) == []


def test_a_partner_is_not_told_whose_telephone_it_is(world: World) -> None:
    """The village was told a name; her telephone it may not open, so the telephone finds nothing there."""
    m = world.responding(decisions=Decisions(tell_community=True))
    world.does("county", "invite_village", m, "03-11 09:00")
    assert found(world, "village", NAME) == [m]
    assert found(world, "village", PHONE) == []


def test_a_family_is_one_line_however_many_referrals(world: World) -> None:
    m = world.responding(decisions=Decisions(tell_police=True))
    child = world.refers(m, "refer_police", "police", "03-11 09:00")
    assert found(world, "county", NAME) == [m]
    assert found(world, "police", NAME) == [child]


def test_tokens_of_earlier_days_are_made_good(world: World) -> None:
    m = world.responding()
    world.does("county", "register_forms", m, "03-10 14:00", id_number=ID)
    before = {(t.owner, t.kind, bytes(t.token)) for t in Token.objects.all()}
    Token.objects.exclude(kind="receipt").delete()
    assert found(world, "county", "zxl") == []
    _last, added = actions.rebuild_tokens(after=None, now=FOUNDED)
    assert {(t.owner, t.kind, bytes(t.token)) for t in Token.objects.all()} == before
    assert added == len([b for b in before if b[1] != "receipt"])
    assert actions.rebuild_tokens(after=None, now=FOUNDED)[1] == 0


def test_one_letter_leafs_through_nobody(world: World) -> None:
    world.responding()
    assert found(world, "county", "周") == []
    assert found(world, "county", "z") == []
