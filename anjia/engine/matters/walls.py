"""回避墙: whoever is, or lives with, somebody in a matter does not learn from us that the matter exists.

Keyed tokens of staff are compared with those of the people in a matter in the transaction that changes
either side: one look-up over an index each way. From then on `seats.visible_to` answers for this account as
if the matter were not there. A name alone never walls. The office is not told; the lowest federation above
the matter that the account does not belong to is, in silence. Out of reach: what somebody knew before, and
what colleagues tell him.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from anjia.engine.matters.models import Link, Matter, Party, PersonLink, Seat, Wall
from anjia.engine.matters.persons import MESSENGERS
from anjia.foundation.core.batch import Batch
from anjia.foundation.outbox import outbox
from anjia.foundation.vault.models import Token
from anjia.foundation.vault.vault import STAFF_ROOT
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

Tokens = Collection[tuple[str, bytes]]


# -- who is walled --------------------------------------------------------------------------------------


def staff_alike(tokens: Tokens) -> dict[UUID, str]:
    """Accounts that share an identifier with somebody: account → kind of identifier."""
    rows = equal(tokens).filter(root=STAFF_ROOT).values_list("owner", "kind", "token")
    wanted = set(tokens)
    return {owner: kind for owner, kind, token in rows if (kind, bytes(token)) in wanted}


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
    if found:
        put_up(batch, {(account, r): cause for account, cause in found.items() for r in family(root)}, now)
    return set(found)


@identities.on_change
def raise_for_account(
    batch: Batch, account: UUID, tokens: Sequence[tuple[str, bytes]], now: datetime
) -> None:
    """A member of staff became recognisable: walled off from every matter of somebody she may be."""
    rows = list(equal(tokens).exclude(root=STAFF_ROOT).values_list("owner", "kind", "token"))
    wanted = set(tokens)
    kinds = {owner: kind for owner, kind, token in rows if (kind, bytes(token)) in wanted}
    if not kinds:
        return
    people = Party.objects.filter(pk__in=kinds).exclude(role__in=MESSENGERS).values_list("id", "root")
    wanted_walls: dict[tuple[UUID, UUID], str] = {}
    for party, root in people:
        for r in family(root):
            wanted_walls.setdefault((account, r), kinds[party])
    put_up(batch, wanted_walls, now)


def put_up(batch: Batch, wanted: Mapping[tuple[UUID, UUID], str], now: datetime) -> None:
    """The walls that do not stand yet; what follows from them is done after commit."""
    accounts, roots = {a for a, _r in wanted}, {r for _a, r in wanted}
    standing = set(
        Wall.objects.filter(account__in=accounts, root__in=roots).values_list("account_id", "root")
    )
    for (account, root), cause in wanted.items():
        if (account, root) not in standing:
            wall = Wall(account_id=account, root=root, cause=cause, since=now)
            batch.insert(wall)
            outbox.put(batch, kind="matters.walled", body={"wall": str(wall.id)}, now=now)


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
    put_up(batch, {(a, r): "linked" for a in accounts for r in together}, now)


def follow(batch: Batch, root: UUID, others: Iterable[UUID], now: datetime) -> None:
    """A question about other matters exists for nobody for whom one of them does not."""
    accounts = set(Wall.objects.filter(root__in=list(others)).values_list("account_id", flat=True))
    put_up(batch, {(a, root): "linked" for a in accounts}, now)


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
    seats = Seat.objects.filter(root=matter.root, line=LINE, to_at__isnull=True).select_related("agency")
    seated = {s.agency_id: s.agency for s in seats}
    lowest = sorted(seated.values(), key=lambda a: (TIER_ORDER.index(a.tier), str(a.id)))
    if not lowest:
        found = agencies.nearest(LINE, matter.county or matter.city, on)
        lowest = [found[0]] if found else []
    above = agencies.superiors(lowest[-1]) if lowest else []
    return [*lowest, *(a for a in above if a.id not in seated)]


TIER_ORDER = ("village", *SUPERVISING)
