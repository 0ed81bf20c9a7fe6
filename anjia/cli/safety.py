"""What must be true before a demo starts. Standard library only: `make demo` asks before it installs anything.

The demo signs in with one click and holds invented people, so it never stands on real secrets, on another
machine's database or on an open address, unless FORCE=1 says that this is meant.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from collections.abc import Mapping
from typing import NoReturn
from urllib.parse import urlsplit

SECRETS = ("ANJIA_SECRET_KEY", "ANJIA_MASTER_KEY")
FREE_PORTS = range(1, 65536)


def flag(name: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a switch such as RESET=1 is on; empty and 0 are off."""
    return environment.get(name, "") not in ("", "0")


def stop(zh: str, en: str) -> NoReturn:
    """Say in both languages what is wrong and what to do, and end with code 2."""
    print(f"✗ {zh}\n  {en}", file=sys.stderr, flush=True)
    raise SystemExit(2)


def is_loopback(host: str) -> bool:
    """Whether only this machine itself can reach that address."""
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def port_is_free(host: str, port: int) -> bool:
    """Whether nobody is listening there yet."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError:
            return False
    return True


def address(environment: Mapping[str, str] = os.environ) -> tuple[str, int]:
    """HOST and PORT; a port that is no number is said, not guessed."""
    host, port = environment.get("HOST") or "127.0.0.1", environment.get("PORT") or "8000"
    if not port.isdecimal() or int(port) not in FREE_PORTS:
        stop(
            f"PORT 应是 1 到 65535 的数字,不是「{port}」。",
            f"PORT must be a number from 1 to 65535, not {port!r}.",
        )
    return host, int(port)


def refuse_danger(host: str, environment: Mapping[str, str] = os.environ) -> None:
    """One-click sign-in must never stand on real secrets, real data or an open address."""
    if flag("FORCE", environment):
        return
    for name in SECRETS:
        if environment.get(name):
            stop(
                f"演示模式不使用正式密钥({name})。确要这样做请加 FORCE=1。",
                f"demo mode refuses a production secret ({name}); FORCE=1 overrides.",
            )
    database = urlsplit(environment.get("ANJIA_DATABASE", ""))
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


def demo_may_start(environment: Mapping[str, str] = os.environ) -> tuple[str, int]:
    """Everything that can be said before anything slow is done; returns where the demo will listen."""
    host, port = address(environment)
    refuse_danger(host, environment)
    if environment.get("SERVE", "1") != "0" and not port_is_free(host, port):
        stop(
            f"{host} 的端口 {port} 不能用(多半已被占用)。换一个:make demo PORT={port + 10}",
            f"port {port} on {host} cannot be used (most likely it is taken). Try: make demo PORT={port + 10}",
        )
    return host, port
