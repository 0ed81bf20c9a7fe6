"""Two people at once: nothing is overwritten, the person chooses."""

from __future__ import annotations

import pytest

from anjia.engine.matters import actions
from anjia.engine.matters.corrections import EditedMeanwhile
from anjia.engine.matters.models import Link
from anjia.engine.matters.tests.world import PHONE, World, at
from anjia.foundation.core.verdict import Stale
from anjia.foundation.events.models import Event
from anjia.foundation.outbox import worker
from anjia.foundation.vault import vault


def test_a_move_on_an_old_page_is_stale_and_writes_nothing(world: World) -> None:
    m = world.responding()
    ver = world.row(m).ver
    world.does("county", "note", m, "03-11 09:00", words="先写的", ver=ver)
    events = Event.objects.filter(matter=m).count()
    with pytest.raises(Stale):
        world.does("officer", "note", m, "03-11 09:01", words="后写的", ver=ver)
    assert Event.objects.filter(matter=m).count() == events


def edit(world: World, who: str, m: object, phone: str, base: int, choice: str = "") -> None:
    her = next(p for p in world.page("county", m).people if p.role == "asking")  # type: ignore[arg-type]
    world.does(
        who, "correct", m, "03-11 09:00", party=str(her.id), compartment="contact", base=str(base),
        choice=choice, reason="她说换了号", **{"party-phone": phone},
    )  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize(("choice", "expected"), [("mine", "222"), ("theirs", "111"), ("both", "111;222")])
def test_two_edits_of_one_telephone_ask_which(world: World, choice: str, expected: str) -> None:
    m = world.responding()
    edit(world, "county", m, "111", base=1)
    with pytest.raises(EditedMeanwhile) as meanwhile:
        edit(world, "officer", m, "222", base=1)
    assert (meanwhile.value.mine["phone"], meanwhile.value.theirs["phone"]) == ("222", "111")
    edit(world, "officer", m, "222", base=1, choice=choice)
    her = next(p for p in world.page("county", m).people if p.role == "asking")
    assert her.contact["phone"] == expected
    phones = [vault.open_sealed(row, vault.key(m))["phone"] for row in vault.history(her.id, "contact")]
    assert {"111", PHONE} <= set(phones)  # every version that was ever saved is still there


def test_second_report_of_the_family_asks_same_case(world: World) -> None:
    first = world.help_wanted().matter
    second = world.help_wanted(when="03-10 08:00", name="小兰").matter
    worker.drain(at("03-10 08:01"))
    assert Link.objects.get(first=second).second_id == first
    assert world.duty(second, "same_case").agency == world.offices["county"]
    actions.move(
        matter_id=second, name="link_same", actor=world.actor("county"), now=at("03-10 09:00"),
        data={"matter": str(first), "same_case": "same"},
    )  # fmt: skip
    row = world.row(second)
    assert row.parent_id == first
    assert row.ended_at is None  # both clocks run until it is decided
    world.does("county", "accept_in", second, "03-10 09:10", first_or_repeat="repeat")


def test_same_name_alone_links_nothing(world: World) -> None:
    world.help_wanted()
    second = world.help_wanted(when="03-10 08:00", phone="10099999999").matter
    worker.drain(at("03-10 08:01"))
    assert not Link.objects.filter(first=second).exists()
