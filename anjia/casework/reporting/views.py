"""科室报告码: an office's departments and their codes, the sheet for the wall, a code withdrawn."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from anjia.casework.reporting import cards, points
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms, page


@require_GET
@signed_in
def offices(request: SignedInRequest) -> HttpResponse:
    """The offices whose codes this reader keeps; where it is one alone, its page at once."""
    found = points.offices(request.actor)
    if len(found) == 1:
        return HttpResponseRedirect(page.link("desk:points-of", found[0].id))
    return render(request, "reporting/offices.html", {"offices": found, "cards": cards.book()})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def points_of(request: SignedInRequest, agency_id: UUID) -> HttpResponse:
    """The departments of one office; posting adds one or withdraws a code."""
    agency = points.kept_by(request.actor, agency_id)
    rows = points.points_of(agency)
    errors: dict[str, Any] = {}
    said, name = "", request.POST.get("name", "")
    if request.method == "POST":
        try:
            closes = request.POST.get("close", "")
            if closes:
                point = next((p for p in rows if str(p.id) == closes), None)
                if point is None:
                    raise NotFound
                points.close_point(point=point, actor=request.actor, now=request.now)
            else:
                points.open_point(agency=agency, name=name, actor=request.actor, now=request.now)
            done = "closed" if closes else "opened"
            return HttpResponseRedirect(page.link("desk:points-of", agency_id, query={"done": done}))
        except RuleBroken as broken:
            errors, said = forms.shown_errors(broken.fields), str(broken.reason)
    context = {
        "agency": agency,
        "points": rows,
        "name": name,
        "errors": errors,
        "said": said,
        "done": request.GET.get("done", ""),
        "cards": cards.book(),
    }
    return render(request, "reporting/points.html", context, status=422 if said else 200)


@require_GET
@signed_in
def sheet(request: SignedInRequest, agency_id: UUID, point_id: UUID) -> HttpResponse:
    """The sheet for the wall: what to scan, when, and that the reporter is protected."""
    agency = points.kept_by(request.actor, agency_id)
    point = next((p for p in points.points_of(agency) if p.id == point_id and p.closed_at is None), None)
    if point is None:
        raise NotFound
    site = settings.PUBLIC_ADDRESS or request.build_absolute_uri("/")
    address = f"{site.rstrip('/')}{page.link('portal:point', points.code_of(point))}"
    picture = segno.make_qr(address, error="m").svg_data_uri(scale=6)
    context = {
        "agency": agency,
        "point": point,
        "address": address,
        "picture": picture,
        "poster": cards.poster(),
    }
    return render(request, "reporting/sheet.html", context)
