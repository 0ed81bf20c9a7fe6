"""Working days and rest days: chinesecalendar's data with an editable table laid over it.

Legal source: the State Council's yearly notice; for years without one, 全国年节及纪念日放假办法 art. 2 and
the plain week. Such a year is *provisional* (待核时间): whoever counts with it says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from chinese_calendar import constants  # type: ignore[import-untyped]

from anjia.law.codes.reading import Finding, LawFileError, Lined, Reader, Text, read

TABLE = Path(__file__).parent / "data" / "holidays.yaml"
WEEKEND: Text = {"zh": "周末", "en": "weekend"}
ORDINARY: Text = {"zh": "工作日", "en": "working day"}
MADE_UP: Text = {"zh": "调休上班日", "en": "make-up working day"}
#: From this day of December on, a year's days can still be changed by the notice for the *next* year.
NEXT_NOTICE_FROM = (12, 29)
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


@dataclass(frozen=True, slots=True)
class Day:
    """One day: does work go on, what is it called, and can that still change (no published schedule)."""

    date: date
    works: bool
    name: Text
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """All known days. `rest` and `work` hold published exceptions to the plain week, `unpublished_rest` the
    statutory days of years without a schedule, `fixed` those that return on the same date every year."""

    years: frozenset[int]
    rest: dict[date, Text]
    work: frozenset[date]
    unpublished_rest: dict[date, Text] = field(default_factory=dict)
    fixed: dict[tuple[int, int], Text] = field(default_factory=dict)

    def day(self, day: date) -> Day:
        """What kind of day it is. Never fails: beyond the published years it answers provisionally."""
        published = day.year in self.years
        provisional = not published or (
            (day.month, day.day) >= NEXT_NOTICE_FROM and day.year + 1 not in self.years
        )
        if day in self.work:
            return Day(day, True, MADE_UP, provisional)
        holiday = self.rest.get(day)
        if holiday is None and not published:
            holiday = self.unpublished_rest.get(day) or self.fixed.get((day.month, day.day))
        if holiday is not None:
            return Day(day, False, holiday, provisional)
        if day.weekday() >= 5:
            return Day(day, False, WEEKEND, provisional)
        return Day(day, True, ORDINARY, provisional)


def _days(reader: Reader, node: Lined, key: str, what: str, year: str = "") -> Iterator[date]:
    """Days and runs of days; reports what is not one."""
    for raw in reader.words(node, key, what):
        first, _, last = raw.partition("..")
        try:
            start, end = date.fromisoformat(year + first), date.fromisoformat(year + (last or first))
        except ValueError:
            start, end = date.max, date.min
        if start > end:
            reader.report(
                node.at(key),
                "not_a_day",
                {"zh": f"{what}里的“{raw}”不是日期", "en": f"“{raw}” in {what} is not a day"},
                {
                    "zh": "写成 2026-02-15 或 2026-02-15..2026-02-23",
                    "en": "write 2026-02-15 or 2026-02-15..2026-02-23",
                },
            )
            continue
        for offset in range((end - start).days + 1):
            yield start + timedelta(days=offset)


def _rest(reader: Reader, node: Lined, what: str, year: str = "") -> dict[date, Text]:
    result: dict[date, Text] = {}
    for name in node:
        entry = reader.mapping(node, name, what)
        label = {"zh": name, "en": reader.string(entry, "en", f"{what} {name}")}
        result |= dict.fromkeys(_days(reader, entry, "days", f"{what} {name}", year), label)
    return result


def _year(reader: Reader, node: Lined, key: str) -> int | None:
    if key.isdigit() and len(key) == 4:
        return int(key)
    reader.report(
        node.at(key),
        "not_a_year",
        {"zh": f"“{key}”不是年份", "en": f"“{key}” is not a year"},
        {"zh": '写成 "2027":', "en": 'write "2027":'},
    )
    return None


def _wrong_year(reader: Reader, line: int, days: set[date], year: int) -> None:
    """A day under the wrong year is a slip of the keyboard; only New Year spills into December before."""
    for day in sorted(days):
        if day.year != year and (day.year, day.month) != (year - 1, 12):
            reader.report(
                line,
                "wrong_year",
                {"zh": f"{day} 写在{year}年下面", "en": f"{day} stands under {year}"},
                {"zh": "核对年份", "en": "check the year"},
            )


def _package() -> tuple[set[int], dict[date, Text], set[date]]:
    holidays: dict[date, Any] = constants.holidays
    rest = {d: _named(str(getattr(h, "value", h))) for d, h in holidays.items()}
    return {d.year for d in holidays}, rest, set(constants.workdays)


def _named(english: str) -> Text:
    return {"zh": NAMES.get(english, english), "en": english}


def _build(path: Path) -> tuple[Calendar, list[Finding]]:
    years, rest, work = _package()
    try:
        document = read(path)
    except LawFileError as error:
        return Calendar(frozenset(years), rest, frozenset(work)), list(error.findings)
    reader = Reader(path)
    reader.known_keys(document, ("published", "every_year", "lunar"), path.name)
    published = reader.mapping(document, "published", path.name)
    for key in published:
        year = _year(reader, published, key)
        entry = reader.mapping(published, key, path.name)
        if year is None:
            continue
        reader.string(entry, "source", key)
        table_rest = _rest(reader, reader.mapping(entry, "rest", key), key)
        table_work = set(_days(reader, entry, "work", key))
        _wrong_year(reader, published.at(key), set(table_rest) | table_work, year)
        rest = {d: n for d, n in rest.items() if d.year != year} | table_rest
        work = {d for d in work if d.year != year} | table_work
        years.add(year)
    every = reader.mapping(document, "every_year", path.name)
    fixed = _rest(reader, reader.mapping(every, "rest", "every_year"), "every_year", "2000-")
    lunar = reader.mapping(document, "lunar", path.name)
    lunar_rest: dict[date, Text] = {}
    for key in lunar:
        lunar_rest |= _rest(reader, reader.mapping(lunar, key, "lunar"), f"lunar {key}")
    by_day = {(d.month, d.day): n for d, n in fixed.items()}
    return Calendar(frozenset(years), rest, frozenset(work), lunar_rest, by_day), reader.findings


def load(path: Path = TABLE) -> Calendar:
    """The package's years with a table laid over them. Raises LawFileError (file, line, remedy)."""
    result, findings = _build(path)
    if findings:
        raise LawFileError(findings)
    return result


def check(path: Path = TABLE) -> list[Finding]:
    """What is wrong in the table; empty when it may be used."""
    return _build(path)[1]


@cache
def calendar() -> Calendar:
    """The calendar this installation ships, read once."""
    return load()
