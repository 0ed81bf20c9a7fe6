"""回避记录: read by the head of the federation that was told, and by the second person he asks; by nobody else."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from anjia.engine.matters import actions, lifting
from anjia.engine.matters import recusals as kept
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms, page


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def recusals(request: SignedInRequest) -> HttpResponse:
    """Who is kept from which matter, and why; posting says that it was read, or decides as the second person."""
    if not kept.is_supervisor(request.actor):
        raise NotFound
    if request.method == "POST":
        if "lift" in request.POST:
            decide(request)
        else:
            actions.mark_recusals_seen(actor=request.actor, now=request.now)
        still = kept.is_supervisor(request.actor)
        return HttpResponseRedirect(page.link("desk:recusals" if still else "desk:home"))
    rows, lifts = kept.record(request.actor, request.now), lifting.record(request.actor)
    context = {
        "rows": rows,
        "has_new": any(r.is_new for r in rows),
        "asked": [x for x in lifts if x.is_mine_to_decide],
        "lifts": [x for x in lifts if not x.is_mine_to_decide],
        "done": request.GET.get("done", ""),
    }
    return render(request, "desk/recusals.html", context)


def decide(request: SignedInRequest) -> None:
    """The second person's word."""
    try:
        lift = UUID(request.POST["lift"])
    except ValueError:
        raise NotFound from None
    agrees = request.POST.get("agree") == "yes"
    actions.decide_lift(lift_id=lift, agrees=agrees, actor=request.actor, now=request.now)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def lift(request: SignedInRequest, wall_id: UUID) -> HttpResponse:
    """A wall that was wrong: why, and who is to agree."""
    wall = lifting.liftable(request.actor, wall_id)
    typed = {name: request.POST.get(name, "") for name in ("second", "words")}
    errors, said = {}, ""
    if request.method == "POST":
        try:
            actions.ask_lift(wall_id=wall_id, actor=request.actor, now=request.now, **typed)
            return HttpResponseRedirect(page.link("desk:recusals", query={"done": "asked"}))
        except RuleBroken as broken:
            errors, said = forms.shown_errors(broken.fields), str(broken.reason)
    row = next(r for r in kept.record(request.actor, request.now, only=wall_id))
    context = {
        "row": row,
        "wall": wall,
        "seconds": [(str(post), label) for post, label in lifting.seconds(request.actor, wall, request.now)],
        "typed": typed,
        "errors": errors,
        "said": said if not errors else "",
    }
    return render(request, "desk/lift.html", context, status=422 if said else 200)
