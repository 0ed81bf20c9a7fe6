"""Which pages need a post: decorators for views."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from anjia.foundation.core.verdict import NotAllowed, NotFound, deny
from anjia.registry.posts import pledges, who_may
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.sessions import SignedIn
from anjia.ui import page

#: Where somebody lands who signed in without having asked for a page.
HOME = "/desk/"
View = Callable[..., HttpResponseBase]


class SignedInRequest(HttpRequest):
    """A request behind `signed_in`: somebody in a post is asking."""

    actor: Actor
    signed_in: SignedIn
    now: datetime
    may_speak: bool = False  # the page asks for the microphone when its button is pressed


def signed_in(view: View) -> View:
    """Only for somebody in a post; others are sent to the sign-in page and come back afterwards."""
    return require_post()(view)


def require_post(
    *, roles: Collection[str] = (), kinds: Collection[str] = (), tiers: Collection[str] = ()
) -> Callable[[View], View]:
    """Only for posts that the table admits to this address, of these roles, kinds and tiers (each: any, when left out).

    Nobody signed in: redirect to the sign-in page with a safe `next`. Another post: NotAllowed.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None:
                return to_sign_in(request)
            wanted = ((roles, actor.role), (kinds, actor.agency_kind), (tiers, actor.tier))
            row = who_may.row_of(request)
            if not row.admits(actor.role, actor.line, actor.tier) or any(
                allowed and value not in allowed for allowed, value in wanted
            ):
                raise NotAllowed(deny(_("您现在的岗位不能打开这一页。"), "wrong-post"))
            if actor.role == "leader" and row.seats is not None and not row.seats & who_may.LEADER:
                raise NotFound  # for him there is no matter, whatever the address names
            if row.pledge and pledges.asked_of(actor):
                return to_pledge(request, row)
            return view(cast(SignedInRequest, request), *args, **kwargs)

        return guarded

    return decorate


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """The sign-in page; a page that was asked for is shown afterwards, a form is not sent again."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    return HttpResponseRedirect(page.link("posts:sign-in", query={"next": back}))


def to_step_up(request: HttpRequest) -> HttpResponseRedirect:
    """The page that asks for a second factor; the page that needed it is shown afterwards."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    return HttpResponseRedirect(page.link("posts:step-up", query={"next": back}))


def to_pledge(request: HttpRequest, row: who_may.Row) -> HttpResponseRedirect:
    """The pledge of confidentiality; the page that was asked for is shown afterwards."""
    reads = request.method in ("GET", "HEAD")
    back = request.get_full_path() if reads else request.path if "GET" in row.methods.split() else HOME
    return HttpResponseRedirect(page.link("posts:pledge", query={"next": back}))


def safe_next(request: HttpRequest) -> str:
    """Where to go after signing in: a page of this site, else the desk's home."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours and wanted.startswith("/") and not wanted.startswith("//") else HOME
