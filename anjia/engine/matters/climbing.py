"""Escalation: an overdue duty climbs the federation's line, rung by rung, until a person claims it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from anjia.engine.matters.engine_moves import CLIMB
from anjia.engine.matters.models import Duty, Matter
from anjia.engine.matters.moving import step_of
from anjia.engine.matters.settling import settle
from anjia.engine.matters.times import frozen_rule, next_climb
from anjia.law.playbooks.interpreter import Plan
from anjia.law.rules import Rule
from anjia.registry.posts.actors import CLOCK
from anjia.registry.posts.models import Agency

ORDER = ("village", "township", "county", "city", "province")
MINDING_LINE = "federation"


def minder(matter: Matter, duty: Duty) -> Agency:
    """Whose line the duty climbs: the federation that owes it, else the one that holds or referred it.

    Police and courts do not sit in this system; their lateness is followed up by whoever asked them.
    """
    for agency in (duty.agency, matter.holder, matter.parent.holder if matter.parent else None):
        if agency is not None and agency.line == MINDING_LINE:
            return agency
    return matter.holder


def reached(start: Agency, tier: str) -> Agency:
    """The agency of the line at that tier, or the highest there is."""
    agency = start
    while agency.superior is not None and tier in ORDER and ORDER.index(agency.tier) < ORDER.index(tier):
        agency = agency.superior
    if tier not in ORDER:  # the duty roster: the top of the line answers its telephone
        while agency.superior is not None:
            agency = agency.superior
    return agency


def caught_up(rule: Rule, duty: Duty, step: int, now: datetime) -> int:
    """The step to take now: at the top one alarm is enough for all the days on which nobody was there."""
    if rule.ladder is None or step < len(rule.ladder.rungs):
        return step
    while next_climb(rule, duty.due_at, step + 1) <= now:
        step += 1
    return step


def climb(*, duty_id: UUID, matter_id: UUID, now: datetime) -> bool:
    """One rung for one duty. False when it was done, paused or claimed in the meantime."""
    matter = Matter.objects.select_for_update(of=("self",)).select_related("holder").get(pk=matter_id)
    duty = (
        Duty.objects.select_related("agency")
        .filter(pk=duty_id, done_at__isnull=True, climbs_at__lte=now)
        .first()
    )
    if duty is None:
        return False
    rule = frozen_rule(duty)
    step = duty.step
    if rule.ladder is None:
        return False
    rungs = rule.ladder.rungs
    rung = rungs[min(step, len(rungs) - 1)]
    agency = reached(minder(matter, duty), rung.tier)
    moving = step_of(matter, CLIMB, actor=CLOCK, now=now)
    mine = next(d for d in moving.duties if d.id == duty_id)
    step = caught_up(rule, mine, step, now)
    moving.change_duty(
        mine,
        step=step + 1,
        climbs_at=next_climb(rule, duty.due_at, step + 1),
        climbed_to=rung.tier,
        climbed_agency_id=agency.id,
    )
    if step >= len(rungs):  # nobody claimed it at the top: red there, and an alarm each day
        moving.tell(agency.id, "alarm", duty=duty.id)
        moving.write_duties()
        moving.batch.flush()
        return True
    moving.codes["duty"] = {"kind": duty.kind, "id": str(duty.id), "step": step + 1, "tier": rung.tier}
    moving.tell(agency.id, "climbed", duty=duty.id)
    settle(moving, Plan(stage_after=matter.stage))
    moving.batch.flush()
    return True
