"""上报要素复制单: what other systems are still to be told of, and the sheet to copy from, field by field."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anjia.engine.letters import copies
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.registry.posts import people, who_may
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms as ui_forms
from anjia.ui import page as ui_page


@require_GET
@signed_in
def waiting(request: SignedInRequest) -> HttpResponse:
    """What still has to be reported to another system."""
    rows = copies.waiting(visible_to(request.actor), request.now)
    done = request.GET.get("done", "")
    return render(request, "desk/copies.html", {"rows": rows, "done": copies.systems().get(done)})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def copy_sheet(request: SignedInRequest, matter_id: UUID, name: str) -> HttpResponse:
    """The sheet; on POST what was ticked, their number, or that it need not be reported."""
    if not who_may.opens("desk:copy-sheet", visible_to(request.actor).find(matter_id).relation):
        raise NotFound
    errors: dict[str, Any] = {}
    state = request.POST.get("state", "")
    if request.method == "POST" and state in (copies.PART, copies.DONE, copies.NOT_NEEDED):
        try:
            copies.note(
                actor=request.actor,
                matter_id=matter_id,
                name=name,
                ticked=request.POST.getlist("ticked"),
                state=state,
                on=request.POST.get("copied_on", ""),
                number=request.POST.get("their_number", ""),
                now=request.now,
            )
            return HttpResponseRedirect(after(matter_id, name, state))
        except RuleBroken as broken:
            errors = ui_forms.shown_errors(broken.fields)
    sheet = copies.sheet(actor=request.actor, matter_id=matter_id, name=name, now=request.now)
    ticked = set(request.POST.getlist("ticked")) if request.method == "POST" else None
    others = [s for s in copies.of_matter(sheet.matter) if s.name != name]
    context = {
        "sheet": sheet,
        "is_ticked": {f.key: f.ticked if ticked is None else f.key in ticked for f in sheet.fields},
        "who": people.names({sheet.last.actor}).get(sheet.last.actor, "")
        if sheet.last and sheet.last.actor
        else "",
        "on": request.POST.get("copied_on") or request.now.astimezone(SHANGHAI).date().isoformat(),
        "number": request.POST.get("their_number", ""),
        "errors": errors,
        "labels": {"copied_on": _("哪天报的"), "their_number": _("那边的编号")},
        "others": [(s.label, ui_page.link("desk:copy-sheet", matter_id, s.name)) for s in others],
        "saved": request.GET.get("saved") == "1",
    }
    return render(request, "desk/copy_sheet.html", context, status=422 if errors else 200)


def after(matter_id: UUID, name: str, state: str) -> str:
    """Back to the sheet while it is half done, else to the list."""
    if state == copies.PART:
        return ui_page.link("desk:copy-sheet", matter_id, name, query={"saved": "1"})
    return ui_page.link("desk:copies", query={"done": name})
