"""我的登录: one's own second factors and signed-in browsers; a factor shown again; answering for a colleague."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.limits import limits
from anjia.registry.posts import actions, factors, sessions, vouching
from anjia.registry.posts.gate import SignedInRequest, safe_next, signed_in, to_step_up
from anjia.registry.posts.second import devices, steps
from anjia.registry.posts.second.provider import opened
from anjia.registry.posts.second.steps import Ticket
from anjia.registry.posts.second.views import door
from anjia.registry.posts.sessions import forget_everything, set_session_cookie
from anjia.ui.page import link


@never_cache
@require_GET
@signed_in
def my_sign_in(request: SignedInRequest) -> HttpResponse:
    """What one signs in with, where one is signed in, and what changed."""
    return show(request)


def show(request: SignedInRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    """The page itself; having seen it, the person has been told what changed."""
    account = request.actor.account_id
    assert account is not None
    if request.signed_in.news:
        actions.read_news(session=request.signed_in.key)
    context = {
        "factors": [(f, opened(f).get("device", "")) for f in factors.of_account(account)],
        "is_asked": any(map(factors.is_asked_of, request.actor.posts)),
        "days": settings.FACTOR_DAYS,
        "refused": request.signed_in.data.get("refused", 0),
        "browsers": sessions.of_account(account, request.now, here=request.signed_in.key),
        "news": vouching.news(account, request.now),
        "may_vouch": vouching.may_vouch(request.actor),
        "error": error,
    }
    return render(request, "posts/my_sign_in.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def password(request: SignedInRequest) -> HttpResponse:
    """A new password: the one in use is asked for, and a second factor shown just now where she has one."""
    account = request.actor.account_id
    assert account is not None
    if factors.of_account(account) and not factors.is_fresh(request):
        return to_step_up(request)
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            changed(request)
            response = HttpResponseRedirect(reverse("posts:sign-in"))
            forget_everything(response)
            return response
        except RuleBroken as broken:
            errors = {name: [str(words)] for name, words in broken.fields.items()}
    return render(request, "posts/password.html", {"errors": errors}, status=422 if errors else 200)


def changed(request: SignedInRequest) -> None:
    """Guessing the one in use is counted like guessing it at the door."""
    account = request.actor.account_id
    assert account is not None
    if not (verdict := limits.take("sign-in.account", account.bytes, request.now)):
        raise RuleBroken(verdict.reason, {"current": verdict.reason})
    typed = {name: request.POST.get(name, "")[: door.LONGEST] for name in ("current", "password", "again")}
    if typed["password"] != typed["again"]:
        raise RuleBroken(_("没有改。"), {"again": _("两次写的不一样。")})
    actions.change_password(
        account_id=account,
        current=typed["current"],
        new=typed["password"],
        actor=request.actor,
        now=request.now,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def step_up(request: SignedInRequest) -> HttpResponse:
    """Show a second factor again; what asked for it comes next. Who has none adds one first."""
    account = request.actor.account_id
    assert account is not None
    if request.method != "POST":
        ticket = Ticket(steps.AGAIN, account, request.now, safe_next(request), "")
        if not steps.offered(ticket, factors.of_account(account)):
            return HttpResponseRedirect(f"{reverse('posts:add-factor')}?next={ticket.next}")
        return door.ask(request, ticket)
    found = own_ticket(request, steps.AGAIN)
    if found is None:
        return HttpResponseRedirect(reverse("posts:step-up"))
    if error := steps.prove(request, found, request.now):
        # Asked anew: she may have answered in another window meanwhile.
        return door.ask(request, replace(found, at=request.now), error=error, status=422)
    return proved(request, found, request.POST.get("kind", ""))


def proved(request: SignedInRequest, ticket: Ticket, kind: str) -> HttpResponse:
    """On with what asked for it, under a new cookie."""
    cookie = actions.prove(session=request.signed_in.key, actor=request.actor, kind=kind, now=request.now)
    response = HttpResponseRedirect(ticket.next)
    set_session_cookie(response, cookie)
    return response


def own_ticket(request: SignedInRequest, step: str) -> Ticket | None:
    """A ticket that came back, if it was made for this very person."""
    ticket = door.ticket_of(request, step, request.now)
    return ticket if ticket is not None and ticket.account == request.actor.account_id else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def add_factor(request: SignedInRequest) -> HttpResponse:
    """Add a second factor. Who has one shows it first, so that an open desk adds nothing."""
    account = request.actor.account_id
    assert account is not None
    if factors.of_account(account) and not factors.is_fresh(request):
        return to_step_up(request)
    if request.method != "POST":
        to = safe_next(request) if "next" in request.GET else reverse("posts:my-sign-in")
        return door.ask(request, Ticket(steps.ADD, account, request.now, to, request.actor.title))
    ticket = own_ticket(request, steps.ADD)
    if ticket is None:
        return HttpResponseRedirect(reverse("posts:add-factor"))
    new, error = steps.enrol(request, ticket, request.now)
    kind = request.POST.get("kind", "")
    if new is not None:
        try:
            actions.add_factor(
                account=account,
                kind=kind,
                new=new,
                now=request.now,
                device=devices.place_of(request)["device"],
                here=request.signed_in.key,
            )
        except RuleBroken as broken:
            error = str(broken.reason)
        else:
            return proved(request, ticket, kind)
    return door.ask(request, ticket, error=error, status=422)


@require_POST
@signed_in
def remove_factor(request: SignedInRequest, factor_id: UUID) -> HttpResponse:
    """Stop a factor: a lost telephone, a stick that stays with the office."""
    mine = reverse("posts:my-sign-in")
    if not factors.is_fresh(request):
        return HttpResponseRedirect(link("posts:step-up", query={"next": mine}))
    try:
        actions.remove_factor(
            factor=factor_id, actor=request.actor, now=request.now, here=request.signed_in.key
        )
    except RuleBroken as broken:
        return show(request, error=str(broken.reason), status=422)
    return HttpResponseRedirect(mine)


@require_POST
@signed_in
def end_sessions(request: SignedInRequest) -> HttpResponse:
    """End one other browser of one's own, or all others."""
    which = request.POST.get("session", "")
    key = sessions.key_from(which)
    if which == "others" or key is not None:
        actions.end_sessions(actor=request.actor, session=key, but=request.signed_in.key)
    return HttpResponseRedirect(reverse("posts:my-sign-in"))


@never_cache
@require_GET
@signed_in
def stay(request: SignedInRequest) -> HttpResponse:
    """Somebody is typing: being asked for is use enough."""
    return HttpResponse(status=204)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def colleagues(request: SignedInRequest) -> HttpResponse:
    """帮同事找回登录: whom one may answer for; the code is shown once, to be told by word of mouth."""
    if not factors.is_fresh(request):
        return to_step_up(request)
    found = vouching.colleagues(request.actor, request.now)
    code, whom = "", None
    if request.method == "POST":
        whom = next((c for c in found if str(c.post) == request.POST.get("post")), None)
        if whom is not None:
            code = actions.vouch(post=whom.post, actor=request.actor, now=request.now)
    context = {"colleagues": found, "code": code, "whom": whom, "hours": 24}
    return render(request, "posts/colleagues.html", context)
