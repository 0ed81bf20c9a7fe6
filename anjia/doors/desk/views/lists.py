"""Worklists, search, place look-ups."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anjia.doors.desk import palette
from anjia.engine.matters import finding, worklists
from anjia.engine.matters.seats import visible_to
from anjia.foundation.limits import limits
from anjia.law.playbooks.library import catalogue
from anjia.registry.places import places
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import errors, page


def filters_of(request: SignedInRequest) -> dict[str, str]:
    return {name: asked(request, name) for name in worklists.FILTERS}


def asked(request: SignedInRequest, name: str) -> str:
    """A value of the address, without what no database takes in a text."""
    return request.GET.get(name, "").replace("\x00", "")


@require_GET
@signed_in
def duties(request: SignedInRequest) -> HttpResponse:
    """Duties: mine, what others owe me, what climbed to me. Earliest due first."""
    which = request.GET.get("which", "own")
    if which == "triage":
        return triage(request)
    which = which if which in ("own", "waiting", "climbed", "below") else "own"
    found = worklists.duties(
        visible_to(request.actor), which, page_after=request.GET.get("after", ""), filters=filters_of(request)
    )
    tabs = duty_tabs(request, which)
    context = {"page": found, "tabs": tabs, "which": which, **filter_context(request)}
    return render(request, "desk/duties.html", context)


def duty_tabs(request: SignedInRequest, which: str) -> list[tuple[str, str, bool, None]]:
    """The lists of duties; what has just come in has one of its own where reports arrive."""
    lists = [("own", _("我们要办的")), ("waiting", _("等对方的")), ("climbed", _("提级到我们的"))]
    if request.actor.line == "federation":
        lists.insert(0, ("triage", _("刚来的")))
    return [
        (words, page.link("desk:duties", query={"which": key}), key == which, None) for key, words in lists
    ]


def triage(request: SignedInRequest) -> HttpResponse:
    """What has come in and waits to be taken on; many from one place are one line."""
    burst = asked(request, "burst")
    found = worklists.triage(visible_to(request.actor), burst=burst, page_after=request.GET.get("after", ""))
    context = {
        "page": found.page,
        "folds": found.folds,
        "burst": burst,
        "tabs": duty_tabs(request, "triage"),
        "is_later": bool(request.GET.get("after")),
    }
    return render(request, "desk/triage.html", context)


@require_GET
@signed_in
def below(request: SignedInRequest) -> HttpResponse:
    """Duties of the line below, names masked."""
    found = worklists.duties(
        visible_to(request.actor),
        "below",
        page_after=request.GET.get("after", ""),
        filters=filters_of(request),
    )
    return render(request, "desk/below.html", {"page": found, **filter_context(request)})


@require_GET
@signed_in
def matters(request: SignedInRequest) -> HttpResponse:
    """Matters of this office by due, opened or updated."""
    sort = request.GET.get("sort", "due")
    is_open = request.GET.get("closed") != "1"
    found = worklists.matters(
        visible_to(request.actor),
        "own",
        sort=sort,
        is_open=is_open,
        page_after=request.GET.get("after", ""),
        filters=filters_of(request),
    )
    tabs = [
        (words, page.link("desk:matters", query={"sort": key}), key == sort and is_open, None)
        for key, words in (("due", _("按期限")), ("opened", _("新来的在前")), ("updated", _("刚动过的在前")))
    ]
    tabs.append(
        (_("已办结"), page.link("desk:matters", query={"sort": "updated", "closed": "1"}), not is_open, None)
    )
    return render(
        request, "desk/matters.html", {"page": found, "tabs": tabs, "sort": sort, **filter_context(request)}
    )


def filter_context(request: SignedInRequest) -> dict[str, object]:
    """What the filter bar offers: kinds of matter, grade."""
    chosen = filters_of(request)
    return {
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "playbooks": [(name, book.label) for name, book in catalogue().items()],
        "grades": [("1", _("一级响应")), ("2", _("二级响应")), ("3", _("三级响应"))],
        "is_later": bool(request.GET.get("after")),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def search(request: SignedInRequest) -> HttpResponse:
    """找: matters, places and pages. Words are posted, so that no name stands in an address."""
    words = request.POST.get("q", "") or request.GET.get("q", "")
    if words and not within_limit(request):
        return errors.page_for(request, 429)
    finding.note(request.actor, words)
    found = finding.search(visible_to(request.actor), words)
    more = palette.answer(request.actor, words, request.now, matters=False) if words else palette.Answer([])
    return render(request, "desk/search.html", {"words": words, "found": found, "more": more.groups})


def within_limit(request: SignedInRequest) -> bool:
    """Looking up is bounded: a program that leafs through names, with an account it has stolen, does not get far."""
    return bool(limits.take("search.account", str(request.actor.account_id), request.now))


@require_POST
@signed_in
def find(request: SignedInRequest) -> HttpResponse:
    """The lines of the palette (Ctrl-K), as a fragment."""
    words, on = request.POST.get("q", ""), request.POST.get("on", "")
    if not within_limit(request):
        return errors.page_for(request, 429)
    finding.note(request.actor, words)
    found = palette.answer(request.actor, words, request.now, on)
    return render(request, "desk/_find.html", {"found": found, "words": words})


@require_POST
@signed_in
def same(request: SignedInRequest) -> HttpResponse:
    """A fragment beside the intake form: is somebody already here under this number or name?

    Posted, so that what is typed stands in no address and no server's log.
    """
    if not within_limit(request):
        return errors.page_for(request, 429)
    scope = visible_to(request.actor)
    rows: list[worklists.MatterRow] = []
    for words in (request.POST.get(n, "") for n in ("id_number", "phone", "name")):
        rows = rows or finding.search(scope, words, limit=5).rows
    return render(request, "desk/_same.html", {"rows": rows})


@require_GET
@signed_in
def place_lookup(request: SignedInRequest) -> HttpResponse:
    """A fragment: places by a few letters, pinyin or characters."""
    name = request.GET.get("name", "place")
    words = request.GET.get(f"{name}__words", "")
    found = places.find(words, within=settings.CITY) if words.strip() else []
    return render(request, "ui/parts/place_options.html", {"name": name, "options": found})
