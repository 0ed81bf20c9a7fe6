"""Keeping what was promised: every duty of a case is done the day before it is due, by the move that does it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from anjia.demo.telling import Telling
from anjia.engine.matters.models import Duty, Matter
from anjia.foundation.core.clock import SHANGHAI

MOST = 150  # far more rounds than any case here has

VISIT = {"visit_whom": "asking", "visit_way": "phone", "visit_found": "safe", "was_alone": "yes"}
SCALE = {f"answer_{n}": "yes" if n < 5 else "no" for n in range(1, 10)} | {"answer_a": "no", "answer_b": "no"}
#: Duty kind -> (move, what is answered).
DONE_BY: dict[str, tuple[str, dict[str, Any]]] = {
    "visit": ("visit_done", VISIT),
    "order_visit": ("visit_done", VISIT),
    "guard_visit": ("visit_done", VISIT),
    "waiting_check": ("visit_done", VISIT),
    "assess": ("assess", {"was_alone": "yes", "judgement": "medium", **SCALE}),
    "reassess": ("assess", {"was_alone": "yes", "judgement": "medium", **SCALE}),
    "decide_grade": ("change_grade", {"grade": "2", "grade_words": "按评估定级。"}),
    "safety_plan": ("safety_plan", {"plan_words": "和她商定了联络人和去处。"}),
    "report_up": ("report_up", {"report_stage": "final", "report_words": "按月上报一件。"}),
    "report_now": ("report_up", {"report_stage": "first", "report_words": "当日上报一件。"}),
    "reply": ("reply", {"reply_words": "您的事有了结果,随时找我们。", "reply_channel": "receipt"}),
    "warning_visit": ("police_visit_done", {"saw_him": "yes", "seen_apart": "yes", "visit_found": "safe"}),
}


def keep(told: Telling, head: str, until: datetime) -> None:
    """Do every duty that falls due before `until`."""
    for _round in range(MOST):
        open_duties = Duty.objects.filter(
            matter=told.matter, done_at__isnull=True, kind__in=DONE_BY, due_at__lt=until
        )
        duty = open_duties.order_by("due_at").first()
        if duty is None:
            return
        keep_one(told, head, duty, until)


def keep_one(told: Telling, head: str, duty: Duty, until: datetime) -> None:
    """One duty, at noon of the day before, never before what was done last."""
    noon = (duty.due_at.astimezone(SHANGHAI) - timedelta(days=1)).replace(hour=12, minute=20, second=0)
    last = Matter.objects.values_list("updated_at", flat=True).get(pk=told.matter)
    when = min(max(noon, last.astimezone(SHANGHAI) + timedelta(minutes=5)), until.astimezone(SHANGHAI))
    move, answers = DONE_BY[duty.kind]
    data = dict(answers)
    if move == "assess" and told.row().risk_band == "high":
        data |= {"judgement": "high"}
    if move == "change_grade" and told.row().risk_band == "high":
        data |= {"grade": "1"}
    if move == "police_visit_done":
        data["visited_at"] = when.isoformat()
    told.does_at(head, move, when, behalf=duty.agency if move == "police_visit_done" else None, **data)
