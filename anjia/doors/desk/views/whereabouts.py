"""住处与去向: second factor just now, a purpose, for helping offices a second person; then shown once, for a minute."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from anjia.engine.letters import asked, gate
from anjia.engine.letters.policies import can_open_whereabouts
from anjia.engine.matters.seats import Seated, visible_to
from anjia.foundation.core.verdict import NotFound, RuleBroken, Verdict, require
from anjia.law.codes import book as code_book
from anjia.law.playbooks.library import definition
from anjia.registry.posts import who_may
from anjia.registry.posts.factors import is_fresh
from anjia.registry.posts.gate import SignedInRequest, signed_in, to_step_up
from anjia.ui import forms as ui_forms
from anjia.ui import page as ui_page
from anjia.ui.formats import lang


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def whereabouts(request: SignedInRequest, matter_id: UUID, party_id: UUID) -> HttpResponse:
    """The form, or what it opens: once, for a minute."""
    seated = visible_to(request.actor).find(matter_id)
    if not who_may.opens("desk:whereabouts", seated.relation):
        raise NotFound
    verdict = can_open_whereabouts(request.actor, seated)
    state = standing(request, seated, party_id, verdict)
    if state == "open" and not is_fresh(request):
        return to_step_up(request)
    if request.method == "POST" and not state:
        require(verdict)
    context: dict[str, Any] = {
        "matter_id": matter_id,
        "number": seated.matter.number,
        "verdict": verdict,
        "state": state,
        "purposes": code_book()[gate.PURPOSES].choices(lang()),
        "purpose": request.POST.get("purpose", ""),
        "words": request.POST.get("words", ""),
        "errors": {},
        "shown": None,
        "seconds": gate.SHOWN_SECONDS,
    }
    if request.method == "POST" and state in ("open", "ask"):
        try:
            if state == "ask":
                return ask(request, matter_id, party_id)
            context["shown"] = opened(request, seated, party_id)
        except RuleBroken as broken:
            context["errors"] = ui_forms.shown_errors(broken.fields)
    response = render(request, "desk/whereabouts.html", context, status=422 if context["errors"] else 200)
    if context["shown"] is not None:
        response["Refresh"] = f"{gate.SHOWN_SECONDS}; url={ui_page.link('desk:matter', matter_id)}"
    return response


def standing(request: SignedInRequest, seated: Seated, party_id: UUID, verdict: Verdict) -> str:
    """Where this reader stands: open (may look now), ask, waits, or "" (never)."""
    if verdict:
        return "open"
    if verdict.code != "second":
        return ""
    mine = asked.mine(
        seated.matter.id,
        what=asked.WHEREABOUTS,
        account=request.actor.account_id,
        party=str(party_id),
        now=request.now,
    )
    if mine is None:
        return "ask"
    return "open" if mine.holds(request.now) else "waits"


def ask(request: SignedInRequest, matter_id: UUID, party_id: UUID) -> HttpResponse:
    """A helping office asks; somebody else in the office that leads decides."""
    gate.ask_for_whereabouts(
        actor=request.actor,
        matter_id=matter_id,
        party_id=party_id,
        purpose=request.POST.get("purpose", ""),
        words=request.POST.get("words", ""),
        now=request.now,
    )
    return HttpResponseRedirect(ui_page.link("desk:whereabouts", matter_id, party_id))


def opened(request: SignedInRequest, seated: Seated, party_id: UUID) -> list[tuple[Any, Any]]:
    """What is recorded, labelled."""
    document = gate.open_whereabouts(
        actor=request.actor,
        matter_id=seated.matter.id,
        party_id=party_id,
        purpose=request.POST.get("purpose", ""),
        words=request.POST.get("words", ""),
        fresh=is_fresh(request),
        now=request.now,
    )
    fields = definition(seated.matter.playbook, seated.matter.version).fields
    return [(fields[k].label if k in fields else k, v) for k, v in document.items()]
