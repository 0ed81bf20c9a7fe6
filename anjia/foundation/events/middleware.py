"""A page that shows sealed data is logged before it leaves; a page that only shows writes nothing else."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from anjia.foundation.core import clock
from anjia.foundation.core.who import Nobody, Who
from anjia.foundation.events import access, writer

log = logging.getLogger("anjia.access")

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
#: What a GET may write: who looked, that a session was used, how often somebody tried.
WRITABLE = frozenset(
    {"events_access", "events_accessmatter", "events_unsealed", "posts_session", "limits_bucket"}
)
READS = re.compile(
    r"\s*(?:SELECT|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|START|PRAGMA|SHOW|SET|DECLARE|FETCH|CLOSE|EXPLAIN|VALUES)\b",
    re.IGNORECASE,
)
TARGET = re.compile(
    r"\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|(?<!FOR )(?<!DO )(?<!KEY )UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+"
    r"(?:ONLY\s+)?[\"`]?(\w+)",
    re.IGNORECASE,
)
WITH = re.compile(r"\s*WITH\b", re.IGNORECASE)

GetResponse = Callable[[HttpRequest], HttpResponseBase]
ANYBODY: Who = Nobody("resident")


class WriteOnGet(RuntimeError):
    """A page that should only show tried to write: a fault in the program."""


class ReadOnlyGetMiddleware:
    """Refuses every write during GET, HEAD and OPTIONS except to the tables in WRITABLE."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Guard all databases of this thread while the request is answered."""
        if request.method not in SAFE_METHODS:
            return self.get_response(request)
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(_refuse_writes))
            return self.get_response(request)


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Look at the statement's words only, never at its values."""
    if not may_run_on_get(sql):
        raise WriteOnGet("a page that only shows tried to write")
    return execute(sql, params, many, context)


def may_run_on_get(sql: str) -> bool:
    """Whether a statement only reads, or writes only where a GET may write."""
    if READS.match(sql):
        return True
    targets = TARGET.findall(sql)
    if not targets:
        return bool(WITH.match(sql))
    return all(table.lower() in WRITABLE for table in targets)


class AccessMiddleware:
    """Writes one access row for a request that opened sealed data: after the view, before the answer leaves.

    If the row cannot be written the answer is thrown away and a page without any value is sent (503).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, record, then let go."""
        reader = access.Reader(getattr(request, "actor", None) or ANYBODY)
        with access.use(reader):
            response = self.get_response(request)
            if reader and not reader.route:
                reader.route = _route(request)
            request.shows_sealed = reader.shows_sealed  # type: ignore[attr-defined]
            row = reader.close(clock.now())
        if row is None:
            return response
        try:
            writer.write_and_wait(row)
        except Exception as fault:  # whatever the cause: no entry, no value
            log.error("an answer was withheld because its reading could not be recorded", exc_info=fault)
            response.close()
            return withheld()
        return response


def withheld() -> HttpResponse:
    """A plain page without values; it names the telephone, because somebody may be in need right now."""
    words = _("暂时打不开，请稍后再试。有危险请直接拨打 110。")
    title = _("暂时打不开")
    page = f'<!doctype html><meta charset="utf-8"><title>{title}</title><p>{words}</p>'
    response = HttpResponse(page, status=503)
    response["Cache-Control"] = "no-store"
    response["Retry-After"] = "10"
    return response


def _route(request: HttpRequest) -> str:
    """The name of the page, which holds no id."""
    match = request.resolver_match
    return (match.view_name or match.route) if match else "unknown"
