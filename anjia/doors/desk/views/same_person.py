"""同一人: who in other matters may be the same person, linked or undone by whoever leads this one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anjia.engine.matters import actions, finding, same_person
from anjia.engine.matters.pages import MatterPage, matter_page
from anjia.engine.matters.policies import can_link_person
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.law.codes import book as code_book
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import formats
from anjia.ui import forms as ui_forms
from anjia.ui import page as ui_page

PAIR = "|"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def same_person_page(request: SignedInRequest, matter_id: UUID) -> HttpResponse:
    """Suggestions, a search within scope, and what is linked already."""
    shown = matter_page(request.actor, matter_id, request.now)
    if not can_link_person(visible_to(request.actor).find(matter_id)):
        raise NotFound
    if request.method != "POST":
        return form(request, shown, {})
    try:
        write(request, matter_id)
    except RuleBroken as broken:
        return form(request, shown, ui_forms.shown_errors(broken.fields), str(broken.reason))
    return HttpResponseRedirect(ui_page.link("desk:matter", matter_id, query={"done": "link_person"}))


def write(request: SignedInRequest, matter_id: UUID) -> None:
    """One action: link, or undo."""
    mine, theirs = pair(request.POST.get("pair", ""))
    words = request.POST.get("reason", "")
    if request.POST.get("undo"):
        actions.unlink_person(
            matter_id=matter_id, party=mine, theirs=theirs, words=words, actor=request.actor, now=request.now
        )
        return
    actions.link_person(
        matter_id=matter_id, party=mine, theirs=theirs, why=request.POST.get("link_why", ""), words=words,
        actor=request.actor, now=request.now,
    )  # fmt: skip


def pair(text: str) -> tuple[UUID, UUID]:
    """Whom of this matter and whom of the other, as the form posts them."""
    try:
        mine, theirs = (UUID(part) for part in text.split(PAIR))
    except ValueError:
        raise RuleBroken(_("有几处需要改一下。"), {"pair": _("请选一个人。")}) from None
    return mine, theirs


def form(
    request: SignedInRequest, shown: MatterPage, errors: dict[str, Any], reason: str = ""
) -> HttpResponse:
    """Each of this matter's people beside whom she may be."""
    scope, words = visible_to(request.actor), request.GET.get("q", "")
    ids = [p.id for p in shown.people]
    mine = next((i for i in ids if str(i) == request.GET.get("who")), ids[0] if ids else None)
    found = [row.id for row in finding.search(scope, words).rows if row.id != shown.matter.id]
    others = [m for row in found for m in same_person.people_of(scope, row, mine)] if mine else []
    linked = same_person.linked(scope, shown.matter.id)
    context = {
        "page": shown,
        "names": {p.id: (p.called, p.name) for p in shown.people},
        "linked": linked,
        "suggested": same_person.suggested(scope, shown.matter.id),
        "others": [o for o in others if o.party not in {m.party for m in linked}],
        "q": words,
        "chosen": str(mine or ""),
        "mine_choices": [(str(p.id), f"{formats.text(p.called)} {p.name}") for p in shown.people],
        "grounds": code_book()["person-link-why"].choices("en" if request.LANGUAGE_CODE == "en" else "zh"),
        "typed": request.POST,
        "errors": errors,
        "reason": reason,
    }
    return render(request, "desk/same_person.html", context, status=422 if errors or reason else 200)
