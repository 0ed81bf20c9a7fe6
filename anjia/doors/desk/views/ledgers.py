"""台账: the ledger of a period on the screen, each figure with its rows, and a numbered copy as an Excel file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anjia.engine.letters import layouts, papers, spreadsheet, tables
from anjia.engine.matters import filing
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.clock import SHANGHAI, day_of
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.registry.posts import ledger
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms as ui_forms
from anjia.ui import page as ui_page

SHOWN = 50


@require_GET
@signed_in
def ledgers(request: SignedInRequest) -> HttpResponse:
    """Which ledgers there are, and the copies this office has made."""
    given = ledger.entries(request.actor.agency_id, {tables.GIVEN}) if request.actor.agency_id else []
    gone = {
        str(m) for m in visible_to(request.actor).walled()
    }  # a colleague's copy had rows that are none for her
    context = {
        "layouts": layouts.ledgers().values(),
        "given": [
            (e, layouts.ledgers().get(e.codes.get("layout", "")), len(set(e.codes["matters"]) - gone))
            for e in given
        ],
        "classes": papers.book().classes,
    }
    return render(request, "desk/ledgers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ledger_page(request: SignedInRequest, name: str) -> HttpResponse:
    """One ledger; on POST the file."""
    layout = layouts.ledgers().get(name)
    if layout is None:
        raise NotFound
    asked = request.POST if request.method == "POST" else request.GET
    typed = {
        "from": asked.get("from") or f"{request.now.astimezone(SHANGHAI).year}-01-01",
        "until": asked.get("until") or request.now.astimezone(SHANGHAI).date().isoformat(),
        "below": asked.get("below", ""),
        "to": asked.get("to", ""),
        "names": asked.get("names", ""),
    }
    errors: dict[str, Any] = {}
    made = None
    try:
        period = tables.Period(day(typed, "from"), day(typed, "until"))
        sends = request.method == "POST"
        made = tables.table(
            actor=request.actor,
            layout=layout,
            period=period,
            to=typed["to"] if sends else layouts.OWN_FILE,
            names=sends and typed["names"] == "yes",
            below=typed["below"] == "yes",
        )
        if sends:
            return file(tables.release(actor=request.actor, made=made, now=request.now))
    except RuleBroken as broken:
        errors = ui_forms.shown_errors(broken.fields)
        made = made or shown_again(request, layout, typed, errors)
    only = request.GET.get("only", tables.ALL)
    context = {
        "layout": layout,
        "table": made,
        "typed": typed,
        "errors": errors,
        "only": only,
        "rows": made.only(only)[:SHOWN] if made else [],
        "figures": figures(made, typed, only) if made else [],
        "classes": [(c, papers.book().classes[c]) for c in layouts.FOR],
        "supervises": request.actor.tier in ("city", "county", "township"),
        "labels": {"from": _("从"), "until": _("到"), "names": _("含姓名"), "to": _("给谁")},
    }
    return render(request, "desk/ledger.html", context, status=422 if errors else 200)


def shown_again(
    request: SignedInRequest, layout: layouts.Layout, typed: dict[str, str], errors: dict[str, Any]
) -> tables.Table | None:
    """The rows once more beside what was wrong with the copy; nothing where the time itself is wrong."""
    if {"from", "until"} & set(errors):
        return None
    period = tables.Period(day(typed, "from"), day(typed, "until"))
    return tables.table(actor=request.actor, layout=layout, period=period, below=typed["below"] == "yes")


def day(typed: dict[str, str], name: str) -> date:
    """A day as it was typed, or what is wrong beside its field."""
    try:
        return day_of(typed[name])
    except ValueError:
        raise RuleBroken(_("有几处需要改一下。"), {name: _("请按“年-月-日”填写。")}) from None


def figures(made: tables.Table, typed: dict[str, str], here: str) -> list[tuple[Any, str, bool, int]]:
    """Each figure leads to its rows."""
    kept = {k: typed[k] for k in ("from", "until", "below") if typed[k]}
    return [
        (
            label,
            ui_page.link("desk:ledger", made.layout.name, query={**kept, "only": name}),
            name == here,
            n,
        )
        for name, label, n in made.figures
    ]


def file(copy: tables.Copy) -> HttpResponse:
    """The copy, to be saved."""
    response = HttpResponse(spreadsheet.workbook(copy), content_type=spreadsheet.MIME)
    name = filing.quoted(f"{copy.table.layout.label['zh']} {copy.number}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
