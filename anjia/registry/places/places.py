"""Reading the tree of places: find by a few letters, show a name in full, climb by who manages what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from anjia.registry.places.models import Place, PlaceManagement, Tier
from anjia.registry.places.names import short

#: The dot between the parts of a name: 邗江区 · 柳浦街道 · 杨林社区.
SEPARATOR = " · "
#: Tiers that are climbed, from the bottom; a grid has no agency and a province none of this city's.
CLIMBED = (Tier.VILLAGE, Tier.TOWNSHIP, Tier.COUNTY, Tier.CITY)
#: Four steps reach the province from a grid; managed_by may add some, a mistake in it must not loop.
MAX_CLIMB = 12
UP = "parent__parent__parent"


@dataclass(frozen=True, slots=True)
class Found:
    """One hit of a search, ready for a list: `where` tells places of the same name apart."""

    code: str
    name: str  # 杨林社区
    tier: str
    where: str  # 邗江区 · 柳浦街道
    county: str
    township: str

    @property
    def display(self) -> str:
        """The name in full: 邗江区 · 柳浦街道 · 杨林社区."""
        return SEPARATOR.join(part for part in (self.where, self.name) if part)


def get(code: str) -> Place | None:
    """The place with its ancestors, or None for an unknown code. One statement."""
    return Place.objects.select_related(UP).filter(pk=code).first()


def display(code: str) -> str:
    """邗江区 · 柳浦街道 · 杨林社区; "" for an unknown code. One statement; many codes: `displays`."""
    place = get(code)
    return full_name(place) if place else ""


def displays(codes: Iterable[str]) -> dict[str, str]:
    """Full names of many places in one statement; unknown codes are left out."""
    return {p.code: full_name(p) for p in Place.objects.select_related(UP).filter(pk__in=set(codes))}


def full_name(place: Place) -> str:
    """The name from the county down; a city or province stands alone. Ancestors should be loaded."""
    return SEPARATOR.join((*above(place), short(place.name)))


def above(place: Place) -> list[str]:
    """Names of the ancestors below the city, county first."""
    names: list[str] = []
    parent = place.parent
    while parent and parent.tier not in (Tier.CITY, Tier.PROVINCE):
        names.insert(0, short(parent.name))
        parent = parent.parent
    return names


def find(text: str, within: str | None = None, limit: int = 8) -> list[Found]:
    """Places by part of the name, or by the beginning of its pinyin or initials. One statement.

    Words before the last one narrow by an ancestor ("邗江 杨林", "hj yl"). `within` keeps to one place and
    below. Exact matches come first, then beginnings, then the rest; higher tiers before lower.
    """
    words = [w for w in re.split(r"[\s·、,,/]+", text.strip().lower().replace("ü", "v")) if w][:4]
    if not words or limit < 1:
        return []
    *uppers, last = words
    query = Place.objects.filter(matches(last)).exclude(tier=Tier.PROVINCE)
    for upper in uppers:
        query = query.filter(
            matches(upper, "parent__") | matches(upper, "parent__parent__") | matches(upper, f"{UP}__")
        )
    if within:
        query = query.filter(inside(within))
    return [as_found(p) for p in ranked(query, last).select_related(UP)[:limit]]


def matches(word: str, prefix: str = "") -> Q:
    """Letters are looked up by index as a beginning; characters anywhere in the name."""
    if word.isascii():
        return (
            Q(**{f"{prefix}pinyin__startswith": word})
            | Q(**{f"{prefix}initials__startswith": word})
            | Q(**{f"{prefix}code__startswith": word})
        )
    return Q(**{f"{prefix}name__contains": word})


def inside(code: str) -> Q:
    """The place itself and everything below it, in the statistical tree."""
    return Q(pk=code) | Q(city=code) | Q(county=code) | Q(township=code) | Q(village=code)


def ranked(query: QuerySet[Place], word: str) -> QuerySet[Place]:
    """Exact before beginning before middle; then the higher tier; then by code, which is stable."""
    exact = Q(name=word) | Q(pinyin=word) | Q(initials=word) | Q(pk=word)
    begins = Q(name__startswith=word) | Q(pinyin__startswith=word) | Q(initials__startswith=word)
    tiers = [When(tier=tier, then=Value(n)) for n, tier in enumerate(reversed(CLIMBED))]
    return query.annotate(
        rank=Case(
            When(exact, then=Value(0)),
            When(begins, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        ),
        height=Case(*tiers, default=Value(9), output_field=IntegerField()),
    ).order_by("rank", "height", "code")


def as_found(place: Place) -> Found:
    """A hit with the county and township it lies in."""
    return Found(
        code=place.code,
        name=short(place.name),
        tier=place.tier,
        where=SEPARATOR.join(above(place)),
        county=place.county,
        township=place.township,
    )


def children(code: str) -> list[Found]:
    """What lies directly below, by code: for choosing step by step without typing. One statement."""
    return [as_found(p) for p in Place.objects.select_related(UP).filter(parent=code).order_by("code")]


def manager_chain(code: str, on: date) -> list[Place]:
    """From the village (or wherever `code` stands) up to the city through the places that MANAGE on that day.

    A township handed to another county's management climbs to that county. Grids are left out: nobody sits
    there. Empty for an unknown code. One statement.
    """
    return [p for p in climb(code, on) if p.tier in CLIMBED]


def climb(code: str, on: date) -> list[Place]:
    """Every step of the way up, grids and the province included. One statement."""
    query = f"""{UPWARDS}
        SELECT p.*, up.step FROM up JOIN {Place._meta.db_table} p ON p.code = up.code ORDER BY up.step
    """  # noqa: S608
    seen: set[str] = set()
    found = []
    for step in Place.objects.raw(query, upwards(code, on)):
        if step.code in seen:
            break
        seen.add(step.code)
        found.append(step)
    return found


#: The way up as the common table `up(code, step, managed, start)`: `managed` is 1 once a management was
#: followed, `start` the tier it began at. Table names come from the models, values are parameters.
MANAGER = f"""(SELECT m.managed_by_id FROM {PlaceManagement._meta.db_table} m
                WHERE m.place_id = p.code AND m.from_on <= %s AND (m.to_on IS NULL OR m.to_on > %s)
                ORDER BY m.from_on DESC, m.id DESC LIMIT 1)"""  # noqa: S608
UPWARDS = f"""
    WITH RECURSIVE up(code, step, managed, start) AS (
        SELECT p.code, 0, 0, p.tier FROM {Place._meta.db_table} p WHERE p.code = %s
        UNION ALL
        SELECT COALESCE({MANAGER}, p.parent_id), up.step + 1,
               CASE WHEN {MANAGER} IS NULL THEN up.managed ELSE 1 END, up.start
        FROM up JOIN {Place._meta.db_table} p ON p.code = up.code
        WHERE up.step < %s
    )
"""  # noqa: S608


def upwards(code: str, on: date) -> list[object]:
    """Parameters of UPWARDS."""
    return [code, on, on, on, on, MAX_CLIMB]


def codes_of(chain: Iterable[Place]) -> dict[str, str]:
    """{"city": …, "county": …, "township": …, "village": …} of a chain; blank where it has no such tier."""
    codes = dict.fromkeys(("city", "county", "township", "village"), "")
    for place in chain:
        if place.tier in codes:
            codes[place.tier] = codes[place.tier] or place.code
    return codes
