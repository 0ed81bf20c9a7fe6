"""Two reports about one family on one day: the second asks "same case?", its clocks run until then."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from anjia.engine.matters.engine_moves import ASK_SAME
from anjia.engine.matters.models import Link, Matter, Party
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.settling import settle
from anjia.foundation.core.batch import Batch
from anjia.foundation.vault.models import Token
from anjia.law.playbooks.builtin import BUILT_IN_DUTIES
from anjia.law.playbooks.interpreter import Plan
from anjia.law.playbooks.library import catalogue
from anjia.registry.posts.actors import SYSTEM

IDENTIFYING = ("phone", "id_number")  # a name alone never links


def alike(matter: Matter) -> list[Matter]:
    """Other root matters that share a telephone or an identity number with this one, newest first."""
    people = Party.objects.filter(matter=matter).values_list("id", flat=True)
    tokens = list(
        Token.objects.filter(owner__in=list(people), kind__in=IDENTIFYING).values_list("kind", "token")
    )
    roots: set[UUID] = set()
    for kind, token in tokens:
        roots |= set(
            Token.objects.filter(kind=kind, token=token)
            .exclude(root=matter.root)
            .values_list("root", flat=True)[:20]
        )
    return list(Matter.objects.filter(pk__in=roots).order_by("-opened_at")[:5])


def ask(matter_id: UUID, *, now: datetime) -> bool:
    """Link the matter to the newest like it and start the duty. Says whether there was one.

    Only where the same office holds both: what exists elsewhere is told to nobody by this.
    """
    matter = Matter.objects.select_for_update(of=("self",)).select_related("holder").get(pk=matter_id)
    other = next((m for m in alike(matter) if m.holder_id == matter.holder_id), None)
    if other is None or Link.objects.filter(first=matter, second=other).exists():
        return False
    moving = Moving(
        matter=matter,
        playbook=catalogue()[matter.playbook],
        move=ASK_SAME,
        actor=SYSTEM,
        now=now,
        at=now,
        values={},
        batch=Batch(),
    )
    moving.batch.insert(Link(first=matter, second=other, kind="asked", at=now))
    moving.codes["linked"] = {"matter": str(other.id), "kind": "asked"}
    moving.start_duty(BUILT_IN_DUTIES["same_case"])
    settle(moving, Plan(stage_after=matter.stage))
    moving.batch.flush()
    return True
