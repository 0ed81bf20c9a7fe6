"""Two reports about one family: the second asks "same case?", silently where another office holds the first.

Where one office holds both, it is asked. Where they lie with two offices, nothing is written into either
matter and neither office is told: the lowest federation that sees both gets a matter of its own, because
"exists elsewhere" is the back door of every wall.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, UUIDField

from anjia.engine.matters import walls
from anjia.engine.matters.engine_moves import ASK_SAME
from anjia.engine.matters.models import Link, Matter, Party, Seat
from anjia.engine.matters.moving import step_of
from anjia.engine.matters.opening import Opening, build
from anjia.engine.matters.persons import IDENTIFYING
from anjia.engine.matters.policies import names_only
from anjia.engine.matters.settling import settle
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.clock import NEVER, SHANGHAI
from anjia.foundation.core.prepared import Prepared, Slot
from anjia.foundation.vault.models import Token
from anjia.law.playbooks.builtin import BUILT_IN_DUTIES
from anjia.law.playbooks.interpreter import Plan
from anjia.registry.posts.actors import SYSTEM
from anjia.registry.posts.agencies import in_force
from anjia.registry.posts.models import Agency

#: Who reports for somebody else may report for many families; her telephone makes no two of them one.
GO_BETWEENS = frozenset({"helper"})
PLAYBOOK = "repeat-case"
LINE = "federation"
TIERS = ("township", "county", "city")
FEW = 20


@dataclass(frozen=True, slots=True)
class Twin:
    """Somebody in this matter and somebody in another who share an identifier of this kind."""

    mine: UUID
    theirs: UUID
    kind: str


#: What somebody here shares with anybody in another family's matter: nothing, for nearly every matter.
SHARED = Prepared(
    lambda: (
        Token.objects.filter(
            Exists(
                Token.objects.filter(kind=OuterRef("kind"), token=OuterRef("token")).exclude(
                    root=OuterRef("root")
                )
            ),
            owner__in=Party.objects.filter(matter=Slot("matter", UUIDField()))
            .exclude(role__in=GO_BETWEENS)
            .values("id"),
            kind__in=IDENTIFYING,
        )
        .order_by("kind", "token")
        .values_list("owner", "root", "kind", "token")
        .distinct()
    )
)


def twins(matter: UUID) -> Iterator[Twin]:
    """People of other families' matters who share an identifier with somebody here; newest first each."""
    for owner, root, kind, token in SHARED.rows(matter=matter):
        same = Token.objects.filter(kind=kind, token=token).exclude(root=root)
        for theirs in same.order_by("-owner").values_list("owner", flat=True)[:FEW]:
            yield Twin(owner, theirs, kind)


def alike(matter: Matter) -> list[tuple[Matter, tuple[str, ...]]]:
    """Other root matters about perhaps the same family, newest first, with what is equal."""
    kinds: dict[UUID, set[str]] = {}
    found = list(twins(matter.id))
    roots = dict(
        Party.objects.filter(pk__in={t.theirs for t in found})
        .exclude(role__in=GO_BETWEENS)
        .values_list("id", "root")
    )
    for twin in found:
        if twin.theirs in roots:
            kinds.setdefault(roots[twin.theirs], set()).add(twin.kind)
    rows = Matter.objects.filter(pk__in=kinds).select_related("holder").order_by("-opened_at")[:FEW]
    return [(row, tuple(sorted(kinds[row.id]))) for row in rows]


def ask(matter_id: UUID, *, now: datetime) -> bool:
    """Ask whoever may know both whether they are one family. Says whether there was anything to ask."""
    if not SHARED.rows(matter=matter_id):
        return False
    matter = Matter.objects.select_for_update(of=("self",)).select_related("holder").get(pk=matter_id)
    if names_only(matter):
        return False
    others = [(m, kinds) for m, kinds in alike(matter) if not names_only(m)]
    near = [m for m, _kinds in others if is_near(matter, m)]
    here = near[0] if near else None
    elsewhere = next(((m, kinds) for m, kinds in others if m not in near), None)
    asked = here is not None and ask_holder(matter, here, now)
    return bool(elsewhere and ask_above(matter, *elsewhere, now)) or asked


def is_near(matter: Matter, other: Matter) -> bool:
    """Whether the holder may be asked: it has both, and nobody there knows of one but must not of the other."""
    return other.holder_id == matter.holder_id and walls.same_for_all(matter.root, other.root)


def ask_holder(matter: Matter, other: Matter, now: datetime) -> bool:
    """Link the matter to the newest like it and start the holder's duty."""
    if Link.objects.filter(first=matter, second=other).exists():
        return False
    moving = step_of(matter, ASK_SAME, actor=SYSTEM, now=now)
    moving.batch.insert(Link(first=matter, second=other, kind="asked", at=now))
    moving.codes["linked"] = {"matter": str(other.id), "kind": "asked"}
    moving.start_duty(BUILT_IN_DUTIES["same_case"])
    settle(moving, Plan(stage_after=matter.stage))
    moving.batch.flush()
    return True


def ask_above(matter: Matter, other: Matter, kinds: Iterable[str], now: datetime) -> bool:
    """A matter of its own for the lowest federation that sees both; the two themselves stay untouched."""
    agency = sees_both(matter, other, now.astimezone(SHANGHAI).date())
    known = Link.objects.filter(second=matter, kind="repeat").values("first")
    if agency is None or Link.objects.filter(second=other, kind="repeat", first__in=known).exists():
        return False
    opening = Opening(
        playbook=PLAYBOOK,
        actor=SYSTEM,
        now=now,
        at=now,
        channel="transfer",
        data={"agency": str(agency.id), "alike_by": list(kinds)},
        chosen={"agency": agency.id},
    )
    batch = Batch()
    asking = build(batch, opening)
    for one in (matter, other):
        batch.insert(Link(first=asking.matter, second=one, kind="repeat", at=now))
    walls.follow(batch, asking.matter.root, {matter.root, other.root}, now)
    batch.flush()
    return True


def sees_both(one: Matter, other: Matter, on: date) -> Agency | None:
    """The lowest federation above both: the one within whose tier both have a seat of the federation's line."""
    seats = Seat.objects.filter(matter__in=[one, other], line=LINE, to_at__isnull=True, until=NEVER)
    rows = list(seats.values("matter_id", *TIERS))
    for tier in TIERS:
        codes = [{r[tier] for r in rows if r["matter_id"] == m.id and r[tier]} for m in (one, other)]
        for code in sorted(codes[0] & codes[1]):
            found = in_force(on).filter(line=LINE, tier=tier, **{tier: code}).order_by("id").first()
            if found:
                return found
    return None
