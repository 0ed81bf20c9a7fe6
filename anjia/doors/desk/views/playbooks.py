"""办事流程: what each procedure asks of whom, drawn on one sheet, and the proof that nobody falls through it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotFound
from anjia.law import rules as law_rules
from anjia.law.playbooks import library
from anjia.law.playbooks.drawing import draw
from anjia.law.playbooks.health import Health, examine
from anjia.registry.posts.gate import SignedInRequest, signed_in


@require_GET
@signed_in
def playbooks(request: SignedInRequest) -> HttpResponse:
    """Every procedure."""
    return render(request, "desk/playbooks.html", {"books": list(library.catalogue().values())})


@require_GET
@signed_in
def playbook(request: SignedInRequest, name: str) -> HttpResponse:
    """One procedure: its sheet, stages, steps, duties with their limits, and the sources."""
    book = library.catalogue().get(name)
    if book is None:
        raise NotFound
    language = "en" if request.LANGUAGE_CODE == "en" else "zh"
    wanted = (rule for duty in book.duties.values() for rule in duty.rules())
    context = {"book": book, "limits": limits(request, wanted), "sheet": draw(book, language)}
    return render(request, "desk/playbook.html", context)


@require_GET
@signed_in
def health(request: SignedInRequest) -> HttpResponse:
    """流程体检: what is proved of every procedure over all its paths, and what is not."""
    examined = [*results().values()]
    wanted = (rule for one in examined for rule in one.rules)
    moves = sum(len(one.book.moves) for one in examined)
    context = {
        "examined": examined,
        "moves": moves,
        "duties": sum(len(one.book.duties) for one in examined),
        "wrong": sum(len(one.found) for one in examined),
        "share": round(100 * sum(one.with_effect for one in examined) / max(1, moves)),
        "limits": limits(request, wanted),
    }
    return render(request, "desk/health.html", context)


@cache
def results() -> dict[str, Health]:
    """Procedures do not change while the site runs, so they are examined once."""
    known = library.known()
    return {name: examine(book, known) for name, book in library.catalogue().items()}


def limits(request: SignedInRequest, wanted: Iterable[str]) -> dict[str, law_rules.Rule]:
    """The time limits as they are in force today."""
    today = request.now.astimezone(SHANGHAI).date()
    return {rule: law_rules.book().get(rule, today) for rule in wanted}
