"""异常查阅: plain rules over the log of readings; a head learns what he may see anyway, and decides."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from anjia.engine.matters import actions, finding, unusual, unusual_rules
from anjia.engine.matters.models import Matter
from anjia.engine.matters.tests.test_walls import known_as
from anjia.engine.matters.tests.world import World, at, hired
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.registry.posts import actions as people
from anjia.registry.posts import ledger
from anjia.registry.posts.actors import SYSTEM

NEXT_DAY = "03-21 06:00"


def reads(world: World, who: str, matters: list[UUID], when: str | datetime) -> None:
    """Somebody opens matters, one request each."""
    moment = at(when) if isinstance(when, str) else when
    for n, m in enumerate(matters):
        with access.reading(
            world.actor(who, "03-10 09:00"), route="desk:matter", at=moment + timedelta(seconds=n)
        ) as reader:
            reader.opened(m, "narrative")


def some(world: World, n: int, day: str = "03-01", names: str = "祁向晚") -> list[UUID]:
    """Matters that nobody has done anything about for weeks."""
    made = [
        world.help_wanted(f"{day} 09:{i:02}", name=names, phone=f"1001360{i:04}").matter for i in range(n)
    ]
    Matter.objects.filter(pk__in=made).update(assignee=None)
    return made


def found(world: World, who: str = "county", when: str = NEXT_DAY) -> list[str]:
    return [line.rule.name for line in unusual.lines(world.actor(who, "03-12 09:00"), at(when))]


def test_reading_by_night_is_found_and_a_shift_is_a_reason(world: World) -> None:
    m = some(world, 3)
    reads(world, "officer", m, "03-20 23:10")
    actions.compute_unusual(now=at(NEXT_DAY))
    assert found(world) == ["outside_hours"]
    world.posts["triage"] = hired("triage", world.offices["county"], "triage")
    people.add_shift(
        agency=world.offices["county"], post=world.posts["triage"], telephone="10000000000",
        starts_at=at("03-20 20:00"), ends_at=at("03-21 08:00"), actor=SYSTEM, now=at("03-19 09:00"),
    )  # fmt: skip
    reads(world, "triage", m, "03-20 23:20")
    actions.compute_unusual(now=at(NEXT_DAY))
    assert len(found(world)) == 1


@pytest.mark.parametrize(("usual", "today", "is_found"), [(3, 12, True), (6, 12, False), (3, 11, False)])
def test_many_are_compared_with_ones_own_days(world: World, usual: int, today: int, is_found: bool) -> None:
    m = some(world, 12, day="03-20")  # all of today, so the office has its part in them
    for day in range(6):
        reads(world, "officer", m[:usual], f"03-1{day} 10:00")
    reads(world, "officer", m[:today], "03-20 10:00")
    actions.compute_unusual(now=at(NEXT_DAY))
    assert ("many" in found(world)) is is_found


def test_what_the_office_is_at_work_on_needs_no_reason(world: World) -> None:
    """The county owes something there: no question. Whoever has no part in it is asked."""
    m = some(world, 5)
    reads(world, "officer", m, "03-20 10:00")
    actions.compute_unusual(now=at(NEXT_DAY))
    assert found(world) == []
    reads(world, "police", m, "03-20 10:00")
    actions.compute_unusual(now=at(NEXT_DAY))
    assert found(world) == ["no_part"]


def test_one_line_once_however_often_it_runs(world: World) -> None:
    reads(world, "officer", some(world, 3), "03-20 23:10")
    assert actions.compute_unusual(now=at(NEXT_DAY)) == 1
    assert actions.compute_unusual(now=at(NEXT_DAY)) == 0


def test_the_head_of_the_reader_and_the_federation_above_see_it_and_nobody_else(world: World) -> None:
    reads(world, "county", some(world, 3), "03-20 23:10")
    actions.compute_unusual(now=at(NEXT_DAY))
    assert found(world, "city") == ["outside_hours"]  # he is the head himself: it goes to the one above
    for who in ("county", "officer", "other", "street", "police", "leader", "sysadmin"):
        assert found(world, who) == []


def test_of_a_matter_he_is_walled_off_from_a_head_learns_nothing(world: World) -> None:
    """With one of three gone the rule is no longer met by what he may know: no line, no page."""
    m = some(world, 3)
    reads(world, "officer", m, "03-20 23:10")
    actions.compute_unusual(now=at(NEXT_DAY))
    (line,) = unusual.lines(world.actor("county", "03-12 09:00"), at(NEXT_DAY))
    known_as(world, "county", mobile="10013600001")
    assert found(world) == []
    with pytest.raises(NotFound):
        unusual.one(world.actor("county", "03-12 09:00"), line.id)
    assert found(world, "city") == ["outside_hours"]  # the city's head is told of a county's federation


def test_the_same_name_looked_for_again_and_again(world: World) -> None:
    """Also when nothing was found, and without keeping what was typed."""
    actor = world.actor("officer", "03-12 09:00")
    for hour in (9, 11, 14, 16):
        with access.reading(actor, route="desk:search", at=at(f"03-20 {hour:02}:00")):
            finding.note(actor, "祁向晚" if hour != 11 else " 祁向晚 ")
    with access.reading(actor, route="desk:search", at=at("03-20 17:00")):
        finding.note(actor, "祁")  # half a name is nobody
    actions.compute_unusual(now=at(NEXT_DAY))
    (line,) = unusual.lines(world.actor("county", "03-12 09:00"), at(NEXT_DAY))
    assert (line.rule.name, line.count) == ("same_search", 4)
    assert "祁" not in str(access.Access.objects.values_list("purpose", flat=True))


def test_the_own_surname_and_the_own_village(world: World) -> None:
    m = some(world, 2, names="祁向晚")
    people.set_contact(
        account=world.posts["officer"].account, name="祁明", mobile="", actor=SYSTEM, now=at("03-01 09:00")
    )
    known_as(world, "police", address="邗江区柳浦街道杨林社区五组8号")
    Matter.objects.filter(pk__in=m).update()
    day = unusual_rules.Day(at("03-20 00:00").date())
    reads(world, "officer", m, "03-20 10:00")
    reads(world, "police", m, "03-20 10:00")
    rules = unusual_rules.by_name()
    named = list(unusual_rules.READERS["own_surname"](rules["own_surname"], day))
    near = list(unusual_rules.READERS["own_village"](rules["own_village"], day))
    assert [h.account for h in near] == [world.posts["police"].account_id]
    assert named == []  # the office owes something there: reading is its work


def test_a_head_confirms_or_asks_and_it_stands_in_his_ledger(world: World) -> None:
    reads(world, "officer", some(world, 3), "03-20 23:10")
    actions.compute_unusual(now=at(NEXT_DAY))
    head = world.actor("county", "03-12 09:00")
    (line,) = unusual.lines(head, at(NEXT_DAY))
    readings = unusual.readings(line)
    assert len(readings) == 3
    assert {r.route for r in readings} == {"desk:matter"}
    with pytest.raises(RuleBroken):
        actions.decide_unusual(line_id=line.id, state="", words="", actor=head, now=at(NEXT_DAY))
    for state, words in (("asked", "请他写说明"), ("explained", "夜里所长来电催件")):
        actions.decide_unusual(line_id=line.id, state=state, words=words, actor=head, now=at(NEXT_DAY))
    assert unusual.one(head, line.id).words == "夜里所长来电催件"
    assert len(ledger.entries(world.offices["county"].id, (unusual.MOVE,))) == 2
    with pytest.raises(RuleBroken):
        actions.decide_unusual(line_id=line.id, state="asked", words="再问一次", actor=head, now=at(NEXT_DAY))
    with pytest.raises(NotFound):
        actions.decide_unusual(
            line_id=line.id, state="asked", words="再问一次", actor=world.actor("officer"), now=at(NEXT_DAY)
        )


def test_every_rule_says_why_in_both_languages() -> None:
    for rule in unusual_rules.rules():
        assert rule.at_least > 0
        assert all(text[lang] for text in (rule.label, rule.why) for lang in ("zh", "en"))
