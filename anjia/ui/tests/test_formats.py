"""Times, spans and money read as people say them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from anjia.foundation.core.clock import NEVER
from anjia.ui import formats

NOW = datetime(2026, 3, 14, 15, 26, tzinfo=UTC)  # 23:26 in Shanghai


@pytest.fixture(autouse=True)
def fixed_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats.page, "now", lambda: NOW)


def test_a_moment_is_shown_in_beijing_time() -> None:
    """UTC on screen would move a deadline by eight hours, here to another day."""
    late = datetime(2026, 3, 14, 17, 5, tzinfo=UTC)
    assert formats.when(NOW) == "3月14日 周六 23:26"
    assert formats.when(late) == "3月15日 周日 01:05"
    assert formats.date_iso(late) == "2026-03-15"
    with translation.override("en"):
        assert formats.when(NOW) == "Sat 14 Mar 23:26"


def test_another_year_is_named() -> None:
    assert formats.day(date(2027, 1, 4)) == "2027年1月4日 周一"


@pytest.mark.parametrize(
    ("delta", "said", "state"),
    [
        (timedelta(days=2, hours=1), "还剩2天", "near"),
        (timedelta(days=5), "还剩5天", "calm"),
        (timedelta(hours=5, minutes=59), "还剩5小时", "soon"),
        (timedelta(minutes=40), "还剩40分钟", "soon"),
        (timedelta(seconds=5), "还剩1分钟", "soon"),
        (timedelta(hours=-26), "已超1天", "late"),
        (timedelta(minutes=-1), "已超1分钟", "late"),
    ],
)
def test_remaining_time(delta: timedelta, said: str, state: str) -> None:
    assert formats.remaining(NOW + delta) == said
    assert formats.urgency(NOW + delta) == state


def test_no_deadline_is_not_the_year_9999() -> None:
    assert formats.remaining(NEVER) == "没有期限"
    assert formats.when(NEVER) == ""
    assert formats.when(None) == ""
    assert formats.urgency(None) == "calm"


def test_codes_show_their_words_and_never_break_the_page() -> None:
    assert formats.code("spouse", "relation") == "配偶"
    assert formats.code(["spouse", "spouse"], "relation") == "配偶、配偶"
    assert formats.code("unheard-of", "relation") == "unheard-of"
    assert formats.code("", "relation") == ""
    assert formats.code("x", "no-such-list") == "x"


def test_two_language_text() -> None:
    assert formats.text({"zh": "定级", "en": "Grade"}) == "定级"
    with translation.override("en"):
        assert formats.text({"zh": "定级", "en": "Grade"}) == "Grade"
        assert formats.text({"zh": "定级"}) == "定级"
    assert formats.text(None) == ""


def test_money_is_typed_in_yuan() -> None:
    assert formats.yuan(120000) == "1200"
    assert formats.yuan(1250) == "12.50"
    assert formats.yuan("一千二") == "一千二"


def test_typed_dates_survive() -> None:
    """A date control shows nothing for text it cannot read; such text must go into a text control."""
    assert formats.is_iso_or_blank("2026-03-14T23:26")
    assert not formats.is_iso_or_blank("上周六晚上")
    assert formats.datetime_iso(NOW) == "2026-03-14T23:26"
    assert formats.datetime_iso("上周六晚上") == "上周六晚上"
