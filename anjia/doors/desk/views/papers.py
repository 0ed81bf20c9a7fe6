"""出具文书: which papers this matter has, what one would reveal to whom, and the numbered copy, printed once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anjia.doors.desk.views import signing
from anjia.engine.letters import asked, copies, disclosure, gate, recording, reply_codes
from anjia.engine.letters.papers import book
from anjia.engine.letters.policies import can_be_second
from anjia.engine.letters.rendering import drawing
from anjia.engine.matters.outgoing import KINDS
from anjia.engine.matters.seats import Seated, visible_to
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.law.codes import book as code_book
from anjia.registry.posts import agencies, people, who_may
from anjia.registry.posts.factors import is_fresh
from anjia.registry.posts.gate import SignedInRequest, signed_in, to_step_up
from anjia.ui import forms as ui_forms
from anjia.ui import page as ui_page
from anjia.ui.formats import lang


def seat(request: SignedInRequest, matter_id: UUID, page: str) -> Seated:
    """The matter, where the table of who may open what lets this reader's office at its papers."""
    seated = visible_to(request.actor).find(matter_id)
    if not who_may.opens(page, seated.relation):
        raise NotFound
    return seated


@require_GET
@signed_in
def papers(request: SignedInRequest, matter_id: UUID) -> HttpResponse:
    """The papers that may be given out, and who waits for a second person."""
    seated = seat(request, matter_id, "desk:papers")
    context = {
        "matter": seated.matter,
        "papers": disclosure.on_offer(request.actor, seated),
        "questions": questions(request, seated),
        "to_sign": signing.waiting(request, seated),
        "systems": copies.of_matter(seated.matter) if may_copy(request) else [],
        "sent": reply_codes.sent_in(seated.matter, request.now),
        "labels": {name: one.label for name, one in book().papers.items()},
    }
    return render(request, "desk/papers.html", context)


def may_copy(request: SignedInRequest) -> bool:
    """Whether this reader tells other systems of a matter."""
    actor = request.actor
    return who_may.TABLE["desk:copy-sheet"].admits(actor.role, actor.line, actor.tier)


def questions(request: SignedInRequest, seated: Seated) -> list[dict[str, Any]]:
    """What this reader may say yes to as the second person."""
    waiting = [
        a
        for a in asked.in_matter(seated.matter.id)
        if a.waits(request.now) and can_be_second(request.actor, seated, a)
    ]
    names = people.names({a.account for a in waiting if a.account})
    offices = agencies.names(a.agency for a in waiting)
    why = recording.reasons(seated, request.actor, request.now) if waiting else {}
    purposes = code_book()[gate.PURPOSES]
    return [
        {
            "id": a.id,
            "what": book().papers[a.what].label if a.what in book().papers else _("查看住处与去向"),
            "who": names.get(a.account, "") if a.account else "",
            "agency": offices.get(a.agency, "") if a.agency else "",
            "purpose": purposes.label(a.purpose, lang()),
            "why": why.get(a.id, ""),
            "at": a.at,
        }
        for a in waiting
    ]


@require_POST
@signed_in
def second(request: SignedInRequest, matter_id: UUID, question: UUID) -> HttpResponse:
    """The second person says yes."""
    seat(request, matter_id, "desk:second")
    if not is_fresh(request):  # back to the list that asks: a form is not sent again
        back = ui_page.link("desk:papers", matter_id)
        return HttpResponseRedirect(ui_page.link("posts:step-up", query={"next": back}))
    recording.allow(actor=request.actor, matter_id=matter_id, question=question, now=request.now)
    return HttpResponseRedirect(ui_page.link("desk:papers", matter_id))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def paper(request: SignedInRequest, matter_id: UUID, name: str) -> HttpResponse:
    """The outgoing check (外发核对); on POST the copy, or what stops it."""
    seat(request, matter_id, "desk:letter")
    typed = {k[6:]: str(v) for k, v in request.POST.items() if k.startswith("words-")}
    errors: dict[str, Any] = {}
    reason = ""
    strike = request.POST.get("strike", "")
    if request.method == "POST" and not strike:
        try:
            if request.POST.get("ask"):
                return ask(request, matter_id, name)
            if request.POST.get("sign"):
                return signing.lay_before(request, matter_id, name, typed)
            if request.POST.get("packed"):
                return packed(request, matter_id, name)
            return handed_over(request, released(request, matter_id, name, typed))
        except RuleBroken as broken:
            errors, reason = ui_forms.shown_errors(broken.fields), str(broken.reason)
        except NotAllowed as refused:
            if refused.verdict.code == "fresh":
                return to_step_up(request)
            if refused.verdict.code not in ("second", "sign"):
                raise
            errors, reason = {}, str(refused.verdict.reason)
    draft = disclosure.draft(
        actor=request.actor, matter_id=matter_id, paper=name, now=request.now, typed=typed, strike=strike
    )
    yes = two_persons(request, draft)
    if yes == "yes" and not is_fresh(request):
        return to_step_up(request)
    context = {
        "draft": draft,
        "errors": errors,
        "reason": reason,
        "labels": {i.name: i.label for i in draft.items},
        "stopped": {n: [str(KINDS[k]) for k in kinds] for n, kinds in draft.stopped.items()},
        "yes": yes,
        "struck": strike,
        "sign": signing.state(request, draft),
    }
    return render(request, "desk/paper_check.html", context, status=422 if errors or reason else 200)


