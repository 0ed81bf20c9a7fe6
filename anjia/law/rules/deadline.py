"""From the start of a clock to its due instant, with every step said in both languages.

Pauses and extensions are taken in the order they happened. A pause moves the due date by its length (whole
days for limits in days and months, working days for limits in working days, to the second for hours) and only
on a ground the rule lists; what began after the clock had run out cannot save it. The due date never moves
earlier by a pause being longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from anjia.law.calendar import (
    Calendar,
    Day,
    add_calendar_days,
    add_hours,
    add_months,
    add_working_days,
    add_years,
    calendar,
    end_of_day,
    next_month_day,
    roll_over,
    shanghai,
)
from anjia.law.codes.book import book as code_book
from anjia.law.rules.lawful import allow_extensions, allow_pause, as_extended, as_pause, merged, spans
from anjia.law.rules.schema import Deadline, Extended, Pause, Rule, RuleError, Span, Step, Stored

WARN_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1)}


def due(
    rule: Rule,
    start: datetime,
    variants: Sequence[str] = (),
    pauses: Iterable[Pause | Stored] = (),
    extensions: Iterable[Extended | Stored] = (),
    *,
    amount: int | None = None,
    cal: Calendar | None = None,
) -> Deadline:
    """When the limit ends.

    `start` is the instant of the trigger (without a zone: Beijing time). Of several `variants` the earliest
    end wins. `amount` is what a decision set for a limit that takes one (an order for three months). Stored
    pauses are mappings {from, to, ground}, stored extensions {ground, amount, at}. Raises RuleError for an
    unknown variant and for a pause or extension the rule does not allow.
    """
    paused = [as_pause(p) for p in pauses]
    for pause in paused:
        allow_pause(rule, pause)
    extended = [as_extended(e) for e in extensions]
    allow_extensions(rule, extended)
    counts = [
        _Count(rule, span, shanghai(start), cal or calendar()) for span in spans(rule, variants, amount)
    ]
    return min((c.run(paused, extended) for c in counts), key=lambda d: d.due)


def warnings(rule: Rule, due_at: datetime) -> list[datetime]:
    """When to remind before the end, earliest first (`warn: [30d, 7d, 12h]`)."""
    return sorted(due_at - int(w[:-1]) * WARN_UNITS[w[-1]] for w in rule.warn)


class _Count:
    """One count under way: the end so far, and what has been said about it."""

    def __init__(self, rule: Rule, span: Span, start: datetime, cal: Calendar) -> None:
        self.rule, self.span, self.start, self.cal = rule, span, start, cal
        self.by_hour = span.unit == "hour"
        self.steps: list[Step] = []
        self.unsure: set[int] = set()  # years whose holidays are not published
        self.last = start.date()
        self.instant = start

    def run(self, pauses: Sequence[Pause], extensions: Sequence[Extended]) -> Deadline:
        self.begin()
        events: list[tuple[datetime, Pause | Extended]] = [(p.start, p) for p in merged(pauses)]
        events += [(shanghai(e.at) if e.at else self.start, e) for e in extensions]
        for at, event in sorted(events, key=lambda pair: pair[0]):
            if isinstance(event, Pause):
                self.pause(event)
            else:
                self.extend(event, at)
        return self.finish(paused=any(p.end is None for p in pauses))

    # -- the period itself ------------------------------------------------------------------------------

    def begin(self) -> None:
        if self.by_hour:
            self.instant = add_hours(self.start, self.span.amount)
            begin = add_hours(self.start, 0)
            self.say(
                f"自 {begin:%Y-%m-%d %H:%M} 起按小时连续计算，夜间和节假日照算",
                f"Counted by the hour from {begin:%Y-%m-%d %H:%M}, nights and holidays included",
                begin,
            )
            self.say(
                f"{self.span.say('zh')}：至 {self.instant:%Y-%m-%d %H:%M}",
                f"{self.span.say('en')}: until {self.instant:%Y-%m-%d %H:%M}",
                self.instant,
            )
            return
        if self.span.amount and self.span.unit != "next_month_day":
            self.say(
                f"起算日不计入：{self.last}", f"The day of the event is not counted: {self.last}", self.last
            )
        self.move(self.span)

    def move(self, span: Span) -> None:
        """Carry the last day on by a span of days, working days, months or years."""
        before = self.last
        if span.unit == "working_day":
            self.last, seen = add_working_days(before, span.amount, self.cal)
            self.say_days(seen)
        elif span.unit == "calendar_day":
            self.last = add_calendar_days(before, span.amount)
        elif span.unit == "next_month_day":
            self.last = next_month_day(before, span.amount)
        else:
            self.last = (add_months if span.unit == "month" else add_years)(before, span.amount)
            if self.last.day != before.day:
                self.say(
                    f"该月没有 {before.day} 日，以月末为最后一日",
                    f"That month has no day {before.day}: its last day",
                    self.last,
                )
        self.say(f"{span.say('zh')}：至 {self.last}", f"{span.say('en')}: until {self.last}", self.last)

    def say_days(self, seen: Sequence[Day]) -> None:
        """Name what a count of working days passed over, and the make-up days it did count."""
        for day in seen:
            if day.provisional:
                self.unsure.add(day.date.year)
            if not day.works:
                self.say(
                    f"{day.date} 不计入（{day.name['zh']}）",
                    f"{day.date} is not counted ({day.name['en']})",
                    day.date,
                )
            elif day.date.weekday() >= 5:
                self.say(
                    f"{day.date} 计入（{day.name['zh']}）",
                    f"{day.date} is counted ({day.name['en']})",
                    day.date,
                )

    # -- pauses and extensions --------------------------------------------------------------------------

    def pause(self, pause: Pause) -> None:
        begin = max(pause.start, self.start)
        if begin > self.now_due():
            self.say(
                f"{begin:%Y-%m-%d %H:%M} 中止时已超期，不影响期限",
                f"The pause of {begin:%Y-%m-%d %H:%M} came after the end and changes nothing",
                begin,
            )
            return
        if pause.end is None:
            self.say(
                f"自 {begin:%Y-%m-%d %H:%M} 起中止，恢复后顺延",
                f"Paused since {begin:%Y-%m-%d %H:%M}; moves on when it resumes",
                begin,
            )
            return
        end = max(pause.end, begin)
        length = self.lengthen(begin, end)
        self.say(
            f"{begin:%Y-%m-%d %H:%M} 至 {end:%Y-%m-%d %H:%M} 中止（{ground(pause, 'zh')}），后移 {length[0]}",
            f"Paused {begin:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} ({ground(pause, 'en')}): +{length[1]}",
            self.instant if self.by_hour else self.last,
        )

    def lengthen(self, begin: datetime, end: datetime) -> tuple[str, str]:
        """Move the end by the length of a pause, in the unit the limit is counted in; says how far."""
        if self.by_hour:
            self.instant += end - begin
            minutes = int((end - begin).total_seconds() // 60)
            return f"{minutes} 分钟", f"{minutes} min"
        days = (end.date() - begin.date()).days
        unit = "working_day" if self.span.unit == "working_day" else "calendar_day"
        if unit == "working_day":
            within = [self.cal.day(begin.date() + timedelta(days=n)) for n in range(1, days + 1)]
            self.unsure |= {day.date.year for day in within if day.provisional}
            days = sum(day.works for day in within)
            self.last, seen = add_working_days(self.last, days, self.cal)
            self.say_days(seen)
        else:
            self.last = add_calendar_days(self.last, days)
        span = Span(days, unit)
        return (span.say("zh"), span.say("en")) if days else ("0 日", "0 days")

    def extend(self, extension: Extended, at: datetime) -> None:
        allowed = self.rule.extension
        assert allowed is not None
        if at > self.now_due():
            raise RuleError(
                f"{self.rule.cite('zh')}：已经届满，不能再延长",
                f"{self.rule.cite('en')}: it had already ended and cannot be extended",
            )
        amount = extension.amount if extension.amount is not None else allowed.amount
        assert amount is not None
        span = Span(amount, allowed.unit)
        self.say(
            f"延长 {span.say('zh')}（{reason(extension, 'zh')}）",
            f"Extended by {span.say('en')} ({reason(extension, 'en')})",
            at,
        )
        if self.by_hour:
            self.instant += timedelta(hours=amount)
            self.say(
                f"至 {self.instant:%Y-%m-%d %H:%M}", f"until {self.instant:%Y-%m-%d %H:%M}", self.instant
            )
        else:
            self.move(span)

    # -- the end ----------------------------------------------------------------------------------------

    def now_due(self) -> datetime:
        """The end as it stands now, rest days included."""
        if self.by_hour:
            return self.instant
        return end_of_day(roll_over(self.last, self.cal)[0] if self.rule.roll_over else self.last)

    def finish(self, paused: bool) -> Deadline:
        if self.by_hour:
            self.last = self.instant.date()
        elif self.rule.roll_over:
            self.roll()
        elif self.rule.duration:
            self.say(
                "有效期届满即止，不因节假日顺延",
                "A period of validity ends when it ends; holidays do not move it",
                self.last,
            )
        end = (
            self.instant
            if self.by_hour
            else end_of_day(roll_over(self.last, self.cal)[0] if self.rule.roll_over else self.last)
        )
        at = f"{end:%Y-%m-%d %H:%M}" if self.by_hour else f"{end:%Y-%m-%d} 24:00"
        self.say(f"届满：{at}", f"Due: {at}", end)
        for year in sorted(self.unsure):
            self.say(
                f"待核时间：{year} 年节假日安排尚未公布，先按周末和法定节日推算",
                f"Provisional: the holidays of {year} are not published; weekends and statutory days assumed",
                end,
            )
        return Deadline(end, bool(self.unsure), tuple(self.steps), self.last, paused)

    def roll(self) -> None:
        """Say each rest day that moves the end, and note when a holiday schedule is still unknown."""
        _, seen = roll_over(self.last, self.cal)
        for day in seen:
            if day.provisional:
                self.unsure.add(day.date.year)
            if not day.works:
                self.say(
                    f"{day.date} 是休息日（{day.name['zh']}），顺延",
                    f"{day.date} is a rest day ({day.name['en']}): moves on",
                    day.date,
                )
        if len(seen) == 1 and seen[0].date.weekday() >= 5:
            self.say(
                f"{seen[0].date} 是{seen[0].name['zh']}，不顺延",
                f"{seen[0].date} is a {seen[0].name['en']}: stays",
                seen[0].date,
            )

    def say(self, zh: str, en: str, at: date | datetime) -> None:
        self.steps.append(Step(zh, en, at))


def ground(pause: Pause, lang: str) -> str:
    """The words for a pause's ground."""
    labels = code_book()["pause-ground"]
    return labels.label(pause.ground, lang) if pause.ground in labels else pause.ground


def reason(extension: Extended, lang: str) -> str:
    """The words for an extension's ground."""
    labels = code_book()["extension-ground"]
    return labels.label(extension.ground, lang) if extension.ground in labels else extension.ground
