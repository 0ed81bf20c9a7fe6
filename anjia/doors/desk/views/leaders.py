"""月度一页纸、领导批示: what the city's head writes and a leader answers. Figures open as far as their reader may go."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anjia.doors.desk.forms import handed_in
from anjia.doors.desk.views.papers import on_paper
from anjia.engine.matters import actions, briefs, figures, values
from anjia.engine.matters.policies import can_begin
from anjia.foundation.core.clock import day_of
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.law.playbooks.library import catalogue
from anjia.registry.posts import offices
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.registry.posts.models import PostRole
from anjia.ui import formats, forms, page

Errors = dict[str, list[str]]
MONTHS_BACK = 12


# -- figures -------------------------------------------------------------------------------------------------


@require_GET
@signed_in
def figure(request: SignedInRequest, name: str) -> HttpResponse:
    """One figure of one month: by office and time limit; for whoever works with them, the matters behind it."""
    if name not in figures.declared():
        raise NotFound
    month = asked_month(request)
    value = figures.value(request.actor, name, month, request.now)
    is_leader = request.actor.role == PostRole.LEADER
    context = {
        "value": value,
        "month": month,
        "cells": figures.shown_cells(value, request.actor),
        "clocks": [(c, figures.CLOCKS[c]) for c in value.clocks],
        "rows": [] if is_leader else figures.rows(value, request.actor),
        "is_leader": is_leader,
    }
    return render(request, "desk/figure.html", context)


def asked_month(request: SignedInRequest) -> int:
    """The month of the address, this month where it names none that can be."""
    given = request.GET.get("month", "")
    this = figures.month_of(request.now)
    with suppress(ValueError):
        day = day_of(f"{given[:4]}-{given[4:]}-01")
        return min(day.year * 100 + day.month, this)
    return this


# -- the monthly page ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def months(request: SignedInRequest) -> HttpResponse:
    """The pages so far; the head begins the next one."""
    errors: Errors = {}
    said = ""
    if request.method == "POST":
        try:
            data = {"office": request.POST.get("office", ""), "month": request.POST.get("month", "")}
            opened = actions.open_office_work(
                playbook=briefs.PAGE,
                actor=request.actor,
                now=request.now,
                data=data,
                key=request.POST.get("key", ""),
            )
            return HttpResponseRedirect(page.link("desk:month", opened.matter))
        except RuleBroken as broken:
            errors, said = forms.shown_errors(broken.fields), str(broken.reason)
    context = {
        "pages": briefs.pages(request.actor, request.now),
        "may_begin": bool(can_begin(briefs.PAGE, request.actor)),
        "offices": [(str(o.id), o.name) for o in offices.with_leaders(request.actor, request.now)],
        "choices": month_choices(request),
        "errors": errors,
        "said": said,
        "key": uuid.uuid4().hex,
    }
    return render(request, "desk/months.html", context, status=422 if said else 200)


def month_choices(request: SignedInRequest) -> list[tuple[int, str]]:
    """This month and those before it, the last full one first."""
    this = figures.month_of(request.now)
    out, month = [], this
    for _n in range(MONTHS_BACK):
        month = figures.earlier(month)
        out.append((month, month_words(month)))
    return [out[0], (this, month_words(this)), *out[1:]]


def month_words(month: int) -> str:
    """2026年10月."""
    year, number = divmod(month, 100)
    return _("%(year)s年%(month)s月") % {"year": year, "month": number}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def month(request: SignedInRequest, matter_id: UUID) -> HttpResponse:
    """One page: written while it is a draft, frozen once it was sent, decided on by the leader."""
    shown = briefs.page(request.actor, matter_id, request.now)
    is_leader = request.actor.role == PostRole.LEADER
    errors: Errors = {}
    said, typed = "", {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip() for name in fields_of(shown, is_leader)}
        try:
            return answer(request, shown, typed, is_leader)
        except RuleBroken as broken:
            errors, said = forms.shown_errors(broken.fields), str(broken.reason)
    context = {
        "page": shown,
        "words": month_words(shown.month),
        "is_leader": is_leader,
        "may_send": request.actor.role == PostRole.HEAD,
        "errors": errors,
        "said": said,
        "typed": typed,
        "labels": {n: f.label for n, f in catalogue()[briefs.PAGE].fields.items()},
        "key": request.POST.get("key") or uuid.uuid4().hex,
        "figures": figures.declared(),
    }
    if shown.is_draft:
        context |= drafting(request, shown, typed)
    return render(request, "desk/month.html", context, status=422 if said else 200)


def fields_of(shown: briefs.Brief, is_leader: bool) -> list[str]:
    """What the form of this page asks."""
    if is_leader:
        return ["answer", "answer_text"]
    if not shown.is_draft:
        return ["why"]
    return [*briefs.SLOTS, *(f"{s}_from" for s in briefs.SLOTS), briefs.WANTED]


def answer(
    request: SignedInRequest, shown: briefs.Brief, typed: dict[str, str], is_leader: bool
) -> HttpResponse:
    """The button that was pressed: keep, other figures, send; or the leader's decision."""
    offered = ["decide"] if is_leader else ["save", "fill", "send"] if shown.is_draft else ["file_unanswered"]
    pressed = request.POST.get("do", "")
    if pressed not in offered:
        raise RuleBroken(_("没有这一步。"))
    if pressed == "fill":
        typed = refilled(request, shown, typed)
    actions.move(
        matter_id=shown.matter.id,
        name="save" if pressed == "fill" else pressed,
        actor=request.actor,
        now=request.now,
        data={k: v for k, v in typed.items() if v},
        key=request.POST.get("key", "") if pressed != "fill" else "",
    )
    return HttpResponseRedirect(page.link("desk:month", shown.matter.id, query={"done": pressed}))


