"""调解员: the mediators of the committees here, for whoever appoints them or looks after them."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from anjia.casework.resources import actions, mediators
from anjia.foundation.core.verdict import RuleBroken
from anjia.registry.places import places
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms, page

ASKED = ("id_number", "address", "sex", "trained_until")


@require_GET
@signed_in
def roster(request: SignedInRequest) -> HttpResponse:
    """Every committee at and below the reader's place; the city looks at one county at a time."""
    counties = places.children(settings.CITY) if request.actor.tier == "city" else []
    within = request.GET.get("county", "") if counties else ""
    if counties and within not in {c.code for c in counties}:
        within = counties[0].code
    context = {
        "committees": mediators.committees(request.actor, request.now, within),
        "counties": [(c.name, c.code) for c in counties],
        "within": within,
        "done": request.GET.get("done", ""),
    }
    return render(request, "resources/mediators.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def describe(request: SignedInRequest, post_id: UUID) -> HttpResponse:
    """What recusal is checked against. What is recorded already is never shown again."""
    found = mediators.manageable(post_id, request.actor)
    errors: dict[str, list[str]] = {}
    typed = {name: request.POST.get(name, "") for name in ASKED}
    if request.method == "POST":
        try:
            actions.describe_mediator(post_id=post_id, actor=request.actor, now=request.now, **typed)
            return HttpResponseRedirect(page.link("desk:mediators", query={"done": "1"}))
        except RuleBroken as broken:
            errors = forms.shown_errors(broken.fields)
    context = {"mediator": found, "typed": typed, "errors": errors}
    return render(request, "resources/describe.html", context, status=422 if errors else 200)
