"""Language and the one `now` of a request, headers, and a page wherever something is refused."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from anjia.foundation.core import clock
from anjia.foundation.core.verdict import NotAllowed, NotFound, Refused, RuleBroken, Stale
from anjia.ui import errors, page

log = logging.getLogger("anjia.refused")
Respond = Callable[[HttpRequest], HttpResponse]
PERMISSIONS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), usb=(), browsing-topics=(), interest-cohort=()"
)
#: … except on a page where somebody may speak instead of typing.
PERMISSIONS_TO_SPEAK = PERMISSIONS.replace("microphone=()", "microphone=(self)")
NOTHING_KEPT = "no-store, no-cache, must-revalidate, max-age=0, private"


class HeadersMiddleware:
    """What every answer carries, whoever made it: page, paper, redirect, refusal or failure.

    Nothing of it is kept anywhere, no other site may frame, read or fetch it, and it asks the phone for nothing; only a
    page with 「按住说话」 (`request.may_speak`) may ask for the microphone, when it is pressed.
    Static files, the same for everybody, are the one thing that may be kept.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        may_speak = getattr(request, "may_speak", False)
        response.headers["Permissions-Policy"] = PERMISSIONS_TO_SPEAK if may_speak else PERMISSIONS
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        is_static = request.path_info.startswith(settings.STATIC_URL) and response.status_code in (200, 304)
        if not is_static:
            response.headers["Cache-Control"] = NOTHING_KEPT
            response.headers.pop("Expires", None)
        return response


class LanguageMiddleware:
    """?lang= wins, else the signed-in account's language, else Chinese. No cookie, nothing stored.

    Also fixes `request.now`.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not hasattr(request, "now"):
            request.now = clock.now()  # type: ignore[attr-defined]
        chosen = language_of(request)
        token = page.enter(request)
        try:
            with translation.override(chosen):
                request.LANGUAGE_CODE = chosen
                response = self.get_response(request)
        finally:
            page.leave(token)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", "en" if chosen == "en" else "zh-CN")
        return response


def language_of(request: HttpRequest) -> str:
    """Which language this page is written in."""
    if asked := page.asked_language(request):
        return asked
    actor = getattr(request, "actor", None)
    spoken = getattr(actor, "language", "") if actor is not None else ""
    return spoken if spoken in page.LANGUAGES else "zh-hans"


class RefusedMiddleware:
    """Refusals become pages in the reader's language; what does not exist and what is hidden read the same.

    A page that decrypted something is logged by the access middleware outside this one, whatever its status.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal with its page; every other exception goes on to become the 500 page."""
        if isinstance(exception, Refused):
            note(request, exception)
            return refusal(request, exception)
        return None


def note(request: HttpRequest, refused: Refused) -> None:
    """Whoever is signed in and asks for what is not for him leaves a line: who, at which page, never what about."""
    actor, match = getattr(request, "actor", None), request.resolver_match
    if actor is not None and isinstance(refused, NotAllowed | NotFound):
        page_name = (match.view_name if match else "unknown").replace(":", ".")
        log.warning("refused %s at %s: post %s", type(refused), page_name, actor.post_id)


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page for one refusal. A NotAllowed without a reason must not even say that there was something."""
    if isinstance(refused, NotFound):
        return errors.page_for(request, 404)
    if isinstance(refused, NotAllowed):
        reason = refused.verdict.reason
        return errors.page_for(request, 403, reason=reason) if reason else errors.page_for(request, 404)
    if isinstance(refused, Stale):
        return errors.page_for(request, 409)
    if isinstance(refused, RuleBroken):
        return errors.page_for(request, 422, reason=refused.reason, problems=list(refused.fields.values()))
    return errors.page_for(request, 422)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For settings.CSRF_FAILURE_VIEW: the page went stale, nothing was saved."""
    return errors.page_for(request, 403, kind="stale_form")