def packed(request: SignedInRequest, matter_id: UUID, name: str) -> HttpResponse:
    """The originals with their check values, to be saved; the sheet lies in it."""
    copy, body = disclosure.release_packed(
        actor=request.actor, matter_id=matter_id, paper=name, now=request.now, fresh=is_fresh(request)
    )
    return file(body, "application/zip", f"{copy.number}.zip")


def released(request: SignedInRequest, matter_id: UUID, name: str, typed: dict[str, str]) -> disclosure.Copy:
    """The copy, with what she who sends it has ticked and shown, as a page, a PDF or a Word file."""
    form = request.POST.get("as", "print")
    return disclosure.release(
        actor=request.actor,
        matter_id=matter_id,
        paper=name,
        now=request.now,
        typed=typed,
        checked=request.POST.get("checked") == "yes",
        fresh=is_fresh(request),
        words=request.POST.get("why", ""),
        site=request.build_absolute_uri("/"),
        form=form if form in drawing.FILES else "print",
        draw=drawing.drawer(form, request.actor),
    )


def two_persons(request: SignedInRequest, draft: disclosure.Draft) -> str:
    """Where a sheet for two persons stands: "" (one is enough), ask, waits, yes."""
    if not draft.paper.two_persons:
        return ""
    mine = asked.mine(
        draft.matter.id, what=draft.paper.name, account=request.actor.account_id, now=request.now
    )
    if mine is None:
        return "ask"
    return "yes" if mine.holds(request.now) else "waits"


def ask(request: SignedInRequest, matter_id: UUID, name: str) -> HttpResponse:
    """The first person asks the second one."""
    disclosure.ask_for_second(
        actor=request.actor,
        matter_id=matter_id,
        paper=name,
        words=request.POST.get("why", ""),
        now=request.now,
    )
    return HttpResponseRedirect(ui_page.link("desk:letter", matter_id, name))


def on_paper(request: SignedInRequest, matter_id: UUID, name: str, back: str) -> HttpResponse:
    """A paper in which no person is named: one numbered copy, and the page to go back to once it is printed."""
    form = request.POST.get("as", "print")
    copy = disclosure.release(
        actor=request.actor,
        matter_id=matter_id,
        paper=name,
        now=request.now,
        checked=True,
        form=form if form in drawing.FILES else "print",
        draw=drawing.drawer(form, request.actor),
    )
    return handed_over(request, copy, ui_page.link(back, matter_id))


def handed_over(request: SignedInRequest, copy: disclosure.Copy, back: str = "") -> HttpResponse:
    """As a page to print, or as a file to save: its name is the copy's number and nothing else."""
    if not copy.body:
        return printed(request, copy, back)
    media, ending = drawing.FILES[copy.form]
    return file(copy.body, media, f"{copy.number}.{ending}")


def file(body: bytes, media: str, name: str) -> HttpResponse:
    """Something to be saved. It is never shown within the site."""
    response = HttpResponse(body, content_type=media)
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def printed(request: SignedInRequest, copy: disclosure.Copy, back: str = "") -> HttpResponse:
    """The sheet itself, in Chinese whatever the reader's language: it is an official paper."""
    with override("zh-hans"):
        sheet = drawing.sheet(copy, request.actor)
        back = back or ui_page.link("desk:papers", copy.draft.matter.id)
        context = {"copy": copy, "head": sheet.head, "sheet": sheet, "back": back}
        return render(request, "desk/letter.html", context)
