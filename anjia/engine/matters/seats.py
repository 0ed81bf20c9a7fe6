"""The only scope there is: which matters this person may see, and how much of each.

An agency sees what it has a seat in; the line above sees the same matters masked. Both are one index
range over `seat`. Every list, count, search, export, figure and file starts here, nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from uuid import UUID

from django.db.models import CharField, DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.db.models.expressions import Combinable

from anjia.engine.matters.models import Capacity, Duty, Grant, Matter, Seat, Wall
from anjia.foundation.core.clock import NEVER
from anjia.foundation.core.prepared import Prepared, Slot
from anjia.foundation.core.verdict import NotFound
from anjia.foundation.vault.models import Compartment, DataKey
from anjia.registry.posts import pledges
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import PostRole

#: Tiers whose agencies supervise others of their line.
SUPERVISING = ("city", "county", "township")

ALL = frozenset(
    {
        Compartment.LABEL,
        Compartment.IDENTITY,
        Compartment.CONTACT,
        Compartment.NARRATIVE,
        Compartment.EVIDENCE,
    }
)
#: What each capacity may open. Who reported, and what the person complained of said when he was heard or asked
#: for his record to be put right, is for whoever holds the matter, nobody else. Whereabouts and counsel are in
#: none: they have gates of their own.
MAY_OPEN: dict[str, frozenset[Compartment]] = {
    Capacity.HOLDER: ALL | {Compartment.REPORTER, Compartment.RESPONDENT},
    Capacity.TRAY: ALL | {Compartment.REPORTER, Compartment.RESPONDENT},
    Capacity.REFERRER: ALL,
    Capacity.SUPERVISOR: frozenset({Compartment.LABEL, Compartment.IDENTITY, Compartment.NARRATIVE}),
    Capacity.PARTNER: frozenset({Compartment.LABEL, Compartment.IDENTITY, Compartment.NARRATIVE}),
    Capacity.VILLAGE: frozenset({Compartment.LABEL, Compartment.NARRATIVE}),
    Capacity.GRANTED: frozenset(),  # what was granted and nothing else
}
#: What a right narrower than a seat may open at most: never who reported, never counsel, never where she is.
GRANTABLE = ALL
#: In this order a reading is put down to a right: what was given, what has a purpose, what was an emergency.
LEAST_FIRST = (Grant.Kind.GRANT, Grant.Kind.PURPOSE, Grant.Kind.EMERGENCY)
#: Rights of one office, or of one of its posts, that hold now.
HOLD_NOW = Prepared(
    lambda: Grant.objects.filter(
        Q(post__isnull=True) | Q(post=Slot("post", UUIDField())),
        matter=Slot("matter", UUIDField()),
        agency=Slot("agency", UUIDField()),
        ended_at__isnull=True,
        until__gt=Slot("now", DateTimeField()),
    ).order_by("from_at", "id")
)
#: Procedures that a leader reads, in the office he sits in: they record no person. All else does not exist for him.
READ_BY_LEADERS = ("instruction", "monthly-page")
#: Whose matters a leader's figures count; he reads counts by office and time limit, never a row.
COUNTED_LINE = "federation"
#: Capacities that read only the words they wrote or were told, not the whole story.
TOLD_ONLY = frozenset({Capacity.PARTNER, Capacity.VILLAGE})


@dataclass(frozen=True)
class Seated:
    """One matter as this actor may see it. `capacity` is empty for the masked line above.

    `above`: the capacities of the seats below by which the line above sees it. `actor`: whose narrower rights count.
    """

    matter: Matter
    capacity: str
    mask: bool
    actor: Actor | None = None
    above: frozenset[str] = frozenset()
    locked_key: DataKey | None = field(default=None, repr=False)  # wrapped; read with the lock, for a move

    @property
    def relation(self) -> str:
        """How this actor stands to the matter, in the words of the table of who may open what."""
        if self.actor is not None and self.actor.role == PostRole.LEADER:
            return "leader"
        if self.capacity == Capacity.GRANTED:
            return "granted"
        return "masked" if self.mask or not self.capacity else self.capacity

    @cached_property
    def rights(self) -> list[Grant]:
        """Rights narrower than a seat that hold now. Asked only where the seat itself does not open something."""
        actor = self.actor
        if actor is None or actor.at is None or actor.role == PostRole.VOLUNTEER:
            return []
        rows = HOLD_NOW.rows(matter=self.matter.id, agency=actor.agency_id, post=actor.post_id, now=actor.at)
        return sorted(rows, key=lambda g: LEAST_FIRST.index(Grant.Kind(g.kind)))

    def by_seat(self, compartment: str) -> bool:
        """Whether the seat alone opens it."""
        return not self.mask and compartment in MAY_OPEN.get(self.capacity, frozenset())

    def right(self, compartment: str) -> Grant | None:
        """A narrower right that opens it."""
        if compartment not in GRANTABLE:
            return None
        return next((g for g in self.rights if compartment in g.compartments), None)

    def beyond_seat(self, compartment: str) -> Grant | None:
        """The narrower right by which this is read, where the seat would not show it, or not all of it."""
        part = compartment == Compartment.NARRATIVE and self.capacity in TOLD_ONLY
        return None if self.by_seat(compartment) and not part else self.right(compartment)

    def may_open(self, compartment: str) -> bool:
        """Whether the compartment may be decrypted for this actor."""
        return self.by_seat(compartment) or self.right(compartment) is not None

    def may_read_event(self, *, agency: UUID | None, told: list[str], own: UUID | None) -> bool:
        """Whether the words of one event may be read: all, or only what one wrote or was told."""
        if self.by_seat(Compartment.NARRATIVE) and (
            self.capacity not in TOLD_ONLY or agency == own or str(own) in told
        ):
            return True
        return self.right(Compartment.NARRATIVE) is not None


@dataclass(frozen=True)
class Scope:
    """What one actor may see. Build it with `visible_to`, never by hand."""

    actor: Actor
    sees_own: bool
    tier: str  # the column of the supervised range; "" when there is none
    code: str
    leads: bool = False  # a leader: finds what his office is told or has written, and lists nothing
    line: str = ""  # whose matters are counted, where that is not the actor's own line

    def unwalled(self, root: str = "root") -> Combinable:
        """Not behind this account's wall; `root` is the column of the rows that names the matter's root."""
        return ~Exists(Wall.objects.filter(account=self.actor.account_id, root=OuterRef(root)))

    def walled(self) -> set[UUID]:
        """Matters behind this account's wall. What a colleague made of several is told without them, or not at all."""
        roots = Wall.objects.filter(account=self.actor.account_id).values("root")
        return set(Matter.objects.filter(root__in=roots).values_list("id", flat=True))

    @property
    def now(self) -> datetime:
        """The moment by which rights that end are measured; without one nothing is seen."""
        return self.actor.at or NEVER

    def own(self) -> QuerySet[Seat]:
        """Seats of the actor's own agency: one index range."""
        seats = Seat.objects.filter(self.unwalled(), to_at__isnull=True, until__gt=self.now)
        return seats.filter(agency=self.actor.agency_id) if self.sees_own else seats.none()

    def below(self) -> QuerySet[Seat]:
        """Seats of the line below the actor's agency (masked): one index range. What was granted to one office is
        not shown to the line above it.
        """
        seats = Seat.objects.filter(self.unwalled(), to_at__isnull=True, until=NEVER)
        if not self.tier:
            return seats.none()
        return seats.filter(line=self.line or self.actor.line, **{self.tier: self.code})

    def for_leaders(self) -> QuerySet[Seat]:
        """What this office's leader may read: instructions and monthly pages that it gave, got or works on."""
        seats = Seat.objects.filter(self.unwalled(), to_at__isnull=True, playbook__in=READ_BY_LEADERS)
        mine = seats.filter(agency=self.actor.agency_id)
        return mine if self.sees_own or self.leads else mine.none()

    def own_duties(self) -> QuerySet[Duty]:
        """Open duties that the actor's agency owes, in matters where it has a seat."""
        duties = Duty.objects.filter(self.unwalled(), done_at__isnull=True)
        return duties.filter(agency=self.actor.agency_id) if self.sees_own else duties.none()

    def duties_below(self) -> QuerySet[Duty]:
        """Open duties owed anywhere in the line below."""
        return self.duties_ever_below().filter(done_at__isnull=True)

    def duties_ever_below(self) -> QuerySet[Duty]:
        """Duties owed anywhere in the line below, done or not: what figures count."""
        duties = Duty.objects.filter(self.unwalled())
        return (
            duties.filter(line=self.line or self.actor.line, **{self.tier: self.code})
            if self.tier
            else duties.none()
        )

    def find(self, matter: UUID, *, lock: bool = False) -> Seated:
        """The matter, or NotFound: the same answer whether it does not exist or is not for this actor.

        `lock`: its row is locked until commit, in the same statement.
        """
        if not (self.sees_own or self.leads):
            raise NotFound
        seats = seats_in_one(self.tier, lock).rows(
            matter=matter,
            account=self.actor.account_id,
            agency=self.actor.agency_id,
            line=self.actor.line,
            code=self.code,
            now=self.now,
        )
        if not seats:
            raise NotFound
        own = [s for s in seats if s.agency_id == self.actor.agency_id]
        if self.leads and not (own and own[0].playbook in READ_BY_LEADERS):
            raise NotFound
        below = frozenset(s.capacity for s in seats if s not in own)
        seat = own[0] if own else seats[0]
        key = wrapped_key(seat) if lock else None
        if not own or (seat.capacity == Capacity.GRANTED and below):
            return Seated(seat.matter, "", True, self.actor, below, key)
        return Seated(seat.matter, seat.capacity, seat.mask, self.actor, locked_key=key)

    def seen(self, matters: Iterable[UUID]) -> set[UUID]:
        """Those of a few matters that this actor may see at all, masked or not."""
        ids = list(matters)
        own = self.own().filter(matter__in=ids).values_list("matter_id", flat=True)
        below = self.below().filter(matter__in=ids).values_list("matter_id", flat=True)
        return {*own, *below}


