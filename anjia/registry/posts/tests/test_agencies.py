"""A city gets all its agencies at once, each work finds the right one, and shelters stay unseen."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from anjia.foundation.core.verdict import NotAllowed, RuleBroken
from anjia.registry.places import actions as places_actions
from anjia.registry.places import places
from anjia.registry.places.models import Place
from anjia.registry.posts import actions, agencies
from anjia.registry.posts.actors import SYSTEM, resident
from anjia.registry.posts.kinds import LEADING, kinds, label
from anjia.registry.posts.models import Agency, Mode
from anjia.registry.posts.tests.conftest import HANJIANG, NOW, TODAY


@pytest.fixture
def city(yangzhou: None) -> list[Agency]:
    return actions.found_city(city="321000", now=NOW, actor=SYSTEM)


def test_a_city_gets_a_federation_at_every_place_and_partners_at_every_tier(city: list[Agency]) -> None:
    count = Counter(Agency.objects.values_list("kind", "tier"))
    federations = {tier: n for (kind, tier), n in count.items() if kind == "federation"}
    assert federations == {"province": 1, "city": 1, "county": 7, "township": 98, "village": 1427}
    assert count["police_station", "township"] == count["governance_center", "township"] == 98
    assert count["village_committee", "village"] == 1427
    assert (count["court", "city"], count["court", "county"]) == (1, 7)
    assert {k for k, _ in count} >= {
        "justice_bureau",
        "legal_aid_center",
        "civil_affairs",
        "shelter",
        "hospital",
        "appraisal_center",
        "labour_bureau",
        "education_bureau",
        "media",
        "counselling",
    }
    names = set(Agency.objects.values_list("name", flat=True))
    assert names >= {"邗江区人民法院", "扬州市中级人民法院", "公道派出所", "安宜镇妇联"}
    assert not Agency.objects.exclude(kind="federation").filter(mode=Mode.ONLINE).exists()
    assert not Agency.objects.filter(kind="federation", mode=Mode.ON_BEHALF).exists()


@pytest.mark.django_db
def test_founding_a_city_takes_less_than_five_seconds(yangzhou: None) -> None:
    began = time.monotonic()
    actions.found_city(city="321000", now=NOW, actor=SYSTEM)
    assert time.monotonic() - began < 5


def test_founding_twice_makes_nothing_twice_and_fills_what_is_missing(city: list[Agency]) -> None:
    before = Agency.objects.count()
    assert actions.found_city(city="321000", now=NOW, actor=SYSTEM) == []
    town = places_actions.add_place(name="柳浦街道", parent=HANJIANG, fictional=True, now=NOW, actor=SYSTEM)
    new = actions.found_city(city="321000", now=NOW, actor=SYSTEM)
    assert {a.name for a in new} >= {"柳浦街道妇联", "柳浦派出所", "柳浦街道综治中心"}
    assert all(a.is_fictional for a in new)
    assert Agency.objects.count() == before + len(new)
    station = next(a for a in new if a.kind == "police_station")
    assert station.superior is not None
    assert (station.superior.name, station.place_id) == ("邗江区公安分局", town.code)


def test_superiors_follow_the_line_up_to_the_city(city: list[Agency]) -> None:
    village = Agency.objects.filter(kind="federation", tier="village", county=HANJIANG).first()
    assert village is not None
    assert [a.tier for a in agencies.superiors(village)] == ["township", "county", "city"]
    assert all(a.kind == "federation" for a in agencies.superiors(village))
    aid = Agency.objects.get(kind="legal_aid_center", county=HANJIANG)
    assert [a.name for a in agencies.superiors(aid)] == ["邗江区司法局", "扬州市司法局"]
    assert not Agency.objects.filter(kind="village_committee").exclude(superior=None).exists()


def test_every_kind_is_known_to_the_code_list_and_stands_where_it_may(city: list[Agency]) -> None:
    assert set(kinds()) >= LEADING
    for kind, tier, line in Agency.objects.values_list("kind", "tier", "line").distinct():
        assert tier in kinds()[kind].tiers, (kind, tier)
        assert line == kinds()[kind].line
        assert label(kind, "en") != label(kind) != kind


def test_nobody_learns_where_a_shelter_is(city: list[Agency], make: SimpleNamespace) -> None:
    shelters = list(Agency.objects.filter(kind="shelter"))
    assert {s.name for s in shelters} == {"安置点 A", "安置点 B", "安置点 C"}
    assert all((s.address, s.telephone, s.county) == ("", "", "") for s in shelters)
    with pytest.raises(RuleBroken):
        make.agency("shelter", "321000", "安置点 D", address="某路1号")
    with pytest.raises(RuleBroken):
        actions.set_public_details(
            agency=shelters[0], telephone="0514-1", address="", opening_hours="", actor=SYSTEM, now=NOW
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.filter(pk=shelters[0].pk).update(address="某路1号")


def test_the_nearest_agency_is_at_the_place_or_above_and_says_why(city: list[Agency]) -> None:
    village = Place.objects.filter(tier="village", county="321023").order_by("code")[0]
    with CaptureQueriesContext(connection) as seen:
        answer = agencies.nearest("court", village.code, TODAY)
    assert len(seen) == 1
    assert answer is not None
    court, reason = answer
    assert (court.name, reason.code, reason.tier) == ("宝应县人民法院", "above", "county")
    assert reason.text()["zh"] == "按居住地:宝应县,下级没有这类单位,由县(市、区)一级承担"
    assert "by residence" in reason.text()["en"]
    federation, here = agencies.nearest("federation", village.code, TODAY) or (None, None)
    assert federation is not None
    assert here is not None
    assert (federation.place_id, here.code) == (village.code, "here")
    appraisal = agencies.nearest("appraisal_center", village.code, TODAY)
    assert appraisal is not None
    assert appraisal[0].tier == "city"
    assert agencies.nearest("employer", village.code, TODAY) is None
    assert agencies.nearest("court", "nowhere", TODAY) is None


def test_the_way_from_a_grid_begins_at_its_village(city: list[Agency]) -> None:
    village = Place.objects.filter(tier="village", county="321023").order_by("code")[0]
    grid = places_actions.add_place(name="第一网格", parent=village.code, now=NOW, actor=SYSTEM)
    federation, reason = agencies.nearest("federation", grid.code, TODAY) or (None, None)
    assert federation is not None
    assert reason is not None
    assert (federation.place_id, reason.code) == (village.code, "here")


def test_one_climb_for_all_kinds_gives_the_same_answers(city: list[Agency]) -> None:
    kinds = ("court", "federation", "shelter", "police_station", "employer")
    towns = list(Place.objects.filter(tier="township").order_by("code")[::20])
    places_actions.set_management(
        place=towns[0].code, managed_by="321071", from_on=TODAY, basis="演1号", now=NOW, actor=SYSTEM
    )
    grid = places_actions.add_place(name="第一网格", parent=towns[1].code, now=NOW, actor=SYSTEM)
    for place in [*Place.objects.filter(tier="village").order_by("code")[::300], *towns, grid]:
        way = agencies.way_up(place.code, kinds, TODAY)
        assert way.codes() == {p.tier: p.code for p in places.manager_chain(place.code, TODAY)}
        for kind in kinds:
            one = agencies.nearest(kind, place.code, TODAY)
            assert way.nearest(kind) == (one[0] if one else None)
        county = way.step_at("county")
        assert county is not None
        from_county = agencies.nearest("federation", way.steps[county][0], TODAY)
        assert way.nearest("federation", county) == (from_county[0] if from_county else None)
    assert agencies.way_up("nowhere", kinds, TODAY).step_at("county") is None


def test_the_nearest_agency_follows_management_and_closing(city: list[Agency]) -> None:
    town = Place.objects.filter(tier="township", county=HANJIANG).order_by("code")[0]
    places_actions.set_management(
        place=town.code, managed_by="321071", from_on=TODAY, basis="演1号", now=NOW, actor=SYSTEM
    )
    court, reason = agencies.nearest("court", town.code, TODAY) or (None, None)
    assert court is not None
    assert reason is not None
    assert (court.place_id, reason.managed) == ("321071", True)
    assert "托管" in reason.text("event")["zh"]
    actions.close_agency(agency=court, on=TODAY, actor=SYSTEM, now=NOW)
    above, _ = agencies.nearest("court", town.code, TODAY) or (None, None)
    assert above is not None
    assert above.name == "扬州市中级人民法院"


def test_agencies_answer_to_the_managing_county(city: list[Agency]) -> None:
    town = Place.objects.filter(tier="township", county=HANJIANG).order_by("code")[0]
    places_actions.set_management(
        place=town.code, managed_by="321071", from_on=TODAY, basis="演1号", now=NOW, actor=SYSTEM
    )
    assert actions.follow_management(place=town.code, now=NOW, actor=SYSTEM) > 0
    federation = Agency.objects.get(kind="federation", place=town)
    assert federation.superior is not None
    assert (federation.county, federation.superior.place_id) == ("321071", "321071")
    village = Agency.objects.filter(kind="federation", place__township=town.code, tier="village").first()
    assert village is not None
    assert (village.county, village.township) == ("321071", town.code)
    assert actions.follow_management(place=town.code, now=NOW, actor=SYSTEM) == 0


def test_an_agency_with_others_below_it_cannot_close(city: list[Agency]) -> None:
    federation = Agency.objects.get(kind="federation", tier="county", county=HANJIANG)
    with pytest.raises(RuleBroken):
        actions.close_agency(agency=federation, on=TODAY, actor=SYSTEM, now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "astrologer"},
        {"place": "nowhere"},
        {"kind": "police_station", "place": "321000"},
        {"name": " "},
    ],
)
def test_an_agency_that_cannot_be_is_refused(make: SimpleNamespace, wrong: dict[str, str]) -> None:
    with pytest.raises(RuleBroken):
        make.agency(**wrong)


def test_only_a_system_administrator_or_set_up_founds_agencies(yangzhou: None) -> None:
    with pytest.raises(NotAllowed):
        actions.found_city(city="321000", now=NOW, actor=resident())


def test_agencies_are_found_by_name_or_the_letters_of_their_place(city: list[Agency]) -> None:
    assert [a.name for a in agencies.find("邗江区人民法", TODAY)] == ["邗江区人民法院"]
    assert {a.place_id for a in agencies.find("hjq", TODAY)} == {HANJIANG}
    courts = agencies.choices(["court"], "321000", TODAY)
    assert (courts[0].tier, len(courts)) == ("city", 8)
    assert agencies.names([courts[0].id, None]) == {courts[0].id: "扬州市中级人民法院"}


def test_mode_can_be_set(make: SimpleNamespace) -> None:
    court = make.agency("court", name="邗江区人民法院", opening_hours="9:00–17:00")
    assert court.mode == Mode.ON_BEHALF
    actions.set_mode(agency=court, mode="online", actor=SYSTEM, now=NOW)
    court.refresh_from_db()
    assert (court.mode, court.opening_hours) == (Mode.ONLINE, "9:00–17:00")
    with pytest.raises(RuleBroken):
        actions.set_mode(agency=court, mode="telepathy", actor=SYSTEM, now=NOW)


def test_a_closed_agency_is_not_offered(make: SimpleNamespace) -> None:
    court = make.agency("court", name="邗江区人民法院")
    actions.close_agency(agency=court, on=date(2026, 3, 10), actor=SYSTEM, now=NOW)
    assert agencies.nearest("court", HANJIANG, TODAY) is not None
    assert agencies.nearest("court", HANJIANG, date(2026, 3, 10)) is None
