"""The pages that hold nothing of anybody: tiles, law in plain words, places nearby, about, and the way out."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from anjia.doors.portal import nearby as service_places
from anjia.doors.portal import texts
from anjia.foundation.core.verdict import NotFound
from anjia.registry.places import places
from anjia.ui import page


def home(request: HttpRequest) -> HttpResponse:
    """Eight equal tiles; none stands out, so that opening this site says nothing."""
    return render(request, "portal/home.html", {"tiles": texts.TILES})


@require_safe
def topic(request: HttpRequest, name: str) -> HttpResponse:
    """A page of plain words, with the articles they rest on and whom to call."""
    shown = texts.TOPICS.get(name)
    if shown is None:
        raise NotFound
    lines = [texts.HOTLINES[number] for number in shown.call]
    return render(request, "portal/topic.html", {"topic": shown, "lines": lines})


@require_safe
def nearby(request: HttpRequest) -> HttpResponse:
    """附近服务: county, then township, then what is open there. The place is a public one, so it may be asked by GET."""
    chosen = service_places.chosen_place(request.GET.get("at", ""))
    counties = places.children(settings.CITY)
    township = chosen.code if chosen and chosen.tier == "township" else ""
    context = {
        "counties": counties,
        "county": chosen.county if chosen else "",
        "townships": places.children(chosen.county) if chosen else [],
        "township": township,
        "name": places.full_name(chosen) if chosen else "",
        "counters": service_places.counters(township, page.now()) if township else [],
        "lines": [texts.HOTLINES[number] for number in texts.ALL_LINES],
    }
    return render(request, "portal/nearby.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Who runs this, what is protected, and plainly what we cannot do."""
    context = {"icp": getattr(settings, "ICP_NUMBER", ""), "psb": getattr(settings, "PSB_NUMBER", "")}
    return render(request, "portal/about.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """The way out leads straight to the other page, so that no address of ours is one more line in the history.

    Its script also calls here, without going anywhere: the browser is told to let go of what it kept of the site.
    """
    response = (
        HttpResponse(status=204) if request.method == "POST" else HttpResponseRedirect(settings.EXIT_URL)
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
