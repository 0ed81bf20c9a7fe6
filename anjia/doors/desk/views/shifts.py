"""值班、交接、回拨: who answers when, what goes over to whoever comes on, who is to be called back now."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anjia.casework.counter import callbacks as calling
from anjia.casework.counter import drafts
from anjia.engine.matters import actions as matters
from anjia.engine.matters import office_work, worklists
from anjia.engine.matters.models import Matter
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.clock import SHANGHAI, day_of, moment_of
from anjia.foundation.core.verdict import NotAllowed, NotFound, Refused, RuleBroken
from anjia.registry.posts import actions, actors, duty, people
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.registry.posts.models import Agency
from anjia.registry.posts.policies import can_keep_roster
from anjia.ui import forms, page

SOON, LATER = timedelta(hours=24), timedelta(days=3)
Choices = list[tuple[str, str]]


def colleagues(request: SignedInRequest) -> Choices:
    """The posts of one's own office that work now."""
    if not request.actor.agency_id:
        return []
    posts = [
        p
        for p in actors.of_agency(request.actor.agency_id, request.now)
        if p.role not in ("leader", "sysadmin")
    ]
    names = people.names({p.account_id for p in posts})
    return [(str(p.id), f"{names.get(p.account_id, '')} · {p.title}") for p in posts]


# -- the roster ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def roster(request: SignedInRequest) -> HttpResponse:
    """值班表: a month of one's own office, gaps in red; whoever keeps it adds and removes shifts."""
    errors: dict[str, list[str]] = {}
    said = ""
    agency = duty.office(request.actor.agency_id)
    first = month_of(request)
    may_keep = bool(can_keep_roster(request.actor, agency)) if agency else False
    if request.method == "POST":
        try:
            written(request, agency)
            here = page.link("desk:duty", query={"month": first.strftime("%Y%m")})
            return HttpResponseRedirect(here)
        except RuleBroken as broken:
            errors, said = forms.shown_errors(broken.fields), str(broken.reason)
    shown = duty.month(agency.id, first) if agency else []
    context = {
        "days": shown,
        "blanks": first.weekday() if shown else 0,
        "first": first,
        "before": (first - timedelta(days=1)).strftime("%Y%m"),
        "after": (first + timedelta(days=31)).strftime("%Y%m"),
        "current": duty.on_duty(agency.id, request.now) if agency else None,
        "may_keep": may_keep,
        "posts": colleagues(request),
        "typed": request.POST,
        "errors": errors,
        "said": said,
        "asked": asked_of_me(request),
        "mine": request.actor.post_ids,
        "today": request.now.astimezone(SHANGHAI).date(),
        "dark": darkness(request),
    }
    return render(request, "desk/duty.html", context, status=422 if said or errors else 200)


def month_of(request: HttpRequest) -> date:
    """The first day of the month asked for, else of this one."""
    asked = request.GET.get("month", "")
    with suppress(ValueError):
        return day_of(f"{asked[:4]}-{asked[4:]}-01")
    now: datetime = getattr(request, "now")  # noqa: B009
    return now.astimezone(SHANGHAI).date().replace(day=1)


def written(request: SignedInRequest, agency: Agency | None) -> None:
    """A shift added or taken off, by the form that was sent."""
    if agency is None:
        raise NotFound
    gone = request.POST.get("remove", "")
    if gone:
        shift = duty.shift_of(agency.id, as_uuid(gone))
        actions.remove_shift(shift=shift, actor=request.actor, now=request.now)
        return
    post = duty.post(as_uuid(request.POST.get("post", "")))
    if post is None:
        raise RuleBroken(_("有几处需要改一下。"), {"post": _("请选谁值班。")})
    actions.add_shift(
        agency=agency,
        post=post,
        telephone=request.POST.get("telephone", ""),
        starts_at=instant(request.POST.get("starts_at", ""), "starts_at"),
        ends_at=instant(request.POST.get("ends_at", ""), "ends_at"),
        actor=request.actor,
        now=request.now,
    )


def as_uuid(text: str) -> UUID:
    """An id from a form; anything else names nothing."""
    try:
        return UUID(text)
    except ValueError:
        return page.NOBODY


def instant(text: str, name: str) -> datetime:
    """A moment as it was typed, in Shanghai."""
    try:
        return moment_of(text)
    except ValueError:
        raise RuleBroken(_("有几处需要改一下。"), {name: _("请按“年-月-日 时:分”填写。")}) from None


def asked_of_me(request: SignedInRequest) -> list[dict[str, Any]]:
    """Shifts that colleagues ask this reader to take."""
    waiting = duty.asked_of(request.actor.post_ids, request.now)
    names = people.names({s.post.account_id for s in waiting})
    return [
        {"shift": s, "who": names.get(s.post.account_id, ""), "telephone": duty.telephone(s)} for s in waiting
    ]


def darkness(request: SignedInRequest) -> list[duty.Dark]:
    """Where a ladder would end at a telephone nobody answers, for the city's federation."""
    actor = request.actor
    if actor.line != "federation" or actor.tier != "city":
        return []
    return duty.dark(actor.line, actor.city, request.now.astimezone(SHANGHAI).date())


@require_POST
@signed_in
def swap(request: SignedInRequest, shift_id: UUID) -> HttpResponse:
    """Ask a colleague to take a shift, or answer one who asked."""
    shift = duty.shift_of(request.actor.agency_id, shift_id)
    if request.POST.get("answer"):
        actions.answer_swap(
            shift=shift,
            agrees=request.POST["answer"] == "yes",
            telephone=request.POST.get("telephone", ""),
            actor=request.actor,
            now=request.now,
        )
    else:
        to = duty.post(as_uuid(request.POST.get("to", "")))
        if to is None:
            raise NotFound
        wanted = request.POST.get("in_return", "")
        back = duty.shift_of(request.actor.agency_id, as_uuid(wanted)) if wanted else None
        actions.ask_swap(shift=shift, to=to, in_return=back, actor=request.actor, now=request.now)
    return HttpResponseRedirect(page.link("desk:duty"))


