"""Running matters move to a new major version of their procedure: one ordinary move each, with its event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anjia.engine.matters.engine_moves import MIGRATE
from anjia.engine.matters.models import Duty, Matter, Party
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.settling import settle
from anjia.foundation.core.batch import Batch
from anjia.law.playbooks.interpreter import Plan
from anjia.law.playbooks.library import definition
from anjia.law.playbooks.mapping import Image, Moved, Standing, moved
from anjia.law.playbooks.schema import Playbook, Text
from anjia.registry.posts.actors import Actor


@dataclass(frozen=True)
class Outcome:
    """What became of one matter: where it stands in the new version, or why it stays."""

    matter: UUID
    number: str
    moved: Moved | None
    why: tuple[Text, ...] = ()


def running(name: str, major: int) -> Iterator[UUID]:
    """Matters of that procedure and major version that are not closed, by id."""
    found = Matter.objects.filter(playbook=name, closed_at__isnull=True, version__startswith=f"{major}.")
    yield from found.order_by("id").values_list("id", flat=True).iterator(chunk_size=500)


def look(matter: Matter, new: Playbook, image: Image) -> Outcome:
    """What would become of a matter; nothing is written."""
    kinds = Duty.objects.filter(matter=matter, done_at__isnull=True).values_list("kind", flat=True)
    parties = Party.objects.filter(matter=matter).values_list("role", flat=True)
    standing = Standing(
        stage=matter.stage,
        duties=frozenset(kinds),
        values=matter.data,
        roles=frozenset(matter.roles),
        parties=frozenset(parties),
        has_ended=matter.ended_at is not None,
    )
    found = moved(definition(matter.playbook, matter.version), new, image, standing)
    if isinstance(found, list):
        return Outcome(matter.id, matter.number, None, tuple(found))
    return Outcome(matter.id, matter.number, found)


def carry_over(*, matter: Matter, new: Playbook, image: Image, actor: Actor, now: datetime) -> Outcome:
    """Move one locked matter. What is owed keeps its frozen clock; what its stage adds starts now."""
    outcome = look(matter, new, image)
    if outcome.moved is None:
        return outcome
    moving = Moving(
        matter=matter, playbook=new, move=MIGRATE, actor=actor, now=now, at=now, values={}, batch=Batch()
    )
    for duty in moving.duties:
        if outcome.moved.duties[duty.kind] != duty.kind:
            moving.change_duty(duty, kind=outcome.moved.duties[duty.kind])
    for party in moving.parties:
        if outcome.moved.parties[party.role] != party.role:
            party.role = outcome.moved.parties[party.role]
            moving.batch.update(party, ["role"])
    matter.data = outcome.moved.values
    matter.roles = {outcome.moved.roles[name]: bound for name, bound in matter.roles.items()}
    settle(
        moving,
        Plan(
            stage_after=outcome.moved.stage,
            starts=list(outcome.moved.starts),
            rounds={duty.name: 1 for duty in outcome.moved.starts},
        ),
    )
    moving.batch.flush()
    return outcome
