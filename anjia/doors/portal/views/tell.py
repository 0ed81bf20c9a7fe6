"""说说您的情况: four short steps on one address. Nothing is on the server until she sends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from anjia.doors.portal import receipts, report, slowly, steps
from anjia.doors.portal.choosing import offered
from anjia.doors.portal.steps import STEPS, Errors, Words
from anjia.doors.portal.tickets import Ticket, new_key, seal, unseal
from anjia.engine.matters import actions
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.limits import limits
from anjia.registry.posts import actors
from anjia.ui import page

TOO_OLD: Words = _("这一页放得太久,为了您的安全已经清空。请重新填写,或直接打12338。")
SENT_BEFORE: Words = _("这份刚才已经提交过。拿到了查询码,请到“查进度”留言;没有拿到,请再点一次“提交”。")
NOT_SAVED: Words = _("没保存成功。您写的内容还在,请再点一次。")


@dataclass(frozen=True)
class Shown:
    """One step as it is shown: what was answered, what is wrong, and a sentence above it."""

    ticket: Ticket
    step: str
    errors: Mapping[str, Words]
    reason: Words = ""


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    """One address for everything. Each POST carries a sealed slip with the answers so far (see `tickets`)."""
    now = page.now()
    post = request.POST
    if "shape" in post:
        return reshaped(request, now)
    if "step" not in post:
        return show(request, now, Shown(Ticket("form"), STEPS[0], {}))
    ticket = unseal("form", post.get("ticket", ""), now)
    if ticket is None:
        return show(request, now, Shown(Ticket("form"), STEPS[0], {}, TOO_OLD), status=422)
    return answered(request, now, ticket)


def answered(request: HttpRequest, now: datetime, ticket: Ticket) -> HttpResponse:
    """Take in one step and go where the pressed button leads."""
    step = request.POST["step"] if request.POST["step"] in STEPS else STEPS[0]
    go = request.POST.get("go", "next")
    answers, errors = steps.read(step, request.POST, ticket.data)
    ticket.data.update(answers)
    at = STEPS.index(step)
    if go == "back":
        return show(request, now, Shown(ticket, STEPS[max(at - 1, 0)], {}))
    if go == "stay":
        return show(request, now, Shown(ticket, step, {}))
    if errors:
        return show(request, now, Shown(ticket, step, errors), status=422)
    if at + 1 < len(STEPS):
        return show(request, now, Shown(ticket, STEPS[at + 1], {}))
    return send(request, now, ticket)


def send(request: HttpRequest, now: datetime, ticket: Ticket) -> HttpResponse:
    """The last button: the report becomes a matter. A second click gets the first one's receipt."""
    place = str(ticket.data.get("place") or "")
    burst = limits.burst("report.address", limits.network(request.META.get("REMOTE_ADDR", "")), now)
    if burst and not ticket.data.get("now"):
        slowly.wait()
    try:
        opened = actions.open_matter(
            playbook=report.PLAYBOOK,
            actor=actors.resident(),
            now=now,
            channel="online",
            place=place,
            parties=report.people(ticket.data),
            data=report.facts(ticket.data),
            key=ticket.key,
            with_receipt=True,
            burst=burst,
        )
    except RuleBroken as broken:
        return sent_otherwise(request, now, ticket, broken)
    return received(request, now, opened.receipt, "plain")


def sent_otherwise(request: HttpRequest, now: datetime, ticket: Ticket, broken: RuleBroken) -> HttpResponse:
    """Refused. Without a field it is the same slip with other content: the next click sends it as a new one."""
    errors: Errors = {name: str(message) for name, message in broken.fields.items()}
    if errors:
        step = "what" if "facts" in errors else STEPS[-1]
        return show(request, now, Shown(ticket, step, errors, NOT_SAVED), status=422)
    again = Ticket("form", ticket.data, new_key())
    return show(request, now, Shown(again, STEPS[-1], {}, SENT_BEFORE), status=422)


def show(request: HttpRequest, now: datetime, shown: Shown, status: int = 200) -> HttpResponse:
    """One step, with everything that was typed before."""
    data = shown.ticket.data
    context: dict[str, Any] = {
        "step": shown.step,
        "number": STEPS.index(shown.step) + 1,
        "titles": steps.TITLES,
        "ticket": seal(shown.ticket, now),
        "data": data,
        "errors": {name: str(message) for name, message in shown.errors.items()},
        "reason": str(shown.reason),
        "helpers": steps.HELPERS,
        "for_her": steps.is_helper(data),
        "must_report": data.get("who") in steps.MUST_REPORT,
        "longest": steps.LONGEST,
    }
    if shown.step == "contact":
        context |= offered(str(data.get("place") or ""))
    return render(request, "portal/step.html", context, status=status)


def reshaped(request: HttpRequest, now: datetime) -> HttpResponse:
    """「换个样子显示查询码」: the same digits, otherwise written."""
    ticket = unseal("receipt", request.POST.get("ticket", ""), now)
    if ticket is None:
        return show(request, now, Shown(Ticket("form"), STEPS[0], {}, TOO_OLD), status=422)
    return received(request, now, str(ticket.data["receipt"]), request.POST["shape"])


def received(request: HttpRequest, now: datetime, receipt: str, shape: str) -> HttpResponse:
    """「收到了」: one neutral line and twenty digits, said once."""
    known = dict(receipts.SHAPES)
    shape = shape if shape in known else "plain"
    context = {
        "lines": receipts.shaped(receipt, shape),
        "shape": shape,
        "shapes": receipts.SHAPES,
        "ticket": seal(Ticket("receipt", {"receipt": receipt}), now),
    }
    return render(request, "portal/received.html", context)
