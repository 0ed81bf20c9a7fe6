"""本周要办的事: what is due in each village this week, and the numbered sheets for its meeting."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from anjia.engine.letters import weekly
from anjia.foundation.core.clock import SHANGHAI, day_of
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import page as ui_page


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def week_page(request: SignedInRequest) -> HttpResponse:
    """The week by village; on POST the sheets, to be printed."""
    today = request.now.astimezone(SHANGHAI).date()
    first = weekly.monday(asked(request, today))
    made = weekly.week(request.actor, first, request.now)
    if request.method == "POST" and made.villages:
        villages = request.POST.getlist("village")
        copy = weekly.release(actor=request.actor, made=made, villages=villages, now=request.now)
        with override("zh-hans"):
            return render(
                request, "desk/week_sheet.html", {"copy": copy, "label": weekly.template()["label"]}
            )
    weeks = (
        (_("上周"), first - timedelta(days=7)),
        (_("本周"), weekly.monday(today)),
        (_("下周"), first + timedelta(days=7)),
    )
    tabs: list[tuple[Any, str, bool, None]] = [
        (words, ui_page.link("desk:week", query={"on": day.isoformat()}), day == first, None)
        for words, day in weeks
    ]
    return render(request, "desk/week.html", {"week": made, "tabs": tabs})


def asked(request: SignedInRequest, today: date) -> date:
    """A day of the week that was asked for; this week where none, or none that can be read, was."""
    try:
        return day_of(request.POST.get("on") or request.GET.get("on") or "")
    except ValueError:
        return today
