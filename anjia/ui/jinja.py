"""The Jinja2 environment of every room: what a template may call without importing anything."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined, Undefined
from markupsafe import Markup

from anjia.ui import formats, page


def csrf_input(request: HttpRequest | None = None) -> Markup:
    """The hidden field every POST form carries. Without an argument: of the request being answered."""
    request = request or page.current()
    token = get_token(request) if request is not None else ""
    return Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(token)


def _say(message: str, **values: Any) -> str:
    """gettext that also fills %(name)s placeholders; filled values are escaped like any other output."""
    said = gettext(message)
    return said % values if values else said


def _say_many(one: str, many: str, n: int, **values: Any) -> str:
    """ngettext with the same placeholders; %(n)s is always the number."""
    said = ngettext(one, many, n)
    return said % {"n": n, "num": n, **values} if "%(" in said else said


def _attrs(values: dict[str, Any] | None) -> Markup:
    """HTML attributes from a dict, escaped; False and None leave one out, True writes it bare.

    Handlers and styles are refused: the content security policy would drop them silently.
    """
    out = Markup()
    for name, value in (values or {}).items():
        if name == "style" or name.startswith("on"):
            raise ValueError(f"no inline {name}")
        if value is True:
            out += Markup(" {}").format(name)
        elif value is not None and value is not False:
            out += Markup(' {}="{}"').format(name, value)
    return out


GLOBALS: dict[str, Any] = {
    "url": page.link,
    "maybe_url": page.maybe_link,
    "here": page.here,
    "static": static,
    "csrf_input": csrf_input,
    "code_choices": formats.choices,
    "lang_key": formats.lang,
    "page_now": page.now,
    "tier_name": formats.tier,
}
FILTERS: dict[str, Any] = {
    "when": formats.when,
    "day": formats.day,
    "clock": formats.clock,
    "remaining": formats.remaining,
    "due_state": formats.urgency,
    "date_iso": formats.date_iso,
    "datetime_iso": formats.datetime_iso,
    "stamp": formats.stamp,
    "code": formats.code,
    "text": formats.text,
    "yuan": formats.yuan,
    "colon": formats.colon,
    "attrs": _attrs,
}


def environment(**options: Any) -> Environment:
    """The environment: escaping on, a missing name is an error under test and nothing in production."""
    options["autoescape"] = True
    options["undefined"] = StrictUndefined if settings.TESTING else Undefined
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    options.setdefault("extensions", []).extend(["jinja2.ext.i18n", "jinja2.ext.do"])
    env = Environment(**options)  # noqa: S701 - autoescape is set above
    env.install_gettext_callables(_say, _say_many, newstyle=False)  # type: ignore[attr-defined]
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(GLOBALS, _=_say, gettext=_say, ngettext=_say_many)
    env.filters.update(FILTERS)
    env.tests["iso_or_blank"] = formats.is_iso_or_blank
    return env
