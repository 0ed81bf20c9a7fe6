"""What the gates cost a page: the same pages with and without them, turn by turn.

`python -m anjia.cli.bench.gates on|off` reads requests as JSON from its standard input, answers them in this
process and writes milliseconds by page. "off" leaves out, in this process of the bench alone, what a reader is
held back and recorded by: the wall in every question, the row of the access log, the table of who may open what.
"""

from __future__ import annotations

import io
import json
import statistics
import sys
import time
from typing import Any
from unittest.mock import patch

import django

django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db.models import Q  # noqa: E402

from anjia.engine.matters import seats  # noqa: E402
from anjia.foundation.events import writer  # noqa: E402
from anjia.registry.posts import pledges, who_may  # noqa: E402

WARM, TIMES = 30, 150
#: What is left out: the object, its name, what stands there instead.
GATES: tuple[tuple[Any, str, Any], ...] = (
    (seats, "Exists", lambda _query: Q()),
    (writer, "write_and_wait", lambda _row: None),
    (who_may.Row, "admits", lambda *_: True),
    (pledges, "asked_of", lambda _actor: False),
)


def environ(item: dict[str, str]) -> dict[str, Any]:
    """A request as the server hands it over."""
    path, _, query = item["path"].partition("?")
    return {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "127.0.0.1",
        "HTTP_COOKIE": item["cookie"], "REMOTE_ADDR": "127.0.0.1", "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http", "wsgi.multithread": True,
        "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip


def answered(site: WSGIHandler, item: dict[str, str]) -> float:
    """Milliseconds of one answer, which must be a page."""
    status: list[str] = []

    def started(code: str, *_rest: Any) -> Any:
        status.append(code)

    began = time.perf_counter()
    answer: Any = site(environ(item), started)
    for _part in answer:
        pass
    took = (time.perf_counter() - began) * 1000
    answer.close()
    if not status[0].startswith("200"):
        raise SystemExit(f"{item['path']}: {status[0]}")
    return took


def measured(pages: dict[str, list[dict[str, str]]]) -> dict[str, float]:
    """The median of each page."""
    site, out = WSGIHandler(), {}
    for name, items in pages.items():
        took = [answered(site, items[n % len(items)]) for n in range(WARM + TIMES)]
        out[name] = statistics.median(took[WARM:])
    return out


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    if sys.argv[1] == "off":
        for where, what, instead in GATES:
            patch.object(where, what, instead).start()
    json.dump(measured(asked), sys.stdout)
