"""The list of places is complete, its names are found by letters, and work climbs by who manages."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.core.who import SYSTEM
from anjia.registry.places import actions, places
from anjia.registry.places.models import Place, PlaceManagement, Tier
from anjia.registry.places.names import initials, pinyin, short

NOW = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
TODAY = date(2026, 3, 9)
HANJIANG, SLENDER_LAKE = "321003", "321003011"


@pytest.fixture
def yangzhou(db: None) -> None:
    actions.load_places(city="321000", now=NOW, actor=SYSTEM)


@pytest.fixture
def willow(yangzhou: None) -> Place:
    """柳浦街道 with 杨林社区, both invented, in 邗江区."""
    town = actions.add_place(name="柳浦街道", parent=HANJIANG, fictional=True, now=NOW, actor=SYSTEM)
    return actions.add_place(name="杨林社区居委会", parent=town.code, fictional=True, now=NOW, actor=SYSTEM)


def test_the_city_has_seven_counties_98_townships_1427_villages_83_repeated_names(yangzhou: None) -> None:
    tiers = Counter(Place.objects.values_list("tier", flat=True))
    assert tiers == {"province": 1, "city": 1, "county": 7, "township": 98, "village": 1427}
    names = Counter(Place.objects.filter(tier=Tier.VILLAGE).values_list("name", flat=True))
    assert sum(1 for n in names.values() if n > 1) == 83


def test_loading_twice_changes_nothing_and_keeps_places_added_by_hand(willow: Place) -> None:
    before = list(Place.objects.order_by("code").values())
    actions.load_places(city="321000", now=NOW, actor=SYSTEM)
    assert list(Place.objects.order_by("code").values()) == before


@pytest.mark.django_db
def test_loading_is_a_handful_of_statements_not_one_a_place() -> None:
    with CaptureQueriesContext(connection) as caught:
        actions.load_places(city="321000", now=NOW, actor=SYSTEM)
    assert len(caught) < 40


@pytest.mark.django_db
def test_a_city_without_data_is_refused_in_words() -> None:
    with pytest.raises(RuleBroken, match="999999"):
        actions.load_places(city="999999", now=NOW, actor=SYSTEM)


def test_every_place_carries_its_ancestors(yangzhou: None) -> None:
    village = Place.objects.filter(tier=Tier.VILLAGE).select_related("parent__parent")[700]
    assert village.parent is not None
    assert (village.village, village.township, village.city) == (village.code, village.parent_id, "321000")
    assert village.county == village.parent.parent_id
    assert not Place.objects.filter(tier=Tier.COUNTY).exclude(township="").exists()


@pytest.mark.parametrize(
    ("name", "full", "letters"),
    [
        ("邗江区", "hanjiangqu", "hjq"),
        ("江都区", "jiangduqu", "jdq"),
        ("仙女镇", "xiannvzhen", "xnz"),
        ("朝阳社区", "chaoyangshequ", "cysq"),
        ("长林村", "changlincun", "clc"),
        ("单家村", "shanjiacun", "sjc"),
        ("简单村", "jiandancun", "jdc"),
        ("重桥村", "chongqiaocun", "cqc"),
        ("六圩村", "liuweicun", "lwc"),
        ("经济开发区（马棚街道）", "jingjikaifaqumapengjiedao", "jjkfqmpjd"),
    ],
)
def test_pinyin_follows_the_reading_of_the_place(name: str, full: str, letters: str) -> None:
    assert (pinyin(name), initials(name)) == (full, letters)


@pytest.mark.parametrize(
    ("official", "said"),
    [
        ("杨林社区居委会", "杨林社区"),
        ("佳家花园社区居民委员会", "佳家花园社区"),
        ("太平村委会", "太平村"),
        ("营北村村委会", "营北村"),
        ("芦村居委会", "芦村"),
        ("天亭居委会", "天亭社区"),
        ("郭庄村（居）委会", "郭庄村"),
        ("邗江区", "邗江区"),
    ],
)
def test_the_short_name_is_what_people_say(official: str, said: str) -> None:
    assert short(official) == said


@pytest.mark.parametrize(
    "typed", ["杨林", "杨林社区", "yanglin", "YangLin", "ylsq", "邗江 杨林", "hj yl", "柳浦 yl"]
)
def test_a_village_is_found_by_characters_pinyin_and_initials(willow: Place, typed: str) -> None:
    hit = next(f for f in places.find(typed, within=HANJIANG, limit=20) if f.code == willow.code)
    assert hit.display == "邗江区 · 柳浦街道 · 杨林社区"
    assert (hit.where, hit.county) == ("邗江区 · 柳浦街道", HANJIANG)


def test_repeated_names_are_told_apart_by_county_and_township(yangzhou: None) -> None:
    hits = places.find("新联村", limit=20)
    assert len(hits) > 1
    assert len({h.display for h in hits}) == len(hits)
    assert all(h.where.count("·") == 1 for h in hits)


def test_beginnings_come_before_middles_and_counties_before_villages(yangzhou: None) -> None:
    assert places.find("邗江")[0].code == HANJIANG
    assert places.find("baoying")[0].code == "321023"
    names = [h.name for h in places.find("桥", limit=200)]
    begins = [n.startswith("桥") for n in names]
    assert begins == sorted(begins, reverse=True)


def test_searching_is_one_statement_and_hostile_input_finds_nothing(yangzhou: None) -> None:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        places.find("邗江 新", limit=8)
    assert len(seen) == 1
    for typed in ("", "   ", "%", "_", "'; drop", "zzzzzz", "柳浦" * 200):
        assert places.find(typed) == []


def test_within_keeps_to_the_place(yangzhou: None) -> None:
    assert {h.county for h in places.find("村", within=HANJIANG, limit=50)} == {HANJIANG}


def test_display_of_each_tier(willow: Place) -> None:
    grid = actions.add_place(name="第一网格", parent=willow.code, now=NOW, actor=SYSTEM)
    assert grid.tier == Tier.GRID
    assert places.display(grid.code) == "邗江区 · 柳浦街道 · 杨林社区 · 第一网格"
    assert places.display(HANJIANG) == "邗江区"
    assert places.display("321000") == "扬州市"
    assert places.display("nowhere") == ""


def test_invented_places_never_take_an_official_code(willow: Place) -> None:
    again = actions.add_place(name="竹溪社区", parent=willow.township, fictional=True, now=NOW, actor=SYSTEM)
    assert again.code != willow.code
    assert willow.code.endswith("900")
    assert again.is_fictional


@pytest.mark.parametrize(
    ("name", "parent", "code"),
    [
        ("", HANJIANG, ""),
        ("甲镇", "000", ""),
        ("甲镇", HANJIANG, "321002999"),
        ("东关", "321002", "321002001"),
    ],
)
def test_a_place_that_fits_nowhere_is_refused(yangzhou: None, name: str, parent: str, code: str) -> None:
    with pytest.raises(RuleBroken):
        actions.add_place(name=name, parent=parent, code=code, now=NOW, actor=SYSTEM)


def test_the_chain_climbs_from_a_grid_to_the_city_in_one_statement(willow: Place) -> None:
    grid = actions.add_place(name="第一网格", parent=willow.code, now=NOW, actor=SYSTEM)
    with CaptureQueriesContext(connection) as seen:
        chain = places.manager_chain(grid.code, TODAY)
    assert [p.code for p in chain] == [willow.code, willow.township, HANJIANG, "321000"]
    assert len(seen) == 1
    assert places.manager_chain("nowhere", TODAY) == []
    assert places.codes_of(chain)["county"] == HANJIANG


def test_work_climbs_through_the_managing_county_only_while_the_management_lasts(willow: Place) -> None:
    def county(on: date) -> str:
        return places.codes_of(places.manager_chain(willow.code, on))["county"]

    actions.set_management(
        place=willow.township,
        managed_by="321071",
        from_on=date(2026, 1, 1),
        to_on=date(2026, 7, 1),
        basis="演政发〔2026〕1号",
        now=NOW,
        actor=SYSTEM,
    )
    assert county(date(2025, 12, 31)) == HANJIANG
    assert county(date(2026, 1, 1)) == "321071"
    assert county(date(2026, 6, 30)) == "321071"
    assert county(date(2026, 7, 1)) == HANJIANG
    assert Place.objects.get(pk=willow.code).county == HANJIANG, "statistics keep the official tree"


def test_a_new_management_ends_the_open_one(willow: Place) -> None:
    for manager, start in (("321071", date(2026, 1, 1)), ("321002", date(2026, 5, 1))):
        actions.set_management(
            place=willow.township, managed_by=manager, from_on=start, basis="演1号", now=NOW, actor=SYSTEM
        )
    assert PlaceManagement.objects.get(managed_by="321071").to_on == date(2026, 5, 1)


def test_management_in_a_circle_backwards_or_without_basis_is_refused(willow: Place) -> None:
    usual: dict[str, Any] = {"from_on": TODAY, "basis": "演1号", "now": NOW, "actor": SYSTEM}
    wrong: list[dict[str, Any]] = [
        {"place": HANJIANG, "managed_by": willow.township},
        {"place": HANJIANG, "managed_by": HANJIANG},
        {"place": willow.township, "managed_by": "321071", "to_on": date(2025, 1, 1)},
        {"place": willow.township, "managed_by": "321071", "basis": " "},
    ]
    for case in wrong:
        with pytest.raises(RuleBroken):
            actions.set_management(**{**usual, **case})


def test_a_circle_already_in_the_table_does_not_hang_the_climb(willow: Place) -> None:
    PlaceManagement.objects.create(place_id=HANJIANG, managed_by_id=willow.code, from_on=TODAY, basis="x")
    assert places.manager_chain(willow.code, TODAY)[0].code == willow.code
