"""What the rules are and where they come from."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anjia.foundation.core.clock import SHANGHAI, moment_of
from anjia.foundation.core.verdict import NotFound
from anjia.law import rules as law_rules
from anjia.registry.posts.gate import SignedInRequest, signed_in


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
                moment_of(start),
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
