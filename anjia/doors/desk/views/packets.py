"""装订法院材料册: what is missing, what goes in, and the one PDF; the address for service goes apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from anjia.doors.desk.views.papers import file, seat
from anjia.engine.letters import disclosure, packet
from anjia.engine.letters.rendering import pdf
from anjia.engine.matters.outgoing import KINDS
from anjia.engine.matters.seats import Seated
from anjia.foundation.core.verdict import RuleBroken
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def packet_page(request: SignedInRequest, matter_id: UUID) -> HttpResponse:
    """The outgoing check of the whole packet; on POST the numbered PDF, or what stops it."""
    seated = seat(request, matter_id, "desk:packet")
    typed = {k[6:]: str(v) for k, v in request.POST.items() if k.startswith("words-")}
    strike = request.POST.get("strike", "")
    chosen = ids(request.POST.getlist("file")) if request.method == "POST" else None
    errors: dict[str, Any] = {}
    reason = ""
    if request.method == "POST" and not strike:
        try:
            copy = packet.release(
                actor=request.actor,
                matter_id=matter_id,
                now=request.now,
                chosen=chosen or frozenset(),
                typed=typed,
                checked=request.POST.get("checked") == "yes",
                seen=request.POST.get("seen") == "yes",
            )
            return file(copy.body, pdf.MEDIA, packet.FILE_NAME.format(number=copy.number))
        except RuleBroken as broken:
            errors, reason = forms.shown_errors(broken.fields), str(broken.reason)
    one = packet.plan(
        actor=request.actor, matter_id=matter_id, now=request.now, chosen=chosen, typed=typed, strike=strike
    )
    context = {
        "plan": one,
        "draft": one.draft,
        "errors": errors,
        "reason": reason,
        "labels": {i.name: i.label for i in one.draft.items},
        "stopped": {n: [str(KINDS[k]) for k in kinds] for n, kinds in one.draft.stopped.items()},
        "struck": strike,
        "seen": request.POST.get("seen") == "yes",
        "address": packet.ADDRESS if gives_address(request, seated) else "",
    }
    return render(request, "desk/packet.html", context, status=422 if errors or reason else 200)


def gives_address(request: SignedInRequest, seated: Seated) -> bool:
    """Whether this reader is one who may give out the address for service."""
    return any(p.name == packet.ADDRESS for p in disclosure.on_offer(request.actor, seated))


def ids(given: list[str]) -> frozenset[UUID]:
    """The ticked files; what is no id is none."""
    out = set()
    for text in given:
        try:
            out.add(UUID(text))
        except ValueError:
            continue
    return frozenset(out)
