"""Those whose names stand in a record may ask what it says of them and that it be put right (个人信息保护法 44–47).

The person complained of, or anybody else in it, asks at the counter; the office in charge writes the request down,
sealed apart, and owes an answer with its reason. Nothing is overwritten: what was wrong is void by an event that names
it, what stays open is marked as disputed. What she told is never rewritten by somebody else; it can only be disputed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import corrections
from anjia.engine.matters.moving import Moving
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.events.models import Event
from anjia.law.playbooks.builtin import BUILT_IN_DUTIES

#: Step that asks -> step that answers, and the duty between them.
ANSWERED_BY = {"ask_correction": "decide_correction", "ask_access": "answer_access"}
DUTY = {"decide_correction": "correction", "answer_access": "access"}
#: What she or whoever reported said: an event by which the matter began or that she wrote herself.
HER_OWN = frozenset({"open"})


def ask(moving: Moving) -> None:
    """Which record it is about: a step of this matter, or the particulars of somebody in it."""
    about = moving.aim("event")
    if any(p.id == about for p in moving.parties):
        moving.codes["about"] = {"party": str(about)}
    elif Event.objects.filter(pk=about, matter=moving.matter.id).exists():
        moving.codes["about"] = {"event": str(about)}
    else:
        raise RuleBroken(_("请选哪一条记录。"), {"event": _("请选哪一条记录。")})


def waiting(matter: UUID, step: str) -> list[Event]:
    """Requests that nobody has answered, the oldest first."""
    events = list(Event.objects.filter(matter=matter, move__in=[step, ANSWERED_BY[step]]).order_by("seq"))
    answered = {e.codes.get("answers") for e in events}
    return [e for e in events if e.move == step and str(e.id) not in answered]


def answered(moving: Moving, step: str) -> Event:
    """The request that this step answers; what else waits keeps the clock with which it began."""
    rows = waiting(moving.matter.id, step)
    request = next((e for e in rows if e.id == moving.aim("event")), None)
    if request is None:
        raise RuleBroken(_("这项请求已经答复过。"), {"event": _("请选一项没有答复的请求。")})
    moving.codes["answers"] = str(request.id)
    moving.codes["facts"] = {"record_person": request.codes["facts"]["record_person"]}
    rest = [e for e in rows if e.id != request.id]
    if rest:
        moving.start_duty(BUILT_IN_DUTIES[DUTY[moving.move.name]], started=asked_at(rest[0]))
    return request


def asked_at(request: Event) -> datetime:
    """The day on which somebody asked, as its own clock counts it."""
    said = (request.codes.get("facts") or {}).get("requested_on")
    return datetime.fromisoformat(said).replace(tzinfo=SHANGHAI) if said else request.at


def decide(moving: Moving) -> None:
    """Put right, marked as disputed, or refused; the reason and the answer stand with it."""
    request = answered(moving, "ask_correction")
    about, decision = request.codes["about"], moving.values["correction_decision"]
    if decision == "disputed":
        moving.codes["disputes"] = about.get("event") or about["party"]
    elif decision == "corrected" and "event" in about:
        moving.codes["corrects"] = str(put_right(moving, UUID(about["event"])))
    elif decision == "corrected":
        moving.codes["corrected_in"] = str(rewritten(moving, request, about["party"]))


def put_right(moving: Moving, event: UUID) -> UUID:
    """The step that is void from now on; never what she said herself."""
    row = Event.objects.get(pk=event, matter=moving.matter.id)
    if row.actor_kind == "resident" or row.move in HER_OWN:
        raise refused(_("求助人自己说的话不由别人改写,只能标明有异议。"))
    return corrections.not_sent(moving, event)


def rewritten(moving: Moving, request: Event, party: str) -> UUID:
    """The correction of somebody's particulars that was made after the request."""
    made: Any = Event.objects.filter(matter=moving.matter.id, move="correct", seq__gt=request.seq)
    row = next((e for e in made.order_by("-seq") if (e.codes.get("party") or {}).get("id") == party), None)
    if row is None:
        raise refused(_("请先“更正身份”或“更正联系方式”,再回来决定。"))
    return UUID(str(row.id))


def refused(words: Any) -> RuleBroken:
    return RuleBroken(words, {"correction_decision": words})
