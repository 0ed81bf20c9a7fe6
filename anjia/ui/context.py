"""What every page is given, whichever room writes it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from markupsafe import Markup

from anjia.ui import formats, menu, page
from anjia.ui.jinja import csrf_input


class CsrfInput:
    """Django puts a plain value under this name; ours may be written {{ csrf_input }} or called."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def __call__(self, request: HttpRequest | None = None) -> Markup:
        return csrf_input(request or self.request)

    def __html__(self) -> str:
        return str(csrf_input(self.request))


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """Request, actor, names of the site, language, the one `now`, and the menu (made when asked for)."""
    actor = getattr(request, "actor", None)
    signed_in = getattr(request, "signed_in", None)
    key = formats.lang()
    return {
        "request": request,
        "actor": actor,
        "site_name": settings.SITE_NAME,
        "desk_name": settings.DESK_NAME,
        "exit_url": settings.EXIT_URL,
        "demo": settings.DEMO,
        "language": "en" if key == "en" else "zh-hans",
        "html_lang": "en" if key == "en" else "zh-CN",
        "now": page.now(),
        "menu": SimpleLazyObject(lambda: menu.items(actor, request.path)),
        "csrf_input": CsrfInput(request),
        "sign_in_news": bool(getattr(signed_in, "news", False)),
        # Asked for at the foot of a page, when it is known what stands on it.
        "rest_seconds": SimpleLazyObject(lambda: getattr(signed_in, "rest_seconds", 0)),
    }
