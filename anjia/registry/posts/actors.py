"""Who is acting: a person in a post, a resident, the clock or the system; fixed for one request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import DateField, Q, QuerySet, UUIDField

from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.prepared import Prepared, Slot
from anjia.foundation.core.verdict import NotFound
from anjia.registry.posts import revision
from anjia.registry.posts.models import Agency, Post

#: What an actor is made of, as columns reached from a post; sessions prefix them with "post__".
COLUMNS: Mapping[str, str] = {
    "account_id": "account_id",
    "post_id": "id",
    "agency_id": "agency_id",
    "agency_kind": "agency__kind",
    "agency_name": "agency__name",
    "line": "agency__line",
    "tier": "agency__tier",
    "city": "agency__city",
    "county": "agency__county",
    "township": "agency__township",
    "village": "agency__village",
    "role": "role",
    "title": "title",
    "pledge": "pledge",
    "language": "account__language",
}


@dataclass(frozen=True)
class Actor:
    """Somebody who acts or reads; what policies decide on. Blank and None where something does not apply.

    `city` … `village` are the places the agency answers for. It carries no name of a person: names are
    decrypted by `people.names` where a page shows them.
    """

    kind: str  # post | agency (by the code on a letter) | resident | clock | system
    account_id: UUID | None = None
    post_id: UUID | None = None
    agency_id: UUID | None = None
    agency_kind: str = ""
    agency_name: str = ""
    line: str = ""
    tier: str = ""
    city: str = ""
    county: str = ""
    township: str = ""
    village: str = ""
    role: str = ""
    title: str = ""
    pledge: str = ""
    language: str = "zh-hans"
    on: date | None = field(default=None, compare=False, repr=False)
    mark: int | None = field(default=None, compare=False, repr=False)  # state of the registry (`revision`)
    at: datetime | None = field(default=None, compare=False, repr=False)  # rights that end are measured by it

    @cached_property
    def posts(self) -> list[Post]:
        """Every post this person holds today, agency loaded. One statement, only on pages that ask."""
        if self.account_id is None or self.on is None:
            return []
        return list(held_on(self.on).filter(account=self.account_id).select_related("agency").order_by("id"))

    @property
    def post_ids(self) -> tuple[UUID, ...]:
        """Ids of `posts`."""
        return tuple(post.id for post in self.posts)


#: A time limit that ended something; its moves pass the same guards as anybody's.
CLOCK = Actor("clock")
#: Set-up, imports and the worker.
SYSTEM = Actor("system")


def resident(language: str = "zh-hans") -> Actor:
    """Somebody without an account; which resident it is only her receipt tells."""
    return Actor("resident", language=language)


def by_letter(agency: Agency) -> Actor:
    """An agency that answers by the code on a letter: the office itself, nobody in it. It reads nothing."""
    return Actor(
        "agency",
        agency_id=agency.id,
        agency_kind=agency.kind,
        agency_name=agency.name,
        line=agency.line,
        tier=agency.tier,
        city=agency.city,
        county=agency.county,
        township=agency.township,
        village=agency.village,
    )


def today(now: datetime) -> date:
    """The calendar day in Shanghai; posts, managements and closings begin and end with it."""
    return now.astimezone(SHANGHAI).date()


def held(on: date | Slot, prefix: str = "") -> Q:
    """Condition on a post (reached through `prefix`) that gives access on a day.

    The post has begun and not ended, its agency is neither closed nor stopped and its account not shut.
    `to_on` and `closed_on` are the first day without.
    """
    p = prefix
    return (
        Q(**{f"{p}from_on__lte": on})
        & (Q(**{f"{p}to_on__isnull": True}) | Q(**{f"{p}to_on__gt": on}))
        & (Q(**{f"{p}agency__closed_on__isnull": True}) | Q(**{f"{p}agency__closed_on__gt": on}))
        & Q(**{f"{p}agency__stopped_at__isnull": True, f"{p}account__is_active": True})
    )


IN_POST = Prepared(
    lambda: Post.objects.filter(held(Slot("on", DateField())), pk=Slot("post", UUIDField())).values(
        *COLUMNS.values(), mark=revision.mark()
    )
)


def held_on(on: date) -> QuerySet[Post]:
    """Posts that give access on a day."""
    return Post.objects.filter(held(on))


def from_row(row: Mapping[str, Any], now: datetime, prefix: str = "") -> Actor:
    """An actor from a row of `values()` with COLUMNS behind a prefix, and the registry's mark."""
    known = {name: row[prefix + column] for name, column in COLUMNS.items()}
    return Actor(kind="post", on=today(now), at=now, mark=row["mark"], **known)


def for_post(post_id: UUID, now: datetime) -> Actor:
    """The actor in a post, if it gives access now. One statement. Raises NotFound otherwise."""
    on = today(now)
    row = IN_POST.first(post=post_id, on=on)
    if row is None:
        raise NotFound
    return from_row(row, now)


def of_agency(agency_id: UUID, now: datetime) -> list[Post]:
    """Posts of an agency that give access now, heads first: whom work can be assigned to. One statement."""
    order = ("head", "triage", "officer", "leader", "volunteer", "sysadmin")
    posts = held_on(today(now)).filter(agency=agency_id)
    return sorted(posts, key=lambda post: (order.index(post.role), post.id))
