"""首页: what is to be done today, for each kind of reader the page made for her."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anjia.casework.incoming import batches
from anjia.casework.incoming.policies import takes_in
from anjia.doors.desk.views import shifts, village
from anjia.engine.letters import evidence
from anjia.engine.matters import briefs, figures, leaving, recusals, unusual, watching, worklists
from anjia.engine.matters.seats import visible_to
from anjia.foundation.files import rechecking
from anjia.foundation.outbox import outbox
from anjia.registry.posts.gate import SignedInRequest, signed_in


@require_GET
@signed_in
def home(request: SignedInRequest) -> HttpResponse:
    """The first page of a working day."""
    actor = request.actor
    if actor.role == "leader":
        return render(request, "desk/leader_home.html", for_leader(request))
    if actor.role == "sysadmin":
        return render(request, "desk/quiet_home.html", {"broken": rechecking.broken(), "dead": outbox.dead()})
    scope = visible_to(actor)
    if actor.tier == "village":
        return village.home(request)
    context = {
        "home": worklists.home(scope, request.now),
        "empty": empty_words(actor.line, actor.tier),
        "told_of_walls": recusals.has_new(actor) if actor.role == "head" else recusals.waits(actor),
        "broken": evidence.broken_of(scope) if actor.role == "head" else [],
        "left": leaving.news(actor, request.now),
        "unusual": unusual.lines(actor, request.now, waiting=True) if actor.role == "head" else [],
        "dark": shifts.darkness(request),
        "papers": batches.unfinished(actor, request.now) if takes_in(actor) else [],
        "watches": watches(request),
        "watched": watching.watched(scope, request.now) if watches(request) else [],
    }
    return render(request, "desk/home.html", context)


#: How many instructions stand on his first page.
TOLD = 5
#: What a leader can always look up: by office and time limit.
ALWAYS = ("serious", "unanswered")


def for_leader(request: SignedInRequest) -> dict[str, Any]:
    """What waits for his word, what came back, and where to look up the rest."""
    told, this = briefs.instructions(request.actor, request.now), figures.month_of(request.now)
    return {
        "waiting": [p for p in briefs.pages(request.actor, request.now) if p.waits],
        "instructions": [i for i in told if not (i.is_over and i.is_read)][:TOLD],
        "figures": [figures.value(request.actor, name, this, request.now) for name in ALWAYS],
    }


def watches(request: SignedInRequest) -> bool:
    """值得关注 stands on the first page of a county's and of the city's federation."""
    return request.actor.line == "federation" and request.actor.tier in ("county", "city")


def empty_words(line: str, tier: str) -> dict[str, str]:
    """What an empty list says; each office its own sentence."""
    if line != "federation":
        return {"today": _("没有需要贵单位办理的来函。"), "new": _("没有需要贵单位办理的来函。")}
    new = _("没有新事项。12338、网格、派出所转来的都会到这里。")
    return {"today": _("今天没有要办的事。"), "new": new}
