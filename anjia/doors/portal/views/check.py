"""凭查询码查看: what became of it, the answers, a message, her decisions, withdrawal. The digits are only posted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from anjia.doors.portal import receipts
from anjia.doors.portal.steps import DECISIONS, Words
from anjia.doors.portal.tickets import Ticket, seal, unseal
from anjia.engine.matters import actions, rating, resident
from anjia.engine.matters.models import Matter
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken, Verdict
from anjia.foundation.limits import limits
from anjia.law.playbooks.library import definition
from anjia.law.playbooks.schema import Playbook
from anjia.prevention.honours import standing as honoured
from anjia.ui import page

NOT_FOUND: Words = _("没有找到。请核对数字,或重新提交。")
LEFT_OPEN: Words = _("这一页放得太久,请再输一次数字。")
PREFIX = 8  # digits of a receipt that are counted together


@dataclass(frozen=True)
class Coming:
    """Somebody who came back with a receipt that opens something."""

    matter: Matter
    ticket: Ticket
    now: datetime

    @property
    def receipt(self) -> str:
        return str(self.ticket.data["receipt"])


@dataclass(frozen=True)
class Said:
    """What is said above the page after a button, or beside a field when it could not be done."""

    done: Words = ""
    problem: Words = ""
    error: Words = ""
    words: str = ""
    at: str = "message"  # which form the error stands in


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The digits open the page; its own forms carry a sealed slip for half an hour, never the digits."""
    now = page.now()
    if "ticket" in request.POST:
        ticket = unseal("receipt", request.POST["ticket"], now)
        if ticket is None:
            return ask(request, LEFT_OPEN, status=422)
    elif "receipt" in request.POST:
        typed = receipts.digits(request.POST["receipt"])
        allowed = within_limits(request, typed, now)
        if not allowed:
            return ask(request, allowed.reason, status=429)
        ticket = Ticket("receipt", {"receipt": typed})
    else:
        return ask(request)
    matter = receipts.find(str(ticket.data["receipt"]))
    if matter is None:
        limits.take("receipt.all", "", now)
        return ask(request, NOT_FOUND, typed=request.POST.get("receipt", ""), status=422)
    return act(request, Coming(matter, ticket, now))


def within_limits(request: HttpRequest, typed: str, now: datetime) -> Verdict:
    """Guessing is slowed by address and by the first digits.

    While strangers guess from everywhere at once, each address still has one look: who types her receipt right is
    never shut out by others' guesses.
    """
    address = limits.network(request.META.get("REMOTE_ADDR", ""))
    allowed = limits.take("receipt.address", address, now)
    allowed = allowed and limits.take("receipt.prefix", typed[:PREFIX], now)
    if allowed and limits.is_spent("receipt.all", "", now):
        return limits.take("receipt.strained", address, now)
    return allowed


def ask(request: HttpRequest, error: Words = "", typed: str = "", status: int = 200) -> HttpResponse:
    """The one field. Every way of not finding anything reads the same; what was typed stays to be corrected."""
    return render(request, "portal/check.html", {"error": str(error), "typed": typed}, status=status)


def act(request: HttpRequest, coming: Coming) -> HttpResponse:
    """Do what the pressed button says, then show how things stand."""
    doing = request.POST.get("do", "")
    if doing == "ask-withdraw":
        return render(request, "portal/withdraw.html", {"ticket": seal(coming.ticket, coming.now)})
    if doing not in ACTS:
        return standing(request, coming, Said())
    try:
        return ACTS[doing](request, coming)
    except NotFound:
        return ask(request, NOT_FOUND, status=422)
    except NotAllowed as refused:
        return standing(request, coming, Said(problem=refused.verdict.reason or NOT_FOUND), status=422)
    except RuleBroken as broken:
        error = str(next(iter(broken.fields.values()), ""))
        words = request.POST.get("words", "") or request.POST.get("review_request", "")
        said = Said(problem=str(broken.reason), error=error, words=words, at=doing)
        return standing(request, coming, said, status=422)


def leave_message(request: HttpRequest, coming: Coming) -> HttpResponse:
    """She writes to the people who help."""
    limit = limits.take("message.receipt", coming.receipt, coming.now)
    words = request.POST.get("words", "").strip()
    if not limit:
        return standing(request, coming, Said(problem=limit.reason, words=words), status=429)
    move(coming, "message", {"words": words})
    return standing(request, coming, Said(done=_("留言收到了。")))


def decide(request: HttpRequest, coming: Coming) -> HttpResponse:
    """Her word changes; from now on everybody is held to it."""
    if not receipts.is_hers(coming.matter):
        raise NotFound
    move(coming, "change_decisions", decisions_from(request.POST))
    return standing(request, coming, Said(done=_("已按您的意思改好。")))


