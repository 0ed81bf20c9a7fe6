"""回复来函: the code opens the letter, the result is chosen, number and date are filled in, done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from anjia.doors.reply import slips
from anjia.doors.reply.slips import Slip
from anjia.engine.letters import replying
from anjia.engine.letters.replies import Answer
from anjia.engine.letters.reply_codes import Letter
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.limits import limits
from anjia.ui import forms, page

Words = str | Promise
NOT_FOUND: Words = _(
    "没有找到。请核对信上的8位数字。已经答复过、过期或换发了新函的,旧码不再有效;有疑问请打信上的电话。"
)
LEFT_OPEN: Words = _("这一页放得太久,请再输一次。")
FILE = "paper"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest) -> HttpResponse:
    """The one address. Without a code it asks for it; every way of not finding a letter answers the same."""
    now = page.now()
    if "slip" in request.POST:
        slip = slips.unseal(request.POST["slip"], now)
        return opened(request, slip, now) if slip else ask(request, now, LEFT_OPEN)
    if "code" in request.POST:
        return look(request, now)
    return ask(request, now)


def look(request: HttpRequest, now: datetime) -> HttpResponse:
    """From the digits to the letter."""
    found = replying.look(
        code=request.POST["code"], number=request.POST.get("number", ""), address=address(request), now=now
    )
    if found.letter is None:
        return ask(request, now, NOT_FOUND, wants_number=found.wants_number)
    return choices(request, slips.new(found.letter.event), found.letter, now)


def address(request: HttpRequest) -> str:
    """Where it comes from."""
    return str(request.META.get("REMOTE_ADDR", ""))


def ask(
    request: HttpRequest, now: datetime, error: Words = "", *, wants_number: bool | None = None
) -> HttpResponse:
    """The field for the code; for the letter's number only where so many wrong codes came that it is asked for."""
    wants = replying.asks_number(address(request), now) if wants_number is None else wants_number
    context = {
        "error": str(error),
        "wants_number": wants,
        "code": request.POST.get("code", ""),
        "number": request.POST.get("number", ""),
    }
    return render(request, "reply/code.html", context, status=422 if error else 200)


def opened(request: HttpRequest, slip: Slip, now: datetime) -> HttpResponse:
    """A letter that was opened before: what was chosen is filled in, what was filled in is sent."""
    try:
        if request.POST.get("send"):
            return send(request, slip, now)
        found = replying.again(slip.event, now)
        choice = request.POST.get("choice", "")
        if not choice:
            return choices(request, slip, found, now)
        return fill(request, slip, found, replying.chosen(found, choice), now)
    except NotFound:
        return ask(request, now, NOT_FOUND)


def choices(request: HttpRequest, slip: Slip, found: Letter, now: datetime) -> HttpResponse:
    """What is asked, by when, and the answers of this agency."""
    shown = replying.standing(found)
    groups: dict[str, list[Answer]] = {}
    labels = {}
    for one in shown.answers:
        key = str(one.group)
        groups.setdefault(key, []).append(one)
        labels[key] = one.group
    context = {
        "letter": shown,
        "groups": [(labels[key], rows) for key, rows in groups.items()],
        "slip": slips.seal(slip, now),
    }
    return render(request, "reply/choose.html", context)


def fill(
    request: HttpRequest,
    slip: Slip,
    found: Letter,
    answer: Answer,
    now: datetime,
    *,
    typed: dict[str, Any] | None = None,
    errors: dict[str, list[str]] | None = None,
    reason: str = "",
) -> HttpResponse:
    """Number, date, one paper; what was typed stays where something has to be put right."""
    context = {
        "number": found.number,
        "agency": found.agency.name,
        "answer": answer,
        "typed": typed or {},
        "errors": errors or {},
        "reason": reason,
        "labels": {**{f.name: f.label for f in answer.fields}, FILE: _("文书照片或扫描件")},
        "takes_file": answer.move != "confirm" and not answer.more,
        "slip": slips.seal(slip, now),
    }
    return render(request, "reply/fill.html", context, status=422 if errors or reason else 200)


def send(request: HttpRequest, slip: Slip, now: datetime) -> HttpResponse:
    """The answer itself."""
    choice = request.POST.get("choice", "")
    known = known_or_none(slip, choice)
    got = forms.gather(known.fields if known else (), request.POST)
    upload = request.FILES.get(FILE)
    try:
        if upload and not limits.take("upload.receipt", str(slip.event), now):
            raise RuleBroken(_("传得太多了,请过一会儿再试。"))
        replying.answer(
            event=slip.event,
            choice=choice,
            typed=got.values,
            now=now,
            key=slip.key + choice,
            files=[upload] if upload else [],
        )
    except RuleBroken as broken:
        if known is None:
            raise NotFound from None
        errors = forms.shown_errors(broken.fields)
        if not errors and upload:
            errors = {FILE: [str(broken.reason)]}
        found = replying.again(slip.event, now)
        return fill(
            request, slip, found, known, now, typed=got.typed, errors=errors, reason=str(broken.reason)
        )
    return render(request, "reply/done.html", {"answer": known, "at": now})


def known_or_none(slip: Slip, choice: str) -> Answer | None:
    """What the answer asks; None where it is not on offer any more, as on the second click of a first word."""
    try:
        return replying.known(slip.event, choice)
    except NotFound:
        return None
