"""The mark of the registry changes with every change of a place, a management or an agency, and with nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction

from anjia.registry.places.models import Place, PlaceManagement, Tier
from anjia.registry.posts import agencies
from anjia.registry.posts.models import Agency, Revision

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


def mark() -> int | None:
    return Revision.objects.filter(pk=1).values_list("mark", flat=True).first()


def town() -> tuple[Place, Agency]:
    place = Place.objects.create(
        code="329901", name="试验县", tier=Tier.COUNTY, pinyin="shiyan", initials="sy"
    )
    agency = Agency.objects.create(
        name="试验县妇联", kind="federation", line="federation", tier="county", place=place, county=place.code,
        opened_on=date(2020, 1, 1),
    )  # fmt: skip
    return place, agency


def test_every_way_of_writing_renews_it() -> None:
    place, agency = town()
    other = Place.objects.create(
        code="329902", name="邻县", tier=Tier.COUNTY, pinyin="linxian", initials="lx"
    )
    changes = [
        lambda: Place.objects.filter(pk=place.pk).update(name="试验区"),
        lambda: Agency.objects.filter(pk=agency.pk).update(closed_on=TODAY),
        lambda: PlaceManagement.objects.create(place=place, managed_by=other, from_on=TODAY, basis="x"),
        lambda: connection.cursor().execute("UPDATE posts_agency SET name = 'x'"),
        lambda: PlaceManagement.objects.all().delete(),
    ]
    seen = [mark()]
    for change in changes:
        change()
        seen.append(mark())
    assert len(set(seen)) == len(seen)
    assert None not in seen


def test_a_change_rolled_back_leaves_nothing_a_later_one_could_be_taken_for() -> None:
    _place, agency = town()
    before = mark()

    class Back(Exception):
        pass

    def tried(name: str) -> int | None:
        try:
            with transaction.atomic():
                Agency.objects.filter(pk=agency.pk).update(name=name)
                inside = mark()
                raise Back
        except Back:
            return inside

    one, two = tried("甲"), tried("乙")
    assert mark() == before
    assert len({before, one, two}) == 3


def test_an_office_closed_today_answers_for_nobody_from_the_next_look_on() -> None:
    place, agency = town()
    assert agencies.way_up(place.code, ["federation"], TODAY, mark()).nearest("federation") == agency
    assert agencies.way_up(place.code, ["federation"], TODAY, mark()).nearest("federation") == agency
    Agency.objects.filter(pk=agency.pk).update(closed_on=TODAY)
    assert agencies.way_up(place.code, ["federation"], TODAY, mark()).nearest("federation") is None
