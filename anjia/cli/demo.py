"""`anjia demo`: prepare once, then serve. A half-made demo is made again, never served; real data is never touched.

Two marks stand beside the data: `demo-begun` is written before anything else, `demo-ready` when all is there.
Only what stands beside a mark is ever removed.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from anjia.cli.safety import demo_may_start, flag, is_loopback, stop
from anjia.cli.serving import check_database, serve_forever

DATA = ("anjia.sqlite3", "anjia.sqlite3-wal", "anjia.sqlite3-shm", "files", "keys", "anchors", "static")
BEGUN, READY = "demo-begun", "demo-ready"
WIDTH = 28
ROOT = Path(__file__).resolve().parents[2]


def run() -> None:
    """Everything `make demo` does after the environment is there."""
    host, port = demo_may_start()
    os.environ["ANJIA_DEMO"] = "1"
    if not is_loopback(host):
        os.environ.setdefault("ANJIA_HOSTS", "*" if host in ("0.0.0.0", "::") else host)  # noqa: S104
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anjia.config.settings")
    var = Path(os.environ.get("ANJIA_VAR", ROOT / "var")).resolve()
    var.mkdir(parents=True, exist_ok=True)
    with (var / "demo.lock").open("a") as lock, in_use(lock, var):
        prepare(var)
        fcntl.flock(lock, fcntl.LOCK_SH)
        if os.environ.get("SERVE", "1") == "0":
            click.echo("✓ 演示已准备好,启动:make demo / the demo is ready; start it with: make demo")
            return
        check_database()
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"\n  演示入口 / demo:   http://{shown}:{port}/demo/")
        click.echo(f"  居民网站 / public: http://{shown}:{port}/")
        click.echo("  停止请按 Ctrl-C / Ctrl-C stops\n")
        serve_forever(host, port)


@contextmanager
def in_use(lock: IO[str], var: Path) -> Iterator[None]:
    """Several may serve one demo, but nobody makes or removes it under another's feet."""
    making = flag("RESET") or not (var / READY).exists()
    try:
        fcntl.flock(lock, (fcntl.LOCK_EX if making else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        stop(
            f"另一个演示正在使用 {var},请先停下它(Ctrl-C)。",
            f"another demo is using {var}; stop it first (Ctrl-C).",
        )
    yield


def prepare(var: Path) -> None:
    """Tables, static files and the city; what is ready is kept, what was left half-made is made again."""
    begun, ready = var / BEGUN, var / READY
    import django

    django.setup()
    if flag("RESET") or not ready.exists():
        if begun.exists() or ready.exists():
            wipe(var)
        elif holds_data(var):
            stop(
                f"{var} 或数据库里已有数据,但不是演示生成的,不能动。请另用一个目录:ANJIA_VAR=/tmp/anjia-demo make demo",
                f"{var} or the database holds data that is not a demo's; it is left alone. "
                "Use another folder: ANJIA_VAR=/tmp/anjia-demo make demo",
            )
        begun.write_text("The data beside this file is a demo's; RESET=1 removes it.\n", encoding="utf-8")
    marks = made(ready)
    if marks.get("tables") != tables():
        migrate()
    if marks.get("static") != static_files() or not (var / "static").exists():
        collect_static()
    if not ready.exists():
        build()
    ready.write_text(json.dumps({"tables": tables(), "static": static_files()}), encoding="utf-8")


def made(ready: Path) -> dict[str, str]:
    """What the ready mark says was made from what; nothing when there is none or it cannot be read."""
    try:
        marks = json.loads(ready.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return marks if isinstance(marks, dict) else {}


def holds_data(var: Path) -> bool:
    """Whether somebody's records or keys are here. The signing key alone is made by any command."""
    from django.conf import settings
    from django.db import connection

    if (var / "keys" / "master").exists() or any((var / "files").glob("*/*")):
        return True
    if connection.vendor == "sqlite" and not Path(str(settings.DATABASES["default"]["NAME"])).exists():
        return False
    return bool(connection.introspection.table_names())


def wipe(var: Path) -> None:
    """Remove the demo's data and keys; caches and front-end files stay."""
    from django.db import connection

    click.echo("· 清空演示数据 / removing the demo's data")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            names = connection.introspection.table_names(cursor)
            for name in names:
                cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)} CASCADE")
    connection.close()
    (var / READY).unlink(missing_ok=True)
    for name in DATA:
        path = var / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def migrate() -> None:
    """Create the tables, or bring them up to date."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def collect_static() -> None:
    """Styles and scripts of all rooms into one folder, named by their content and compressed."""
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False, clear=True)


def tables() -> str:
    """Which migrations there are: a new or changed one is applied at the next start."""
    return digest(sorted((ROOT / "anjia").rglob("migrations/0*.py")))


def static_files() -> str:
    """What the styles and scripts are: changed ones are collected at the next start."""
    rooms = [p for p in (ROOT / "anjia").rglob("static/**/*") if p.is_file()]
    return digest(sorted([*rooms, *(p for p in (ROOT / "var" / "vendor").glob("*") if p.is_file())]))


def digest(paths: list[Path]) -> str:
    """Names and contents of some files as one number."""
    number = hashlib.sha256()
    for path in paths:
        number.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return number.hexdigest()


def build() -> None:
    """The city, with a progress bar."""
    from anjia.demo.city import build as build_city
    from anjia.demo.figures import closing
    from anjia.foundation.core.clock import now

    started = time.monotonic()
    click.echo("· 生成演示城市 / building the demo city")
    bar = Bar()
    worker = logging.getLogger("anjia.worker")
    worker.setLevel(
        logging.CRITICAL
    )  # one of the city's messages cannot be delivered: that is a story, no fault
    with hurried():
        build_city(now(), bar.show, whole=True)
    worker.setLevel(logging.NOTSET)
    bar.end()
    click.echo(f"  {time.monotonic() - started:.0f} s")
    for figure in closing():
        share = "" if figure.of is None else f" / {figure.of}"
        mark = {None: "", True: " ✓", False: " ✗"}[figure.holds]
        click.echo(f"  · {figure.label} {figure.value}{share}{mark}")


@contextmanager
def hurried() -> Iterator[None]:
    """SQLite need not sync each act while a demo is made: what a power cut leaves half-made is made afresh.

    Afterwards all of it is synced once, before the mark says that the demo is ready.
    """
    from django.db import connection

    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        yield
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class Bar:
    """How far it is: a moving bar on a terminal, a line for every tenth in a log file."""

    def __init__(self) -> None:
        self.live = sys.stdout.isatty()
        self.told = -1

    def show(self, done: int, total: int, what: str) -> None:
        """`done` of `total` steps; `what` is being made now."""
        share = 100 * min(done, total) // max(total, 1)
        if self.live:
            filled = WIDTH * share // 100
            click.echo(f"\r\x1b[K  {'█' * filled}{'·' * (WIDTH - filled)} {share:3d}% {what}", nl=False)
        elif share // 10 > self.told:
            self.told = share // 10
            click.echo(f"  {share:3d}% {what}")

    def end(self) -> None:
        """Leave the bar's line."""
        if self.live:
            click.echo("")
