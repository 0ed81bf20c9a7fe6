"""没登完的来电: kept while it is typed, gone on with, or given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from anjia.casework.counter import drafts
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.law.playbooks.library import catalogue
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import page


@require_POST
@signed_in
def draft(request: SignedInRequest, name: str) -> HttpResponse:
    """What stands in the form now is kept; the answer is a line beside the button, never an error page."""
    book = catalogue().get(name)
    if book is None or not book.opens_alone:
        raise NotFound
    if request.POST.get("give_up"):
        drafts.end(key=request.POST.get("key", ""), actor=request.actor)
        return HttpResponseRedirect(page.link("desk:intake"))
    words = ""
    try:
        typed = {k: [str(v) for v in request.POST.getlist(k)] for k in request.POST}
        kept = drafts.keep(
            key=request.POST.get("key", ""),
            procedure=name,
            typed=typed,
            actor=request.actor,
            now=request.now,
        )
    except RuleBroken as broken:
        kept, words = False, str(broken.reason)
    return render(request, "desk/_draft.html", {"kept": kept, "words": words})


def as_posted(answers: Mapping[str, Sequence[str]]) -> QueryDict:
    """A draft as if it had been sent."""
    posted = QueryDict(mutable=True)
    for name, values in answers.items():
        posted.setlist(name, list(values))
    return posted
