"""A telephone that somebody else may hold: a real browser that keeps whatever browsers keep, and a site to open."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import scanner

ROOT = Path(__file__).resolve().parents[2]
MAKE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from anjia.engine.matters.tests.world import build
build()
"""


class Neutral(BaseHTTPRequestHandler):
    """What anybody opens: the page behind 「离开」. Under /told it is a careless site, for the control."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if not self.path.startswith("/told"):
            self.send_header("Cache-Control", "no-store")
        self.end_headers()
        kept = "<script>localStorage.setItem('draft', document.title)</script>"
        words = f"<title>{self.server.told}</title><p>{self.server.told}</p>{kept}"  # type: ignore[attr-defined]
        self.wfile.write(
            words.encode() if self.path.startswith("/told") else "<title>天气</title><p>晴</p>".encode()
        )

    def log_message(self, format: str, *args: Any) -> None:
        pass


@dataclass
class Site:
    """The real server on a database of its own, and the neutral page beside it."""

    var: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    neutral: ThreadingHTTPServer | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def away(self) -> str:
        assert self.neutral
        return f"http://127.0.0.1:{self.neutral.server_address[1]}/"

    def start(self, told: str) -> None:
        self.neutral = ThreadingHTTPServer(("127.0.0.1", 0), Neutral)
        self.neutral.told = told  # type: ignore[attr-defined]
        threading.Thread(target=self.neutral.serve_forever, daemon=True).start()
        env = {k: v for k, v in os.environ.items() if not k.startswith("ANJIA_")}
        env |= {
            "ANJIA_TESTING": "1",
            "ANJIA_VAR": str(self.var),
            "ANJIA_EXIT_URL": self.away,
            "DJANGO_SETTINGS_MODULE": "anjia.config.settings",
            "PYTHONPATH": str(ROOT),
        }
        subprocess.run([sys.executable, "-c", MAKE], env=env, cwd=ROOT, check=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        command = [sys.executable, "-m", "anjia.cli", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=env, cwd=ROOT)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.2)
        raise RuntimeError("the server did not start")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=30)
        if self.neutral:
            self.neutral.shutdown()
            self.neutral.server_close()


def open_phone(playwright: Any, profile: Path, *, script: bool = True) -> Any:
    """A browser that keeps its profile in a folder, as a telephone does."""
    arguments = [
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium",
        args=arguments,
        viewport={"width": 360, "height": 780},
        locale="zh-CN",
        java_script_enabled=script,
    )


def remains(profile: Path, words: list[str]) -> list[str]:
    """Where in a profile any of the words stands: file and word."""
    wanted = [(word, form) for word in words for form in scanner.forms(word).values()]
    found = []
    for path in sorted(p for p in profile.rglob("*") if p.is_file()):
        data = path.read_bytes()
        found += [f"{path.relative_to(profile)}: {word}" for word, form in wanted if form in data]
    return found
