"""Signing in and out, and changing the post in which one acts."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anjia.foundation.core.verdict import NotAllowed, Refused, RuleBroken
from anjia.foundation.limits import limits
from anjia.foundation.vault import vault
from anjia.law import codes
from anjia.registry.posts import accounts, actions, identities, pledges
from anjia.registry.posts.actors import today
from anjia.registry.posts.forms import SignInForm
from anjia.registry.posts.gate import HOME, SignedInRequest, safe_next, signed_in
from anjia.registry.posts.second.views import door
from anjia.registry.posts.sessions import forget_everything, set_session_cookie
from anjia.ui.page import link

log = logging.getLogger("anjia.door")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. Every failure says the same: which part was wrong helps only a stranger."""
    if getattr(request, "actor", None) is not None and request.method != "POST":
        return HttpResponseRedirect(safe_next(request))
    form = SignInForm(request.POST or None)
    error, status = "", 200
    if request.method == "POST":
        now: datetime = request.now  # type: ignore[attr-defined]
        status = 422
        if form.is_valid():
            answer, error = attempt(request, form, now)
            if answer is not None:
                return answer
    context = {
        "form": form,
        "error": error,
        "next": safe_next(request),
        "why": request.GET.get("why", ""),
    }
    return render(request, "posts/sign_in.html", context, status=status)


def attempt(request: HttpRequest, form: SignInForm, now: datetime) -> tuple[HttpResponse | None, str]:
    """(the next page, "") when account and password are right, else (None, what to say)."""
    login, password = form.cleaned_data["login"], form.cleaned_data["password"]
    hers = vault.token("login", login)
    tries = (
        ("sign-in.account", hers),
        ("sign-in.address", request.META.get("REMOTE_ADDR", "")),
    )
    for name, key in tries:
        if not (verdict := limits.take(name, key, now)):
            return None, str(verdict.reason)
    limits.take("sign-in.wrong", hers, now)
    account = accounts.recognise(login=login, password=password)
    posts = accounts.current_posts(account, now) if account else []
    if account is None or not posts:
        log.warning("sign-in refused: account or password")
        return None, (accounts.why_stopped(account, now) if account else "") or _("账号或密码不对。")
    limits.give_back("sign-in.wrong", hers, now)
    if account.password_due is not None and now >= account.password_due:
        return None, _("这个初始密码过了72小时,已失效。请管理员重新发一个。")
    to = safe_next(request)
    return door.after_password(request, account, posts, login=login, to=to, now=now), ""


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out: the session row is gone, so a copied cookie opens nothing."""
    session = getattr(request, "signed_in", None)
    if session is not None:
        actions.sign_out(session=session.key)
        log.info("signed out: account %s", session.actor.account_id)
    idle = request.POST.get("why") == "idle"
    query = urlencode({"why": "idle", "next": safe_next(request)})
    response = HttpResponseRedirect(f"{reverse('posts:sign-in')}?{query}" if idle else "/")
    forget_everything(response)
    return response


@never_cache
@require_GET
@signed_in
def my_posts(request: SignedInRequest) -> HttpResponse:
    """The posts one holds, the present one marked; with several one chooses."""
    context = {"posts": request.actor.posts, "current": request.actor.post_id, "next": safe_next(request)}
    return render(request, "posts/my_posts.html", context)


OWN_FIELDS, KIN_FIELDS = ("id_number", "address"), ("name", "relation", "kin_id_number", "kin_phone")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def particulars(request: SignedInRequest) -> HttpResponse:
    """回避登记: one's own identity number and home, and relatives. What is recorded already is never shown again."""
    typed = {name: request.POST.get(name, "") for name in (*OWN_FIELDS, *KIN_FIELDS)}
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            done = record(request, typed)
            return HttpResponseRedirect(link("posts:particulars", query={"done": done}))
        except RuleBroken as broken:
            errors = {name: [str(words)] for name, words in broken.fields.items()}
    account, known = request.actor.account_id, codes.book()[actions.accounts.RELATIONS].codes
    context = {
        "typed": typed,
        "errors": errors,
        "done": request.GET.get("done", ""),
        "relatives": [known.get(r, {}) for r in identities.relatives(account)] if account else [],
    }
    return render(request, "posts/particulars.html", context, status=422 if errors else 200)


def record(request: SignedInRequest, typed: dict[str, str]) -> str:
    """Keep what was typed in one of the two forms; says which."""
    account, actor, now = request.actor.account_id, request.actor, request.now
    if "kin" not in request.POST:
        own = {name: typed[name] for name in OWN_FIELDS}
        actions.set_particulars(account_id=account, actor=actor, now=now, **own)
        return "own"
    actions.declare_relative(
        account_id=account,
        name=typed["name"],
        relation=typed["relation"],
        id_number=typed["kin_id_number"],
        phone=typed["kin_phone"],
        actor=actor,
        now=now,
    )
    return "kin"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def pledge(request: SignedInRequest) -> HttpResponse:
    """保密承诺: one page, one tick, and on to what was asked for. Whoever has given it reads it here again."""
    asked = pledges.asked_of(request.actor)
    if request.method == "POST" and asked:
        error = ""
        try:
            version = request.POST.get("version", "") if request.POST.get("pledge") == "yes" else ""
            actions.give_pledge(version=version, actor=request.actor, now=request.now)
            return HttpResponseRedirect(safe_next(request))
        except RuleBroken as broken:
            error = str(broken.fields.get("pledge", broken.reason))
        return render(request, "posts/pledge.html", pledge_page(request, asked, error), status=422)
    return render(request, "posts/pledge.html", pledge_page(request, asked, ""))


def pledge_page(request: SignedInRequest, asked: pledges.Pledge | None, error: str) -> dict[str, Any]:
    """The text in force, and whether it is asked of this reader or only read."""
    shown = asked or pledges.in_force(today(request.now))
    is_bound = pledges.must_be_given_in(request.actor)
    return {
        "pledge": shown,
        "is_asked": asked is not None,
        "is_bound": is_bound,
        "is_new_version": bool(request.actor.pledge) and asked is not None,
        "error": error,
        "next": safe_next(request),
    }


@require_POST
@signed_in
def switch(request: SignedInRequest, post_id: UUID) -> HttpResponse:
    """Act in another post from now on."""
    try:
        cookie = actions.switch_post(
            session=request.signed_in.key, post=post_id, actor=request.actor, now=request.now
        )
    except NotAllowed:
        return HttpResponseRedirect(f"{reverse('posts:step-up')}?next={reverse('posts:my-posts')}")
    except Refused:
        return HttpResponseRedirect(HOME)
    response = HttpResponseRedirect(safe_next(request))
    set_session_cookie(response, cookie)
    return response
