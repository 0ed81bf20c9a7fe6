"""单位: which offices there are, who sits in one's own, and the act that shuts the door of one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anjia.engine.matters import actions as matters
from anjia.engine.matters import leaving as leavings
from anjia.foundation.core.verdict import RuleBroken, require
from anjia.registry.posts import actions
from anjia.registry.posts import offices as kept
from anjia.registry.posts.factors import is_fresh
from anjia.registry.posts.gate import SignedInRequest, signed_in, to_step_up
from anjia.ui import forms, page


@require_GET
@signed_in
def offices(request: SignedInRequest) -> HttpResponse:
    """One's own, the stopped ones, those with people; others by name."""
    words = request.GET.get("q", "")
    rows = kept.found(request.actor, words, request.now)
    return render(
        request, "desk/offices.html", {"rows": rows, "words": words, "done": request.GET.get("done", "")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def office(request: SignedInRequest, agency_id: UUID) -> HttpResponse:
    """One office; posting stops it or opens it again, with a reason and a second factor shown just now."""
    shown = kept.one(request.actor, agency_id, request.now)
    is_asked = request.GET.get("do") == "stop" and bool(shown.stop)
    if (is_asked or request.method == "POST") and shown.stop and not is_fresh(request):
        return to_step_up(request)
    errors: dict[str, list[str]] = {}
    reason, words = request.POST.get("reason", ""), ""
    if request.method == "POST":
        require(shown.stop)
        act = actions.reopen_agency if shown.agency.stopped_at else actions.stop_agency
        try:
            act(
                agency=shown.agency,
                reason=reason,
                fresh=is_fresh(request),
                actor=request.actor,
                now=request.now,
            )
            return HttpResponseRedirect(page.link("desk:office", agency_id, query={"done": act.__name__}))
        except RuleBroken as broken:
            errors, words = forms.shown_errors(broken.fields), str(broken.reason)
    context = {
        "office": shown,
        "asks": is_asked or bool(errors) or (request.GET.get("do") == "reopen" and bool(shown.stop)),
        "typed": reason,
        "errors": errors,
        "said": words,
        "done": request.GET.get("done", ""),
    }
    return render(request, "desk/office.html", context, status=422 if words else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def leaving(request: SignedInRequest, post_id: UUID) -> HttpResponse:
    """离岗交接: what somebody has in hand, what he gave out, and who takes it on; one act ends the post."""
    post = kept.post_of(post_id)
    kept.in_reach(request.actor, post.agency_id)
    shown = leavings.leaving(post, request.actor, request.now)
    errors: dict[str, list[str]] = {}
    said, all_to = "", request.POST.get("all", "")
    typed = {h.matter: request.POST.get(f"post-{h.matter}", "") or all_to for h in shown.held}
    if request.method == "POST":
        try:
            if request.POST.get("sure") != "yes":
                raise RuleBroken(_("还没有确认。"), {"sure": _("请看过后打勾。")})
            matters.end_post(post_id=post_id, handed=typed, actor=request.actor, now=request.now)
            return HttpResponseRedirect(page.link("desk:office", post.agency_id, query={"done": "left"}))
        except RuleBroken as broken:
            errors, said = forms.shown_errors(broken.fields), str(broken.reason)
    context = {"leaving": shown, "typed": typed, "all_to": all_to, "errors": errors, "said": said}
    return render(request, "desk/leaving.html", context, status=422 if said else 200)
