"""Between password and desk: show a second factor, add the first one, or come back with two colleagues' codes."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.limits import limits
from anjia.foundation.vault import vault
from anjia.registry.posts import accounts, actions, factors
from anjia.registry.posts.models import Account, FactorKind, Post
from anjia.registry.posts.second import devices, steps
from anjia.registry.posts.second.steps import Ticket
from anjia.registry.posts.sessions import set_session_cookie

log = logging.getLogger("anjia.door")
LONGEST = 128  # of a password
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
) -> HttpResponse:
    """What comes after the right password: the second factor, a password of her own, a factor to add; else she is in."""
    ticket = Ticket(steps.PROVE, account.pk, now, to, login, under=accounts.password_mark(account))
    if factors.of_account(account.pk):
        return ask(request, ticket)
    if account.password_due is not None:
        return ask_password(request, replace(ticket, step=steps.OWN))
    if any(map(factors.must_have, posts)) or any(map(factors.is_asked_of, posts)):
        return ask(request, replace(ticket, step=steps.FIRST))
    return let_in(request, account, posts[0], ticket=ticket, now=now)


def ask_password(
    request: HttpRequest, ticket: Ticket, errors: dict[str, list[str]] | None = None
) -> HttpResponse:
    """The page on which she chooses the password that she alone knows."""
    context = {"ticket": ticket.sealed(), "errors": errors or {}}
    return render(request, "posts/own_password.html", context, status=422 if errors else 200)


def days_left(ticket: Ticket, now: datetime) -> int:
    """For how many days she still comes in without a second factor; 0 where there is no later."""
    account = accounts.by_id(ticket.account) if ticket.step == steps.FIRST else None
    if account is None or any(map(factors.must_have, accounts.current_posts(account, now))):
        return 0
    return factors.days_left(account, now)


def ask(request: HttpRequest, ticket: Ticket, *, error: str = "", status: int = 200) -> HttpResponse:
    """The page for one question, with everything it can be answered with."""
    ticket, ways = steps.ask(request, ticket)
    if devices.keeps_keys(request):  # on a telephone the fingerprint is nearer than another app
        ways.sort(key=lambda way: way.kind != FactorKind.PASSKEY)
    sealed = ticket.sealed()
    context = {
        "ways": ways,
        "ticket": sealed,
        "step": ticket.step,
        "action": reverse(ADDRESSES[ticket.step]),
        "next": ticket.next,
        "error": error,
        "days_left": days_left(ticket, ticket.at),
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


def comes_in(ticket: Ticket, now: datetime) -> tuple[Account, list[Post]] | None:
    """Who comes in by which posts; None where there is no post any more or the password has changed meanwhile.

    So a factor is not added behind the door of a stopped office, nor by whoever knew the password of yesterday.
    """
    account = accounts.by_id(ticket.account)
    if account is None or accounts.password_mark(account) != ticket.under:
        return None
    posts = accounts.current_posts(account, now)
    return (account, posts) if posts else None


def start_again(request: HttpRequest) -> HttpResponse:
    """Whoever took too long begins at the beginning."""
    return HttpResponseRedirect(reverse("posts:sign-in"))


def enter(request: HttpRequest, ticket: Ticket, *, kind: str, now: datetime) -> HttpResponse:
    """The second factor was shown: signed in, or first to a password of her own."""
    found = comes_in(ticket, now)
    if found is None:
        return start_again(request)
    account, posts = found
    if account.password_due is not None:
        kept = {"password": {"proved_by": kind}}
        return ask_password(request, replace(ticket, step=steps.OWN, at=now, kept=kept))
    response = let_in(request, account, posts[0], ticket=ticket, now=now, proved_by=kind)
    response.delete_cookie(COOKIE, path="/", samesite="Lax")
    return response


def let_in(
    request: HttpRequest, account: Account, post: Post, *, ticket: Ticket, now: datetime, proved_by: str = ""
) -> HttpResponse:
    """Signed in: on to the page that was asked for. Told is how often somebody was turned away under her name."""
    cookie = actions.sign_in(
        account=account,
        post=post,
        now=now,
        replaces=request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""),
        proved_by=proved_by,
        place=devices.place_of(request),
        refused=turned_away(account, ticket.name, now),
    )
    log.info("signed in: account %s, post %s, second factor %s", account.pk, post.pk, proved_by or "none")
    response = HttpResponseRedirect(ticket.next)
    set_session_cookie(response, cookie)
    return response


def turned_away(account: Account, login: str, now: datetime) -> int:
    """How often a wrong password or a wrong code was given under her name today; passwords are counted anew from here."""
    key = vault.token("login", login)
    count = limits.used("sign-in.wrong", key, now) + limits.used("factor.day", account.pk.bytes, now)
    limits.forget("sign-in.wrong", key, now)
    return count


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
    if ticket is None or factors.of_account(ticket.account) or comes_in(ticket, now) is None:
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
def later(request: HttpRequest) -> HttpResponse:
    """以后再设: in without a second factor, while she still has days to set one up."""
    now: datetime = request.now  # type: ignore[attr-defined]
    ticket = ticket_of(request, steps.FIRST, now)
    found = comes_in(ticket, now) if ticket else None
    if ticket is None or found is None or factors.of_account(ticket.account) or not days_left(ticket, now):
        return start_again(request)
    return let_in(request, found[0], found[1][0], ticket=ticket, now=now)


@never_cache
@require_POST
def choose_password(request: HttpRequest) -> HttpResponse:
    """Her own password in place of the one that was handed over; then on as with any other."""
    now: datetime = request.now  # type: ignore[attr-defined]
    ticket = ticket_of(request, steps.OWN, now)
    if ticket is None or comes_in(ticket, now) is None:
        return start_again(request)
    typed = {name: request.POST.get(name, "")[:LONGEST] for name in ("password", "again")}
    try:
        if typed["password"] != typed["again"]:
            raise RuleBroken(_("没有改。"), {"again": _("两次写的不一样。")})
        actions.choose_password(
            account_id=ticket.account, handed=ticket.under, new=typed["password"], now=now
        )
    except NotFound:
        return start_again(request)
    except RuleBroken as broken:
        errors = {name: [str(words)] for name, words in broken.fields.items()}
        return ask_password(request, replace(ticket, at=now), errors)
    return go_on(request, ticket, now)


def go_on(request: HttpRequest, ticket: Ticket, now: datetime) -> HttpResponse:
    """After her own password: in, where a factor was shown before it; else what a password leads to."""
    account = accounts.by_id(ticket.account)
    posts = accounts.current_posts(account, now) if account else []
    if account is None or not posts:
        return start_again(request)
    proved_by = ticket.kept.get("password", {}).get("proved_by", "")
    if proved_by:
        return let_in(request, account, posts[0], ticket=ticket, now=now, proved_by=proved_by)
    return after_password(request, account, posts, login=ticket.name, to=ticket.next, now=now)


@never_cache
@require_POST
def recover(request: HttpRequest) -> HttpResponse:
    """Two codes of two colleagues: the lost factor ends, a new one is set up at once."""
    now: datetime = request.now  # type: ignore[attr-defined]
    ticket = ticket_of(request, steps.PROVE, now)
    if ticket is None or comes_in(ticket, now) is None:
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
                return ask(request, replace(ticket, step=steps.FIRST, at=now, kept={}))
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
