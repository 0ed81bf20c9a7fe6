"""What the rules are, where they come from, who is on duty, whose work moves to whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anjia.engine.matters import actions, worklists
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotFound, Refused
from anjia.law import rules as law_rules
from anjia.registry.posts import actors, duty, people
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import page


@require_GET
@signed_in
def rules(request: SignedInRequest) -> HttpResponse:
    """期限规则: every limit in force, with law and article."""
    book, today = law_rules.book(), request.now.astimezone(SHANGHAI).date()
    found = []
    for rule_id in sorted(book.ids()):
        versions = [r for r in book.versions(rule_id) if r.in_force(today)]
        found += versions[-1:]
    return render(request, "desk/rules.html", {"rules": found})


@require_GET
@signed_in
def rule(request: SignedInRequest, rule_id: str) -> HttpResponse:
    """One limit, and the steps by which a date is counted from a start."""
    if rule_id not in law_rules.book():
        raise NotFound
    start, variant = request.GET.get("start", ""), request.GET.get("variant", "")
    lang = "en" if request.LANGUAGE_CODE == "en" else "zh"
    told, error = None, ""
    if start:
        try:
            told = law_rules.explain(
                rule_id,
                datetime.fromisoformat(start),
                request.actor.county,
                [variant] if variant else [],
                lang=lang,
            )
        except law_rules.RuleError as refused:
            error = refused.text[lang]
        except ValueError:
            error = _("请按“年-月-日 时:分”填写。")
    context = {
        "rule": law_rules.book().versions(rule_id)[-1],
        "versions": law_rules.book().versions(rule_id),
        "start": start,
        "variant": variant,
        "told": told,
        "error": error,
    }
    return render(request, "desk/rule.html", context, status=422 if error else 200)


@require_GET
@signed_in
def roster(request: SignedInRequest) -> HttpResponse:
    """值班表: who answers which telephone this week."""
    monday = request.now.astimezone(SHANGHAI).date()
    monday -= timedelta(days=monday.weekday())
    week = duty.week(request.actor.agency_id, monday) if request.actor.agency_id else []
    current = duty.on_duty(request.actor.agency_id, request.now) if request.actor.agency_id else None
    return render(request, "desk/duty.html", {"week": week, "current": current, "monday": monday})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def handover(request: SignedInRequest) -> HttpResponse:
    """交接: open duties of this office, each given to a colleague by the ordinary move `assign`."""
    scope = visible_to(request.actor)
    found = worklists.duties(scope, page_after=request.GET.get("after", ""))
    posts = actors.of_agency(request.actor.agency_id, request.now) if request.actor.agency_id else []
    names = people.names({p.account_id for p in posts})
    choices = [(str(p.id), f"{names.get(p.account_id, '')} · {p.title}") for p in posts]
    results: dict[UUID, str] = {}
    if request.method == "POST":
        for row in found.rows:
            post = request.POST.get(f"post-{row.matter}", "")
            if post:
                results[row.matter] = give(request, row.matter, post)
        if all(words == "" for words in results.values()) and results:
            return HttpResponseRedirect(page.link("desk:handover", query={"done": len(results)}))
    context = {"page": found, "choices": choices, "results": results, "done": request.GET.get("done", "")}
    return render(request, "desk/handover.html", context)


def give(request: SignedInRequest, matter: UUID, post: str) -> str:
    """One row; the reason when it could not be given."""
    try:
        actions.move(
            matter_id=matter, name="assign", actor=request.actor, now=request.now, data={"post": post}
        )
    except Refused as refused:
        return str(refused)
    return ""
