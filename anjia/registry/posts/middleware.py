"""Who is asking: one look at the session table, before anything else needs to know."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from anjia.foundation.core import clock
from anjia.registry.posts import sessions


class SignedInMiddleware:
    """Sets `request.now`, `request.actor` (an Actor or None) and `request.signed_in` (the session or None).

    Visitors without a cookie cost no statement. Pages of somebody signed in are never kept by a browser or
    proxy. A cookie that opens nothing any more is taken back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        now = clock.now()
        cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        found = sessions.look_up(cookie, now) if cookie else None
        request.now = now  # type: ignore[attr-defined]
        request.signed_in = found  # type: ignore[attr-defined]
        request.actor = found.actor if found else None  # type: ignore[attr-defined]
        response = self.get_response(request)
        if found:
            sessions.seen(found, now, is_sealed_open=getattr(request, "shows_sealed", False))
            response.setdefault("Cache-Control", "no-store")
        elif cookie and settings.SESSION_COOKIE_NAME not in response.cookies:
            sessions.clear_session_cookie(response)
        return response
