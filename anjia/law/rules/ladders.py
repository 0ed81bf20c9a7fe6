"""When an overdue duty climbs to the next tier. Pure arithmetic on the due instant; who claims it stops
it."""

from __future__ import annotations

from datetime import datetime, timedelta

from anjia.law.calendar import add_working_days, shanghai
from anjia.law.rules.schema import Ladder, Rule, Rung


def climbs(rule_or_ladder: Rule | Ladder | None, due: datetime, step: int) -> datetime | None:
    """The instant of the step-th climb (0 is the first); beyond the top rung, one alarm a day, without end.

    None: the rule has no ladder (a right of a citizen is nobody's fault when it lapses). Monotone in `step`.
    """
    ladder = rule_or_ladder.ladder if isinstance(rule_or_ladder, Rule) else rule_or_ladder
    if ladder is None:
        return None
    beyond = step - len(ladder.rungs) + 1
    at = _after(ladder.rung(step), shanghai(due))
    return at + timedelta(days=ladder.alarm_days * beyond) if beyond > 0 else at


def _after(rung: Rung, due: datetime) -> datetime:
    if rung.unit == "working_day":
        day, _ = add_working_days(due.date(), rung.after)
        return datetime.combine(day, due.timetz())
    return due + (timedelta(hours=rung.after) if rung.unit == "hour" else timedelta(minutes=rung.after))
