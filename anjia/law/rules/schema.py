"""What a time limit is made of: frozen values, one field for each column of the rule files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from anjia.law.codes.reading import Text

UNITS = ("hour", "calendar_day", "working_day", "month", "year", "next_month_day")
KINDS = ("statutory", "policy", "local", "house")
LEVELS = ("nation", "house", "province", "city", "county")  # weakest first
CLOCKS = ("round", "working")


class RuleError(ValueError):
    """A question the rules must refuse: no such rule then and there, an unlawful pause or extension.

    `text` says why in both languages; it never holds anything about a person.
    """

    def __init__(self, zh: str, en: str) -> None:
        self.text: Text = {"zh": zh, "en": en}
        super().__init__(f"{zh} / {en}")


@dataclass(frozen=True, slots=True)
class Span:
    """An amount of time as the law says it. `next_month_day` 5 means: by the 5th of the following month."""

    amount: int
    unit: str

    def say(self, lang: str) -> str:
        """“72 小时”, “72 hours”."""
        zh = {"hour": "小时", "calendar_day": "日", "working_day": "个工作日", "month": "个月", "year": "年"}
        en = {
            "hour": "hour",
            "calendar_day": "day",
            "working_day": "working day",
            "month": "month",
            "year": "year",
        }
        if self.unit == "next_month_day":
            return f"次月 {self.amount} 日前" if lang == "zh" else f"by day {self.amount} of the next month"
        if (self.amount, self.unit) == (0, "calendar_day"):
            return "当日" if lang == "zh" else "the same day"
        if lang == "zh":
            return f"{self.amount} {zh[self.unit]}"
        return f"{self.amount} {en[self.unit]}{'' if self.amount == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Variant:
    """Another length of the same limit, e.g. `urgent`."""

    name: str
    label: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Extension:
    """May the limit be extended, on which grounds (codes of `extension-ground`), by how much, how often.

    `amount` is the most one extension may add (None: the law names no number, so each one must say its own).
    `max_times` None: the law names no number of times.
    """

    grounds: tuple[str, ...]
    amount: int | None
    unit: str
    max_times: int | None


@dataclass(frozen=True, slots=True)
class Rung:
    """One step up when a duty is overdue: after so much time, to this tier. `roster` is the duty telephone.

    `after` counts from the due instant in `unit` (minute, hour, working_day). `clock` "round" runs day and
    night, "working" counts working days. `alarm` marks the daily alarm above the top rung.
    """

    after: int
    unit: str
    tier: str
    clock: Literal["round", "working"]
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """The tiers an overdue duty climbs. Above the top it alarms every `alarm_days` days until somebody
    claims it."""

    name: str
    label: Text
    rungs: tuple[Rung, ...]
    alarm_days: int = 1

    def rung(self, step: int) -> Rung:
        """What happens at the step-th climb (from 0); beyond the top it is the daily alarm at the top
        tier."""
        if step < len(self.rungs):
            return self.rungs[step]
        top = self.rungs[-1]
        return Rung(top.after, top.unit, top.tier, top.clock, alarm=True)


@dataclass(frozen=True, slots=True)
class Rule:
    """One time limit in one version: where and when it holds, what the law says, how it is counted.

    `law` is the short Chinese name of the source, `law_name` the same in both languages, `article` its number
    as cited. `pause_grounds` None means any ground (house limits), an empty tuple means it cannot be paused
    at all: then it is either kept or late with a reason. `duration` marks the validity of something (an
    order): it ends when it ends and is never rolled over a holiday. `takes_amount` lets the decision set a
    shorter one ("at most six months"). `verified` false: cited from memory, to be read again before anyone
    relies on it.
    """

    id: str
    version: str
    name: Text
    law: str
    law_name: Text
    article: str
    document: str
    summary: Text
    trigger: Text
    span: Span
    roll_over: bool
    duration: bool
    takes_amount: bool
    variants: Mapping[str, Variant]
    pause_grounds: tuple[str, ...] | None
    extension: Extension | None
    role: str
    level: str
    jurisdiction: str
    effective_from: date
    effective_to: date | None
    kind: str
    running: str
    switch_from: date | None
    ladder: Ladder | None
    warn: tuple[str, ...]
    verified: bool
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def amount(self) -> int:
        """How many units the limit is, without variants."""
        return self.span.amount

    @property
    def unit(self) -> str:
        """hour, calendar_day, working_day, month, year or next_month_day."""
        return self.span.unit

    @property
    def extension_grounds(self) -> tuple[str, ...]:
        """Codes of `extension-ground` on which it may be extended; empty when it may not."""
        return self.extension.grounds if self.extension else ()

    def may_pause(self, ground: str) -> bool:
        """Whether the clock may stop on that ground (code of `pause-ground`)."""
        return self.pause_grounds is None or ground in self.pause_grounds

    def in_force(self, on: date) -> bool:
        """Whether this version holds on a day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    def holds_at(self, place: str) -> bool:
        """Whether it holds at a place, given by its division code (any tier; "" is: place unknown)."""
        width = {"province": 2, "city": 4, "county": 6}.get(self.level, 0)
        return width == 0 or (len(place) >= width and place[:width] == self.jurisdiction[:width])

    def cite(self, lang: str = "zh") -> str:
        """The source as people cite it: 《反家庭暴力法》第28条."""
        document = f"（{self.document}）" if self.document else ""
        if lang == "zh":
            return f"《{self.law}》{document}" + (f"第{self.article}条" if self.article else "")
        document = f" {self.document}" if self.document else ""
        return f"{self.law_name['en']}{document}" + (f", art. {self.article}" if self.article else "")


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that is not counted, on a ground (code of `pause-ground`). `end` None: it is still paused."""

    start: datetime
    end: datetime | None
    ground: str


@dataclass(frozen=True, slots=True)
class Extended:
    """One extension that was decided: ground (code of `extension-ground`), amount in the rule's unit,
    when."""

    ground: str
    amount: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a count, to be shown to whoever asks why this date."""

    text_zh: str
    text_en: str
    at: date | datetime | None = None

    def say(self, lang: str) -> str:
        """The step in one language."""
        return self.text_zh if lang == "zh" else self.text_en


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due. `due` is aware, in Asia/Shanghai; a day ends at 23:59:59.

    `last_day` is where the period itself ends, before rest days move it. `provisional` (待核时间): a year
    whose holidays are not published yet takes part in the count. `paused`: a pause has not ended, so the
    date will move.
    """

    due: datetime
    provisional: bool
    steps: tuple[Step, ...]
    last_day: date
    paused: bool = False


Stored = Mapping[str, Any]
