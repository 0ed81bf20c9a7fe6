"""Between password and desk: show a second factor, add the first one, or come back with two colleagues' codes."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.limits import limits
from anjia.registry.posts import accounts, actions, factors
from anjia.registry.posts.models import Account, Post
from anjia.registry.posts.second import devices, steps
from anjia.registry.posts.second.steps import Ticket
from anjia.registry.posts.sessions import set_session_cookie

log = logging.getLogger("anjia.door")
#: Holds a ticket while the person is at the government's sign-in; gone when the browser closes.
COOKIE = f"{settings.COOKIE_PREFIX}o"
TEMPLATES = {
    steps.PROVE: "posts/show_factor.html",
    steps.AGAIN: "posts/show_factor.html",
    steps.FIRST: "posts/add_factor.html",
    steps.ADD: "posts/add_factor.html",
}
ADDRESSES = {
    steps.PROVE: "posts:second",
    steps.FIRST: "posts:first-factor",
    steps.AGAIN: "posts:step-up",
    steps.ADD: "posts:add-factor",
}


def after_password(
    request: HttpRequest, account: Account, posts: list[Post], *, login: str, to: str, now: datetime
) -> HttpResponse | None:
    """The page that asks for the second factor; None for somebody who needs none and has none."""
    mine = factors.of_account(account.pk)
    if not mine and not any(factors.must_have(post) for post in posts):
        return None
    step = steps.PROVE if mine else steps.FIRST
    return ask(request, Ticket(step, account.pk, now, to, login))


def ask(request: HttpRequest, ticket: Ticket, *, error: str = "", status: int = 200) -> HttpResponse:
    """The page for one question, with everything it can be answered with."""
    ticket, ways = steps.ask(request, ticket)
    sealed = ticket.sealed()
    context = {
        "ways": ways,
        "ticket": sealed,
        "step": ticket.step,
        "action": reverse(ADDRESSES[ticket.step]),
        "next": ticket.next,
        "error": error,
    }
    response = render(request, TEMPLATES[ticket.step], context, status=status)
    if any(way.shown.get("href") for way in ways):
        keep_for_return(response, sealed)
    return response


def keep_for_return(response: HttpResponse, ticket: str) -> None:
    """The browser that leaves for the government's sign-in is the one that may come back from it."""
    response.set_cookie(
        COOKIE, ticket, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax", path="/"
    )


def ticket_of(request: HttpRequest, step: str, now: datetime) -> Ticket | None:
    """The ticket that came back with a form, if it is one for this step."""
    ticket = steps.opened(request.POST.get("ticket", ""), now)
    return ticket if ticket is not None and ticket.step == step else None


def may_come_in(ticket: Ticket, now: datetime) -> bool:
    """Whether there is still a post to come in by: a factor is not added behind the door of a stopped office."""
    account = accounts.by_id(ticket.account)
    return account is not None and bool(accounts.current_posts(account, now))


def start_again(request: HttpRequest) -> HttpResponse:
    """Whoever took too long begins at the beginning."""
    return HttpResponseRedirect(reverse("posts:sign-in"))


def enter(request: HttpRequest, ticket: Ticket, *, kind: str, now: datetime) -> HttpResponse:
    """Signed in, the second factor shown."""
    account = accounts.by_id(ticket.account)
    posts = accounts.current_posts(account, now) if account else []
    if account is None or not posts:
        return start_again(request)
    response = let_in(request, account, posts[0], to=ticket.next, now=now, proved_by=kind)
    response.delete_cookie(COOKIE, path="/", samesite="Lax")
    return response


def let_in(
    request: HttpRequest, account: Account, post: Post, *, to: str, now: datetime, proved_by: str = ""
) -> HttpResponse:
    """Signed in: on to the page that was asked for."""
    cookie = actions.sign_in(
        account=account,
        post=post,
        now=now,
        replaces=request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""),
        proved_by=proved_by,
        place=devices.place_of(request),
    )
    log.info("signed in: account %s, post %s, second factor %s", account.pk, post.pk, proved_by or "none")
    response = HttpResponseRedirect(to)
    set_session_cookie(response, cookie)
    return response


@never_cache
@require_POST
def second(request: HttpRequest) -> HttpResponse:
    """The second factor at the door."""
    now: datetime = request.now  # type: ignore[attr-defined]
    ticket = ticket_of(request, steps.PROVE, now)
    if ticket is None:
        return start_again(request)
    if error := steps.prove(request, ticket, now):
        return ask(request, ticket, error=error, status=422)
    return enter(request, ticket, kind=request.POST.get("kind", ""), now=now)


@never_cache
@require_POST
def first_factor(request: HttpRequest) -> HttpResponse:
    """Adding the first one, without which this post is not acted in."""
    now: datetime = request.now  # type: ignore[attr-defined]
    ticket = ticket_of(request, steps.FIRST, now)
    if ticket is None or factors.of_account(ticket.account) or not may_come_in(ticket, now):
        return start_again(request)
    new, error = steps.enrol(request, ticket, now)
    kind = request.POST.get("kind", "")
    if new is not None:
        try:
            actions.add_factor(
                account=ticket.account,
                kind=kind,
                new=new,
                now=now,
                device=devices.place_of(request)["device"],
            )
        except RuleBroken as broken:
            error = str(broken.reason)
        else:
            return enter(request, ticket, kind=kind, now=now)
    return ask(request, ticket, error=error, status=422)


@never_cache
@require_POST
def recover(request: HttpRequest) -> HttpResponse:
    """Two codes of two colleagues: the lost factor ends, a new one is set up at once."""
    now: datetime = request.now  # type: ignore[attr-defined]
    ticket = ticket_of(request, steps.PROVE, now)
    if ticket is None or not may_come_in(ticket, now):
        return start_again(request)
    error, status = "", 200
    if "one" in request.POST:
        codes = {request.POST.get("one", ""), request.POST.get("two", "")}
        verdict = limits.take("recover.account", ticket.account.bytes, now)
        error, status = str(verdict.reason), 422
        if verdict:
            try:
                actions.recover(account=ticket.account, codes=codes, now=now)
            except RuleBroken as broken:
                error = str(broken.reason)
            else:
                return ask(request, Ticket(steps.FIRST, ticket.account, now, ticket.next, ticket.name))
    context = {"ticket": ticket.sealed(), "error": error}
    return render(request, "posts/recover.html", context, status=status)


@never_cache
@require_GET
def returned(request: HttpRequest) -> HttpResponse:
    """Back from the government's sign-in: the answer goes on as a form, so that nothing is done by a link."""
    now: datetime = request.now  # type: ignore[attr-defined]
    ticket = steps.opened(request.COOKIES.get(COOKIE, ""), now)
    if ticket is None or not ticket.is_answered_by(request.GET.get("state", "")):
        return start_again(request)
    context = {
        "action": reverse(ADDRESSES[ticket.step]),
        "ticket": ticket.sealed(),
        "code": request.GET.get("code", ""),
        "failed": "" if request.GET.get("code") else _("政务统一认证没有通过。"),
    }
    return render(request, "posts/returned.html", context)
