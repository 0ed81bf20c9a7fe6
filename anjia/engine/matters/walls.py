"""回避墙: whoever is, or lives with, somebody in a matter does not learn from us that the matter exists.

Keyed tokens of staff are compared with those of the people in a matter in the transaction that changes
either side: one look-up over an index each way. From then on `seats.visible_to` answers for this account as
if the matter were not there. A name alone never walls. The office is not told; the lowest federation above
the matter that the account does not belong to is, in silence. Out of reach: what somebody knew before, and
what colleagues tell him.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import BinaryField, Q, QuerySet

from anjia.engine.matters.models import Link, Matter, Party, PersonLink, Seat, Wall, WallLift
from anjia.engine.matters.persons import MESSENGERS
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.clock import NEVER
from anjia.foundation.core.prepared import Prepared, Slot
from anjia.foundation.outbox import outbox
from anjia.foundation.vault.models import Token
from anjia.registry.posts import agencies, identities
from anjia.registry.posts.actors import held_on
from anjia.registry.posts.models import Agency, Post, PostRole

#: Who handles nothing does not keep an office able to act.
IDLE = (PostRole.LEADER, PostRole.SYSADMIN)
LINE = "federation"
SUPERVISING = ("township", "county", "city", "province")
#: Links that say two matters are one family's; "repeat" is the question about them, "asked" is undecided.
ONE_FAMILY = "same"
QUESTION = "repeat"

Pair = tuple[str, bytes]  # kind of identifier, its token
#: What a wall without an identifier of its own rests on: another one, of the same family.
BESIDE: Pair = ("linked", b"")
Tokens = Collection[Pair]


# -- who is walled --------------------------------------------------------------------------------------


def staff_alike(tokens: Tokens) -> dict[UUID, dict[Pair, str]]:
    """Accounts that share an identifier with somebody, by themselves or by a relative: which ones, and the cause."""
    wanted, found = set(tokens), dict[UUID, dict[Pair, str]]()
    values = sorted({token for _kind, token in wanted})
    asked = {f"token{n}": token for n, token in enumerate(values)}
    for owner, root, kind, token in of_staff(len(values)).rows(**asked):
        if (kind, bytes(token)) in wanted:
            found.setdefault(owner, {})[kind, bytes(token)] = identities.cause_of(root, kind)
    return found


@cache
def of_staff(count: int) -> Prepared[tuple[Any, ...]]:
    """Tokens of staff with one of so many values: (owner, root, kind, token). Asked with every report."""
    slots = [Slot(f"token{n}", BinaryField()) for n in range(count)]
    return Prepared(
        lambda: Token.objects.filter(
            kind__in=identities.KINDS, token__in=slots, root__in=identities.STAFF_ROOTS
        ).values_list("owner", "root", "kind", "token")
    )


def equal(tokens: Tokens) -> QuerySet[Token]:
    """Every token with one of these values; a value is keyed by its kind, so that the pairs cannot cross."""
    return Token.objects.filter(kind__in=identities.KINDS, token__in=sorted({t for _kind, t in tokens}))


def of_root(root: UUID) -> set[UUID]:
    """Accounts that are walled off from a matter."""
    return set(Wall.objects.filter(root=root).values_list("account_id", flat=True))


def same_for_all(one: UUID, other: UUID) -> bool:
    """Whether nobody is walled off from just one of two matters: only then may one speak of the other."""
    walls = set(Wall.objects.filter(root__in=[one, other]).values_list("account_id", "root"))
    return {a for a, root in walls if root == one} == {a for a, root in walls if root == other}


# -- raising walls --------------------------------------------------------------------------------------


def raise_for_people(batch: Batch, root: UUID, tokens: Tokens, now: datetime) -> set[UUID]:
    """People of a matter became recognisable: the accounts that are walled off from it by this."""
    found = staff_alike(tokens) if tokens else {}
    if not found:
        return set()
    up = put_up(batch, {(account, r): pairs for account, pairs in found.items() for r in family(root)}, now)
    return {account for account, r in up if r == root}


@identities.on_change
def raise_for_account(batch: Batch, account: UUID, tokens: identities.Tokens, now: datetime) -> None:
    """A member of staff became recognisable: walled off from every matter of somebody she, or a relative, may be."""
    shared: dict[UUID, dict[Pair, str]] = {}
    rows = equal(tokens.keys()).exclude(root__in=identities.STAFF_ROOTS)
    for owner, kind, token in rows.values_list("owner", "kind", "token"):
        if cause := tokens.get((kind, bytes(token))):
            shared.setdefault(owner, {})[kind, bytes(token)] = cause
    if not shared:
        return
    people = Party.objects.filter(pk__in=shared).exclude(role__in=MESSENGERS).values_list("id", "root")
    wanted: dict[tuple[UUID, UUID], dict[Pair, str]] = {}
    for party, root in people:
        for r in family(root):
            wanted.setdefault((account, r), {}).update(shared[party])
    put_up(batch, wanted, now)


def put_up(
    batch: Batch, wanted: Mapping[tuple[UUID, UUID], Mapping[Pair, str]], now: datetime
) -> set[tuple[UUID, UUID]]:
    """The walls that do not stand yet, but for causes that were lifted as wrong; what follows is done after commit.

    Returns who is walled off from what by any of these.
    """
    accounts, roots = {a for a, _r in wanted}, {r for _a, r in wanted}
    standing = set(
        Wall.objects.filter(account__in=accounts, root__in=roots).values_list("account_id", "root")
    )
    lifted = lifted_for(accounts) if wanted else set()
    for (account, root), pairs in wanted.items():
        causes = [cause for pair, cause in pairs.items() if (account, root, *pair) not in lifted]
        if causes and (account, root) not in standing:
            wall = Wall(account_id=account, root=root, cause=sorted(causes)[0], since=now)
            batch.insert(wall)
            outbox.put(batch, kind="matters.walled", body={"wall": str(wall.id)}, now=now)
            standing.add((account, root))
    return standing


def lifted_for(accounts: Collection[UUID]) -> set[tuple[UUID, UUID, str, bytes]]:
    """(account, root, kind, token) of what two people have found to be no reason."""
    rows = WallLift.objects.filter(account__in=accounts, agreed=True).values_list("account_id", "covers")
    return {(a, UUID(root), kind, bytes.fromhex(token)) for a, covers in rows for root, kind, token in covers}


def shared_pairs(account: UUID, roots: Collection[UUID]) -> dict[UUID, set[Pair]]:
    """By what a member of staff, or a relative of hers, is equal to somebody in these matters: root → pairs."""
    own = {
        (kind, bytes(token))
        for kind, token in Token.objects.filter(
            owner=account, root__in=identities.STAFF_ROOTS, kind__in=identities.KINDS
        ).values_list("kind", "token")
    }
    found: dict[UUID, set[Pair]] = {root: set() for root in roots}
    for root, kind, token in equal(own).filter(root__in=roots).values_list("root", "kind", "token"):
        if (kind, bytes(token)) in own:
            found[root].add((kind, bytes(token)))
    return found


def family(root: UUID) -> set[UUID]:
    """The matter with those that were decided to be the same family's or person's, and questions about them."""
    found, new = {root}, {root}
    while new:
        new = beside(new) - found
        found |= new
    return found | asking_about(found)


def beside(roots: Collection[UUID]) -> set[UUID]:
    """Matters one decision away: joined as one family, or a person linked."""
    links = Link.objects.filter(
        Q(first__root__in=roots) | Q(second__root__in=roots), kind=ONE_FAMILY, ended_at__isnull=True
    )
    out = {r for pair in links.values_list("first__root", "second__root") for r in pair}
    persons = PersonLink.objects.filter(party__root__in=roots, ended_at__isnull=True).values("person")
    linked = PersonLink.objects.filter(person__in=persons, ended_at__isnull=True)
    return out | set(linked.values_list("party__root", flat=True))


def asking_about(roots: Collection[UUID]) -> set[UUID]:
    """The federation's own matters that ask whether one of these is another's."""
    links = Link.objects.filter(second__root__in=roots, kind=QUESTION)
    return set(links.values_list("first__root", flat=True))


def share(batch: Batch, roots: Iterable[UUID], now: datetime) -> None:
    """Matters become one family's: who is walled off from one is walled off from all."""
    known = set(roots)
    together = set().union(*(family(r) for r in known))
    accounts = set(Wall.objects.filter(root__in=known).values_list("account_id", flat=True))
    put_up(batch, {(a, r): {BESIDE: "linked"} for a in accounts for r in together}, now)


