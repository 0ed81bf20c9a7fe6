"""登记来电来访 for a call for help: one page, typed while listening, saved within a minute."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from anjia.casework.counter import drafts
from anjia.doors.desk.forms import near
from anjia.doors.desk.views.drafts import as_posted
from anjia.doors.desk.views.opening import CHANNELS, QUICK, channel, procedures
from anjia.engine.matters import actions, values
from anjia.engine.matters.inputs import party_input
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import RuleBroken
from anjia.law.playbooks.library import catalogue
from anjia.law.playbooks.schema import Field, Playbook
from anjia.registry.places import places
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms, page

FEDERATION = "federation"
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
#: At a complaint point (police station …) the safe contact comes first and little is asked.
FIRST_CONTACT = ("phone", "safe_when", "safe_as", "do_not_contact", "name", "residence")
FIRST_FACTS = ("facts", "urgency")
HIS = ("their_name", "relation")
OURS = ("facts", "dv_forms", "urgency", "reporter", "first_or_repeat")
#: Folded away: what is only asked when it is known.
HIS_MORE = ("their_id_number", "their_birth_on", "their_agency")
DANGER = ("not_alone_why",)
WORD = ("tell_community", "come_to_door", "tell_police")


def fields(book: Playbook, *, is_point: bool) -> dict[str, list[Field]]:
    """The form in four blocks; short at a complaint point, where somebody stands at the counter."""
    blocks = {
        "hers": FIRST_CONTACT if is_point else HERS,
        "his": HIS,
        "ours": FIRST_FACTS if is_point else OURS,
        "word": WORD,
        "his_more": () if is_point else HIS_MORE,
        "danger": DANGER,
    }
    return {block: [book.fields[n] for n in names] for block, names in blocks.items()}


def is_point(request: SignedInRequest) -> bool:
    """A complaint point of another line hands the case over; it does not lead it."""
    return request.actor.line != FEDERATION


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def intake(request: SignedInRequest) -> HttpResponse:
    """Blank on GET; on POST the matter is opened and shown, or everything typed comes back with its errors."""
    book = catalogue()[QUICK]
    blocks = fields(book, is_point=is_point(request))
    every = [f for block in blocks.values() for f in block]
    if request.method != "POST":
        if request.GET.get("draft"):
            return gone_on_with(request, blocks, every)
        return form_page(request, blocks, {}, {}, uuid.uuid4().hex)
    got = forms.gather(every, request.POST)
    key = request.POST.get("key") or uuid.uuid4().hex
    try:
        opened = save(request, book, every, got.values, key)
    except RuleBroken as broken:
        return form_page(
            request, blocks, got.typed, forms.shown_errors(broken.fields), key, str(broken.reason)
        )
    if request.POST.get("kept"):
        drafts.end(key=key, actor=request.actor)
    if is_point(request):
        return render(request, "desk/handed_on.html", {"opened": opened, "receipt": grouped(opened.receipt)})
    return HttpResponseRedirect(page.link("desk:matter", opened.matter))


def gone_on_with(
    request: SignedInRequest, blocks: dict[str, list[Field]], every: list[Field]
) -> HttpResponse:
    """A call that was interrupted: the form as it was left."""
    key = request.GET["draft"]
    _procedure, answers = drafts.read(key, request.actor)
    typed = forms.gather(every, as_posted(answers)).typed
    how = (answers.get("channel") or [""])[0]
    return form_page(request, blocks, typed, {}, key, how=how, went_on=True)


def grouped(receipt: str) -> str:
    """Twenty digits as they are read out."""
    return " ".join(receipt[i : i + 4] for i in range(0, len(receipt), 4))


def save(
    request: SignedInRequest, book: Playbook, every: list[Field], typed: dict[str, Any], key: str
) -> Any:
    """One action; the place decides which county it goes to."""
    clean = values.clean(every, typed, partial=True, now=request.now)
    if not any(clean.values()):
        words = _("还没有写任何内容。哪怕只记一句(例如“来电没有说话”),再保存。")
        raise RuleBroken(words, {"facts": words})
    people = [party_input(book, role, clean) for role in ("asking", "complained")]
    return actions.open_matter(
        playbook=book.name,
        actor=request.actor,
        now=request.now,
        at=values.when_it_happened(request.POST, request.now),
        channel=channel(request),
        place=str(clean.get("residence") or request.actor.county or settings.CITY),
        parties=[p for p in people if p.role == "asking" or p.sealed or p.relation],
        data={n: v for n, v in clean.items() if n in (*OURS, *DANGER)},
        key=key,
        with_receipt=is_point(request),
    )


def partners(request: SignedInRequest) -> list[tuple[str, Any]]:
    """The offices he may work for: those of the reader's county and the city's."""
    on = request.now.astimezone(SHANGHAI).date()
    return near((), request.actor, request.actor.county, on)


def form_page(
    request: SignedInRequest,
    blocks: dict[str, list[Field]],
    typed: dict[str, Any],
    errors: dict[str, Any],
    key: str,
    reason: str = "",
    *,
    how: str = "",
    went_on: bool = False,
) -> HttpResponse:
    residence = str(typed.get("residence") or "")
    context = {
        "blocks": blocks,
        "values": typed,
        "errors": errors,
        "reason": reason,
        "labels": {f.name: f.label for block in blocks.values() for f in block},
        "key": key,
        "channels": CHANNELS,
        "channel": how or channel(request),
        "went_on": went_on,
        "draft_labels": {n: book.label for n, book in catalogue().items()},
        "drafts": [] if went_on else drafts.of(request.actor),
        "procedures": procedures(),
        "is_point": is_point(request),
        "options": {"their_agency": partners(request)},
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
    return render(request, "desk/intake.html", context, status=422 if errors or reason else 200)
