"""The agencies a city has, worked out from its places: real places, generic names, no person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from anjia.registry.places.models import Place, Tier
from anjia.registry.places.names import short
from anjia.registry.posts.kinds import kinds
from anjia.registry.posts.models import Agency

#: What stands at each tier, with the name it gets there; {} is the place. Village: see `at_village`.
NAMES: dict[Tier, dict[str, str]] = {
    Tier.PROVINCE: {"federation": "{}妇联"},  # reviews what the city answered; superior of nobody here
    Tier.CITY: {
        "federation": "{}妇联",
        "police_bureau": "{}公安局",
        "court": "{}中级人民法院",
        "procuratorate": "{}人民检察院",
        "justice_bureau": "{}司法局",
        "legal_aid_center": "{}法律援助中心",
        "civil_affairs": "{}民政局",
        "hospital": "{}人民医院",
        "appraisal_center": "{}妇女儿童伤情鉴定中心",
        "counselling": "{}家庭心理服务中心",
        "labour_bureau": "{}人力资源和社会保障局",
        "education_bureau": "{}教育局",
        "media": "{}广播电视台",
        "governance_center": "{}综治中心",
        "petition_office": "{}信访局",
        "government": "{}人民政府",
    },
    Tier.COUNTY: {
        "federation": "{}妇联",
        "police_bureau": "{}公安局",
        "court": "{}人民法院",
        "procuratorate": "{}人民检察院",
        "justice_bureau": "{}司法局",
        "legal_aid_center": "{}法律援助中心",
        "mediation_committee": "{}婚姻家庭纠纷人民调解委员会",
        "civil_affairs": "{}民政局",
        "hospital": "{}人民医院",
        "counselling": "{}家庭心理服务中心",
        "labour_bureau": "{}人力资源和社会保障局",
        "education_bureau": "{}教育局",
        "media": "{}融媒体中心",
        "governance_center": "{}综治中心",
        "petition_office": "{}信访局",
        "government": "{}人民政府",
    },
    Tier.TOWNSHIP: {
        "federation": "{}妇联",
        "police_station": "{}派出所",
        "justice_office": "{}司法所",
        "mediation_committee": "{}人民调解委员会",
        "governance_center": "{}综治中心",
    },
    Tier.VILLAGE: {"federation": "{}妇联", "village_committee": "{}"},
}
#: A development zone is no unit of government: its residents go to the city's or the next county's.
ZONE = ("开发区", "园区", "新区")
NOT_IN_ZONES = frozenset({"government", "petition_office", "procuratorate", "hospital"})
#: Shelters stand at the city, so that no list tells in which county they are.
SHELTERS = "ABC"


def found(places: Iterable[Place], known: Iterable[Agency], on: date) -> list[Agency]:
    """Unsaved agencies that these places lack, superiors set, in an order that can be written.

    `known` are the agencies that exist already: they are kept and serve as superiors.
    """
    register = Register(on, known)
    ordered = sorted(
        places, key=lambda p: (list(NAMES).index(Tier(p.tier)) if p.tier in NAMES else 9, p.code)
    )
    for place in ordered:
        for kind, name in kinds_at(place):
            register.add(kind, name, place)
    return register.new


def kinds_at(place: Place) -> Iterator[tuple[str, str]]:
    """Kind and name of every agency at a place, the leading kind of each line first."""
    said = short(place.name)
    for kind, name in NAMES.get(Tier(place.tier), {}).items():
        if kind in NOT_IN_ZONES and said.endswith(ZONE):
            continue
        yield kind, named(kind, name, place)
    if place.tier == Tier.CITY:
        yield from (("shelter", f"安置点 {letter}") for letter in SHELTERS)


def named(kind: str, pattern: str, place: Place) -> str:
    """The generic name of an agency at a place, the way such agencies are called."""
    said = short(place.name)
    if kind == "village_committee":
        return committee(place)
    if kind in ("police_station", "justice_office"):
        return pattern.format(re.sub(r"(?:街道|镇|乡)$", "", said))
    if kind == "police_bureau" and place.tier == Tier.COUNTY and said.endswith("区"):
        return f"{said}公安分局"
    return pattern.format(said)


def committee(place: Place) -> str:
    """The full name of a village's committee, as the official list has it."""
    if place.name != short(place.name):
        return place.name
    return f"{place.name.removesuffix('村')}村委会" if place.name.endswith("村") else f"{place.name}居委会"


class Register:
    """Agencies by line, place and name while a city is founded."""

    def __init__(self, on: date, known: Iterable[Agency]) -> None:
        self.on = on
        self.new: list[Agency] = []
        self.taken: set[tuple[str, str, str]] = set()
        self.leaders: dict[tuple[str, str], Agency] = {}
        for agency in known:
            self.note(agency)

    def note(self, agency: Agency) -> None:
        """Remember an agency: it is not made twice, and others may stand below it."""
        self.taken.add((agency.kind, agency.place_id, agency.name))
        if kinds()[agency.kind].leads:
            self.leaders[agency.line, agency.place_id] = agency

    def add(self, kind: str, name: str, place: Place) -> None:
        """One agency at a place, unless it exists."""
        if (kind, place.code, name) in self.taken:
            return
        agency = new_agency(
            kind=kind, name=name, place=place, on=self.on, superior=self.superior(kind, place)
        )
        self.note(agency)
        self.new.append(agency)

    def superior(self, kind: str, place: Place) -> Agency | None:
        """The leading agency of the line at the place, if this kind does not lead itself, or above it."""
        line = kinds()[kind]
        above = (place.village, place.township, place.county, place.city)
        codes = [code for code in above if code and (code != place.code or not line.leads)]
        return next((self.leaders[line.line, c] for c in codes if (line.line, c) in self.leaders), None)


def new_agency(
    *, kind: str, name: str, place: Place, on: date, superior: Agency | None, fictional: bool = False
) -> Agency:
    """An unsaved agency of a kind at a place, with the kind's line and default mode."""
    return Agency(
        kind=kind,
        line=kinds()[kind].line,
        tier=place.tier,
        name=name,
        place=place,
        city=place.city,
        county=place.county,
        township=place.township,
        village=place.village,
        superior=superior,
        mode=kinds()[kind].mode,
        is_fictional=fictional or place.is_fictional,
        opened_on=on,
    )
