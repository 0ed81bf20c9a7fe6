"""一起办: thirty visits on one screen. Rows are ticked, answered once for all, and each says what became of it."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anjia.doors.desk.rows import PerRow, attempt, counted
from anjia.engine.matters import together, worklists
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.values import HAPPENED_AT
from anjia.foundation.core.verdict import RuleBroken
from anjia.registry.posts import actors, people
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms as ui_forms
from anjia.ui import page as ui_page

OWN = "own-"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def together_page(request: SignedInRequest) -> HttpResponse:
    """The rows and the small form; on POST what became of each row."""
    steps = together.steps(visible_to(request.actor))
    wanted = request.POST.get("step") or request.GET.get("step", "")
    step = next((s for s in steps if s.name == wanted), steps[0] if steps and not wanted else None)
    if request.method != "POST" or step is None:
        return listed(request, steps, step, {}, {})
    typed = ui_forms.gather(step.fields, request.POST).typed | {
        HAPPENED_AT: request.POST.get(HAPPENED_AT, "")
    }
    try:
        together.check(step, chosen(request), typed, request.now)
    except RuleBroken as broken:
        return listed(request, steps, step, typed, ui_forms.shown_errors(broken.fields), str(broken.reason))
    names = {r.id: r for r in named(request, chosen(request))}
    done = [one(request, step, m, names.get(m), typed) for m in chosen(request)]
    context = {"step": step, "rows": done, "counts": counted(done)}
    return render(request, "desk/together_done.html", context)


def chosen(request: SignedInRequest) -> list[UUID]:
    """The rows that were ticked; what is no row of ours is left out."""
    found = []
    for text in request.POST.getlist("m"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def named(request: SignedInRequest, matters: list[UUID]) -> list[worklists.MatterRow]:
    """The ticked rows as the reader may see them, read before anything is done."""
    scope = visible_to(request.actor)
    return worklists.matter_rows(scope.own().filter(matter__in=matters), scope)


def one(
    request: SignedInRequest,
    step: together.Step,
    matter: UUID,
    row: worklists.MatterRow | None,
    typed: dict[str, Any],
) -> PerRow:
    """One row: done, or why not and where to do it by itself."""
    label = f"{row.names or row.playbook['zh']} · {row.number}" if row else _("没有找到这件事项")
    own = {f.name: request.POST.get(f"{OWN}{matter}-{f.name}", "") for f in step.fields}
    answers = {**typed, **{name: value for name, value in own.items() if value}}
    ver = request.POST.get(f"ver-{matter}", "")

    def act() -> tuple[str, str]:
        together.do(
            actor=request.actor,
            matter=matter,
            step=step,
            answers=answers,
            ver=int(ver) if ver.isdecimal() and len(ver) < 9 else None,
            key=request.POST.get("key", ""),
            now=request.now,
        )
        return _("已记下。"), ui_page.link("desk:matter", matter)

    return attempt(label, act, ui_page.link("desk:do", matter, step.move.name) if row else "")


def listed(
    request: SignedInRequest,
    steps: list[together.Step],
    step: together.Step | None,
    typed: dict[str, Any],
    errors: dict[str, Any],
    reason: str = "",
) -> HttpResponse:
    """The list with its form, as it was typed."""
    tabs = [
        (s.label, ui_page.link("desk:together", query={"step": s.name}), s is step, s.count) for s in steps
    ]
    ticked = {str(m) for m in chosen(request)} if request.method == "POST" else set()
    context = {
        "tabs": tabs,
        "step": step,
        "rows": together.rows(request.actor, step) if step else [],
        "ticked": ticked,
        "own": {k: v for k, v in request.POST.items() if k.startswith(OWN)},
        "mine": next((f for f in step.fields if f.type == "code" and f.required), None) if step else None,
        "fields": step.fields if step else [],
        "values": typed,
        "errors": errors,
        "reason": reason,
        "labels": {f.name: f.label for f in (step.fields if step else ())} | {"m": _("事项")},
        "options": options(request, step),
        "most": together.MOST,
        "key": request.POST.get("key") or uuid.uuid4().hex,
    }
    return render(request, "desk/together.html", context, status=422 if errors or reason else 200)


def options(request: SignedInRequest, step: together.Step | None) -> dict[str, list[tuple[str, Any]]]:
    """Colleagues, where somebody is named."""
    out: dict[str, list[tuple[str, Any]]] = {}
    for f in step.fields if step else ():
        if f.type == "post" and request.actor.agency_id:
            posts = actors.of_agency(request.actor.agency_id, request.now)
            names = people.names([p.account_id for p in posts])
            out[f.name] = [(str(p.id), f"{names.get(p.account_id, '')} · {p.title}") for p in posts]
    return out
