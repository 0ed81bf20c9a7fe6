"""The clients: threads that send whole requests over sockets kept open, to this machine only.

A process of its own: `python -m anjia.cli.bench.load` reads one job as JSON on its standard input and writes
what it saw on its standard output. It parses as little as it can, so that it takes a few hundredths of the
processor beside the server; how much is in its answer.
"""

from __future__ import annotations

import itertools
import json
import random
import resource
import socket
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from anjia.cli.safety import is_loopback

MOST_SECONDS = 120
MOST_CLIENTS = 64
#: Stand in a body for what must be new each time; form encoding leaves them as they are.
KEY, PHONE = "KEY.KEY", "PHONE.PHONE"


@dataclass
class Seen:
    """What one client saw."""

    milliseconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    places: list[tuple[int, str]] = field(default_factory=list)  # (which item, where it was sent to)


class Client:
    """One connection."""

    def __init__(self, host: str, port: int) -> None:
        self.address = host, port
        self.socket: socket.socket | None = None
        self.rest = b""

    def send(self, request: bytes) -> tuple[int, bytes]:
        """One request; (status, head) of the answer, its body read and thrown away."""
        if self.socket is None:
            self.socket = socket.create_connection(self.address, timeout=60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.rest = b""
        self.socket.sendall(request)
        while (end := self.rest.find(b"\r\n\r\n")) < 0:
            self.read()
        head, self.rest = self.rest[: end + 2], self.rest[end + 4 :]
        self.skip(length(head))
        if b"connection: close" in head.lower():
            self.close()
        return int(head[9:12]), head

    def read(self) -> None:
        assert self.socket is not None
        more = self.socket.recv(262_144)
        if not more:
            raise ConnectionError("the server closed the connection")
        self.rest += more

    def skip(self, count: int) -> None:
        while len(self.rest) < count:
            self.read()
        self.rest = self.rest[count:]

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def length(head: bytes) -> int:
    """How long the body is."""
    value = header(head, b"content-length")
    if value is None:
        raise ConnectionError("an answer without its length")
    return int(value)


def header(head: bytes, name: bytes) -> str | None:
    """The value of one header."""
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip().decode()
    return None


def request_of(item: dict[str, Any], host: str, port: int) -> bytes:
    """A whole request. KEY and PHONE in a body become something that was never sent before."""
    body: str = item.get("body", "").replace(KEY, uuid.uuid4().hex)
    sent = body.replace(PHONE, f"100{random.randrange(10**8):08d}").encode()  # noqa: S311
    lines = [f"{item['method']} {item['path']} HTTP/1.1", f"Host: {host}:{port}", f"Cookie: {item['cookie']}"]
    if sent:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(sent)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + sent


def client(job: dict[str, Any], numbers: Iterator[int], until: float, seen: Seen) -> None:
    """Send, wait, send again, until time or items run out."""
    items, once = job["items"], job.get("once", False)
    connection = Client(job["host"], job["port"])
    while time.perf_counter() < until:
        number = next(numbers)
        if once and number >= len(items):
            break
        which = number % len(items)
        request = request_of(items[which], job["host"], job["port"])
        began = time.perf_counter()
        try:
            status, head = connection.send(request)
        except (OSError, ConnectionError) as fault:
            seen.wrong.append(type(fault).__name__)
            connection.close()
            continue
        if status != job["expect"]:
            seen.wrong.append(str(status))
            continue
        seen.milliseconds.append((time.perf_counter() - began) * 1000)
        if status == 302:
            seen.places.append((which, header(head, b"location") or ""))
    connection.close()


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Let the clients loose; rate, times, what went wrong, where forms led, and what the clients themselves cost."""
    if not is_loopback(job["host"]):
        raise SystemExit("the bench loads this machine only")
    seconds, clients = min(job["seconds"], MOST_SECONDS), min(job["clients"], MOST_CLIENTS)
    numbers = itertools.count()
    seen = [Seen() for _ in range(clients)]
    before, began = cpu(), time.perf_counter()
    threads = [
        threading.Thread(target=client, args=(job, numbers, began + seconds, one), daemon=True)
        for one in seen
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    times = sorted(t for one in seen for t in one.milliseconds)
    return {
        "rate": len(times) / took,
        "count": len(times),
        "p50": quantile(times, 0.50),
        "p99": quantile(times, 0.99),
        "worst": times[-1] if times else 0.0,
        "wrong": [w for one in seen for w in one.wrong],
        "places": [p for one in seen for p in one.places],
        "client_cpu": (cpu() - before) / took,
    }


def cpu() -> float:
    """Processor seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def quantile(times: list[float], share: float) -> float:
    """A quantile of sorted times; 0 where there are none."""
    return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
