"""Names of places: the short form people say, and its pinyin for those who type letters."""

from __future__ import annotations

import re

from anjia.foundation.core.pinyin import SURNAMES

#: What the official list appends to a village's name; nobody says it.
COMMITTEE = re.compile(r"(?:村\(居\)委会|村（居）委会|村民委员会|居民委员会|村委会|居委会|居委)$")

#: Readings that a general dictionary gets wrong in place names of this region; the longest entry wins.
PLACES: dict[str, str] = {
    "邗江": "han jiang",
    "江都": "jiang du",
    "宋都": "song du",
    "花都": "hua du",
    "龙都": "long du",
    "新都": "xin du",
    "朴席": "pu xi",
    "氾水": "fan shui",
    "车逻": "che luo",
    "甓湖": "pi hu",
    "陈行": "chen hang",
    "民乐": "min le",
    "朝阳": "chao yang",
    "吴堡": "wu bao",
    "重庆": "chong qing",
    "重阳": "chong yang",
    "重桥": "chong qiao",
    "六合": "lu he",
    "圩": "wei",
    "垛": "duo",
    "长": "chang",
}
#: Words at the head of a place name whose first character only looks like one of those surnames.
NOT_SURNAMES = ("解放", "乐和", "乐雅", "任意", "种子")
#: What may follow a surname in a village's name; elsewhere the character keeps its common reading.
AFTER_SURNAME = "家庄村桥巷沟墩垛圩庙营舍湾集岗塘集钰"


def short(name: str) -> str:
    """What people call a place: 杨林社区居委会 → 杨林社区, 太平村委会 → 太平村; other names stay."""
    found = COMMITTEE.search(name)
    if not found:
        return name
    stem, ending = name[: found.start()], found.group()
    if ending.startswith("村"):
        return stem if stem.endswith("村") else stem + "村"
    return stem if stem.endswith(("社区", "村", "居")) else stem + "社区"


def syllables(name: str) -> list[str]:
    """The pinyin of each character, without tones; ü is written v. Latin letters and digits stay."""
    # The dictionary is large and only loading places needs it; the desk never imports it.
    from pypinyin import lazy_pinyin

    found: list[str] = []
    plain = ""
    at = 0
    while at < len(name):
        word, reading = corrected(name, at)
        if not word:
            plain += name[at]
            at += 1
            continue
        found += [*lazy_pinyin(plain), *reading.split()]
        plain = ""
        at += len(word)
    found += lazy_pinyin(plain)
    return [s for s in (re.sub(r"[^a-z0-9]", "", part.lower()) for part in found) if s]


def corrected(name: str, at: int) -> tuple[str, str]:
    """The corrected word that begins at this position, with its reading; two blanks when there is none."""
    if (
        at == 0
        and name[0] in SURNAMES
        and name[1:2]
        and name[1] in AFTER_SURNAME
        and not name.startswith(NOT_SURNAMES)
    ):
        return name[0], SURNAMES[name[0]][0]
    for length in (2, 1):
        word = name[at : at + length]
        if word in PLACES:
            return word, PLACES[word]
    return "", ""


def pinyin(name: str) -> str:
    """Full pinyin in one word: 邗江区 → hanjiangqu."""
    return "".join(syllables(name))


def initials(name: str) -> str:
    """First letters: 邗江区 → hjq."""
    return "".join(s[0] for s in syllables(name))
