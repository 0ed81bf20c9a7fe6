"""异常查阅: what a head is asked to look into, and what came of it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from anjia.engine.matters import actions, unusual_rules
from anjia.engine.matters import unusual as kept
from anjia.foundation.core.verdict import RuleBroken
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms, page

#: Pages of the log in the words of the people who read it.
ROUTES = {
    "desk:matter": _("事项页"),
    "desk:whereabouts": _("住处与去向"),
    "desk:paper": _("材料"),
    "desk:search": _("查找"),
    "desk:find": _("查找"),
    "desk:letter": _("文书"),
    "desk:do": _("办理"),
    "desk:person": _("当事人信息"),
}


@require_GET
@signed_in
def unusual(request: SignedInRequest) -> HttpResponse:
    """Who, which rule, how many: a question, not a finding."""
    rows = kept.lines(request.actor, request.now)
    context = {
        "waiting": [r for r in rows if r.state != kept.EXPLAINED],
        "settled": [r for r in rows if r.state == kept.EXPLAINED],
        "rules": unusual_rules.rules(),
        "done": request.GET.get("done", ""),
    }
    return render(request, "desk/unusual.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def line(request: SignedInRequest, line_id: UUID) -> HttpResponse:
    """The readings behind one line, and what the head says to it."""
    shown = kept.one(request.actor, line_id)
    errors: dict[str, list[str]] = {}
    said, typed = "", {name: request.POST.get(name, "") for name in ("state", "words")}
    if request.method == "POST":
        try:
            actions.decide_unusual(line_id=line_id, actor=request.actor, now=request.now, **typed)
            return HttpResponseRedirect(page.link("desk:unusual", query={"done": typed["state"]}))
        except RuleBroken as broken:
            errors, said = forms.shown_errors(broken.fields), str(broken.reason)
    context = {
        "line": shown,
        "readings": kept.readings(shown),
        "routes": ROUTES,
        "typed": typed,
        "errors": errors,
        "said": said if not errors else "",
    }
    return render(request, "desk/unusual_line.html", context, status=422 if said else 200)
