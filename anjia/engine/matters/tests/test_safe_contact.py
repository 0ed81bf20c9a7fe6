"""When she may be reached: examples in people's words, and a plain model of hours, days and changes of mind."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from anjia.engine.matters import safe_contact
from anjia.engine.matters.safe_contact import CALL, TEXT, Contact, decide
from anjia.engine.matters.tests.world import at
from anjia.foundation.core.clock import SHANGHAI
from anjia.law.calendar import is_working_day

NUMBER = "10013500034"
TUESDAY, SATURDAY = "03-10", "03-14"


def said(when: str = "", never: str = "", **more: object) -> Contact:
    return Contact.of(
        {"phone": NUMBER, "safe_when": when, "do_not_contact": never, "message_ok": True, **more}
    )


@pytest.mark.parametrize(
    ("contact", "moment", "call", "text"),
    [
        (said("工作日 12:10–12:50"), f"{TUESDAY} 12:30", "", ""),
        (said("工作日 12:10–12:50"), f"{TUESDAY} 13:00", "hours", "hours"),
        (said("工作日 12:10–12:50"), f"{SATURDAY} 12:30", "hours", "hours"),
        (said("只在周末 上午 8:00–11:30、晚上 17:30–21:00"), f"{SATURDAY} 18:00", "", ""),
        (said("只在周末 上午 8:00–11:30、晚上 17:30–21:00"), f"{TUESDAY} 18:00", "hours", "hours"),
        (said("22:00–1:00"), f"{TUESDAY} 00:30", "", ""),
        (said("下午"), f"{TUESDAY} 15:00", "", ""),
        (said("下午"), f"{TUESDAY} 12:00", "hours", "hours"),
        # a person reads what a machine cannot; a machine then sends nothing
        (said("晚上八点后"), f"{TUESDAY} 12:00", "", "unclear"),
        (said("孩子睡着以后"), f"{TUESDAY} 12:00", "", "unclear"),
        (said("", "别人接就挂"), f"{TUESDAY} 12:00", "", "unclear"),
        # what she forbade
        (said("", "晚上和周末不要打"), f"{TUESDAY} 19:00", "hours", "hours"),
        (said("", "晚上和周末不要打"), f"{SATURDAY} 10:00", "hours", "hours"),
        (said("", "晚上和周末不要打"), f"{TUESDAY} 10:00", "", ""),
        (said("", "不要发短信"), f"{TUESDAY} 12:00", "", "never"),
        (said("", "不要联系我"), f"{TUESDAY} 12:00", "never", "never"),
        (said(no_contact=True), f"{TUESDAY} 12:00", "never", "never"),
        (said(message_ok=False), f"{TUESDAY} 12:00", "", "never"),
        (said(message_ok="yes"), f"{TUESDAY} 12:00", "", "never"),  # only her own clear word counts
        # whose number
        (Contact(may_write=True), f"{TUESDAY} 12:00", "none", "none"),
        (said(phone="0514-87654321"), f"{TUESDAY} 12:00", "", "number"),
        (said(phone=f"{NUMBER} 她妹妹的"), f"{TUESDAY} 12:00", "", "number"),
        (said(phone="\uff11\uff10\uff10 1350 0034"), f"{TUESDAY} 12:00", "", ""),
        # no hours: a message comes by day
        (said(), f"{TUESDAY} 23:00", "", "hours"),
    ],
)
def test_what_she_wrote_is_what_is_done(contact: Contact, moment: str, call: str, text: str) -> None:
    assert decide(contact, CALL, at(moment)).why == call
    assert decide(contact, TEXT, at(moment)).why == text


def test_it_says_when_it_may_be() -> None:
    answer = decide(said("工作日 12:10–12:50"), TEXT, at("03-13 13:00"))  # a Friday, after lunch
    assert answer.until == at("03-16 12:10")
    assert decide(said("", "晚上不要打"), CALL, at(f"{TUESDAY} 19:00")).until == at("03-11 06:01")


clocks = st.integers(0, 24 * 60 - 1).map(lambda m: time(m // 60, m % 60))
ranges = st.lists(st.tuples(clocks, clocks), min_size=1, max_size=3)
days = st.sampled_from(["", "只在工作日", "只在周末"])
moments = st.integers(0, 40 * 24 * 60).map(
    lambda m: datetime(2026, 2, 1, tzinfo=SHANGHAI) + timedelta(minutes=m)
)
changes = st.lists(
    st.tuples(moments, st.sampled_from(["yes", "no", "silent", "hours"]), ranges, days), max_size=5
)


def words(of: list[tuple[time, time]], day: str) -> str:
    return f"{day} {'、'.join(f'{a:%H:%M}–{b:%H:%M}' for a, b in of)}".strip()


def by_hand(of: list[tuple[time, time]], day: str, moment: datetime) -> bool:
    """The same, minute by minute, as anybody would say it."""
    free = moment.weekday() >= 5 or not is_working_day(moment.date())
    if (day == "只在工作日" and not is_working_day(moment.date())) or (day == "只在周末" and not free):
        return False
    minute = moment.hour * 60 + moment.minute
    for a, b in of:
        start, end = a.hour * 60 + a.minute, b.hour * 60 + b.minute
        if (start <= minute <= end) if start <= end else (minute >= start or minute <= end):
            return True
    return False


def history(first: tuple[list[tuple[time, time]], str], changed: list[tuple[datetime, str, list[tuple[time, time]], str]],
            now: datetime) -> tuple[Contact, bool]:  # fmt: skip
    """What she says at a moment after all she changed until then; and what the model says of that moment."""
    of, day, may, silent = *first, True, False
    for when, what, new, on in sorted(changed, key=lambda c: c[0]):
        if when > now:
            break
        may = what == "yes" or (may and what != "no")
        silent = what == "silent" or (silent and what != "yes")
        of, day = (new, on) if what == "hours" else (of, day)
    contact = said(words(of, day), message_ok=may, no_contact=silent)
    return contact, may and not silent and by_hand(of, day, now)


@settings(max_examples=300, deadline=None)
@example(
    [(time(12, 10), time(12, 50))], "", [], datetime(2026, 3, 10, 12, 51, tzinfo=SHANGHAI), None
)  # just over
@given(ranges, days, changes, moments, st.none() | st.tuples(st.integers(0, 5), st.integers(-2, 2)))
def test_a_message_goes_when_the_model_says_so_and_never_else(
    of: list[tuple[time, time]], day: str,
    changed: list[tuple[datetime, str, list[tuple[time, time]], str]], now: datetime, edge: tuple[int, int] | None,
) -> None:  # fmt: skip
    if edge:  # as often as not a minute or two from the end of her hours
        clock = of[edge[0] % len(of)][edge[0] % 2]
        now = datetime.combine(now.date(), clock, SHANGHAI) + timedelta(minutes=edge[1])
    contact, may = history((of, day), changed, now)
    answer = decide(contact, TEXT, now)
    assert bool(answer) == may
    if answer.until:
        assert answer.until > now
        assert by_hand(of, day, answer.until) or changed
        assert decide(contact, TEXT, answer.until), "what is waited for is a time at which it may be"


def test_control_one_that_decides_when_it_is_asked_for_is_caught() -> None:
    """A sender that looks at her wishes when the message is asked for, not when it goes, breaks the model."""
    lunch = [(time(12), time(13))]
    asked, goes = at(f"{TUESDAY} 09:00"), at(f"{TUESDAY} 12:30")
    then, _may = history((lunch, ""), [(at(f"{TUESDAY} 10:00"), "no", lunch, "")], asked)
    now, may = history((lunch, ""), [(at(f"{TUESDAY} 10:00"), "no", lunch, "")], goes)
    assert decide(then, TEXT, goes), "it would have sent"
    assert not may
    assert not decide(now, TEXT, goes)


def test_control_hours_that_end_a_minute_later_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    real = safe_contact.within
    monkeypatch.setattr(
        safe_contact,
        "within",
        lambda parts, moment: real(parts, moment) or real(parts, moment - timedelta(minutes=1)),
    )
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        test_a_message_goes_when_the_model_says_so_and_never_else()
