"""Serving: one web process with a few threads, and the worker as a child of it."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

THREADS = 8


def port_is_free(host: str, port: int) -> bool:
    """Whether somebody else is listening there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def check_database() -> None:
    """Refuse to serve on a database that would lose or leak what it is given."""
    from django.core.checks import ERROR, run_checks

    found = [m for m in run_checks(databases=["default"]) if m.level >= ERROR]
    for message in found:
        click.echo(f"✗ {message}", err=True)
    if found:
        raise SystemExit(1)


@contextmanager
def worker_beside() -> Iterator[None]:
    """The worker runs while the site is served, and stops with it."""
    child = subprocess.Popen([sys.executable, "-m", "anjia.cli", "worker"])
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()


def serve_forever(host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    with worker_beside():
        Granian(
            "anjia.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=THREADS,
            log_level=LogLevels.warning,
        ).serve()