def follow(batch: Batch, root: UUID, others: Iterable[UUID], now: datetime) -> None:
    """A question about other matters exists for nobody for whom one of them does not."""
    accounts = set(Wall.objects.filter(root__in=list(others)).values_list("account_id", flat=True))
    put_up(batch, {(a, root): {BESIDE: "linked"} for a in accounts}, now)


# -- offices that nobody is left in -----------------------------------------------------------------------


def emptied(agency_ids: Collection[UUID], walled: Collection[UUID], on: date) -> set[UUID]:
    """Offices all of whose people are walled off; one whose acts are recorded for it has none to lose."""
    if not walled or not agency_ids:
        return set()
    posts = held_on(on).filter(agency__in=agency_ids).exclude(role__in=IDLE)
    people: dict[UUID, set[UUID]] = {}
    for agency, account in posts.values_list("agency_id", "account_id"):
        people.setdefault(agency, set()).add(account)
    return {agency for agency, accounts in people.items() if accounts <= set(walled)}


def instead_of(agency: Agency, walled: Collection[UUID], on: date) -> Agency:
    """The office itself, or the nearest one above in its line that works and that somebody is left in."""
    found: Agency | None = agency
    while found is not None and (found.stopped_at or emptied({found.id}, walled, on)):
        found = agencies.above(found)
    return found or agency


# -- who is told ------------------------------------------------------------------------------------------


def supervisor(root: UUID, account: UUID, on: date) -> Post | None:
    """The head of the lowest federation over the matter to which the account does not belong."""
    matter = Matter.objects.select_related("holder").get(pk=root)
    own = set(held_on(on).filter(account=account).values_list("agency_id", flat=True))
    walled = of_root(root)
    for agency in federations_over(matter, on):
        if agency.id in own or agency.tier not in SUPERVISING:
            continue
        posts = held_on(on).filter(agency=agency, role=PostRole.HEAD).exclude(account__in=walled)
        if found := posts.select_related("agency").order_by("id").first():
            return found
    return None


def federations_over(matter: Matter, on: date) -> list[Agency]:
    """Those that see the matter, the lowest first, and the line above them."""
    seats = Seat.objects.filter(root=matter.root, line=LINE, to_at__isnull=True, until=NEVER).select_related(
        "agency"
    )
    seated = {s.agency_id: s.agency for s in seats}
    lowest = sorted(seated.values(), key=lambda a: (TIER_ORDER.index(a.tier), str(a.id)))
    if not lowest:
        found = agencies.nearest(LINE, matter.county or matter.city, on)
        lowest = [found[0]] if found else []
    above = agencies.superiors(lowest[-1]) if lowest else []
    return [*lowest, *(a for a in above if a.id not in seated)]


TIER_ORDER = ("village", *SUPERVISING)