@cache
def seats_in_one(tier: str, lock: bool) -> Prepared[Seat]:
    """Seats in one matter of one's own agency and, where `tier` names a column, of the line below."""
    wanted = Q(agency=Slot("agency", UUIDField()))
    if tier:
        wanted |= Q(line=Slot("line", CharField()), until=NEVER, **{tier: Slot("code", CharField())})
    walled = Wall.objects.filter(account=Slot("account", UUIDField()), root=OuterRef("root"))
    seats = Seat.objects.filter(
        wanted,
        ~Exists(walled),
        matter=Slot("matter", UUIDField()),
        to_at__isnull=True,
        until__gt=Slot("now", DateTimeField()),
    )
    if lock:
        keys = DataKey.objects.filter(root=OuterRef("root"))
        read = {f"key_{name}": Subquery(keys.values(name)) for name in WRAPPED}
        return Prepared(
            lambda: seats.annotate(**read).select_related("matter__holder").select_for_update(of=("matter",))
        )
    return Prepared(lambda: seats.select_related("matter__holder", "matter__parent"))


#: What is stored of the key of a matter besides its root.
WRAPPED = ("master_id", "wrap_version", "wrapped")


def wrapped_key(seat: Seat) -> DataKey | None:
    """The matter's key as it was read with a locked seat; None when it was erased."""
    read = {name: getattr(seat, f"key_{name}") for name in WRAPPED}
    return None if read["wrapped"] is None else DataKey(root=seat.root, **read)


def visible_to(actor: Actor) -> Scope:
    """The scope of this actor. Leaders reach what names nobody (`READ_BY_LEADERS`), system administrators no matter at
    all, nor does whoever has not given the pledge that her post asks for."""
    if actor.kind == "post" and actor.role == PostRole.LEADER:
        return Scope(actor, sees_own=False, tier="", code="", leads=True)
    nothing = actor.kind != "post" or actor.role == PostRole.SYSADMIN
    if nothing or pledges.asked_of(actor):
        return Scope(actor, sees_own=False, tier="", code="")
    supervises = actor.tier in SUPERVISING and actor.role != PostRole.VOLUNTEER
    tier = actor.tier if supervises else ""
    return Scope(actor, sees_own=True, tier=tier, code=getattr(actor, tier) if tier else "")


def counted_by(actor: Actor) -> Scope:
    """What figures count for this reader: for a leader the whole line below, of which he is shown no row.

    Only `figures` may ask this; an architecture test holds the rest of the house to it.
    """
    if actor.kind != "post" or actor.role != PostRole.LEADER or actor.tier not in SUPERVISING:
        return visible_to(actor)
    return Scope(actor, sees_own=False, tier=actor.tier, code=getattr(actor, actor.tier), line=COUNTED_LINE)
