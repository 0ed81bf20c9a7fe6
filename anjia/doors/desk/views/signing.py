"""送签与签发: a letter waits for whoever must sign it; the signer reads it, signs or sends it back with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from anjia.engine.letters import disclosure, numbering, signing
from anjia.engine.letters.papers import HEAD, book
from anjia.engine.matters.seats import Seated, visible_to
from anjia.foundation.core.verdict import NotFound, RuleBroken, require
from anjia.registry.posts import agencies, people, who_may
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms, page


def state(request: SignedInRequest, draft: disclosure.Draft) -> dict[str, Any]:
    """Where the signing of a paper stands for whoever gives it out: "" (nobody), ask, waits, signed."""
    number = numbering.head_of(request.actor.agency_id).word
    about: dict[str, Any] = {"is": "", "numbers": bool(number and draft.paper.kind)}
    if not signing.is_needed(draft, request.actor):
        return about
    one = signing.standing(draft.matter.id, draft.paper.name)
    verdict = signing.may_leave(draft, request.actor)
    about["is"] = "signed" if verdict else ("waits" if one and not one.is_signed else "ask")
    about["why"] = "" if verdict else verdict.reason
    about["signers"] = told(one) if one else []
    return about


def told(one: signing.Question) -> list[dict[str, Any]]:
    """Who signs, by office, and who has, by name and time."""
    offices = agencies.names({s.agency for s in one.signers})
    names = people.names({s.by for s in one.signers if s.by})
    return [
        {
            "agency": offices.get(s.agency, ""),
            "who": names.get(s.by, "") if s.by else "",
            "at": s.at,
            "is_head": s.as_ == HEAD,
        }
        for s in one.signers
    ]


def lay_before(
    request: SignedInRequest, matter_id: UUID, name: str, typed: Mapping[str, str]
) -> HttpResponse:
    """送签: the draft as it stands, checked like one that leaves."""
    draft = disclosure.draft(
        actor=request.actor, matter_id=matter_id, paper=name, now=request.now, typed=typed
    )
    disclosure.refuse_what_is_sealed(draft)
    signing.ask(draft, actor=request.actor, now=request.now)
    return HttpResponseRedirect(page.link("desk:letter", matter_id, name, query={"done": "asked"}))


def waiting(request: SignedInRequest, seated: Seated) -> list[dict[str, Any]]:
    """Letters of this matter that this reader may sign now, or that wait for somebody else of the office."""
    found = [q for q in signing.in_matter(seated.matter.id) if q.open_for(request.actor.agency_id)]
    names = people.names({q.account for q in found if q.account})
    return [
        {
            "id": q.id,
            "label": book().papers[q.paper].label,
            "who": names.get(q.account, "") if q.account else "",
            "at": q.at,
            "verdict": signing.can_sign(request.actor, q),
        }
        for q in found
        if q.paper in book().papers
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def sign(request: SignedInRequest, matter_id: UUID, question: UUID) -> HttpResponse:
    """The letter as it would leave, and two buttons: sign, or send back with a reason."""
    seated = visible_to(request.actor).find(matter_id)
    if not who_may.opens("desk:sign", seated.relation):
        raise NotFound
    one = signing.asked(matter_id, question)
    if one.open_for(request.actor.agency_id) is None:
        raise NotFound
    errors: dict[str, Any] = {}
    why = request.POST.get("why", "")
    if request.method == "POST":
        require(signing.can_sign(request.actor, one))
        try:
            signing.decide(
                actor=request.actor,
                matter_id=matter_id,
                question=question,
                sends_back=request.POST.get("do") == "back",
                why=why,
                now=request.now,
            )
            return HttpResponseRedirect(page.link("desk:matter", matter_id, query={"done": "sign"}))
        except RuleBroken as broken:
            errors = forms.shown_errors(broken.fields)
    context = {
        "matter": seated.matter,
        "one": one,
        "label": book().papers[one.paper].label,
        "errors": errors,
        "why": why,
        "verdict": signing.can_sign(request.actor, one),
        **shown(request, seated, one),
    }
    return render(request, "desk/sign.html", context, status=422 if errors else 200)


def shown(request: SignedInRequest, seated: Seated, one: signing.Question) -> dict[str, Any]:
    """What the signer reads: the office's own head the draft itself, an office that co-signs the text laid before it."""
    if one.agency != request.actor.agency_id:
        return {"text": signing.text_for_cosigner(seated, request.actor, one, request.now), "draft": None}
    draft = disclosure.draft(
        actor=request.actor, matter_id=seated.matter.id, paper=one.paper, now=request.now
    )
    return {"draft": draft, "text": "", "same": signing.mark_of(draft) == one.mark}
