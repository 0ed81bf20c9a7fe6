"""The gallery in a real Chromium at 1280 and 360 px: no accessibility fault, nothing sticks out, keys work."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.contrib.staticfiles.views import serve
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("anjia.ui.tests.urls"),
    pytest.mark.skipif(
        bool(os.environ.get("ANJIA_DATABASE")), reason="other database: the gallery asks none of them"
    ),
]
SIZES = (1280, 360)


class Quiet(WSGIRequestHandler):
    """Says nothing about each request."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Server(ThreadingMixIn, WSGIServer):
    """A browser asks for several files at once."""

    daemon_threads = True


class Static(StaticFilesHandler):
    """Style sheets and scripts straight from the rooms."""

    def serve(self, request: HttpRequest) -> Any:
        return serve(request, self.file_path(request.path), insecure=True)


@pytest.fixture
def site(settings: Any) -> Iterator[str]:
    """This room alone on a free port, with the content security policy of the real site."""
    settings.MIDDLEWARE = [
        "csp.middleware.CSPMiddleware",
        "anjia.ui.middleware.LanguageMiddleware",
        "anjia.ui.middleware.RefusedMiddleware",
    ]
    with make_server(
        "127.0.0.1", 0, Static(WSGIHandler()), server_class=Server, handler_class=Quiet
    ) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        own = f"http://127.0.0.1:{server.server_port}"
        settings.EXIT_URL = f"{own}/p/leave"
        yield own
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    """Debian's Chromium, headless."""
    from playwright.sync_api import sync_playwright

    arguments = ["--disable-dev-shm-usage", "--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("door", ["desk", "village", "portal", "step", "plain"])
def test_nobody_is_shut_out(site: str, chrome: Any, door: str, language: str) -> None:
    """No violation that axe knows, no sideways scrolling, no message from the security policy."""
    from axe_playwright_python.sync_playwright import Axe

    for width in SIZES:
        page = chrome.new_page(viewport={"width": width, "height": 740})
        refused: list[str] = []
        page.on("console", lambda m, seen=refused: seen.append(m.text) if "Content Security" in m.text else 0)
        page.goto(f"{site}/desk/gallery?door={door}&lang={language}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []
        assert refused == []
        page.close()


def test_leaving_is_one_tap_or_three_shifts(site: str, chrome: Any) -> None:
    """The exit is on screen at any scroll, at least 44 px, above everything, and leaves no way back."""
    page = chrome.new_page(viewport={"width": 360, "height": 640})
    page.goto(f"{site}/desk/gallery?door=step")
    page.evaluate("window.scrollTo(0, 9999)")
    box = page.locator("[data-leave]").bounding_box()
    assert box["width"] >= 44
    assert box["height"] >= 44
    assert 0 <= box["y"] < 120
    page.fill("textarea", "canary")
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/p/leave*")
    page.go_back()
    assert "canary" not in page.content()
    page.goto(f"{site}/desk/gallery?door=portal")
    before = page.evaluate("history.length")
    page.click("[data-leave]")
    page.wait_for_url("**/p/leave*")
    assert page.evaluate("history.length") == before
    page.close()


def test_keys_work_but_not_while_typing(site: str, chrome: Any) -> None:
    """N registers a call; the letter n in a text does not throw the text away."""
    page = chrome.new_page(viewport={"width": 1280, "height": 740})
    page.goto(f"{site}/desk/gallery")
    page.click("textarea")
    page.keyboard.type("n")
    assert page.input_value("textarea") == "n"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("n")
    page.wait_for_url("**/desk/intake")
    page.goto(f"{site}/desk/gallery")
    page.keyboard.press("Control+k")
    page.wait_for_url("**/desk/search")
    page.close()


def test_no_script_can_keep_anything(site: str, chrome: Any) -> None:
    """A library that notes each address would leave a trace on a phone that somebody else holds."""
    context = chrome.new_context()
    page = context.new_page()
    page.goto(f"{site}/desk/gallery?door=step&trace=1")
    for kind in ("session", "local"):
        assert (
            page.evaluate(f"try {{ window['{kind}' + 'Storage']; 'open' }} catch (e) {{ 'shut' }}") == "shut"
        )
    page.goto(f"{site}/desk/home")  # a page of the same origin without our scripts sees what was kept
    assert page.evaluate("window['session' + 'Storage'].length + window['local' + 'Storage'].length") == 0
    context.close()


def test_it_all_works_without_script(site: str, chrome: Any) -> None:
    """Menu, exit and every field are there; a place can be taken from a plain list."""
    context = chrome.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{site}/desk/gallery")
    page.click(".a-burger summary")
    assert page.locator(".a-burger nav").is_visible()
    assert page.locator("noscript select, select[name=residence]").count() == 1
    page.goto(f"{site}/desk/gallery?door=step")
    page.click("[data-leave]")
    page.wait_for_url("**/p/leave*")
    context.close()
