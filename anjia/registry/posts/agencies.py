"""Finding the agency that answers for a place, and showing why it is that one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

from django.db.models import Q, QuerySet

from anjia.registry.places.models import Place
from anjia.registry.places.names import short
from anjia.registry.places.places import inside, manager_chain
from anjia.registry.posts.models import Agency

Text = dict[str, str]
TIERS: dict[str, Text] = {
    "village": {"zh": "村(社区)", "en": "village"},
    "township": {"zh": "乡镇(街道)", "en": "township"},
    "county": {"zh": "县(市、区)", "en": "county"},
    "city": {"zh": "市", "en": "city"},
}
BASES: dict[str, Text] = {
    "residence": {"zh": "按居住地", "en": "by residence"},
    "event": {"zh": "按发生地", "en": "by place of event"},
    "chosen": {"zh": "经办人选定", "en": "chosen by the officer"},
    "parent": {"zh": "随上级事项", "en": "with the parent matter"},
    "tray": {"zh": "待分派", "en": "open tray"},
}


@dataclass(frozen=True)
class Reason:
    """Why this agency: it stands at the place itself, or higher because nothing of its kind stands below.

    `code` is "here" or "above"; `managed` says that the way up followed a management (托管) instead of the
    official tree.
    """

    code: str
    tier: str
    place: str
    place_name: str
    managed: bool = False

    def text(self, basis: str = "residence") -> Text:
        """Both languages, for example 按居住地:邗江区,本级没有,由县(市、区)负责."""
        zh = f"{BASES[basis]['zh']}:{self.place_name}"
        en = f"{BASES[basis]['en']}: {self.place_name}"
        if self.code == "above":
            zh += f",下级没有这类单位,由{TIERS[self.tier]['zh']}一级承担"
            en += f"; none below, so the {TIERS[self.tier]['en']} answers"
        if self.managed:
            zh += "(按托管关系)"
            en += " (as managed in practice)"
        return {"zh": zh, "en": en}


def in_force(on: date) -> QuerySet[Agency]:
    """Agencies that exist on a day; `closed_on` is the first day without."""
    return Agency.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on), opened_on__lte=on)


def nearest(kind: str | Sequence[str], place_code: str, on: date) -> tuple[Agency, Reason] | None:
    """The agency of a kind at the place, else at the next place above that manages it, up to the city.

    With several kinds the nearest of any counts. None when there is no such agency or no such place. Two
    statements.
    """
    return first_along(kind, manager_chain(place_code, on), on)


def first_along(kind: str | Sequence[str], chain: Sequence[Place], on: date) -> tuple[Agency, Reason] | None:
    """As `nearest`, for a chain of places already climbed: one statement."""
    kinds = [kind] if isinstance(kind, str) else list(kind)
    steps = {place.code: n for n, place in enumerate(chain)}
    found = list(in_force(on).filter(kind__in=kinds, place__in=steps).select_related("superior"))
    if not found:
        return None
    agency = min(found, key=lambda a: (steps[a.place_id], kinds.index(a.kind), a.name, a.id))
    step = steps[agency.place_id]
    place = chain[step]
    managed = any(lower.parent_id != upper.code for lower, upper in pairwise(chain[: step + 1]))
    code = "here" if step == 0 else "above"
    return agency, Reason(code, place.tier, place.code, short(place.name), managed)


def choices(kinds: Sequence[str], within: str, on: date) -> list[Agency]:
    """Agencies of these kinds within a place and below, for a chooser; highest tier first, then by name."""
    below = Q(city=within) | Q(county=within) | Q(township=within) | Q(village=within)
    order = list(TIERS)[::-1]
    found = in_force(on).filter(below, kind__in=kinds).select_related("place__parent__parent__parent")[:200]
    return sorted(found, key=lambda a: (order.index(a.tier) if a.tier in order else 9, a.name, a.id))


def find(text: str, on: date, *, kinds: Sequence[str] = (), within: str = "", limit: int = 8) -> list[Agency]:
    """Agencies by part of their name, or by the letters of the place they stand at. One statement."""
    word = text.strip().lower()
    if not word:
        return []
    query = in_force(on).select_related("place__parent__parent__parent")
    if word.isascii():
        query = query.filter(Q(place__pinyin__startswith=word) | Q(place__initials__startswith=word))
    else:
        query = query.filter(name__contains=word)
    if kinds:
        query = query.filter(kind__in=kinds)
    if within:
        query = query.filter(place__in=Place.objects.filter(inside(within)).values("code"))
    return list(query.order_by("place_id", "kind", "name")[:limit])


def names(agency_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Agency id → name, in one statement; unknown ids are left out."""
    wanted = {agency for agency in agency_ids if agency}
    return dict(Agency.objects.filter(pk__in=wanted).values_list("id", "name")) if wanted else {}


def superiors(agency: Agency) -> list[Agency]:
    """The line above, nearest first: where an overdue duty climbs. One statement a step, at most four."""
    found: list[Agency] = []
    above = agency.superior
    while above is not None and above not in found and len(found) < len(TIERS):
        found.append(above)
        above = above.superior
    return found
