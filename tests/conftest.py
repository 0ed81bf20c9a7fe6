"""What all tests share: no network but this machine's own, a real Chromium for journeys."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

LOOPBACK = ("127.", "::1", "localhost")
real_connect = socket.socket.connect


def only_loopback(self: socket.socket, address: Any) -> None:
    """Refuse any address that is not this machine's own."""
    host = address[0] if isinstance(address, tuple) else str(address)
    if isinstance(address, tuple) and not str(host).startswith(LOOPBACK):
        raise OSError(f"tests may not connect to {host}")
    real_connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    socket.socket.connect = only_loopback  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = real_connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Starts Debian's Chromium, headless, with more arguments if need be; never a downloaded one."""
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread; Django would refuse its own database calls beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    path = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    assert Path(path).exists(), f"no Chromium at {path}"
    arguments = [
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        yield lambda *more: playwright.chromium.launch(executable_path=path, args=[*arguments, *more])


@pytest.fixture(scope="session")
def chromium(browsers: Any) -> Iterator[Any]:
    """The browser of most tests."""
    browser = browsers()
    yield browser
    browser.close()
