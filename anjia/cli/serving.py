"""Serving: web processes with a few threads each, and the worker as a child that is started again when it ends."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any

import click

from anjia.cli.safety import stop

THREADS = 8
MOST_PROCESSES = 8
PATIENCE_SECONDS = 10
AGAIN_SECONDS = 2.0
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def check_database() -> None:
    """Refuse to serve on a database or a set-up that would lose or leak what it is given."""
    from django.core.checks import ERROR, run_checks

    found = [m for m in run_checks(databases=["default"]) if m.level >= ERROR]
    for message in found:
        click.echo(f"✗ {message}", err=True)
    if found:
        raise SystemExit(1)


def forget_again() -> None:
    """What was erased stays erased, also when an older backup was put back before this start."""
    from anjia.foundation.vault import erasing

    back = erasing.forget_again()
    if back:
        click.echo(
            f"! 清除已销毁事项的密钥 {back} 个 / erased again what an older backup brought back", err=True
        )


def refuse_demo_data() -> None:
    """Invented people and real ones never share a database."""
    from django.conf import settings

    if (settings.VAR / "demo-begun").exists() and not settings.DEMO:
        stop(
            f"{settings.VAR} 里是演示数据。正式使用请另用一个目录(ANJIA_VAR)。",
            f"{settings.VAR} holds a demo's data. For real use name another folder (ANJIA_VAR).",
        )


def die_with_parent(parent: int) -> None:
    """Linux: this process gets SIGTERM when the one that started it is gone, even after SIGKILL."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
    if os.getppid() != parent:  # it was gone before the line above
        raise SystemExit(1)


class Worker:
    """The worker beside the server: started, started again when it ends by itself, stopped with the server."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="anjia-keeper", daemon=True)

    def start(self) -> None:
        """Begin to keep a worker running."""
        self._keeper.start()

    def _keep(self) -> None:
        # To the kernel "parent" is the thread that started the child: this one, which lives until the end.
        command = [sys.executable, "-m", "anjia.cli", "worker", "--beside", str(os.getpid())]
        while not self._stopping.is_set():
            self._child = subprocess.Popen(command)
            while self._child.poll() is None and not self._stopping.wait(0.2):
                pass
            if not self._stopping.is_set():
                click.echo("! 后台任务中断,重新启动 / the worker ended; starting it again", err=True)
                self._stopping.wait(AGAIN_SECONDS)
        self._end()

    def _end(self) -> None:
        child = self._child
        if child is None or child.poll() is not None:
            return
        child.terminate()
        try:
            child.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def stop(self) -> None:
        """End the worker after the row it has in hand."""
        self._stopping.set()
        self._keeper.join(timeout=PATIENCE_SECONDS + 2)


@contextmanager
def worker_beside() -> Iterator[None]:
    """The worker runs while the site is served, and stops with it."""
    worker = Worker()
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def load_application(_target: str, parent: int) -> Any:
    """The site, in the process that answers; it does not outlive the process that started it."""
    die_with_parent(parent)
    from anjia.config.wsgi import application

    return application


def web_processes(asked: int) -> int:
    """How many: what was asked for, else one a core on PostgreSQL, at most eight.

    On SQLite one: a second would only wait for the first one's write lock, and the access log's writer is
    per process. Its threads answer side by side.
    """
    from django.db import connection

    if connection.vendor == "sqlite":
        return 1
    return asked or min(os.cpu_count() or 1, MOST_PROCESSES)


def serve_forever(host: str, port: int, processes: int = 0, *, with_worker: bool = True) -> None:
    """Serve until Ctrl-C or SIGTERM, with the worker beside it unless one runs elsewhere."""
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # A fresh process, not a fork: no thread, lock or database connection of this one gets into it.
    multiprocessing.set_start_method("spawn", force=True)
    count = web_processes(processes)
    connections.close_all()
    with worker_beside() if with_worker else nullcontext():
        Granian(
            "anjia.config.wsgi:application",
            address=host.strip("[]"),
            port=port,
            interface=Interfaces.WSGI,
            workers=count,
            blocking_threads=THREADS,
            respawn_failed_workers=True,
            workers_kill_timeout=PATIENCE_SECONDS,
            log_level=LogLevels.warning,
        ).serve(target_loader=partial(load_application, parent=os.getpid()))
