"""The phone of somebody in a village: what is to be done today, one card; something to hand on; the round; what is hers.

Nothing here needs a program on the phone: pages of an old browser, large type, one column, four taps at most.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from anjia.doors.desk import forms
from anjia.doors.desk.forms import handed_in
from anjia.engine.matters import actions, values, walking, worklists
from anjia.engine.matters.inputs import Opened, party_input
from anjia.engine.matters.pages import MatterPage, Step
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.verdict import RuleBroken
from anjia.law.playbooks.library import catalogue, find_duty
from anjia.registry.posts import agencies, pledges
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms as ui_forms
from anjia.ui import page as ui_page

read_or_send = require_http_methods(["GET", "HEAD", "POST"])
BIG_CARDS = 3
#: Has its own entry at the foot of the page, so it takes no place among today's three.
ROUND_DUTY = "walk"
STEP_BACK = "recuse"
CASE, LEAD = "dv-case", "lead"
WORDS, WHOSE, HARM = "facts", "name", "harm"
HANDED_ON = 5
#: Steps whose words somebody in a village is told.
TELLS = ("plan_visit", "taken_up", "to_mediation", "keep_open", "let_go")


def home(request: SignedInRequest) -> HttpResponse:
    """今天要做: at most three large cards."""
    found = worklists.duties(visible_to(request.actor), limit=BIG_CARDS + 1).rows
    cards = [d for d in found if d.kind != ROUND_DUTY][:BIG_CARDS]
    return render(request, "desk/village_home.html", {"cards": cards, "done": request.GET.get("done", "")})


def card(request: SignedInRequest, shown: MatterPage) -> HttpResponse:
    """One matter as one card: what to do, what to say, and the form that does it."""
    return render(request, "desk/village_matter.html", card_context(request, shown, None, {}, {}))


def card_context(
    request: SignedInRequest, shown: MatterPage, step: Step | None, typed: dict[str, Any], errors: Any
) -> dict[str, Any]:
    """What the card shows; `step` is the one whose form it holds, by default the one that is owed."""
    owed, more = steps(shown)
    step = step or (owed[0] if owed else None)
    fields = forms.asked(shown, step, request.actor.agency_kind) if step else []
    takes_voice = bool(step and any(f.type == "file" for f in step.move.asks))
    request.may_speak = takes_voice
    return {
        "page": shown,
        "step": step,
        "others": [s for s in owed if s is not step],
        "more": [s for s in more if s is not step],
        "fields": fields,
        "takes_voice": takes_voice,
        "values": typed,
        "errors": errors,
        "script": shown.playbook.cards.get(step.move.card or "") if step else None,
        "steps_back": any(s.name == STEP_BACK and s.verdict for s in shown.steps),
        "told": [e for e in shown.entries if e.move in TELLS and e.words][-1:],
        "done": request.GET.get("done", ""),
        "key": request.POST.get("key") or uuid.uuid4().hex,
    }


def steps(shown: MatterPage) -> tuple[list[Step], list[Step]]:
    """What does a duty of hers, in the order of the duty; and what else she may say in this matter."""
    open_now = [s for s in shown.steps if s.verdict and shown.playbook.by_neighbours(s.move)]
    owed = [n for d in shown.duties if d.is_mine for n in find_duty(shown.playbook, d.kind).done_by]
    by_name = {s.name: s for s in open_now}
    first = [by_name[n] for n in dict.fromkeys(owed) if n in by_name]
    return first, [s for s in open_now if s not in first]


# ---- 记一件


@read_or_send
@signed_in
def note(request: SignedInRequest) -> HttpResponse:
    """记一件: said or written in her own words, and it is somebody else's from then on."""
    if request.method != "POST":
        return note_page(request, {}, {})
    try:
        hand_on(request)
    except RuleBroken as broken:
        return note_page(request, ui_forms.shown_errors(broken.fields), request.POST, str(broken.reason))
    return HttpResponseRedirect(
        ui_page.link("desk:home", query={"done": (is_harm(request) and CASE) or LEAD})
    )


def is_harm(request: SignedInRequest) -> bool:
    """Somebody is hit or afraid, or it is not certain that nobody is."""
    return request.POST.get(HARM) in ("yes", "unknown")


