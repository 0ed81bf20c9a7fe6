"""A served demo city for journeys: a real server with its worker, on the database under test."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAKE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from anjia.demo.city import build
from anjia.foundation.core.clock import now
build(now(), lambda done, total, what: None)
"""


@dataclass
class Town:
    """Where it is served and how to move its clock."""

    var: Path
    database: str
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, ahead: float = 0) -> dict[str, str]:
        env = {k: v for k, v in os.environ.items() if not k.startswith("ANJIA_")}
        return {
            **env,
            "ANJIA_TESTING": "1",
            "ANJIA_DEMO": "1",
            "ANJIA_VAR": str(self.var),
            "ANJIA_DATABASE": self.database,
            "ANJIA_CLOCK_AHEAD": str(ahead),
            "DJANGO_SETTINGS_MODULE": "anjia.config.settings",
            "PYTHONPATH": str(ROOT),
        }

    def build(self) -> None:
        """The demo city, by the real actions."""
        subprocess.run([sys.executable, "-c", MAKE], env=self.environment(), cwd=ROOT, check=True)

    def serve(self, ahead: float = 0) -> None:
        """(Re)start the server, its clock so many hours ahead."""
        self.stop()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        command = [sys.executable, "-m", "anjia.cli", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=self.environment(ahead), cwd=ROOT)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/about/", timeout=30):  # noqa: S310  our own
                return  # it answers, which on a busy machine is some time after it listens
            time.sleep(0.2)
        raise RuntimeError("the server did not start")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=30)
            self.process = None

    def ask(self, code: str) -> str:
        """What a line of Python says about this town's data."""
        lines = f"import django; django.setup()\n{code}"
        done = subprocess.run(
            [sys.executable, "-c", lines],
            env=self.environment(),
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One `anjia` command on this town."""
        return subprocess.run(
            [sys.executable, "-m", "anjia.cli", *words],
            env=self.environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )


def database(like: str = "") -> str:
    """ "" for SQLite; a database of its own on the PostgreSQL under test, empty or a copy."""
    given = os.environ.get("ANJIA_DATABASE", "")
    if not given:
        return ""
    import psycopg

    name = f"journey_{uuid.uuid4().hex[:8]}"
    template = f" TEMPLATE {like.rsplit('/', 1)[1]}" if like else ""
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{template}")
    return given.rsplit("/", 1)[0] + "/" + name


def copied(own: Path) -> Town:
    """A town of one's own in a folder. The year is lived through once, for all tests on this database, and copied."""
    given = os.environ.get("ANJIA_TOWNS")
    shared = Path(given) if given else own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with (shared / "town.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = shared / "town.database"
        if not known.exists():
            first = Town(shared / "town", database())
            first.build()
            known.write_text(first.database)
        into = own / f"town-{uuid.uuid4().hex[:8]}"
        shutil.copytree(shared / "town", into)
        return Town(into, database(known.read_text()))


@contextmanager
def served(own: Path) -> Iterator[Town]:
    """Such a town with its server and worker, as long as it is needed."""
    made = copied(own)
    made.serve()
    try:
        yield made
    finally:
        made.stop()
