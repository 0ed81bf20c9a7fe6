"""Senders killed while the other side is taking a message, again and again: what arrives, and what is known of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from anjia.engine.messages.tests.kill_sender import HERS, MAILS, TEXTS
from anjia.engine.messages.tests.servers import Gateway, MailServer

EVERY = 3  # which arrivals kill the sender before it hears that they arrived
OVER = {"sent", "unsure"}


class Sending:
    """The two servers, and one sender after another."""

    def __init__(self, var: Path, gateway: Gateway, mail: MailServer) -> None:
        self.var, self.gateway, self.mail = var, gateway, mail
        self.process: subprocess.Popen[bytes] | None = None
        self.arrived = self.killed = 0
        gateway.before_answer = mail.before_answer = self.strike

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        used, url = connection.settings_dict, ""
        if connection.vendor == "postgresql":
            url = (
                f"postgresql://{used['USER']}:{used['PASSWORD']}@{used['HOST']}:{used['PORT']}/{used['NAME']}"
            )
        own = {
            "DJANGO_SETTINGS_MODULE": "anjia.config.settings", "ANJIA_VAR": str(self.var), "ANJIA_DATABASE": url,
            "ANJIA_SMS_URL": self.gateway.address, "ANJIA_SMS_RESIDENTS": "1", "ANJIA_MAIL": self.mail.address,
            "PYTHONPATH": str(settings.ROOT),
        }  # fmt: skip
        return subprocess.Popen(
            [sys.executable, "-m", "anjia.engine.messages.tests.kill_sender", *words],
            env={**os.environ, **own}, cwd=settings.ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def answer(self, *words: str) -> bytes:
        process = self.start(*words)
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        return out

    def strike(self) -> None:
        """The other side has it; now and then the sender dies before it hears so."""
        self.arrived += 1
        if self.arrived % EVERY == 1 and self.process:
            self.killed += 1
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def run(self, *how: str) -> list[tuple[str, str, str]]:
        """Until nothing is left to be done; what is remembered of each message."""
        self.answer("prepare")
        kept: list[Any] = []
        for _ in range(12):
            self.process = self.start("work", *how)
            deadline = time.monotonic() + 60
            while self.process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.2)
                if self.is_quiet():
                    kept = json.loads(self.answer("report"))
                    if all(state in OVER for _id, _wording, state in kept):
                        break
            self.process.kill()
            self.process.wait()
            if kept and all(state in OVER for _id, _wording, state in kept):
                break
        return [tuple(k) for k in kept]

    def is_quiet(self) -> bool:
        """Whether nothing has arrived for a moment, after something had."""
        before = self.arrived
        time.sleep(1.0)
        return before > 0 and self.arrived == before

    def arrivals(self) -> Counter[str]:
        """Key → how often it arrived."""
        return Counter(c["key"] for c in self.gateway.came) + Counter(
            m["X-Entity-Ref-ID"] for m in self.mail.mails
        )


def doubled(kept: list[tuple[str, str, str]], arrivals: Counter[str], wording: str) -> list[str]:
    return [i for i, w, _state in kept if w == wording and arrivals[i] > 1]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_of_it_staff_hear_at_least_once_and_she_at_most_once(tmp_path: Path) -> None:
    with Gateway() as gateway, MailServer() as mail:
        sending = Sending(tmp_path, gateway, mail)
        kept = sending.run()
        arrivals = sending.arrivals()
    assert sending.killed >= 3
    assert Counter(w for _i, w, _s in kept) == {"digest": MAILS, "urgent": TEXTS, "look": HERS}
    assert all(arrivals[i] >= 1 and state == "sent" for i, w, state in kept if w != "look")
    assert not doubled(kept, arrivals, "look")
    assert all(state == "unsure" or arrivals[i] == 1 for i, w, state in kept if w == "look")
    assert set(arrivals) <= {i for i, _w, _s in kept}, "a second arrival carries the first one's key"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_control_a_sender_that_forgets_what_it_may_have_sent_is_caught(tmp_path: Path) -> None:
    with Gateway() as gateway, MailServer() as mail:
        sending = Sending(tmp_path, gateway, mail)
        kept = sending.run("forgetful")
        arrivals = sending.arrivals()
    assert sending.killed >= 3
    assert doubled(kept, arrivals, "look")
