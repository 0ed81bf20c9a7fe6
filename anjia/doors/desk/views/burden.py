"""表单减负自检: what the procedures ask of villages in a month, by which forms, and how much they may ask at most."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from anjia.engine.matters import burdens
from anjia.foundation.core.verdict import RuleBroken
from anjia.law.playbooks import burden as law
from anjia.registry.posts import actions, ledger
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.registry.posts.policies import can_cap_burden
from anjia.ui import forms, page


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def burden(request: SignedInRequest) -> HttpResponse:
    """The month's figure and its records; the forms and their cap. On POST the office sets a lower cap for itself."""
    if request.method != "POST":
        return burden_page(request, {})
    try:
        actions.cap_burden(
            form=request.POST.get("form", ""),
            month=request.POST.get("month", ""),
            words=request.POST.get("words", ""),
            actor=request.actor,
            now=request.now,
        )
    except RuleBroken as broken:
        return burden_page(request, forms.shown_errors(broken.fields), str(broken.reason))
    return HttpResponseRedirect(page.link("desk:burden", query={"done": "yes"}))


def burden_page(request: SignedInRequest, errors: Any, reason: str = "") -> HttpResponse:
    """The page as it stands."""
    month = burdens.month_of(request.now, request.GET.get("month", ""))
    own = ledger.burden_cap(request.actor.agency_id)
    house = law.cap()
    most = {"form": own.get("form", house.form), "month": own.get("month", house.month)}
    book, _dot, kind = request.GET.get("of", "").partition(".")
    context = {
        "asked": burdens.asked(request.actor, month),
        "of": (book, kind),
        "records": burdens.records(request.actor, month, book, kind) if kind else [],
        "forms": burdens.forms(),
        "house": house,
        "most": most,
        "may_cap": bool(can_cap_burden(request.actor)),
        "values": {name: request.POST.get(name, most[name]) for name in most}
        | {"words": request.POST.get("words", "")},
        "errors": errors,
        "reason": reason,
        "done": request.GET.get("done", ""),
    }
    return render(request, "desk/burden.html", context, status=422 if errors or reason else 200)
