"""How times, codes and two-language texts read on a screen. Times are stored in UTC and shown in Shanghai."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from anjia.foundation.core.clock import NEVER, SHANGHAI
from anjia.law import codes
from anjia.ui import page

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TIERS = {
    "village": {"zh": "村(社区)", "en": "village"},
    "township": {"zh": "乡镇(街道)", "en": "township"},
    "county": {"zh": "县(市、区)", "en": "county"},
    "city": {"zh": "市", "en": "city"},
    "province": {"zh": "省", "en": "province"},
    "roster": {"zh": "值班电话", "en": "duty telephone"},
}


def lang() -> str:
    """ "zh" or "en": the key of two-language texts in the language now active."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def text(value: Any) -> str:
    """A {"zh", "en"} text in the reader's language; anything else as it is, None as nothing."""
    if isinstance(value, Mapping):
        return str(value.get(lang()) or value.get("zh") or "")
    return "" if value is None else str(value)


def local(moment: date | datetime) -> date | datetime:
    """A moment as Beijing time; a naive datetime is taken to be that already, a date stays a date."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(SHANGHAI)
    return moment


def is_open_ended(moment: date | datetime | None) -> bool:
    """No moment at all, or the one that stands for "never"."""
    return moment is None or (isinstance(moment, datetime) and moment.year >= NEVER.year)


def day(moment: date | datetime | None) -> str:
    """3月14日 周六 / Sat 14 Mar; with the year when it is not this one."""
    if is_open_ended(moment):
        return ""
    at = local(moment)  # type: ignore[arg-type]
    other_year = at.year != page.now().astimezone(SHANGHAI).year
    if lang() == "en":
        year = f" {at.year}" if other_year else ""
        return f"{WEEKDAYS_EN[at.weekday()]} {at.day} {MONTHS_EN[at.month - 1]}{year}"
    year = f"{at.year}年" if other_year else ""
    return f"{year}{at.month}月{at.day}日 {WEEKDAYS[at.weekday()]}"


def when(moment: date | datetime | None) -> str:
    """3月14日 周六 23:26 / Sat 14 Mar 23:26; a plain date without the hour."""
    if is_open_ended(moment):
        return ""
    at = local(moment)  # type: ignore[arg-type]
    return f"{day(at)} {at:%H:%M}" if isinstance(at, datetime) else day(at)


def clock(moment: datetime | None) -> str:
    """23:26."""
    return "" if is_open_ended(moment) else f"{local(moment):%H:%M}"  # type: ignore[arg-type]


def date_iso(moment: date | datetime | None) -> str:
    """2026-03-14, for <input type=date> and <time datetime>."""
    if is_open_ended(moment):
        return ""
    at = local(moment)  # type: ignore[arg-type]
    return at.date().isoformat() if isinstance(at, datetime) else at.isoformat()


def datetime_iso(moment: date | datetime | str | None) -> str:
    """2026-03-14T23:26, Beijing time, for <input type=datetime-local>; typed text stays as typed."""
    if moment is None or isinstance(moment, str):
        return moment or ""
    if is_open_ended(moment):
        return ""
    at = local(moment)
    return f"{at:%Y-%m-%dT%H:%M}" if isinstance(at, datetime) else at.isoformat()


def is_iso_or_blank(typed: str) -> bool:
    """Whether a date control can show this; anything else is shown as text, so that nothing typed is lost."""
    try:
        return not typed or bool(datetime.fromisoformat(typed))
    except ValueError:
        return False


def stamp(moment: date | datetime | None) -> str:
    """The machine-readable form for <time datetime>: ISO 8601 with +08:00."""
    if is_open_ended(moment):
        return ""
    return local(moment).isoformat()  # type: ignore[arg-type]


def span(delta: timedelta) -> str:
    """2天 / 5小时 / 40分钟: the largest unit that fits, rounded down; never less than one minute."""
    minutes = max(int(delta.total_seconds() // 60), 1)
    if minutes >= 24 * 60:
        n = minutes // (24 * 60)
        return ngettext("%(n)s天", "%(n)s天", n) % {"n": n}
    if minutes >= 60:
        n = minutes // 60
        return ngettext("%(n)s小时", "%(n)s小时", n) % {"n": n}
    return ngettext("%(n)s分钟", "%(n)s分钟", minutes) % {"n": minutes}


def remaining(due: datetime | None, now: datetime | None = None) -> str:
    """还剩2天 / 已超1天; a duty without a date says so."""
    if is_open_ended(due):
        return _("没有期限")
    left = due - (now or page.now())  # type: ignore[operator]
    if left < timedelta(0):
        return _("已超%(span)s") % {"span": span(-left)}
    return _("还剩%(span)s") % {"span": span(left)}


def urgency(due: datetime | None, now: datetime | None = None) -> str:
    """late (past), soon (24 hours), near (3 days) or calm: decides colour and icon, beside the words."""
    if is_open_ended(due):
        return "calm"
    left = due - (now or page.now())  # type: ignore[operator]
    if left < timedelta(0):
        return "late"
    return "soon" if left < timedelta(days=1) else "near" if left < timedelta(days=3) else "calm"


def code(value: Any, list_name: str) -> str:
    """The words of a code, or of several joined by 、; an unknown code shows as itself."""
    if value in (None, ""):
        return ""
    if isinstance(value, list | tuple | set | frozenset):
        return ("、" if lang() == "zh" else ", ").join(code(item, list_name) for item in value)
    book = codes.book()
    known = list_name in book and str(value) in book[list_name]
    return book[list_name].label(str(value), lang()) if known else str(value)


def choices(list_name: str) -> list[tuple[str, str]]:
    """(code, words) of a code list, in the reader's language, without retired codes."""
    book = codes.book()
    return book[list_name].choices(lang()) if list_name in book else []


def colon(words: Any) -> str:
    """The words and a colon as the language writes it."""
    return f"{text(words)}\N{FULLWIDTH COLON}" if lang() == "zh" else f"{text(words)}: "


def tier(value: str) -> str:
    """The name of a tier: 县(市、区)."""
    return text(TIERS.get(value, value))


def yuan(fen: Any) -> str:
    """Money is kept in fen; people read and write yuan. Typed text stays as typed."""
    if fen in (None, ""):
        return ""
    if isinstance(fen, int):
        return f"{fen // 100}" if fen % 100 == 0 else f"{fen / 100:.2f}"
    return str(fen)
