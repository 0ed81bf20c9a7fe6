"""Her safe hours, as far as they can be read from what she wrote ("工作日 12:10–12:50")."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

from anjia.foundation.core.clock import SHANGHAI
from anjia.law.calendar import is_working_day

SPOKEN_TO = r"(?:[-\u2013\u2014\u007e\uff5e]|至|到)+"
RANGE = re.compile(rf"(\d{{1,2}})[:\uff1a点](\d{{2}})?\s*{SPOKEN_TO}\s*(\d{{1,2}})[:\uff1a点](\d{{2}})?")


def windows(text: str) -> list[tuple[time, time]]:
    """The time ranges named in the text; empty when it names none."""
    out = []
    for h1, m1, h2, m2 in RANGE.findall(text):
        if int(h1) < 24 and int(h2) < 24:
            out.append((time(int(h1), int(m1 or 0)), time(int(h2), int(m2 or 0))))
    return out


def inside(text: str, at: datetime) -> bool:
    """Whether an instant lies in her hours. A text that names no hours is read by a person, not refused."""
    ranges = windows(text)
    if not ranges:
        return True
    local = at.astimezone(SHANGHAI)
    if "工作日" in text and not is_working_day(local.date()):
        return False
    return any(start <= local.time() <= end for start, end in ranges)


def instant(raw: Any, otherwise: datetime) -> datetime:
    """A stored or typed instant, or the other one."""
    if not raw:
        return otherwise
    value = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
    return value.replace(tzinfo=SHANGHAI) if value.tzinfo is None else value
