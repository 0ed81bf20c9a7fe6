"""A receipt cannot be guessed, whoever guesses from wherever; what is not found tells nothing; help is never refused."""

from __future__ import annotations

import random
import re
import statistics
import time
from datetime import timedelta
from math import erfc, sqrt
from typing import Any

import pytest
from django.test import Client
from report import row

from anjia.doors.portal import slowly
from anjia.doors.portal.views import check
from anjia.engine.matters import actions
from anjia.engine.matters.models import Matter
from anjia.engine.matters.tests.world import at, build
from anjia.foundation.core import clock
from anjia.foundation.limits import limits
from anjia.foundation.limits.limits import LIMITS

pytestmark = [pytest.mark.assurance, pytest.mark.django_db]

DIGITS = 20
OPEN = 1_000_000  # receipts that open something, in a large city after many years
ADDRESSES = 10_000  # of one who guesses
YEAR = 366 * 24
PAIRS = 10_000


def guess(rng: random.Random) -> str:
    return "".join(rng.choice("0123456789") for _ in range(DIGITS))


def test_a_year_of_guessing_from_ten_thousand_addresses_finds_nothing(rf: Any) -> None:
    """The odds come from the one table; that the table is kept is tried by the hour of a simulated clock."""
    build()
    rng = random.Random(20260309)
    addresses, hour = 300, at("03-10 09:00")
    looked = 0
    for n in range(25):
        for i in range(addresses):
            request = rf.post("/", REMOTE_ADDR=f"192.0.{i // 250}.{i % 250}")
            moment = hour + timedelta(seconds=n * 60 + i / 10)
            if check.within_limits(request, guess(rng), moment):
                looked += 1
                limits.take("receipt.all", "", moment)
    most = LIMITS["receipt.all"].count + addresses * LIMITS["receipt.strained"].count
    hourly = LIMITS["receipt.all"].count + ADDRESSES * LIMITS["receipt.strained"].count
    odds = hourly * YEAR * OPEN / 10**DIGITS
    row("16", "guessed receipts looked up in an hour beyond what the table of limits allows", addresses * 25,
        max(0, looked - most), f"{looked} of at most {most} looked up; odds of a hit in a year from {ADDRESSES:,} addresses "
        f"at {OPEN:,} open receipts: {odds:.1e}")  # fmt: skip
    assert LIMITS["receipt.all"].count <= looked <= most
    assert odds < 1e-6


def test_one_connection_of_the_new_internet_counts_once() -> None:
    ours = {limits.network(f"2001:db8:1:2::{i:x}") for i in range(500)}
    assert len(ours) == 1
    assert limits.network("2001:db8:1:3::1") not in ours
    assert limits.network("::ffff:192.0.2.1") == limits.network("192.0.2.1") == "192.0.2.1"


def test_while_strangers_guess_she_is_still_let_in_and_help_is_never_refused(monkeypatch: Any) -> None:
    world = build()
    moment = at("03-10 09:00")
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(slowly, "SECONDS", 0)
    hers = world.help_wanted(when="03-09 20:47").receipt
    for _ in range(LIMITS["receipt.all"].count + 1):
        limits.take("receipt.all", "", moment)
    stranger, she = Client(REMOTE_ADDR="192.0.2.9"), Client(REMOTE_ADDR="192.0.2.10")
    assert stranger.post("/", {"to": "c", "receipt": "1" * DIGITS}).status_code == 422
    assert stranger.post("/", {"to": "c", "receipt": "2" * DIGITS}).status_code == 429
    assert "p-line" in she.post("/", {"to": "c", "receipt": hers}).content.decode()
    before = Matter.objects.count()
    refused = sum(not told(stranger, n) for n in range(60))
    row("16b", "calls for help refused to an address that floods the site", 60, refused)
    assert refused == 0
    assert Matter.objects.count() == before + 60


def told(client: Client, n: int) -> bool:
    """A whole report, without script; whether its receipt was shown."""
    page = client.post("/", {"to": "s"}).content.decode()
    for step, answers in (
        ("who", {"who": "self"}),
        ("what", {"facts": f"第{n}次"}),
        ("decide", {}),
        ("contact", {"way": "back"}),
    ):
        ticket = re.search(r'name="ticket" value="([^"]*)"', page)
        assert ticket
        page = client.post(
            "/", {"to": "s", "step": step, "go": "next", "ticket": ticket[1], **answers}
        ).content.decode()
    return "data-receipt" in page


def test_unknown_withdrawn_and_mistyped_answer_alike(monkeypatch: Any) -> None:
    """Whoever tries receipts learns from no answer that one of them once was somebody's."""
    world = build()
    for name in ("receipt.address", "receipt.prefix", "receipt.all"):
        monkeypatch.setitem(LIMITS, name, limits.Limit(10**9, LIMITS[name].window))
    withdrawn, live = [], []
    for n in range(20):
        opened = world.help_wanted(key=f"k{n}")
        live.append(opened.receipt)
        gone = world.help_wanted(key=f"w{n}").receipt
        actions.resident_move(receipt=gone, name="withdraw", now=at("03-10 10:00"), data={}, key=f"gone{n}")
        withdrawn.append(gone)
    rng, client = random.Random(20260309), Client()
    wrong, took = 0, {"unknown": [0.0], "known": [0.0]}
    for n in range(PAIRS):
        known = withdrawn[n % 20] if n % 2 else mistyped(live[n % 20], rng)
        answers = {}
        for kind in rng.sample(("unknown", "known"), 2):
            typed = known if kind == "known" else guess(rng)
            began = time.perf_counter()
            answer = client.post("/", {"to": "c", "receipt": typed})
            took[kind].append(time.perf_counter() - began)
            shown = answer.content.replace(typed.encode(), b"#")
            answers[kind] = (answer.status_code, shown, sorted(answer.headers.items()), len(answer.content))
        wrong += answers["unknown"] != answers["known"]
    middle = {kind: statistics.median(values) * 1000 for kind, values in took.items()}
    row("18", "receipts that never were beside withdrawn or mistyped ones, told apart by status, words, headers or length",
        PAIRS, wrong, f"medians {middle['unknown']:.2f} and {middle['known']:.2f} ms; Mann-Whitney p = "
        f"{alike(took['unknown'], took['known']):.2f} (told, not judged: other work ran on the machine)")  # fmt: skip
    assert wrong == 0


def test_control_a_receipt_that_opens_something_is_told_apart() -> None:
    world = build()
    hers = world.help_wanted().receipt
    client = Client()
    assert (
        client.post("/", {"to": "c", "receipt": hers}).status_code
        != client.post("/", {"to": "c", "receipt": "1" * DIGITS}).status_code
    )


def mistyped(receipt: str, rng: random.Random) -> str:
    """One digit wrong."""
    place = rng.randrange(DIGITS)
    return receipt[:place] + str((int(receipt[place]) + rng.randint(1, 9)) % 10) + receipt[place + 1 :]


def alike(one: list[float], other: list[float]) -> float:
    """Mann-Whitney, by the normal approximation: how likely it is that nothing but chance lies between the two."""
    ranked = sorted((value, which) for which, values in ((0, one), (1, other)) for value in values)
    total = sum(rank for rank, (_, which) in enumerate(ranked, 1) if which == 0)
    n, m = len(one), len(other)
    z = (total - n * (n + m + 1) / 2) / sqrt(n * m * (n + m + 1) / 12)
    return erfc(abs(z) / sqrt(2))
