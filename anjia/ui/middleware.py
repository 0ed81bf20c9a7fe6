"""Language and the one `now` of a request, headers, and a page wherever something is refused."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from anjia.foundation.core import clock
from anjia.foundation.core.verdict import NotAllowed, NotFound, Refused, RuleBroken, Stale
from anjia.ui import errors, page

Respond = Callable[[HttpRequest], HttpResponse]
PERMISSIONS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), usb=(), browsing-topics=(), interest-cohort=()"
)


class LanguageMiddleware:
    """?lang= wins, else the signed-in account's language, else Chinese. No cookie, nothing stored.

    Also fixes `request.now`, and forbids every cache to keep a page: what was read on a shared phone must
    not come back with the Back button.
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
        return with_headers(response, chosen)


def language_of(request: HttpRequest) -> str:
    """Which language this page is written in."""
    if asked := page.asked_language(request):
        return asked
    actor = getattr(request, "actor", None)
    spoken = getattr(actor, "language", "") if actor is not None else ""
    return spoken if spoken in page.LANGUAGES else "zh-hans"


def with_headers(response: HttpResponse, language: str) -> HttpResponse:
    """Nothing of a page is kept anywhere, and a page asks the phone for nothing."""
    response.headers.setdefault("Permissions-Policy", PERMISSIONS)
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if response.headers.get("Content-Type", "").startswith("text/html"):
        response.headers.setdefault("Content-Language", "en" if language == "en" else "zh-CN")
        add_never_cache_headers(response)
        response.headers["Cache-Control"] = "no-store, no-cache, must-revalidate, max-age=0, private"
    return response


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
            return refusal(request, exception)
        return None


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
