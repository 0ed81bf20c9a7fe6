"""What the page being written knows of its request: the one `now`, the language asked for in the address.

Macros are imported without a template's context; they reach the request through here. The variable is set
and reset by LanguageMiddleware, so nothing of one request is left for the next.
"""

from __future__ import annotations

from contextvars import ContextVar, Token
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse

from anjia.foundation.core import clock

_request: ContextVar[HttpRequest | None] = ContextVar("anjia_page_request", default=None)
NOBODY = UUID(int=0)
NOBODY_TEXT = str(NOBODY)
LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


def enter(request: HttpRequest) -> Token[HttpRequest | None]:
    """Make this the request that macros and filters speak of."""
    return _request.set(request)


def leave(token: Token[HttpRequest | None]) -> None:
    """Forget it again."""
    _request.reset(token)


def current() -> HttpRequest | None:
    """The request being answered; None in the worker and in commands."""
    return _request.get()


def now() -> datetime:
    """The request's own moment, so that every line of one page counts from the same instant."""
    return getattr(_request.get(), "now", None) or clock.now()


def asked_language(request: HttpRequest | None) -> str:
    """The language named in the address (?lang=en), or "" when none, or none we have, is named."""
    asked = request.GET.get("lang", "") if request is not None else ""
    return asked if asked in LANGUAGES else ""


def link(name: str, *args: Any, query: dict[str, Any] | None = None, **kwargs: Any) -> str:
    """The address of a named page, keeping ?lang= when the reader came with it."""
    given = {k: v for k, v in (query or {}).items() if v not in (None, "")}
    if (asked := asked_language(_request.get())) and "lang" not in given:
        given["lang"] = asked
    path = reverse(name, kwargs=kwargs) if kwargs else address(name, args)
    return f"{path}?{urlencode(given, doseq=True)}" if given else path


def address(name: str, args: tuple[Any, ...]) -> str:
    """A named page's path. A list links fifty matters: the path is made once, only the ids are put in."""
    ids = [a for a in args if isinstance(a, UUID)]
    path = made(get_urlconf(), name, tuple(NOBODY if isinstance(a, UUID) else a for a in args))
    for one in ids:
        path = path.replace(NOBODY_TEXT, str(one), 1)
    return path


@lru_cache(maxsize=1024)
def made(_urlconf: str | None, name: str, args: tuple[Any, ...]) -> str:
    """The path of a page for these arguments."""
    return reverse(name, args=args or None)


def maybe_link(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page, or "" where this installation has no such page."""
    try:
        return link(name, *args, **kwargs)
    except NoReverseMatch:
        return ""


def here(**changes: Any) -> str:
    """The address of this page with some query values changed (None drops one); for pagers and switches."""
    request = _request.get()
    if request is None:
        return "?" + urlencode({k: v for k, v in changes.items() if v not in (None, "")})
    query = request.GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path
