"""One person in several matters: linked by who sees both, undone with a trace, told to nobody else."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from anjia.engine.matters import actions, same_person
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.models import Link, Matter, PersonLink, Seat
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.tests.world import COUNTY, OTHER, PHONE, World, at
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.outbox import worker
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Token

LATER = "03-20 09:00"
ID = "999999199108060347"


def her(world: World, m: UUID) -> UUID:
    from anjia.engine.matters.models import Party

    return Party.objects.get(matter=m, role="asking").id


def said_same(world: World, first: UUID, second: UUID, who: str = "county") -> None:
    actions.link_person(
        matter_id=first, party=her(world, first), theirs=her(world, second), why="she_said", words="她本人说的",
        actor=world.actor(who, LATER), now=at(LATER),
    )  # fmt: skip


def others(world: World, m: UUID, who: str = "county") -> list[UUID]:
    return [s.matter for s in world.page(who, m, LATER).same_person]


def test_linked_matters_show_each_other_and_undoing_leaves_the_trace(world: World) -> None:
    first = world.help_wanted(phone="10011110000").matter
    second = world.help_wanted(when="03-10 08:00", name="小兰", phone="10022220000").matter
    said_same(world, first, second)
    assert others(world, first) == [second]
    assert others(world, second) == [first]
    for m in (first, second):
        assert world.page("county", m, LATER).entries[-1].label["zh"] == "认定为同一人"
    row = PersonLink.objects.first()
    assert row
    assert {f.name for f in row._meta.fields} == {
        "id", "person", "party", "why", "linked_by", "at", "ended_at", "ended_by",
    }  # fmt: skip
    actions.unlink_person(
        matter_id=first, party=her(world, first), theirs=her(world, second), words="弄错了",
        actor=world.actor("county", LATER), now=at(LATER),
    )  # fmt: skip
    assert others(world, first) == others(world, second) == []
    assert PersonLink.objects.filter(ended_at__isnull=True).count() == 1  # the row that ended stays
    assert Event.objects.filter(move="unlink_person").count() == 2


def test_the_third_joins_the_same_person(world: World) -> None:
    matters = [world.help_wanted(when=f"03-1{n} 08:00", phone=f"1001111000{n}").matter for n in range(3)]
    said_same(world, matters[0], matters[1])
    said_same(world, matters[2], matters[1])
    assert set(others(world, matters[0])) == set(matters[1:])
    with pytest.raises(RuleBroken):
        said_same(world, matters[0], matters[2])


def test_only_what_lies_open_to_the_same_reader_can_be_linked(world: World) -> None:
    mine = world.help_wanted().matter
    theirs = world.help_wanted(when="03-10 08:00", place=OTHER).matter
    with pytest.raises(NotFound):
        said_same(world, mine, theirs)
    with pytest.raises(NotFound):  # masked above is not open
        said_same(world, mine, theirs, who="city")
    with pytest.raises(NotFound):
        actions.link_person(
            matter_id=mine, party=her(world, mine), theirs=uuid4(), why="she_said", words="",
            actor=world.actor("county", LATER), now=at(LATER),
        )  # fmt: skip
    assert not PersonLink.objects.exists()
    assert not Event.objects.filter(move="link_person").exists()


def test_a_partner_neither_links_nor_learns_of_it(world: World) -> None:
    first = world.responding(decisions=Decisions(tell_police=True))
    second = world.help_wanted(when="03-11 08:00", phone="10022220000").matter
    child = world.refers(first, "refer_police", "police", "03-11 09:00")
    with pytest.raises((NotAllowed, NotFound)):
        said_same(world, child, second, who="police")
    said_same(world, first, second)
    for who, m in (("police", child), ("city", first)):
        page = world.page(who, m, "03-21 09:00")
        assert page.same_person == []
        assert not [e for e in page.entries if "同一人" in e.label["zh"]]


def test_what_is_equal_is_offered_within_scope_only(world: World) -> None:
    first = world.help_wanted().matter
    second = world.help_wanted(when="03-10 08:00", name="小兰").matter
    world.help_wanted(when="03-10 09:00", place=OTHER)
    actor = world.actor("county", LATER)
    with access.reading(actor, route="t", how="list"):
        offered = same_person.suggested(visible_to(actor), first)
    assert [(o.matter, o.alike) for o in offered] == [(second, ("phone",))]


# -- a match elsewhere ----------------------------------------------------------------------------------


def trace(m: UUID) -> tuple[object, ...]:
    """Everything about a matter that somebody with a seat in it could notice."""
    row = Matter.objects.get(pk=m)
    seats = list(
        Seat.objects.filter(matter=m)
        .order_by("id")
        .values_list("agency", "capacity", "sort_due", "updated_at")
    )
    return row.ver, row.chain_seq, row.updated_at, seats, Event.objects.filter(matter=m).count()


def test_match_elsewhere_goes_to_the_federation_above_and_the_openers_learn_nothing(world: World) -> None:
    first = world.help_wanted(place=COUNTY).matter
    worker.drain(at("03-09 21:00"))
    second = world.help_wanted(when="03-10 08:00", place=OTHER, name="小兰").matter
    before = trace(first), trace(second)
    worker.drain(at("03-10 08:01"))
    assert (trace(first), trace(second)) == before
    asked = Matter.objects.get(playbook="repeat-case")
    assert asked.holder == world.offices["city"]
    assert world.duty(asked.id, "decide").agency == world.offices["city"]
    assert {link.second_id for link in Link.objects.filter(first=asked)} == {first, second}
    page = world.page("city", asked.id)
    assert {m for m, _number, _kind in page.same_case} == {first, second}
    assert "10013500034" not in str(page.entries)
    for who, m in (("county", first), ("other", second)):
        shown = world.page(who, m)
        assert shown.same_case == []
        assert "重复" not in str(shown.entries) + str(shown.duties)
        with pytest.raises(NotFound):
            world.page(who, asked.id)
    worker.drain(at("03-10 08:05"))
    assert Matter.objects.filter(playbook="repeat-case").count() == 1
    world.does("city", "decide_different", asked.id, "03-10 10:00", checked="分别核对过")
    assert world.row(asked.id).closed_at


def test_lowest_federation_that_sees_both(world: World) -> None:
    """One held by the street, one by the county: the county above both, not the city."""
    first = world.help_wanted().matter
    world.does(
        "county", "transfer", first, "03-09 21:00", agency=str(world.offices["street"].id), reason="就近"
    )
    world.help_wanted(when="03-10 08:00")
    worker.drain(at("03-10 08:01"))
    assert Matter.objects.get(playbook="repeat-case").holder == world.offices["county"]


@pytest.mark.parametrize(
    ("shared", "asks"), [("id", True), ("name and birth", True), ("name", False), ("helper", False)]
)
def test_what_makes_two_reports_one_family(world: World, shared: str, asks: bool) -> None:
    first = world.help_wanted(phone="10011110000").matter
    second = world.help_wanted(when="03-10 08:00", phone="10022220000", place=OTHER).matter
    facts = {"id": {"id_number": ID}, "name and birth": {"birth_on": "1991-08-06"}}.get(shared, {})
    for who, m in (("county", first), ("other", second)):
        if facts:
            world.does(who, "register_forms", m, "03-10 07:00" if m == first else "03-10 08:10", **facts)
        if shared == "helper":
            helper(m)
    actions.ask_same_case(body={"matter": str(second)}, now=at("03-10 09:00"))
    assert Matter.objects.filter(playbook="repeat-case").exists() is asks


def helper(m: UUID) -> None:
    """The same teacher reports two families."""
    from anjia.engine.matters.models import Party

    party = Party.objects.create(matter_id=m, root=m, role="helper")
    Token.objects.create(kind="phone", token=vault.token("phone", PHONE), root=m, owner=party.id)