# -- calling back --------------------------------------------------------------------------------------------


@require_GET
@signed_in
def callbacks(request: SignedInRequest) -> HttpResponse:
    """回拨清单: who may be called now, who later today, who is not to be called."""
    found = calling.calls(visible_to(request.actor), request.now)
    groups = [(state, [c for c in found if c.state == state]) for state in calling.ORDER]
    return render(request, "desk/callbacks.html", {"groups": groups, "count": len(found)})


# -- handing over a shift ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def handover(request: SignedInRequest) -> HttpResponse:
    """交接班: what is waiting to be taken over, and one's own shift to hand on with a note for each matter."""
    errors: dict[str, list[str]] = {}
    said = ""
    rows = open_work(request)
    if request.method == "POST":
        try:
            opened = matters.hand_over_shift(
                notes={
                    d.matter: request.POST.get(f"note-{d.matter}", "")
                    for d in rows
                    if request.POST.get(f"give-{d.matter}")
                },
                general=request.POST.get("general", ""),
                next_post=request.POST.get("next_post", ""),
                actor=request.actor,
                now=request.now,
                key=request.POST.get("key", ""),
            )
            return HttpResponseRedirect(page.link("desk:handed", opened.matter))
        except RuleBroken as broken:
            errors, said = forms.shown_errors(broken.fields), str(broken.reason)
    following = duty.following(request.actor.agency_id, request.now) if request.actor.agency_id else None
    context = {
        "waiting": waiting(request),
        "rows": rows,
        "posts": [c for c in colleagues(request) if c[0] != str(request.actor.post_id)],
        "next": request.POST.get("next_post") or (str(following.post_id) if following else ""),
        "typed": request.POST,
        "drafts": len(drafts.of(request.actor)),
        "forgotten": drafts.forgotten(request.actor.agency_id, request.now)
        if request.actor.role == "head"
        else 0,
        "errors": errors,
        "said": said,
        "soon": request.now + SOON,
        "later": request.now + LATER,
        "key": request.POST.get("key") or uuid.uuid4().hex,
    }
    return render(request, "desk/handover.html", context, status=422 if said or errors else 200)


def open_work(request: SignedInRequest) -> list[worklists.DutyRow]:
    """What this office owes, one line a matter, the earliest due first; hand-overs themselves are not handed over."""
    found = worklists.duties(visible_to(request.actor), limit=office_work.MOST_ITEMS).rows
    by_matter: dict[UUID, worklists.DutyRow] = {}
    for row in found:
        if row.kind != "accept" or row.rule != "handover.accept":
            by_matter.setdefault(row.matter, row)
    return list(by_matter.values())


def waiting(request: SignedInRequest) -> list[Matter]:
    """Hand-overs of this office that nobody has taken over."""
    seats = visible_to(request.actor).own().filter(playbook=office_work.HANDOVER, is_open=True)
    return [s.matter for s in seats.select_related("matter").order_by("-opened_at")]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def handed(request: SignedInRequest, matter_id: UUID) -> HttpResponse:
    """One hand-over: the notes, matter by matter, as far as this reader may see the matters; and taking it over."""
    seated = visible_to(request.actor).find(matter_id)
    if seated.matter.playbook != office_work.HANDOVER or not seated.capacity:
        raise NotFound
    errors: dict[str, list[str]] = {}
    said = ""
    if request.method == "POST":
        try:
            step = "take_back" if request.POST.get("do") == "take_back" else "accept"
            data = {"why" if step == "take_back" else "taken": request.POST.get("words", "")}
            matters.move(matter_id=matter_id, name=step, actor=request.actor, now=request.now, data=data)
            return HttpResponseRedirect(page.link("desk:handed", matter_id))
        except RuleBroken as broken:
            errors, said = forms.shown_errors(broken.fields), str(broken.reason)
        except NotAllowed as refused:
            said = str(refused.verdict.reason)
    told = office_work.told(request.actor, seated, request.now)
    context = {
        "matter": seated.matter,
        "items": list(office_work.items(request.actor, matter_id, request.now)),
        "told": told,
        "giver": people.names({told.giver}).get(told.giver, "") if told.giver else "",
        "is_giver": told.giver == request.actor.account_id,
        "is_over": seated.matter.ended_at is not None,
        "errors": errors,
        "said": said,
    }
    return render(request, "desk/handed.html", context, status=422 if said or errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def assign(request: SignedInRequest) -> HttpResponse:
    """Open duties of this office, each given to a colleague by the ordinary move `assign`."""
    found = worklists.duties(visible_to(request.actor), page_after=request.GET.get("after", ""))
    results: dict[UUID, str] = {}
    if request.method == "POST":
        for row in found.rows:
            post = request.POST.get(f"post-{row.matter}", "")
            if post:
                results[row.matter] = give(request, row.matter, post)
        if all(words == "" for words in results.values()) and results:
            return HttpResponseRedirect(page.link("desk:assign", query={"done": len(results)}))
    context = {
        "page": found,
        "choices": colleagues(request),
        "results": results,
        "done": request.GET.get("done", ""),
    }
    return render(request, "desk/assign.html", context)


def give(request: SignedInRequest, matter: UUID, post: str) -> str:
    """One row; the reason when it could not be given."""
    try:
        matters.move(
            matter_id=matter, name="assign", actor=request.actor, now=request.now, data={"post": post}
        )
    except Refused as refused:
        return str(refused)
    return ""