def refilled(request: SignedInRequest, shown: briefs.Brief, typed: dict[str, str]) -> dict[str, str]:
    """The proposed sentence wherever another figure was chosen than the one the sentence came from."""
    out = dict(typed)
    for slot in briefs.SLOTS:
        chosen = typed[f"{slot}_from"]
        if chosen in figures.declared() and chosen != request.POST.get(f"{slot}_was", ""):
            value = figures.value(request.actor, chosen, shown.month, request.now)
            out[slot] = value.sentence["zh"]
    return out


def drafting(request: SignedInRequest, shown: briefs.Brief, typed: dict[str, str]) -> dict[str, Any]:
    """The form: what was typed, else saved, else the first proposals that say something."""
    values_of = figures.proposals(request.actor, shown.month, request.now)
    filled = typed or {
        k: v for s, (text, name) in shown.slots.items() for k, v in ((s, text), (f"{s}_from", name))
    }
    if not typed:
        filled[briefs.WANTED] = shown.wanted
    if not any(filled.values()):
        filled = briefs.proposed(values_of)
    return {
        "filled": filled,
        "proposals": values_of,
        "options": {
            use: [(v.figure.name, v.sentence) for v in values_of if v.figure.use == use]
            for use in ("fact", "risk")
        },
    }


@require_POST
@signed_in
def month_paper(request: SignedInRequest, matter_id: UUID) -> HttpResponse:
    """The page on A4: a numbered copy through the one way out."""
    briefs.page(request.actor, matter_id, request.now)
    return on_paper(request, matter_id, "monthly-page", "desk:month")


# -- instructions --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def instructions(request: SignedInRequest) -> HttpResponse:
    """批示与回报: those of one's office, and the form for another one."""
    is_leader = request.actor.role == PostRole.LEADER
    errors: Errors = {}
    said = ""
    typed: dict[str, Any] = {"said_on": formats.date_iso(request.now), "on_what": request.GET.get("on", "")}
    asked = [f for f in catalogue()[briefs.INSTRUCTION].opening if not is_leader or f.name in HIS]
    if request.method == "POST":
        got = forms.gather(asked, request.POST)
        typed = got.typed
        try:
            return given(request, got.values, is_leader)
        except RuleBroken as broken:
            errors, said = forms.shown_errors(broken.fields), str(broken.reason)
    context = {
        "instructions": briefs.instructions(request.actor, request.now),
        "is_leader": is_leader,
        "may_write": bool(can_begin(briefs.INSTRUCTION, request.actor)),
        "asks": bool(errors or said or request.GET.get("write")),
        "fields": asked,
        "options": {
            "office": [(str(o.id), o.name) for o in offices.with_leaders(request.actor, request.now)]
        },
        "typed": typed,
        "errors": errors,
        "said": said,
        "labels": {f.name: f.label for f in asked},
        "key": request.POST.get("key") or uuid.uuid4().hex,
    }
    return render(request, "desk/instructions.html", context, status=422 if said else 200)


#: What a leader is asked himself; the rest is known of him.
HIS = ("on_what", "answer_by", "said")


def given(request: SignedInRequest, typed: dict[str, Any], is_leader: bool) -> HttpResponse:
    """One action; a leader's own words are his office's, of today."""
    data = dict(typed)
    if is_leader:
        today = formats.date_iso(request.now)
        data |= {"office": str(request.actor.agency_id), "said_on": today, "said_how": "typed"}
        data.setdefault("on_what", "other")
    else:
        data = values.clean(catalogue()[briefs.INSTRUCTION].opening, data, now=request.now)
    opened = actions.open_office_work(
        playbook=briefs.INSTRUCTION,
        actor=request.actor,
        now=request.now,
        data=data,
        files=() if is_leader else handed_in(request),
        key=request.POST.get("key", ""),
    )
    to = "desk:instruction" if is_leader else "desk:matter"
    return HttpResponseRedirect(page.link(to, opened.matter))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def instruction(request: SignedInRequest, matter_id: UUID) -> HttpResponse:
    """One instruction with its reply sheet; the leader has read it, or wants more done."""
    shown = briefs.one_instruction(request.actor, matter_id, request.now)
    errors: Errors = {}
    said = ""
    if request.method == "POST":
        pressed = request.POST.get("do", "")
        try:
            if pressed not in ("read_report", "again"):
                raise RuleBroken(_("没有这一步。"))
            data = {k: request.POST.get(k, "") for k in ("again_text", "answer_by") if request.POST.get(k)}
            actions.move(
                matter_id=matter_id,
                name=pressed,
                actor=request.actor,
                now=request.now,
                data=data if pressed == "again" else {},
                key=request.POST.get("key", ""),
            )
            return HttpResponseRedirect(page.link("desk:instruction", matter_id))
        except RuleBroken as broken:
            errors, said = forms.shown_errors(broken.fields), str(broken.reason)
    context = {
        "i": shown,
        "is_leader": request.actor.role == PostRole.LEADER,
        "errors": errors,
        "said": said,
        "typed": request.POST.get("again_text", ""),
        "key": uuid.uuid4().hex,
    }
    return render(request, "desk/instruction.html", context, status=422 if said else 200)


@require_POST
@signed_in
def instruction_paper(request: SignedInRequest, matter_id: UUID) -> HttpResponse:
    """回报单: the instruction and what came of it, on A4."""
    briefs.one_instruction(request.actor, matter_id, request.now)
    return on_paper(request, matter_id, "reply-sheet", "desk:instruction")
