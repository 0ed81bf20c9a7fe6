"""Mediators: people who hold a post in a mediation committee, for a term, with so much to do.

What is needed beyond the post (identity number, home, sex, training) is sealed with the account, as names
are. How much somebody has to do is said in bands, from matters the reader may see anyway.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.models import Duty, Seat
from anjia.engine.matters.seats import Scope, visible_to
from anjia.foundation.core.verdict import NotFound
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment
from anjia.registry.posts import agencies, people
from anjia.registry.posts.actors import Actor, held_on, today
from anjia.registry.posts.models import Agency, Post
from anjia.registry.posts.policies import can_manage_people_of

KIND = "mediation_committee"
#: 人民调解法 8 and 9: three to nine members, a woman among them, a term of three years.
FEWEST, MOST, TERM_YEARS = 3, 9, 3
#: From how many open duties on somebody counts as …
BANDS = ((0, "free"), (1, "light"), (6, "busy"), (16, "full"))
BAND_WORDS: dict[str, str | Promise] = {
    "free": _("空着"),
    "light": _("1–5项"),
    "busy": _("6–15项"),
    "full": _("16项以上,先别派"),
}
MEDIATING_ROLES = ("head", "officer")
COUNTED = 5_000


@dataclass(frozen=True)
class Mediator:
    """One mediator in the list. `why_not` says why she is not available, "" when she is."""

    post: UUID
    name: str
    title: str
    term_ends: date
    band: str
    why_not: str | Promise = ""

    @property
    def load(self) -> str | Promise:
        return BAND_WORDS[self.band]


@dataclass(frozen=True)
class Committee:
    """One committee, its mediators, and what the statute finds missing."""

    agency: UUID
    name: str
    mediators: Sequence[Mediator]
    faults: Sequence[str | Promise] = field(default_factory=tuple)
    may_describe: bool = False


def term_ends(post: Post) -> date:
    """The last-but-not-included day of the term: three years, or earlier where the post ends earlier."""
    begun = post.from_on
    day = 28 if (begun.month, begun.day) == (2, 29) else begun.day
    latest = begun.replace(year=begun.year + TERM_YEARS, day=day)
    return min(latest, post.to_on) if post.to_on else latest


def particulars(account_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """What is recorded of each person beyond name and telephone. One statement."""
    rows = vault.latest(set(account_ids), [Compartment.IDENTITY])
    staff = vault.staff_key()
    return {owner: vault.open_sealed(row, staff) for (owner, _c), row in rows.items()}


def unavailable(post: Post, details: Mapping[str, Any], on: date) -> str | Promise:
    """Why this person may not be appointed to anything now; "" when she may."""
    if term_ends(post) <= on:
        return _("任期已满三年,先办连任手续(人民调解法第9条)。")
    trained = str(details.get("trained_until") or "")
    if trained and date.fromisoformat(trained) < on:
        return _("培训证书已过期,先参加培训(人民调解法第14条)。")
    return ""


def same_home(one: str, other: str) -> bool:
    """The same address, however it was typed."""
    first, second = (
        "".join(c for c in unicodedata.normalize("NFKC", a) if not c.isspace() and c not in ",,。-—")
        for a in (one, other)
    )
    return bool(first) and first == second


def band_of(count: int) -> str:
    """The band of so many open duties."""
    return next(name for least, name in reversed(BANDS) if count >= least)


def open_duties(scope: Scope, posts: Iterable[UUID]) -> dict[UUID, int]:
    """How many open duties each has, in matters that the reader may see."""
    wanted, seen = list(posts), dict[UUID, set[UUID]]()
    for seats in (scope.own(), scope.below()):
        for post, duty in duties_in(seats, wanted).values_list("post_id", "id")[:COUNTED]:
            seen.setdefault(post, set()).add(duty)
    return {post: len(duties) for post, duties in seen.items()}


def duties_in(seats: QuerySet[Seat], posts: Sequence[UUID]) -> QuerySet[Duty]:
    return Duty.objects.filter(done_at__isnull=True, post__in=posts, matter__in=seats.values("matter"))


def committees(actor: Actor, now: datetime, within: str = "") -> list[Committee]:
    """The committees at and below the reader's place; a committee itself sees only its own."""
    on = today(now)
    if actor.agency_id and actor.agency_kind == KIND:
        found = list(Agency.objects.filter(pk=actor.agency_id))
    else:
        found = agencies.choices([KIND], within or getattr(actor, actor.tier), on)
    held = held_on(on).filter(agency__in=[a.id for a in found], role__in=MEDIATING_ROLES)
    posts: dict[UUID, list[Post]] = {}
    for post in held.order_by("title", "id"):
        posts.setdefault(post.agency_id, []).append(post)
    everybody = [p for ps in posts.values() for p in ps]
    said = Said(
        names=people.names([p.account_id for p in everybody]),
        details=particulars([p.account_id for p in everybody]),
        counts=open_duties(visible_to(actor), [p.id for p in everybody]),
    )
    return [committee(agency, posts.get(agency.id, []), said, actor, on) for agency in found]


@dataclass(frozen=True)
class Said:
    """Names, particulars and loads of everybody in the list, each read once."""

    names: Mapping[UUID, str]
    details: Mapping[UUID, Mapping[str, Any]]
    counts: Mapping[UUID, int]


def committee(agency: Agency, posts: Sequence[Post], said: Said, actor: Actor, on: date) -> Committee:
    """One committee as the page shows it."""
    members = [
        Mediator(
            post=p.id,
            name=said.names.get(p.account_id, ""),
            title=p.title,
            term_ends=term_ends(p),
            band=band_of(said.counts.get(p.id, 0)),
            why_not=unavailable(p, said.details.get(p.account_id, {}), on),
        )
        for p in posts
    ]
    sexes = [str(said.details.get(p.account_id, {}).get("sex") or "") for p in posts]
    allowed = bool(can_manage_people_of(actor, agency))
    return Committee(agency.id, agency.name, members, faults(sexes), allowed)


def faults(sexes: Sequence[str]) -> list[str | Promise]:
    """What 人民调解法 8 finds missing; a person whose sex is not recorded is no proof either way."""
    found: list[str | Promise] = []
    if not FEWEST <= len(sexes) <= MOST:
        found.append(_("应有3至9名委员,现在登记%(n)s名。") % {"n": len(sexes)})
    if sexes and "female" not in sexes:
        found.append(_("应当有妇女委员,请补充。") if all(sexes) else _("还没有登记妇女委员。"))
    return found


def manageable(post_id: UUID, actor: Actor) -> dict[str, str]:
    """Name and chair of a mediator whose particulars this reader may write; NotFound for anybody else."""
    post = Post.objects.select_related("agency").filter(pk=post_id, agency__kind=KIND).first()
    if post is None or not can_manage_people_of(actor, post.agency):
        raise NotFound
    return {"name": people.name(post.account_id), "title": post.title, "agency": post.agency.name}
