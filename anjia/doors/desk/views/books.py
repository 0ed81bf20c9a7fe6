"""成册: ask for the book of an inspection, see how far it is, save it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anjia.doors.desk.views.ledgers import day
from anjia.engine.letters import books
from anjia.engine.letters.rendering import pdf
from anjia.engine.matters import filing
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import RuleBroken
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms as ui_forms
from anjia.ui import page as ui_page
from anjia.ui.formats import text


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def books_page(request: SignedInRequest) -> HttpResponse:
    """The office's books; on POST one is asked for."""
    today = request.now.astimezone(SHANGHAI).date()
    typed = {
        "checklist": request.POST.get("checklist", ""),
        "from": request.POST.get("from") or f"{today.year}-01-01",
        "until": request.POST.get("until") or today.isoformat(),
    }
    errors: dict[str, Any] = {}
    reason = ""
    if request.method == "POST":
        try:
            number = books.ask(
                actor=request.actor,
                name=typed["checklist"],
                first=day(typed, "from"),
                last=day(typed, "until"),
                now=request.now,
            )
            return HttpResponseRedirect(ui_page.link("desk:books", query={"asked": number}))
        except RuleBroken as broken:
            errors, reason = ui_forms.shown_errors(broken.fields), str(broken.reason)
    context = {
        "books": books.of_office(request.actor),
        "checklists": [(c.name, c.label) for c in books.checklists().values()],
        "contents": [
            (c.label, "、".join([*(text(one.label) for one in c.chapters), text(c.courses)]))
            for c in books.checklists().values()
        ],
        "typed": typed,
        "errors": errors,
        "reason": reason,
        "labels": {"checklist": _("哪项检查"), "from": _("从"), "until": _("到")},
        "asked": request.GET.get("asked", ""),
    }
    return render(request, "desk/books.html", context, status=422 if errors or reason else 200)


@require_GET
@signed_in
def book(request: SignedInRequest, book_id: UUID) -> HttpResponse:
    """The book, to be saved."""
    name, body = books.read(actor=request.actor, book=book_id)
    response = HttpResponse(body, content_type=pdf.MEDIA)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{filing.quoted(name)}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
