"""申请查看 · 应急查阅 · 谁看过: looking behind the mask, and who has looked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anjia.engine.matters import grants
from anjia.engine.matters.seats import Seated, visible_to
from anjia.foundation.core.verdict import NotFound, RuleBroken, Verdict
from anjia.foundation.events import access
from anjia.foundation.events.models import Access
from anjia.law.codes import book as code_book
from anjia.registry.posts import agencies, people, who_may
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.factors import is_fresh
from anjia.registry.posts.gate import SignedInRequest, signed_in, to_step_up
from anjia.ui import forms as ui_forms
from anjia.ui import page as ui_page
from anjia.ui.formats import lang

read_or_send = require_http_methods(["GET", "HEAD", "POST"])
#: Lists are looked through this far back.
LISTED_DAYS = 30
MINE = {grants.PURPOSES: "purpose", grants.EMERGENCIES: "urgent", "grant-purpose": "granted"}


@read_or_send
@signed_in
def open_for(request: SignedInRequest, matter_id: UUID) -> HttpResponse:
    """申请查看(写明用途): the line above reads as much as the purpose needs, for eight hours."""
    seated, verdict = standing(request, matter_id, grants.OPEN_PAGE, grants.can_open_for)
    context = {
        "way": "open",
        "purposes": [(c, label, opens(c)) for c, label in code_book()[grants.PURPOSES].choices(lang())],
    }
    if request.method != "POST" or not verdict:
        return form(request, seated, verdict, context)
    return made(request, seated, verdict, context, grants.open_for)


@read_or_send
@signed_in
def emergency(request: SignedInRequest, matter_id: UUID) -> HttpResponse:
    """应急查阅: a second factor just now, a reason, two hours; two heads are told and a review is owed."""
    seated, verdict = standing(request, matter_id, grants.EMERGENCY_PAGE, grants.can_open_in_emergency)
    context = {
        "way": "emergency",
        "purposes": [(c, label, "") for c, label in code_book()[grants.EMERGENCIES].choices(lang())],
    }
    if verdict and not is_fresh(request):
        return to_step_up(request)
    if request.method != "POST" or not verdict:
        return form(request, seated, verdict, context)
    return made(request, seated, verdict, context, grants.open_in_emergency, fresh=is_fresh(request))


def standing(
    request: SignedInRequest, matter_id: UUID, name: str, may: Callable[[Actor, Seated], Verdict]
) -> tuple[Seated, Verdict]:
    """The matter as this reader sees it, and whether he may look further; for others it does not exist."""
    seated = visible_to(request.actor).find(matter_id)
    if not who_may.opens(name, seated.relation):
        raise NotFound
    return seated, may(request.actor, seated)


def opens(purpose: str) -> str:
    """What a purpose shows, in words."""
    names = code_book()["grant-compartment"]
    listed = code_book()[grants.PURPOSES].items[purpose].attributes["opens"]
    return ("、" if lang() == "zh" else ", ").join(names.label(c, lang()) for c in listed)


def form(
    request: SignedInRequest,
    seated: Seated,
    verdict: Verdict,
    context: dict[str, Any],
    errors: dict[str, Any] | None = None,
) -> HttpResponse:
    """The form, with what was typed and what is missing."""
    shown = {
        "matter_id": seated.matter.id,
        "number": seated.matter.number,
        "verdict": verdict,
        "errors": errors or {},
        "purpose": request.POST.get("purpose", ""),
        "words": request.POST.get("words", ""),
    }
    status = 422 if errors else 403 if request.method == "POST" else 200
    return render(request, "desk/look.html", {**context, **shown}, status=status)


def made(
    request: SignedInRequest,
    seated: Seated,
    verdict: Verdict,
    context: dict[str, Any],
    act: Callable[..., Any],
    **more: Any,
) -> HttpResponse:
    """One action, then the matter itself."""
    try:
        act(
            actor=request.actor,
            matter_id=seated.matter.id,
            purpose=request.POST.get("purpose", ""),
            words=request.POST.get("words", ""),
            now=request.now,
            **more,
        )
    except RuleBroken as broken:
        return form(request, seated, verdict, context, ui_forms.shown_errors(broken.fields))
    return HttpResponseRedirect(ui_page.link("desk:matter", seated.matter.id))


# -- who has looked -------------------------------------------------------------------------------------------


@require_GET
@signed_in
def looked(request: SignedInRequest, matter_id: UUID) -> HttpResponse:
    """谁看过: openings, and apart from them the lists it appeared in; for the office that leads."""
    seated = visible_to(request.actor).find(matter_id)
    if not who_may.opens("desk:looked", seated.relation):
        raise NotFound
    opened = [row for row in access.seen_by(matter_id) if row.how != access.LIST]
    listed = access.listed(matter_id, since=request.now - timedelta(days=LISTED_DAYS))
    names = people.names({r.actor for r in (*opened, *listed) if r.actor})
    offices = agencies.of_posts({r.post for r in (*opened, *listed) if r.post})

    def who(r: Access) -> dict[str, Any]:
        return {
            "who": names.get(r.actor, "") if r.actor else _("本人或系统"),
            "agency": offices.get(r.post, "") if r.post else "",
        }

    appearances: dict[tuple[Any, Any], dict[str, Any]] = {}
    for r in listed:
        line = appearances.setdefault((r.actor, r.post), {**who(r), "at": r.at, "times": 0})
        line["times"] += 1
    context = {
        "rows": [{**who(r), "at": r.at, **reason(r)} for r in opened],
        "listed": list(appearances.values()),
        "days": LISTED_DAYS,
        "number": seated.matter.number,
        "matter_id": matter_id,
    }
    return render(request, "desk/looked.html", context)


def reason(r: Access) -> dict[str, Any]:
    """How it was opened, by which right, and for what."""
    how = "whereabouts" if r.how == access.WHEREABOUTS else r.how
    listed, _colon, code = r.purpose.rpartition(":")
    if how == "whereabouts":
        listed = "whereabouts-purpose"
    label = code_book()[listed].label(code, lang()) if listed and code in code_book()[listed] else ""
    said = access.purpose_text(r) if r.purpose_sealed else ""
    right = MINE.get(listed, "") if how in (access.OPEN, access.FILE) else ""
    return {
        "how": right if how == access.OPEN and right else how,
        "right": right,
        "label": label,
        "purpose": said,
    }
