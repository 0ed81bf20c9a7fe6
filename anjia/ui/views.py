"""The gallery: every component in every state, for whoever designs a page. It reads and writes nothing."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anjia.ui import formats, page, samples

DOORS = {
    "desk": "ui/gallery/desk.html",
    "village": "ui/gallery/village.html",
    "portal": "ui/gallery/portal.html",
    "step": "ui/gallery/step.html",
    "plain": "ui/gallery/plain.html",
}


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """`?door=` desk (all components), village, portal, step (one step of a portal form) or plain."""
    door = request.GET.get("door", "desk")
    now = page.now()
    word = formats.text
    if getattr(request, "actor", None) is None:
        request.actor = SimpleNamespace(agency_name="邗江区妇联", title="权益部部长")  # type: ignore[attr-defined]
    context = {
        "fields": samples.fields(),
        "options": samples.options(),
        "found": samples.places(),
        "duties": samples.duties(now, word),
        "entries": samples.entries(now, word),
        "children": samples.children(now, word),
        "card": samples.card(),
        "posts": samples.posts(),
        "post_here": UUID(int=1),
        "verdicts": samples.verdicts(),
    }
    return render(request, DOORS.get(door, DOORS["desk"]), context)