def withdraw(request: HttpRequest, coming: Coming) -> HttpResponse:
    """Taken back, after a page that asked; from now on the receipt finds nothing."""
    move(coming, "withdraw", {})
    return render(request, "portal/withdrawn.html", {})


def rate(request: HttpRequest, coming: Coming) -> HttpResponse:
    """She says how it was handled, once."""
    if not rating.may_rate(coming.matter, procedure(coming.matter)):
        raise NotFound
    move(coming, "rate", {"satisfaction": request.POST.get("satisfaction", "")})
    return standing(request, coming, Said(done=_("谢谢,记下了。")))


def end_access(request: HttpRequest, coming: Coming) -> HttpResponse:
    """She no longer lets one office read it; from its next page on it sees nothing."""
    if not receipts.is_hers(coming.matter):
        raise NotFound
    move(coming, "end_access", {"grant": request.POST.get("grant", ""), "grant_end": "her_word"})
    return standing(request, coming, Said(done=_("已收回,对方看不到了。")))


def ask_again(request: HttpRequest, coming: Coming) -> HttpResponse:
    """She is not content with the answer: the tier above looks at it once more, in the time the law gives."""
    may = resident.may_ask_again(coming.matter, procedure(coming.matter), coming.now)
    if may is None:
        raise NotFound
    words, today = request.POST.get("review_request", ""), coming.now.astimezone(SHANGHAI).date()
    move(coming, may.move, {"review_request": words, "asked_on": today.isoformat()})
    return standing(request, coming, Said(done=_("收到了,已交给上一级。结果会告诉您。")))


def change_contact(request: HttpRequest, coming: Coming) -> HttpResponse:
    """How she may be reached from now on; what waits already looks here again before it goes."""
    if not receipts.is_hers(coming.matter) or resident.wishes(coming.matter) is None:
        raise NotFound
    said = {"no_contact": "yes" if request.POST.get("no_contact") == "yes" else "no"}
    if settings.SMS_RESIDENTS:
        said["message_ok"] = "yes" if request.POST.get("message_ok") == "yes" else "no"
    move(coming, "change_contact", said)
    return standing(request, coming, Said(done=_("已按您的意思改好。")))


ACTS: dict[str, Callable[[HttpRequest, Coming], HttpResponse]] = {
    "ask-again": ask_again,
    "message": leave_message,
    "reach": change_contact,
    "decide": decide,
    "end-access": end_access,
    "rate": rate,
    "withdraw": withdraw,
}


def decisions_from(post: QueryDict) -> dict[str, str]:
    """All three, said as yes or no."""
    return {name: "yes" if post.get(name) == "yes" else "no" for name in DECISIONS}


def move(coming: Coming, name: str, data: dict[str, Any]) -> None:
    """One move by the resident; the slip's key makes a double click one act."""
    key = f"{coming.ticket.key} {name}"
    actions.resident_move(receipt=coming.receipt, name=name, now=coming.now, data=data, key=key)


def standing(request: HttpRequest, coming: Coming, said: Said, status: int = 200) -> HttpResponse:
    """How things stand, in one neutral line; an answer that is shown here is recorded as seen."""
    matter = resident.find(coming.receipt) if said.done else coming.matter
    if matter is None:
        raise NotFound
    stands, is_hers = resident.status(matter), receipts.is_hers(matter)
    for event in stands.unread:
        actions.resident_move(receipt=coming.receipt, name="seen", now=coming.now, data={"event": str(event)})
    context = {
        "status": stands,
        "line": line(matter, stands),
        "where": honoured.where(matter),
        "county": matter.county,
        "steps": honoured.STEPS,
        "unread": set(stands.unread),
        "is_hers": is_hers,
        "let_read": resident.let_read(matter, coming.now) if is_hers else [],
        "again": resident.may_ask_again(matter, procedure(matter), coming.now),
        "wishes": resident.wishes(matter) if is_hers else None,
        "asks_messages": settings.SMS_RESIDENTS,
        "can_rate": rating.may_rate(matter, procedure(matter)),
        "asks_decisions": rating.asks_decisions(procedure(matter)),
        "ticket": seal(Ticket("receipt", coming.ticket.data), coming.now),
        "said": said,
    }
    return render(request, "portal/status.html", context, status=status)


def procedure(matter: Matter) -> Playbook:
    """The procedure the matter runs under."""
    return definition(matter.playbook, matter.version)


def line(matter: Matter, stands: resident.Status) -> Words:
    """Where it stands without a word that would tell somebody looking over her shoulder what it is about."""
    if stands.unread:
        return _("有给您的回复。")
    if where := honoured.where(matter):
        return where.line
    if stands.is_over:
        return _("已经办完,已答复。")
    if matter.stage == "received":
        return _("已收到,正在安排。")
    return _("正在办理。")
