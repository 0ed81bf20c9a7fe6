"""Every write to the tree of places."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.core.who import Who
from anjia.registry.places.models import Place, PlaceManagement, Tier
from anjia.registry.places.names import initials, pinyin, short
from anjia.registry.places.places import climb

DATA = Path(__file__).parent / "data"
#: What a place of this tier may hold directly below.
BELOW = {
    Tier.PROVINCE: Tier.CITY,
    Tier.CITY: Tier.COUNTY,
    Tier.COUNTY: Tier.TOWNSHIP,
    Tier.TOWNSHIP: Tier.VILLAGE,
    Tier.VILLAGE: Tier.GRID,
}
#: Codes of invented places end in 9xx, which the official list does not use for them.
FIRST_OWN_CODE = 900
ANCESTORS = ("city", "county", "township", "village")


def load_places(*, city: str, now: datetime, actor: Who) -> int:
    """Load or refresh the official list of one city; places added by hand stay. Returns how many were read.

    Raises RuleBroken when there is no list for the city.
    """
    path = DATA / f"{city}.csv"
    if not path.is_file():
        raise RuleBroken(_("没有这个市的行政区划数据:%(path)s") % {"path": path.name})
    with path.open(encoding="utf-8", newline="") as lines:
        places = list(built(csv.DictReader(lines)))
    with transaction.atomic():
        Place.objects.bulk_create(
            places,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "tier", "parent", *ANCESTORS, "pinyin", "initials"],
        )
    return len(places)


def built(rows: Iterable[dict[str, str]]) -> Iterator[Place]:
    """Places from rows of code, name, parent_code, level; a parent stands before its children."""
    known: dict[str, Place] = {}
    for row in rows:
        parent = known.get(row["parent_code"])
        if row["parent_code"] and parent is None:
            raise RuleBroken(_("区划数据有误:%(code)s 的上级不在它前面。") % {"code": row["code"]})
        place = new_place(code=row["code"], name=row["name"], tier=Tier(row["level"]), parent=parent)
        known[place.code] = place
        yield place


def new_place(*, code: str, name: str, tier: Tier, parent: Place | None) -> Place:
    """An unsaved place with its ancestors and the letters it is found by."""
    said = short(name)
    place = Place(
        code=code, name=name, tier=tier, parent=parent, pinyin=pinyin(said), initials=initials(said)
    )
    for column in ANCESTORS:
        setattr(place, column, getattr(parent, column) if parent else "")
    if tier in ANCESTORS:
        setattr(place, tier, code)
    return place


def add_place(
    *, name: str, parent: str, now: datetime, actor: Who, code: str = "", fictional: bool = False
) -> Place:
    """Add one place below another: a grid below a village, or an invented village for training.

    Without `code` it gets the next free one of its parent. Raises RuleBroken for an unknown parent, a parent
    that holds nothing below, a blank name, or a code that is taken or does not begin with its parent's.
    """
    name = name.strip()
    if not name:
        raise RuleBroken(fields={"name": _("请填写名称。")})
    with transaction.atomic():
        above = Place.objects.filter(pk=parent).first()
        if above is None or above.tier not in BELOW:
            raise RuleBroken(fields={"parent": _("请选择上一级地方。")})
        code = code or next_code(above)
        stem = above.code.rstrip("0") if above.tier in (Tier.PROVINCE, Tier.CITY) else above.code
        if not code.startswith(stem):
            raise RuleBroken(fields={"code": _("代码应以上一级的代码开头。")})
        if Place.objects.filter(pk=code).exists():
            raise RuleBroken(fields={"code": _("这个代码已经有了。")})
        place = new_place(code=code, name=name, tier=BELOW[Tier(above.tier)], parent=above)
        place.is_fictional = fictional
        place.save(force_insert=True)
    return place


def next_code(parent: Place) -> str:
    """The next free code of our own below a parent."""
    if parent.tier in (Tier.PROVINCE, Tier.CITY):
        raise RuleBroken(fields={"code": _("市、县(区)的代码以国家公布的为准,请填写。")})
    last = Place.objects.filter(parent=parent, code__gte=f"{parent.code}{FIRST_OWN_CODE}").aggregate(
        m=Max("code")
    )["m"]
    number = int(str(last)[len(parent.code) :]) + 1 if last else FIRST_OWN_CODE
    if number > 999:
        raise RuleBroken(fields={"code": _("这一级的自编代码已经用完。")})
    return f"{parent.code}{number}"


def set_management(
    *,
    place: str,
    managed_by: str,
    from_on: date,
    basis: str,
    now: datetime,
    actor: Who,
    to_on: date | None = None,
) -> PlaceManagement:
    """托管: from a day on, another place manages this one (until the day before `to_on`).

    An earlier management that is still open ends that day. Raises RuleBroken when a place would manage
    itself, directly or in a circle, when the dates run backwards or overlap, or when there is no basis.
    """
    if to_on is not None and to_on <= from_on:
        raise RuleBroken(fields={"to_on": _("结束日期要晚于开始日期。")})
    if not basis.strip():
        raise RuleBroken(fields={"basis": _("请写明托管的依据(文号)。")})
    with transaction.atomic():
        if Place.objects.filter(pk__in={place, managed_by}).count() != 2:
            raise RuleBroken(fields={"managed_by": _("请选择两个不同的地方。")})
        if place in {p.code for p in climb(managed_by, from_on)}:
            raise RuleBroken(fields={"managed_by": _("不能由它自己的下级来管理。")})
        PlaceManagement.objects.filter(place=place, to_on__isnull=True, from_on__lt=from_on).update(
            to_on=from_on
        )
        if overlapping(place, from_on, to_on):
            raise RuleBroken(fields={"from_on": _("这段时间已经登记了托管。")})
        return PlaceManagement.objects.create(
            place_id=place, managed_by_id=managed_by, from_on=from_on, to_on=to_on, basis=basis.strip()
        )


def overlapping(place: str, from_on: date, to_on: date | None) -> bool:
    """Whether a management of the place is already written for any day of the period."""
    others = PlaceManagement.objects.filter(place=place).exclude(to_on__lte=from_on)
    return (others.filter(from_on__lt=to_on) if to_on else others).exists()


def end_management(*, management: int, on: date, now: datetime, actor: Who) -> None:
    """The management ends; `on` is the first day on which the place is managed from above again."""
    changed = PlaceManagement.objects.filter(pk=management, from_on__lt=on).update(to_on=on)
    if not changed:
        raise RuleBroken(fields={"to_on": _("结束日期要晚于开始日期。")})
