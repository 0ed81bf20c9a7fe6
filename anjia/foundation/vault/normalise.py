"""One spelling for each identifier, so that the same telephone typed in five ways is found as one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from anjia.foundation.core.pinyin import toneless
from anjia.foundation.vault.homes import home
from anjia.law.codes.identity import check_character

DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅。.．･᛫", "·"))


def normalise(kind: str, value: str) -> str:
    """The canonical form of an identifier of that kind; empty when nothing usable was given.

    Full-width letters and digits, spaces, hyphens and country prefixes are taken care of.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of identifier {kind!r}")
    return KINDS[kind](unicodedata.normalize("NFKC", value))


def phone(value: str) -> str:
    """Digits only, without 0086 / +86 and without the zeros some people dial before a mobile number."""
    digits = _digits(value)
    mobile = re.fullmatch(r"(?:0{0,2}86)?0?(1[3-9]\d{9})", digits)
    if mobile:
        return mobile[1]
    fixed = re.fullmatch(r"(?:0086|86)0?([1-9]\d{8,10})", digits)
    return f"0{fixed[1]}" if fixed and len(digits) > 11 else digits


def id_number(value: str) -> str:
    """18 characters, X in upper case; an old number of 15 digits gets its century and check character."""
    text = re.sub(r"[^0-9X]", "", value.upper())
    if re.fullmatch(r"\d{15}", text):
        text = text[:6] + "19" + text[6:]
        text += check_character(text)
    return text


def name(value: str) -> str:
    """Without any space; one kind of dot between the parts of names such as 阿依古丽·买买提."""
    return re.sub(r"\s+", "", value).translate(DOTS).casefold().strip("·")


def receipt(value: str) -> str:
    """The digits, however they were grouped."""
    return _digits(value)


def login(value: str) -> str:
    """A sign-in name, without regard to case and surrounding space."""
    return value.strip().casefold()


def pinyin(value: str) -> str:
    """Letters only, without tones; ü as v, as people type it."""
    return toneless(value.replace("u:", "v"))


def name_birth(value: str) -> str:
    """A name and a date of birth, “name|1991-08-06”; empty unless both are there."""
    who, _bar, born = value.rpartition("|")
    return f"{name(who)}|{_digits(born)}" if name(who) and len(_digits(born)) == 8 else ""


def document_no(value: str) -> str:
    """The number of a paper without its brackets, of whatever shape: 〔2026〕, [2026] and (2026) are one."""
    return re.sub(r"[\s〔〕\[\]【】()<>《》{}]", "", value).casefold()


def _digits(value: str) -> str:
    """ASCII digits of any script's decimal digits."""
    return "".join(str(unicodedata.decimal(c)) for c in value if c.isdecimal())


KINDS: dict[str, Callable[[str], str]] = {
    "phone": phone,
    "id_number": id_number,
    "name": name,
    "receipt": receipt,
    "reply": receipt,
    "login": login,
    "pinyin": pinyin,
    "initials": pinyin,
    "name_birth": name_birth,
    "home": home,
    "document_no": document_no,
    "round": login,  # a round of 平安家庭推选, by the office that holds it
}
