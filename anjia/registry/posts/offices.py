"""单位: the offices somebody looks after or may stop, and the people in those he looks after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Count, Q

from anjia.foundation.core.verdict import NotFound, Verdict
from anjia.registry.posts import ledger, people, pledges
from anjia.registry.posts.actors import Actor, held_on, today
from anjia.registry.posts.kinds import kinds, text
from anjia.registry.posts.models import Agency, Post, PostRole
from anjia.registry.posts.policies import can_manage_people_of, can_stop, leads

SHOWN = 60
BELOW = {
    "city": ("county", "township", "village"),
    "county": ("township", "village"),
    "township": ("village",),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One office in the list."""

    id: UUID
    name: str
    kind: dict[str, str]
    people: int
    stopped_at: datetime | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Person:
    """One post of an office: who holds it, from when to when, and the pledge where one is asked."""

    post: UUID
    name: str
    title: str
    role: str
    from_on: date
    to_on: date | None
    must_pledge: bool
    pledged_at: datetime | None
    is_pledged: bool
    is_self: bool


@dataclass(frozen=True)
class Office:
    """One office as its head, or who may stop it, sees it."""

    agency: Agency
    kind: dict[str, str]
    stop: Verdict
    has_people: bool
    people: list[Person]
    history: list[ledger.Entry]
    left: list[ledger.Entry]  # whose post ended, to whom a first password was issued

    @cached_property
    def titles(self) -> dict[str, str]:
        """Post id → the person and title, of the posts in that list."""
        posts = list(Post.objects.filter(pk__in={str(e.codes["post"]) for e in self.left}))
        named = people.names({p.account_id for p in posts})
        return {str(p.id): f"{named.get(p.account_id, '')} · {p.title}" for p in posts}


def in_range(actor: Actor) -> Q:
    """One's own office, the line below it and, for a federation, what it may stop."""
    found = Q(pk=actor.agency_id)
    tiers = BELOW.get(actor.tier, ())
    if tiers:
        at = {actor.tier: getattr(actor, actor.tier)}
        if kinds()[actor.agency_kind].leads:
            found |= Q(line=actor.line, tier__in=tiers, **at)
        if actor.line == "federation" and actor.tier in ("city", "county"):
            found |= Q(tier__in=("city", *tiers) if actor.tier == "city" else tiers, **at)
    return found


def found(actor: Actor, words: str, now: datetime) -> list[Line]:
    """Without words: one's own, the stopped ones and those with people in them; with words: by name or letters."""
    on, words = today(now), words.strip()
    runs = Q(posts__from_on__lte=on) & (Q(posts__to_on__isnull=True) | Q(posts__to_on__gt=on))
    rows = Agency.objects.filter(in_range(actor), Q(closed_on__isnull=True) | Q(closed_on__gt=on))
    rows = rows.annotate(staffed=Count("posts", filter=runs))
    if words.isascii() and words:
        rows = rows.filter(
            Q(place__pinyin__startswith=words.lower()) | Q(place__initials__startswith=words.lower())
        )
    elif words:
        rows = rows.filter(name__contains=words)
    else:
        rows = rows.filter(Q(pk=actor.agency_id) | Q(stopped_at__isnull=False) | Q(staffed__gt=0))
    order = ("city", "county", "township", "village")
    shown = sorted(rows.order_by("place_id", "kind", "name")[: SHOWN * 4], key=lambda a: (
        a.id != actor.agency_id, a.stopped_at is None, order.index(a.tier) if a.tier in order else 9))  # fmt: skip
    return [
        Line(a.id, a.name, text(a.kind), a.staffed, a.stopped_at, a.id == actor.agency_id)  # type: ignore[attr-defined]
        for a in shown[:SHOWN]
    ]


def named(words: str, now: datetime) -> list[Agency]:
    """Offices of this name today, else those in whose names the words occur, six at most."""
    on, words = today(now), words.strip()
    runs = Agency.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))
    exact = list(runs.filter(name=words)[:6])
    return exact or (list(runs.filter(name__contains=words).order_by("tier", "name")[:6]) if words else [])


def one(actor: Actor, agency_id: UUID, now: datetime) -> Office:
    """NotFound for an office that is none of his."""
    agency = in_reach(actor, agency_id)
    may_manage = bool(can_manage_people_of(actor, agency))
    return Office(
        agency=agency,
        kind=text(agency.kind),
        stop=can_stop(actor, agency),
        has_people=may_manage,
        people=staff(agency, actor, now) if may_manage else [],
        history=ledger.entries(agency.id, (ledger.STOP, ledger.REOPEN)),
        left=ledger.entries(agency.id, (ledger.POST_ENDED, ledger.ISSUED)) if may_manage else [],
    )


def in_reach(actor: Actor, agency_id: UUID) -> Agency:
    """The office, for its head, a head above it in its line, and a federation that may stop it."""
    agency = Agency.objects.filter(pk=agency_id).first()
    if agency is None or not (
        agency.id == actor.agency_id or leads(actor, agency) or can_stop(actor, agency)
    ):
        raise NotFound
    return agency


def staff(agency: Agency, actor: Actor, now: datetime) -> list[Person]:
    """Who holds a post there now; also while it is stopped."""
    on = today(now)
    runs = Q(to_on__isnull=True) | Q(to_on__gt=on)
    posts = list(
        Post.objects.filter(runs, agency=agency, account__is_active=True)
        .select_related("agency")
        .order_by("id")
    )
    named, wanted = people.names({p.account_id for p in posts}), pledges.in_force(on).version
    return [
        Person(
            post=p.id,
            name=named.get(p.account_id, ""),
            title=p.title,
            role=p.get_role_display(),
            from_on=p.from_on,
            to_on=p.to_on,
            must_pledge=pledges.must_be_given_in(p),
            pledged_at=p.pledged_at,
            is_pledged=p.pledge == wanted,
            is_self=p.account_id == actor.account_id,
        )
        for p in posts
    ]


def post_of(post_id: UUID) -> Post:
    """A post with its office, however long it runs; who may end it is decided by `can_manage_people_of`."""
    post = Post.objects.select_related("agency", "account").filter(pk=post_id).first()
    if post is None:
        raise NotFound
    return post


def with_leaders(actor: Actor, now: datetime) -> list[Agency]:
    """Offices of one's own city or county in which a leader sits: to whom a page goes, who writes instructions."""
    seated = held_on(today(now)).filter(role=PostRole.LEADER).values("agency")
    near = Agency.objects.filter(pk__in=seated, city=actor.city)
    if actor.tier != "city":
        near = near.filter(county=actor.county)
    return list(near.order_by("place_id", "name"))
