"""居民身份证号码 (GB 11643): eighteen characters whose last one proves the others (ISO 7064, MOD 11-2).

Only what can be computed is refused. The first six digits say where the number was once given; districts
are renamed and dissolved, so the place is a hint and never a ground to turn somebody's number away.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

Text = dict[str, str]
LENGTH = 18
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
EARLIEST = date(1890, 1, 1)  # nobody alive was born before


def check_character(body: str) -> str:
    """The last character that belongs to the first seventeen digits."""
    return CHECKS[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def bare(typed: str) -> str:
    """The number without the spaces and hyphens people put in, full-width characters made plain, X large."""
    return re.sub(r"[\s\-·]", "", unicodedata.normalize("NFKC", typed)).upper()


def born_on(number: str) -> date | None:
    """The date of birth that the number carries; None where that is no date."""
    digits = number[6:14]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def fault(typed: str, today: date = date.max) -> Text | None:
    """What is wrong with a number as typed, in words that help to put it right; None when it is in order."""
    number = bare(typed)
    if len(number) != LENGTH:
        return {
            "zh": f"身份证号是18位,现在是{len(number)}位。记不准可以先空着。",
            "en": f"An identity number has 18 characters, this one {len(number)}. It may be left empty for now.",
        }
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return {
            "zh": "身份证号只有数字,最后一位可以是X。请看看有没有打错的字。",
            "en": "An identity number has digits only; the last character may be X. Please look for a slip.",
        }
    born = born_on(number)
    if born is None or not EARLIEST <= born <= today:
        return {
            "zh": f"第7到14位应是出生年月日,“{number[6:14]}”不对。请再核对一遍。",
            "en": f"Characters 7 to 14 are the date of birth; “{number[6:14]}” cannot be right. Please check.",
        }
    if check_character(number[:17]) != number[17]:
        return {
            "zh": "号码对不上校验位,多半有一位打错,或相邻两位打反了。请再核对一遍。",
            "en": "The check character does not fit: one digit is wrong, or two neighbours are swapped. Please check.",
        }
    return None
