"""Finding the agency that answers for a place, and showing why it is that one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from anjia.registry.places.models import Place, Tier
from anjia.registry.places.names import short
from anjia.registry.places.places import CLIMBED, UPWARDS, inside, upwards
from anjia.registry.posts.models import Agency, Post

Text = dict[str, str]
TIERS: dict[str, Text] = {
    "village": {"zh": "村(社区)", "en": "village"},
    "township": {"zh": "乡镇(街道)", "en": "township"},
    "county": {"zh": "县(市、区)", "en": "county"},
    "city": {"zh": "市", "en": "city"},
    "province": {"zh": "省", "en": "province"},
}
BASES: dict[str, Text] = {
    "residence": {"zh": "按居住地", "en": "by residence"},
    "event": {"zh": "按发生地", "en": "by place of event"},
    "chosen": {"zh": "经办人选定", "en": "chosen by the officer"},
    "parent": {"zh": "随上级事项", "en": "with the parent matter"},
    "above": {"zh": "上一级", "en": "the tier above"},
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


def working(on: date) -> QuerySet[Agency]:
    """Agencies that something can go to: they exist and are not stopped."""
    return in_force(on).filter(stopped_at__isnull=True)


def nearest(kind: str | Sequence[str], place_code: str, on: date) -> tuple[Agency, Reason] | None:
    """The agency of a kind at the place, else at the next place above that manages it, up to the city.

    With several kinds the nearest of any counts, at one place the kind named first. None when there is no
    such agency or no such place. One statement.
    """
    kinds = [kind] if isinstance(kind, str) else list(kind)
    if not kinds:
        return None
    query = f"""{UPWARDS}
        SELECT a.*, up.step, up.managed, up.start, p.name AS place_name, p.tier AS place_tier
          FROM up
          JOIN {Place._meta.db_table} p ON p.code = up.code
          JOIN {Agency._meta.db_table} a ON a.place_id = up.code
         WHERE a.kind IN ({", ".join(["%s"] * len(kinds))})
           AND a.opened_on <= %s AND (a.closed_on IS NULL OR a.closed_on > %s) AND a.stopped_at IS NULL
    """  # noqa: S608
    found: list[Any] = list(Agency.objects.raw(query, [*upwards(place_code, on), *kinds, on, on]))
    if not found:
        return None
    agency: Any = min(found, key=lambda a: (a.step, kinds.index(a.kind), a.name, a.id))
    below = agency.step - (
        agency.start == Tier.GRID
    )  # nobody sits in a grid: its village is the place itself
    code = "above" if below > 0 else "here"
    reason = Reason(code, agency.place_tier, agency.place_id, short(agency.place_name), bool(agency.managed))
    return agency, reason


@dataclass(frozen=True)
class WayUp:
    """The places that answer for a place, from itself upwards, and the agencies that stand there."""

    steps: tuple[tuple[str, str], ...] = ()  # (code, tier)
    found: tuple[tuple[int, Agency], ...] = field(default=(), repr=False)  # (step, agency)

    def codes(self) -> dict[str, str]:
        """Tier → code; grids and the province are left out, as in `places.manager_chain`."""
        return {tier: code for code, tier in self.steps if tier in CLIMBED}

    def step_at(self, tier: str) -> int | None:
        """The first step at that tier or above it; None where the way does not reach so far."""
        wanted = CLIMBED[CLIMBED.index(Tier(tier)) :]
        return next((n for n, (_code, at) in enumerate(self.steps) if at in wanted), None)

    def nearest(self, kind: str, start: int = 0) -> Agency | None:
        """The agency of a kind at step `start`, else at the nearest one above."""
        fit = [(step, a.name, a.id, a) for step, a in self.found if step >= start and a.kind == kind]
        return min(fit)[-1] if fit else None


def way_up(place_code: str, kinds: Iterable[str], on: date, mark: int | None = None) -> WayUp:
    """Every step above a place with its agencies of these kinds, as `nearest` climbs. One statement.

    With the registry's mark (`revision`) the answer is kept and costs nothing the next time.
    """
    wanted = frozenset(kinds)
    return climbed(place_code, wanted, on) if mark is None else kept(place_code, wanted, on, mark)


@lru_cache(maxsize=1024)
def kept(place_code: str, kinds: frozenset[str], on: date, mark: int) -> WayUp:
    """As `climbed`, as long as the mark is the same. What comes back is shared and must not be changed."""
    return climbed(place_code, kinds, on)


def climbed(place_code: str, kinds: frozenset[str], on: date) -> WayUp:
    """The way up, asked of the database."""
    wanted = sorted(kinds)
    query = f"""{UPWARDS}
        SELECT a.*, up.step, up.code AS way_code, p.tier AS way_tier
          FROM up
          JOIN {Place._meta.db_table} p ON p.code = up.code
          LEFT JOIN {Agency._meta.db_table} a ON a.place_id = up.code
           AND a.kind IN ({", ".join(["%s"] * len(wanted))})
           AND a.opened_on <= %s AND (a.closed_on IS NULL OR a.closed_on > %s) AND a.stopped_at IS NULL
         ORDER BY up.step
    """  # noqa: S608
    rows: list[Any] = list(Agency.objects.raw(query, [*upwards(place_code, on), *wanted, on, on]))
    steps = dict.fromkeys((row.way_code, row.way_tier) for row in rows)
    order = {code: n for n, (code, _tier) in enumerate(steps)}
    return WayUp(tuple(steps), tuple((order[row.way_code], row) for row in rows if row.id is not None))


def choices(kinds: Sequence[str], within: str, on: date) -> list[Agency]:
    """Agencies of these kinds within a place and below, for a chooser; highest tier first, then by name."""
    below = Q(city=within) | Q(county=within) | Q(township=within) | Q(village=within)
    order = list(TIERS)[::-1]
    found = working(on).filter(below, kind__in=kinds).select_related("place__parent__parent__parent")[:200]
    return sorted(found, key=lambda a: (order.index(a.tier) if a.tier in order else 9, a.name, a.id))


def find(text: str, on: date, *, kinds: Sequence[str] = (), within: str = "", limit: int = 8) -> list[Agency]:
    """Agencies by part of their name, or by the letters of the place they stand at. One statement."""
    word = text.strip().lower()
    if not word:
        return []
    query = working(on).select_related("place__parent__parent__parent")
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
    """The line above, nearest first: where an overdue duty climbs. One statement."""
    if agency.superior_id is None:
        return []
    found: list[Agency] = []
    above = Agency.objects.select_related("superior__superior__superior").get(pk=agency.superior_id)
    step: Agency | None = above
    while step is not None and step not in found and len(found) < len(TIERS):
        found.append(step)
        step = step.superior
    return found


def above(agency: Agency) -> Agency | None:
    """The agency of the tier above: its superior, at the top of a city the one of its kind at the place above."""
    if agency.superior_id:
        return Agency.objects.get(pk=agency.superior_id)
    place = Place.objects.filter(pk=agency.place_id).values_list("parent", flat=True).first()
    return (
        Agency.objects.filter(kind=agency.kind, place=place, closed_on__isnull=True).first()
        if place
        else None
    )


def line_above(agency_id: UUID | None) -> list[Agency]:
    """Whom somebody of this office may ring: the offices above it, nearest first."""
    agency = Agency.objects.filter(pk=agency_id).first() if agency_id else None
    return superiors(agency) if agency else []


def kind_of(agency_id: UUID) -> str:
    """The kind of one agency; "" for an unknown one."""
    return Agency.objects.filter(pk=agency_id).values_list("kind", flat=True).first() or ""


def of_posts(post_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Post id → name of its agency, in one statement."""
    wanted = set(post_ids)
    return dict(Post.objects.filter(pk__in=wanted).values_list("id", "agency__name")) if wanted else {}
