"""`anjia demo`: prepare once, then serve. A half-made demo is made again, never served."""

from __future__ import annotations

import ipaddress
import os
import shutil
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import click

from anjia.cli.serving import check_database, port_is_free, serve_forever

DATA = ("anjia.sqlite3", "anjia.sqlite3-wal", "anjia.sqlite3-shm", "files", "keys", "demo-ready")
SECRETS = ("ANJIA_SECRET_KEY", "ANJIA_MASTER_KEY")
WIDTH = 28
ROOT = Path(__file__).resolve().parents[2]


def flag(name: str, default: str = "") -> bool:
    return os.environ.get(name, default) not in ("", "0")


def stop(zh: str, en: str) -> None:
    click.echo(f"✗ {zh}\n  {en}", err=True)
    raise SystemExit(2)


def is_loopback(host: str) -> bool:
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def refuse_danger(host: str) -> None:
    """One-click sign-in must never stand on real secrets, real data or an open address."""
    if flag("FORCE"):
        return
    for name in SECRETS:
        if os.environ.get(name):
            stop(
                f"演示模式不使用正式密钥({name})。确要这样做请加 FORCE=1。",
                f"demo mode refuses a production secret ({name}); FORCE=1 overrides.",
            )
    database = urlsplit(os.environ.get("ANJIA_DATABASE", ""))
    if database.hostname and not is_loopback(database.hostname):
        stop(
            "演示模式不连接别的机器上的数据库。确要这样做请加 FORCE=1。",
            "demo mode refuses a database on another host; FORCE=1 overrides.",
        )
    if not is_loopback(host):
        stop(
            f"演示模式只在本机开放,不监听 {host}。确要这样做请加 FORCE=1。",
            f"demo mode serves this machine only, not {host}; FORCE=1 overrides.",
        )


def run() -> None:
    """Everything `make demo` does after the environment is there."""
    host, port = os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or 8000)
    serving = os.environ.get("SERVE", "1") != "0"
    refuse_danger(host)
    if serving and not port_is_free(host, port):
        stop(
            f"端口 {port} 已被占用。换一个:make demo PORT=8010",
            f"port {port} is in use. Try: make demo PORT=8010",
        )
    os.environ["ANJIA_DEMO"] = "1"
    if not is_loopback(host):
        os.environ.setdefault("ANJIA_HOSTS", f"{host},127.0.0.1,localhost")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anjia.config.settings")
    prepare()
    if serving:
        click.echo(f"\n  演示入口 / demo:   http://{host}:{port}/demo/")
        click.echo(f"  居民网站 / public: http://{host}:{port}/")
        click.echo("  停止请按 Ctrl-C / Ctrl-C stops\n")
        check_database()
        serve_forever(host, port)


def prepare() -> None:
    """Tables, static files and the city; what is ready is kept."""
    var = Path(os.environ.get("ANJIA_VAR", ROOT / "var")).resolve()
    ready = var / "demo-ready"
    if flag("RESET") or ((var / "anjia.sqlite3").exists() and not ready.exists()):
        wipe(var)
    import django

    django.setup()
    from django.core.management import call_command

    if not ready.exists() or ready.read_text() != structure():
        call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if not ready.exists():
        build()
    ready.write_text(structure())


def structure() -> str:
    """Which migrations there are: a new one is applied at the next start."""
    root = Path(__file__).resolve().parents[1]
    return "\n".join(sorted(p.relative_to(root).as_posix() for p in root.rglob("migrations/0*.py")))


def wipe(var: Path) -> None:
    """Remove the demo's data and keys; caches and front-end files stay."""
    click.echo("· 清空演示数据 / removing the demo's data")
    for name in DATA:
        path = var / name
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def build() -> None:
    """The city, with a progress bar."""
    from anjia.demo.city import build as build_city
    from anjia.foundation.core.clock import now

    started = time.monotonic()

    def progress(done: int, total: int, what: str) -> None:
        filled = WIDTH * done // total
        line = f"  {'█' * filled}{'·' * (WIDTH - filled)} {100 * done // total:3d}% {what}"
        click.echo(f"\r{line:<60}" if sys.stdout.isatty() else "", nl=False)

    click.echo("· 生成演示城市 / building the demo city")
    build_city(now(), progress)
    click.echo(f"\n  {time.monotonic() - started:.0f} s")
