"""证据清单: what is kept with a matter, its check values, whether it is still what came in, who was handed it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anjia.engine.letters import evidence
from anjia.engine.matters.reading import Reading
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.verdict import NotFound
from anjia.registry.posts import agencies, people, who_may
from anjia.registry.posts.gate import SignedInRequest, signed_in


@require_GET
@signed_in
def evidence_page(request: SignedInRequest, matter_id: UUID) -> HttpResponse:
    """One line a file. It does not print: what goes to the court or the police is a numbered paper."""
    seated = visible_to(request.actor).find(matter_id)
    if not who_may.opens("desk:evidence", seated.relation):
        raise NotFound
    found = evidence.pieces(Reading(seated=seated, actor=request.actor, now=request.now))
    context = {"matter": seated.matter, "pieces": found, "handed": handed(matter_id)}
    return render(request, "desk/evidence.html", context)


def handed(matter_id: UUID) -> list[dict[str, Any]]:
    """Who was handed which file, newest first, named as the log has it."""
    rows = [(what, r) for what, found in evidence.handed_out(matter_id).items() for r in found]
    names = people.names({r.actor for _w, r in rows if r.actor})
    offices = agencies.of_posts({r.post for _w, r in rows if r.post})
    told = [
        {
            "file": what,
            "at": r.at,
            "who": names.get(r.actor, "") if r.actor else _("本人或系统"),
            "agency": offices.get(r.post, "") if r.post else "",
        }
        for what, r in rows
    ]
    return sorted(told, key=lambda t: t["at"], reverse=True)
