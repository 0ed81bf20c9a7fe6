"""Due dates of duties: the frozen rule, counting again after a pause or an extension, the next rung."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from anjia.engine.matters.language import language
from anjia.engine.matters.models import Duty
from anjia.engine.matters.moving import Moving
from anjia.foundation.core.clock import NEVER, SHANGHAI
from anjia.foundation.core.verdict import RuleBroken
from anjia.law import rules
from anjia.law.rules import Rule, RuleError


def frozen_rule(duty: Duty) -> Rule:
    """The rule version that was frozen when the duty's clock started."""
    return rules.book().version(duty.rule, duty.rule_version)


def next_climb(rule: Rule, due: datetime, step: int) -> datetime:
    """When the duty climbs next if nobody acts; NEVER for a limit that climbs for nobody."""
    return rules.climbs(rule, due, step) or NEVER


def recount(moving: Moving, duty: Duty, **changes: Any) -> None:
    """Count the due date again after a pause or an extension, under the frozen rule."""
    for name, value in changes.items():
        setattr(duty, name, value)
    rule = frozen_rule(duty)
    try:
        deadline = rules.due(
            rule,
            duty.started_at.astimezone(SHANGHAI),
            duty.variants,
            [p for p in duty.pauses if p.get("to")],
            duty.extensions,
        )
    except RuleError as error:
        raise RuleBroken(error.text[language()]) from error
    moving.change_duty(
        duty,
        **changes,
        due_at=deadline.due,
        is_provisional=deadline.provisional,
        climbs_at=NEVER if duty.paused_at or duty.claimed_at else next_climb(rule, deadline.due, duty.step),
    )
    moving.codes["duty"] = {"kind": duty.kind, "id": str(duty.id), "due": deadline.due.isoformat()}
