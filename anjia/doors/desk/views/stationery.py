"""用纸与文号: what one's own office's letters look like; the head sets it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from anjia.engine.letters import esealing, numbering
from anjia.foundation.core.verdict import RuleBroken
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms, page


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def stationery(request: SignedInRequest) -> HttpResponse:
    """The office's letterhead, how far its numbers have come, and which kinds of file there are."""
    errors: dict[str, Any] = {}
    typed: dict[str, Any] = {}
    if request.method == "POST":
        typed = {
            "word": request.POST.get("word", ""),
            "is_red": request.POST.get("is_red") == "yes",
            "basis": request.POST.get("basis", ""),
        }
        try:
            numbering.change(actor=request.actor, now=request.now, **typed)
            return HttpResponseRedirect(page.link("desk:stationery", query={"done": "saved"}))
        except RuleBroken as broken:
            errors = forms.shown_errors(broken.fields)
    context = {
        "typed": typed or numbering.head_of(request.actor.agency_id),
        "errors": errors,
        "series": numbering.series_of(request.actor.agency_id),
        "seals": esealing.is_on(),
        "done": request.GET.get("done", ""),
    }
    return render(request, "desk/stationery.html", context, status=422 if errors else 200)
