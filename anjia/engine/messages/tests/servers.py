"""Servers for tests: a text message gateway and a mail server that remember what came, and may misbehave."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable
from email import message_from_string
from email.header import decode_header, make_header
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs


class Served:
    """A server on a port of its own, in a thread."""

    server: socketserver.TCPServer

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])


class Gateway(Served):
    """Takes a form and answers. `before_answer` runs after it was taken and before the answer."""

    def __init__(self) -> None:
        self.came: list[dict[str, str]] = []
        self.status, self.answer = 200, b"{}"
        self.before_answer: Callable[[], None] = lambda: None
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {k: v[0] for k, v in parse_qs(body).items()}
                gateway.came.append({**form, "header": self.headers.get("Idempotency-Key", ""), "body": body})
                gateway.before_answer()
                self.send_response(gateway.status)
                self.end_headers()
                self.wfile.write(gateway.answer)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/send"

    @property
    def numbers(self) -> list[str]:
        return [c["mobile"] for c in self.came]


class Mail(socketserver.StreamRequestHandler):
    """As much SMTP as is needed to take a mail."""

    def handle(self) -> None:
        owner: MailServer = self.server.owner  # type: ignore[attr-defined]
        self.say("220 test")
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "DATA":
                self.say("354 go")
                lines = []
                while (text := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                    lines.append(text)
                owner.came.append("\n".join(lines))
                owner.before_answer()
            self.say("221 bye" if word == "QUIT" else owner.says.get(word, "250 ok"))
            if word == "QUIT":
                return

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(Served):
    """Keeps the mails as they came."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.says: dict[str, str] = {}
        self.before_answer: Callable[[], None] = lambda: None
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)
        self.server.daemon_threads = True
        self.server.owner = self  # type: ignore[attr-defined]

    @property
    def address(self) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=desk@example.org&to={{to}}&format=text"

    @property
    def mails(self) -> list[Message]:
        return [message_from_string(m) for m in self.came]


def subject(mail: Message) -> str:
    return str(make_header(decode_header(mail["Subject"])))


def body(mail: Message) -> str:
    part = mail
    while part.is_multipart():
        part = part.get_payload()[0]  # type: ignore[assignment,index]
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    return raw.decode()
