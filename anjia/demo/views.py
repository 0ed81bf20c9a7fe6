"""The demo's front page: one click signs in as any of the invented people. Exists in demo mode only."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from anjia.demo import cast, figures
from anjia.demo.seats import FRONT
from anjia.foundation.core.clock import now
from anjia.registry.posts import actions
from anjia.registry.posts.factors import ONE_CLICK
from anjia.registry.posts.gate import HOME
from anjia.registry.posts.second.devices import place_of
from anjia.registry.posts.sessions import set_session_cookie


def only_in_demo() -> None:
    """Nobody signs in without a password anywhere but in the demo."""
    if not settings.DEMO:
        raise Http404


@never_cache
@require_GET
def demo(request: HttpRequest) -> HttpResponse:
    """Who is who, with a button each; the people one would try first stand first, the others fold by office."""
    only_in_demo()
    players = cast.players(now())
    front = [p for p in players if p.seat.key in FRONT]
    rest = [p for p in players if p.seat.key not in FRONT]
    return render(
        request,
        "demo/demo.html",
        {"front": front, "groups": cast.grouped(rest), "figures": figures.closing()},
    )


@never_cache
@require_POST
def enter(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Sign in as the holder of that post."""
    only_in_demo()
    moment = now()
    player = cast.player(post_id, moment)
    if player is None:
        raise Http404
    old = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    cookie = actions.sign_in(
        account=player.post.account,
        post=player.post,
        now=moment,
        replaces=old,
        proved_by=ONE_CLICK,
        place=place_of(request),
    )
    response = HttpResponseRedirect(HOME)
    set_session_cookie(response, cookie)
    return response
