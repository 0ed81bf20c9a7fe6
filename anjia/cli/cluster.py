"""A PostgreSQL of our own for one run: made, started on a free port, stopped and removed.

Used by the checks (which need no durability and say so) and by `anjia bench` (which needs all of it).
Standard library only.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PG_BIN = Path("/usr/lib/postgresql/15/bin")
PG_PREFIX = "anjia-pg."
DAY = 86_400
ALWAYS = ("listen_addresses=127.0.0.1", "unix_socket_directories=''", "synchronous_commit=on")
#: Tests ask what is written, not whether it survives a power cut.
FORGETFUL = (
    "fsync=off",
    "full_page_writes=off",
    "max_connections=60",
    "shared_buffers=256MB",
    # tests are rolled back: who counted a table in between found nothing in it, and read it whole for evermore
    "autovacuum_analyze_threshold=1000000000",
)
#: As a server would be set up: nothing acknowledged is lost.
DURABLE = (
    "fsync=on",
    "full_page_writes=on",
    "max_connections=100",
    "shared_buffers=2GB",
    "work_mem=32MB",
    "maintenance_work_mem=512MB",
    "max_wal_size=8GB",
    "random_page_cost=1.1",
    "jit=off",
)


def demoted() -> list[str]:
    """PostgreSQL refuses to run as root: then it runs as the user its package made."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []


def free_port() -> int:
    """A port that the kernel says is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def remove_stale() -> None:
    """Clusters that a killed run left behind more than a day ago."""
    for old in Path("/var/tmp").glob(PG_PREFIX + "*"):  # noqa: S108  only our own prefix
        if time.time() - old.stat().st_mtime > DAY:
            shutil.rmtree(old, ignore_errors=True)


@contextmanager
def cluster(settings: tuple[str, ...] = FORGETFUL) -> Iterator[str]:
    """A cluster for one run (or the one PG_DSN names); its address as ANJIA_DATABASE."""
    if given := os.environ.get("PG_DSN"):
        yield given
        return
    remove_stale()
    home = Path(tempfile.mkdtemp(prefix=PG_PREFIX, dir="/var/tmp"))
    if demoted():
        shutil.chown(home, "postgres", "postgres")
    data = home / "data"
    try:
        quiet([*demoted(), str(PG_BIN / "initdb"), "-D", str(data), "-U", "postgres", "-E", "UTF8",
               "--locale=C.UTF-8", "-A", "trust", "--no-sync"])  # fmt: skip
        port = start(data, home / "log", settings)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*demoted(), str(PG_BIN / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"],
                       cwd="/", capture_output=True, check=False)  # fmt: skip
        shutil.rmtree(home, ignore_errors=True)


def start(data: Path, log: Path, settings: tuple[str, ...]) -> int:
    """Start on a port the kernel says is free; somebody may take it in between, so five tries."""
    for _try in range(5):
        port = free_port()
        options = " ".join(f"-c {setting}" for setting in (*ALWAYS, f"port={port}", *settings))
        command = [
            *demoted(),
            str(PG_BIN / "pg_ctl"),
            "-D",
            str(data),
            "-l",
            str(log),
            "-w",
            "-o",
            options,
            "start",
        ]
        if subprocess.run(command, cwd="/", capture_output=True, check=False).returncode == 0:
            return port
    raise SystemExit("PostgreSQL did not start: " + log.read_text()[-800:])


def quiet(command: list[str]) -> None:
    """Run a command whose output matters only when it fails."""
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command[-1]}: {done.stderr[-800:]}")
