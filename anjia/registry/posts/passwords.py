"""What no password is made of: words everybody in these offices would try first, and those that were stolen elsewhere."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: In letters as they are typed; docs/OPERATING.md names them.
OURS = (
    "anjia", "pingan", "pinganjiating", "fulian", "funv", "fuwu", "weiquan", "jiating", "jiabao", "shequ", "yangzhou",
    "jiangsu", "hanjiang", "zhongguo", "admin", "administrator", "password", "mima", "12338", "12345", "110",
    "妇联", "平安", "家庭", "安家", "维权", "密码",
)  # fmt: skip
LEAST_LEFT = 8  # characters that must stand beside them


class NotOurWords:
    """Refuses what is left with too little once these words, figures of years and signs are taken out."""

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError when it is one of them with a year behind it."""
        rest = password.casefold()
        for word in sorted(OURS, key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != password.casefold() and len(re.sub(r"(?:19|20)\d\d|[\W_]", "", rest)) < LEAST_LEFT:
            raise ValidationError(self.get_help_text(), code="our_words")

    def get_help_text(self) -> str:
        """What is asked for."""
        return str(_("不要用单位、地名、系统名加数字做密码。"))


#: Marks of about sixty thousand of the commonest stolen passwords and what people here add to them, sorted; made by
#: scripts/passwords.py.
FILE = Path(__file__).with_name("passwords.bin")
BYTES = 5
SHORTEST = 3  # shorter pieces are no word
#: A name with a day of birth or a telephone number: what people who know her try.
KNOWN_OF_HER = re.compile(
    r"[a-z]{0,12}(?:(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|1\d{10})[a-z]{0,12}"
)


class NotStolen:
    """Refuses a password that is one of the commonest stolen ones, two of them together, or a name with a day."""

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError when somebody who tries the lists would be in soon."""
        said = bare(password)
        if not said or said.isdigit() or KNOWN_OF_HER.fullmatch(said) or repeats(said) or is_made_of(said):
            raise ValidationError(self.get_help_text(), code="stolen")

    def get_help_text(self) -> str:
        """What is asked for."""
        return str(_("不要用别人常用的密码,也不要把两个常用的接在一起;可以写一句只有您知道的话。"))


def bare(password: str) -> str:
    """What is compared: small letters and figures of one width, no signs."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", password).casefold())


def mark(word: str) -> bytes:
    """What stands in the file for a word."""
    return hashlib.blake2b(word.encode(), digest_size=BYTES).digest()


@cache
def marks() -> tuple[bytes, ...]:
    """The file, read once."""
    data = FILE.read_bytes()
    return tuple(data[i : i + BYTES] for i in range(0, len(data), BYTES))


def is_known(word: str) -> bool:
    """Whether the word is in the list."""
    found, wanted = marks(), mark(word)
    at = bisect_left(found, wanted)
    return at < len(found) and found[at] == wanted


def is_made_of(said: str) -> bool:
    """Whether it is one word of the list or two, and nothing else."""
    cuts = range(SHORTEST, len(said) - SHORTEST + 1)
    return is_known(said) or any(is_known(said[:n]) and is_known(said[n:]) for n in cuts)


def repeats(said: str) -> bool:
    """Whether it is one short piece again and again."""
    return re.fullmatch(r"(.{1,6}?)\1+.{0,5}", said) is not None and len(set(said)) <= 6
