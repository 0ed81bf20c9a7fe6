"""回避记录: read by the head of the federation that was told, by nobody else."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from anjia.engine.matters import actions
from anjia.engine.matters import recusals as kept
from anjia.foundation.core.verdict import NotFound
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import page


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def recusals(request: SignedInRequest) -> HttpResponse:
    """Who is kept from which matter, and why; posting says that it was read."""
    if not kept.is_supervisor(request.actor):
        raise NotFound
    if request.method == "POST":
        actions.mark_recusals_seen(actor=request.actor, now=request.now)
        return HttpResponseRedirect(page.link("desk:recusals"))
    rows = kept.record(request.actor, request.now)
    context = {"rows": rows, "has_new": any(r.is_new for r in rows)}
    return render(request, "desk/recusals.html", context)
