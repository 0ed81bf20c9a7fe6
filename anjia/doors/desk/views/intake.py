"""登记来电来访 for a call for help: one page, typed while listening, saved within a minute."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from anjia.doors.desk.views.opening import CHANNELS, QUICK, channel, procedures, take_calls
from anjia.engine.matters import actions, values
from anjia.engine.matters.inputs import party_input
from anjia.foundation.core.verdict import RuleBroken
from anjia.law.playbooks.library import catalogue
from anjia.law.playbooks.schema import Field, Playbook
from anjia.registry.places import places
from anjia.registry.posts.gate import SignedInRequest
from anjia.ui import forms, page

HERS = (
    "name",
    "phone",
    "safe_when",
    "safe_as",
    "do_not_contact",
    "sex",
    "age_band",
    "residence",
    "protection",
)
HIS = ("their_name", "relation")
OURS = ("facts", "dv_forms", "urgency", "reporter", "first_or_repeat")
WORD = ("tell_community", "come_to_door", "tell_police")


def fields(book: Playbook) -> dict[str, list[Field]]:
    """The form in four blocks."""
    return {
        "hers": [book.fields[n] for n in HERS],
        "his": [book.fields[n] for n in HIS],
        "ours": [book.fields[n] for n in OURS],
        "word": [book.fields[n] for n in WORD],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@take_calls
def intake(request: SignedInRequest) -> HttpResponse:
    """Blank on GET; on POST the matter is opened and shown, or everything typed comes back with its errors."""
    book = catalogue()[QUICK]
    blocks = fields(book)
    if request.method != "POST":
        return form_page(request, blocks, {}, {}, uuid.uuid4().hex)
    every = [f for block in blocks.values() for f in block]
    got = forms.gather(every, request.POST)
    key = request.POST.get("key") or uuid.uuid4().hex
    try:
        opened = save(request, book, every, got.values, key)
    except RuleBroken as broken:
        return form_page(request, blocks, got.typed, forms.shown_errors(broken.fields), key)
    return HttpResponseRedirect(page.link("desk:matter", opened.matter))


def save(
    request: SignedInRequest, book: Playbook, every: list[Field], typed: dict[str, Any], key: str
) -> Any:
    """One action; the place decides which county it goes to."""
    clean = values.clean(every, typed, partial=True, now=request.now)
    people = [party_input(book, role, clean) for role in ("asking", "complained")]
    return actions.open_matter(
        playbook=book.name,
        actor=request.actor,
        now=request.now,
        at=values.when_it_happened(request.POST, request.now),
        channel=channel(request),
        place=str(clean.get("residence") or request.actor.county or settings.CITY),
        parties=[p for p in people if p.role == "asking" or p.sealed or p.relation],
        data={n: v for n, v in clean.items() if n in OURS},
        key=key,
        with_receipt=False,
    )


def form_page(
    request: SignedInRequest,
    blocks: dict[str, list[Field]],
    typed: dict[str, Any],
    errors: dict[str, Any],
    key: str,
) -> HttpResponse:
    residence = str(typed.get("residence") or "")
    context = {
        "blocks": blocks,
        "values": typed,
        "errors": errors,
        "labels": {f.name: f.label for block in blocks.values() for f in block},
        "key": key,
        "channels": CHANNELS,
        "channel": channel(request),
        "procedures": procedures(),
        "card": catalogue()[QUICK].cards["first_call"],
        "places": {
            "residence": {
                "lookup": page.link("desk:places"),
                "shown": places.display(residence) if residence else "",
                "words": typed.get("residence__words", ""),
                "choices": [(p.code, p.name) for p in places.children(settings.CITY)],
            }
        },
    }
    return render(request, "desk/intake.html", context, status=422 if errors else 200)
