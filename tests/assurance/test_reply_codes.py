"""Codes on letters: a stranger who tries ten thousand gets nothing, and shuts nobody out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from report import row

from anjia.engine.letters import replying
from anjia.engine.letters.tests.test_reply_codes import asked, printed
from anjia.engine.matters.tests.world import at, build
from anjia.foundation.limits.limits import LIMITS

pytestmark = [pytest.mark.assurance, pytest.mark.django_db]

TRIES = 10_000
OPEN = 2_000  # letters that wait for their answer at one time, in a large city
SPACE = 10**8
NOON = at("03-12 12:00")


def test_ten_thousand_guesses_get_nothing_from_one_address_or_from_everywhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The right code is among the guesses; what counts is that it is not looked up. Odds come from the one table."""
    world = build()
    copy = printed(world, "county", asked(world), "03-12 12:00")
    assert copy.reply
    looked = 0
    find = replying.reply_codes.find

    def counted(*args: object, **more: object) -> object:
        nonlocal looked
        looked += 1
        return find(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(replying.reply_codes, "find", counted)
    hits, most = 0, {}
    for kind in ("one address", "ten thousand addresses"):
        looked = 0
        day = NOON + timedelta(days=len(most) * 2)
        for n in range(TRIES):
            code = copy.reply.code if n == TRIES // 2 else f"{n:08d}"
            where = "192.0.2.9" if kind == "one address" else f"198.{n % 200}.{n // 200}.7"
            moment = day + timedelta(seconds=n / 20)
            hits += replying.look(code=code, number="", address=where, now=moment).letter is not None
        most[kind] = looked
    row("16c", "codes of letters tried by strangers that opened one", 2 * TRIES, hits,
        f"looked up: {most['one address']} from one address, {most['ten thousand addresses']} from everywhere; odds of a "
        f"hit a day at {OPEN:,} open letters: {LIMITS['reply-code.address'].count * OPEN / SPACE:.1e} and "
        f"{LIMITS['reply-code.all'].count * OPEN / SPACE:.1e}")  # fmt: skip
    assert hits == 0
    assert most["one address"] == LIMITS["reply-code.address"].count
    assert most["ten thousand addresses"] <= LIMITS["reply-code.all"].count
    assert LIMITS["reply-code.all"].count * OPEN / SPACE <= 1e-3
    found = replying.look(code=copy.reply.code, number=copy.number, address="192.0.2.9", now=NOON).letter
    assert found, "whoever holds the letter has its number as well"


def test_control_without_limits_the_right_code_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    copy = printed(world := build(), "county", asked(world), "03-12 12:00")
    assert copy.reply
    assert replying.look(code=copy.reply.code, number="", address="192.0.2.9", now=NOON).letter