def hand_on(request: SignedInRequest) -> Opened:
    """To the township as a lead; where somebody may be hit or afraid, past everybody near to the county as a case."""
    if request.POST.get(HARM) not in ("yes", "no", "unknown"):
        raise RuleBroken(_("还差一项没有选。"), {HARM: _("请选一个。不清楚就选“不清楚”。")})
    files = handed_in(request)
    book = catalogue()[CASE if is_harm(request) else LEAD]
    words = WORDS if is_harm(request) else "words"
    fields = [book.fields[words], book.fields[WHOSE]]
    typed = {words: request.POST.get(WORDS, ""), WHOSE: request.POST.get(WHOSE, "")}
    try:
        clean = values.clean(fields, typed, partial=True, now=request.now)
    except RuleBroken as broken:
        said = {WORDS if name == words else name: why for name, why in broken.fields.items()}
        raise RuleBroken(broken.reason, said) from None
    if not clean and not files:
        raise RuleBroken(_("还没有说什么。说一句、写一句都行。"), {WORDS: _("说一句、写一句都行。")})
    return actions.open_matter(
        playbook=book.name,
        actor=request.actor,
        now=request.now,
        channel=walking.ON_FOOT,
        place=request.actor.village,
        parties=[party_input(book, "asking", clean)] if clean.get(WHOSE) else [],
        data={words: clean[words]} if clean.get(words) else {},
        key=request.POST.get("key", ""),
        files=files,
    )


def note_page(request: SignedInRequest, errors: Any, typed: Any, reason: str = "") -> HttpResponse:
    """The form as it stands, and what she handed on lately."""
    request.may_speak = True
    rows = worklists.matters(
        visible_to(request.actor), filters={"playbook": LEAD}, sort="updated", is_open=True, limit=HANDED_ON
    ).rows
    context = {
        "script": catalogue()[CASE].cards["first_call"],
        "errors": errors,
        "values": {name: typed.get(name, "") for name in (WORDS, WHOSE, HARM)},
        "labels": {WORDS: _("是什么事"), WHOSE: _("谁家"), HARM: _("有没有人挨打、受威胁、害怕")},
        "reason": reason,
        "handed_on": rows,
        "key": request.POST.get("key") or uuid.uuid4().hex,
    }
    return render(request, "desk/village_note.html", context, status=422 if errors or reason else 200)


# ---- 走一走


@read_or_send
@signed_in
def walk(request: SignedInRequest) -> HttpResponse:
    """走一走: nothing found is one number more; a lead goes on as what it is."""
    if request.method != "POST":
        return walk_page(request, {})
    key = request.POST.get("key", "")
    try:
        if request.POST.get("what") == walking.FINISHED:
            walking.finish(actor=request.actor, now=request.now, key=key)
        else:
            walking.nothing_found(
                actor=request.actor, now=request.now, doors=request.POST.get("walked", "").strip(), key=key
            )
    except RuleBroken as broken:
        return walk_page(request, ui_forms.shown_errors(broken.fields), str(broken.reason))
    return HttpResponseRedirect(ui_page.link("desk:walk", query={"done": "yes"}))


def walk_page(request: SignedInRequest, errors: Any, reason: str = "") -> HttpResponse:
    """This month, as far as it has come."""
    context = {
        "round": walking.this_month(request.actor, request.now),
        "script": catalogue()[walking.ROUND].cards["walking"],
        "errors": errors,
        "reason": reason,
        "walked": request.POST.get("walked", ""),
        "done": request.GET.get("done", "") if not reason else "",
        "key": uuid.uuid4().hex,
    }
    return render(request, "desk/village_walk.html", context, status=422 if errors or reason else 200)


# ---- 我的


@require_GET
@signed_in
def mine(request: SignedInRequest) -> HttpResponse:
    """我的: the pledge, whom to ring, handing over, signing out."""
    context = {
        "offices": agencies.line_above(request.actor.agency_id),
        "pledge": pledges.in_force(request.actor.on) if request.actor.on else None,
        "hands_over": request.actor.role in ("head", "officer", "triage"),
    }
    return render(request, "desk/village_mine.html", context)
