"""A site with nothing behind its doors: the names that layouts link to, and the gallery."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken, Stale, deny
from anjia.ui import errors, samples

REFUSALS = {
    "missing": NotFound(),
    "silent": NotAllowed(deny("", "denied")),
    "told": NotAllowed(deny("您的岗位不能办这一步。")),
    "rule": RuleBroken("有几处需要改一下。", {"name": "这一项要填。"}),
    "stale": Stale(3),
}


def nothing(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """An empty page."""
    return HttpResponse("<!doctype html><title>x</title>")


def places(request: HttpRequest) -> HttpResponse:
    """What a look-up of places answers: the letters come under the field's own name."""
    name = request.GET["name"]
    found = samples.places() if request.GET.get(f"{name}__words") == "yl" else []
    return render(request, "ui/parts/place_options.html", {"name": name, "options": found})


def refuse(request: HttpRequest, what: str) -> HttpResponse:
    """Refuses the way an action would, or breaks."""
    raise REFUSALS[what] if what in REFUSALS else ValueError("周晓兰")


def names(*wanted: str) -> list[object]:
    """An empty page under each name."""
    return [path(name, nothing, name=name) for name in wanted]


desk = names("home", "intake", "search", "duty", "handover", "posts", "sign-out")
desk.append(path("places", places, name="places"))
portal = names("home", "leave", "about")
urlpatterns = [
    path("desk/", include("anjia.ui.urls")),
    path("desk/", include((desk, "desk"))),
    path("p/", include((portal, "portal"))),
    path("refuse/<str:what>", refuse),
    path("desk/refuse/<str:what>", refuse),
]
handler400, handler403 = errors.bad_request, errors.forbidden
handler404, handler500 = errors.not_found, errors.server_error
