"""附近服务: places with a public counter for a township, from the offices that answer for it.

Only what an office has made public is shown, and offices that have made nothing public are left out. Shelters
are never listed, wherever they are registered.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Q

from anjia.foundation.core.clock import SHANGHAI
from anjia.registry.places import places
from anjia.registry.places.models import Place
from anjia.registry.posts import agencies
from anjia.registry.posts.kinds import kinds
from anjia.registry.posts.models import Agency

#: Kinds with a public counter, in the order people look for them.
COUNTERS = (
    "rights_station",
    "federation",
    "legal_aid_center",
    "justice_office",
    "mediation_committee",
    "counselling",
    "governance_center",
    "village_committee",
    "civil_affairs",
    "marriage_registry",
    "police_station",
    "hospital",
    "social_work",
)
#: Offices before the many villages, the nearer before the farther.
TIERS = ("township", "county", "city", "village")
MOST = 120


def counters(township: str, now: datetime) -> list[Agency]:
    """Service places in a township and below, and those of the county and city above it. One statement."""
    county = township[:6]
    here = Q(township=township) | Q(tier="county", county=county) | Q(tier="city", city=settings.CITY)
    public = ~Q(address="") | ~Q(telephone="") | ~Q(opening_hours="")
    shown = [kind for kind in COUNTERS if not kinds()[kind].secret]
    found = agencies.in_force(now.astimezone(SHANGHAI).date()).filter(here, public, kind__in=shown)
    return sorted(found.order_by("id")[:MOST], key=in_order)


def in_order(agency: Agency) -> tuple[bool, int, int, str]:
    """Villages last; then what people look for first, then the nearer one."""
    return agency.tier == "village", COUNTERS.index(agency.kind), TIERS.index(agency.tier), agency.name


def chosen_place(code: str) -> Place | None:
    """The county or township that was chosen; None for anything else."""
    place = places.get(code) if code.isascii() and code.isdigit() else None
    return place if place and place.tier in ("county", "township") else None
