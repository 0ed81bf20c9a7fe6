"""扫码报告: the page behind a department's square. No account; two minutes on a phone; never refused in an emergency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from anjia.casework.reporting import cards, points, reports
from anjia.casework.reporting.models import ReportPoint
from anjia.doors.portal import receipts, slowly
from anjia.doors.portal.tickets import Ticket, new_key, seal, unseal
from anjia.engine.letters.rendering import pdf
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.limits import limits
from anjia.law import codes
from anjia.ui import page

NOT_SAVED = _("没保存成功。您写的内容还在,请再点一次。")
CHOICES = {
    "report_class": "mandatory-report-class",
    "relation": "relation",
    "police_told": "yes-no-unknown",
    "shield": "report-shield",
}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def point(request: HttpRequest, code: str) -> HttpResponse:
    """The form for a code that holds; for every other the same page, whatever was asked. A form that was opened while
    the code held is taken, so that nothing half written is lost.
    """
    now = page.now()
    if request.method != "POST":
        found = points.find(code)
        return (
            form(request, found, Ticket("point", {"point": str(found.id)}), {}, {})
            if found
            else nothing(request)
        )
    ticket = unseal("point", request.POST.get("ticket", ""), now)
    at = points.again(str(ticket.data["point"])) if ticket else points.find(code)
    if at is None:
        return nothing(request)
    return send(request, at, ticket or Ticket("point", {"point": str(at.id)}))


def send(request: HttpRequest, at: ReportPoint, ticket: Ticket) -> HttpResponse:
    """The report, or the form with what was typed. Beyond the limits it is slowed and marked; an emergency never is."""
    now = page.now()
    data, errors = reports.read(
        request.POST, request.POST.getlist("shield"), request.POST.getlist("injured_parts")
    )
    if errors:
        return form(request, at, ticket, data, errors, _("有几处需要改一下。"))
    address = limits.network(request.META.get("REMOTE_ADDR", ""))
    burst = limits.burst("report.point", str(at.id), now) or limits.burst(
        "report.point.address", address, now
    )
    if burst and not data["now"]:
        slowly.wait()
    try:
        opened = reports.send(at, data, now=now, key=ticket.key, burst=burst)
    except RuleBroken as broken:
        again = ticket if broken.fields else Ticket("point", ticket.data, new_key())
        return form(request, at, again, data, dict(broken.fields), NOT_SAVED)
    context = {
        "lines": receipts.shaped(opened.receipt, "plain"),
        "police": reports.must_call_police(data),
        "holder": opened.holder,
    }
    return render(request, "portal/point_received.html", context)


def form(
    request: HttpRequest,
    at: ReportPoint,
    ticket: Ticket,
    data: Mapping[str, Any],
    errors: Mapping[str, Any],
    reason: Any = "",
) -> HttpResponse:
    """One page."""
    context = {
        "point": at,
        "ticket": seal(ticket, page.now()),
        "data": data,
        "errors": {name: str(message) for name, message in errors.items()},
        "reason": str(reason),
        "choices": {name: list(codes.book()[book].codes) for name, book in CHOICES.items()},
        "cards": cards.book(),
    }
    return render(request, "portal/point.html", context, status=422 if errors or reason else 200)


def nothing(request: HttpRequest) -> HttpResponse:
    """What an unknown, a withdrawn and a mistyped code show alike: whom to call, and nothing else."""
    return render(request, "portal/point_nothing.html", {})


@require_http_methods(["GET", "HEAD"])
def card(request: HttpRequest, name: str) -> HttpResponse:
    """A sheet of advice to read or print."""
    found = cards.book().get(name)
    if found is None:
        raise Http404
    return render(request, "portal/card.html", {"card": found, "name": name})


@require_http_methods(["GET", "HEAD"])
def card_pdf(request: HttpRequest, name: str) -> HttpResponse:
    """The same as PDF."""
    if name not in cards.book():
        raise Http404
    response = HttpResponse(cards.as_pdf(name), content_type=pdf.MEDIA)
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
