"""How a person's name is typed in letters: full pinyin and initials, with the readings surnames really have.

A dictionary reads 单 as dan; a person called 单 is Shan. Only the dictionary's list of single characters is
read, a few megabytes, and only when the first name is written.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import islice, product
from pathlib import Path

#: Surnames whose reading differs from the character's usual one, or that have several; most usual first.
SURNAMES: dict[str, tuple[str, ...]] = {
    "单": ("shan",), "仇": ("qiu",), "区": ("ou",), "解": ("xie",), "查": ("zha",), "朴": ("piao", "pu"),
    "曾": ("zeng",), "任": ("ren",), "盖": ("ge", "gai"), "缪": ("miao",), "尉": ("yu", "wei"), "乐": ("yue", "le"),
    "翟": ("zhai", "di"), "冼": ("xian",), "覃": ("qin", "tan"), "种": ("chong",), "折": ("she",), "牟": ("mou", "mu"),
    "卜": ("bu",), "卞": ("bian",), "晁": ("chao",), "召": ("shao",), "员": ("yun",), "谌": ("chen", "shen"),
    "柏": ("bai", "bo"), "乜": ("nie",), "薄": ("bo",), "郇": ("xun", "huan"), "逄": ("pang",), "哈": ("ha",),
    "繁": ("po",), "秘": ("bi",), "隗": ("wei", "kui"), "阚": ("kan",), "鲍": ("bao",), "洗": ("xian",),
    "纪": ("ji",), "宁": ("ning",), "万": ("wan",), "石": ("shi",), "车": ("che",), "重": ("chong",),
    "长": ("zhang", "chang"), "那": ("na",), "都": ("du",), "宿": ("su",), "藏": ("zang",), "撒": ("sa",),
    "尉迟": ("yu chi",), "万俟": ("mo qi",), "长孙": ("zhang sun",), "澹台": ("tan tai",), "单于": ("chan yu",),
    "令狐": ("ling hu",), "欧阳": ("ou yang",), "上官": ("shang guan",), "司马": ("si ma",), "诸葛": ("zhu ge",),
    "皇甫": ("huang fu",), "夏侯": ("xia hou",), "慕容": ("mu rong",), "宇文": ("yu wen",), "公孙": ("gong sun",),
    "呼延": ("hu yan",), "端木": ("duan mu",), "独孤": ("du gu",), "东方": ("dong fang",), "司徒": ("si tu",),
    "太史": ("tai shi",), "鲜于": ("xian yu",), "完颜": ("wan yan",), "南宫": ("nan gong",), "西门": ("xi men",),
}  # fmt: skip
PER_CHARACTER = 2  # readings of one character of a given name
MOST = 6  # spellings of one name


@cache
def _characters() -> dict[str, str]:
    """Every character's readings with tones, as the dictionary's file has them."""
    spec = find_spec("pypinyin")
    if spec is None or spec.origin is None:
        raise ImportError("pypinyin is not installed")
    text = Path(spec.origin).with_name("pinyin_dict.json").read_text(encoding="utf-8")
    return {chr(int(code)): readings for code, readings in json.loads(text).items()}


def toneless(syllable: str) -> str:
    """Plain letters, ü as v."""
    text = re.sub("[üǖǘǚǜ]", "v", unicodedata.normalize("NFC", syllable.casefold()))
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFD", text))


@lru_cache(maxsize=4096)
def readings(character: str) -> tuple[str, ...]:
    """How one character may be read, without tones; a Latin letter or digit stays, punctuation is nothing."""
    if character.isascii():
        return (character.lower(),) if character.isalnum() else ()
    found = (toneless(r) for r in _characters().get(character, "").split(","))
    return tuple(dict.fromkeys(r for r in found if r))


def _parts(name: str) -> list[tuple[str, ...]]:
    """The syllables of a name, each with its readings; the surname's own table first."""
    for length in (2, 1):
        surname = name[:length]
        if len(name) > length and surname in SURNAMES:
            return [SURNAMES[surname], *(readings(c)[:PER_CHARACTER] for c in name[length:])]
    return [readings(c)[:PER_CHARACTER] for c in name]


def spellings(name: str) -> list[tuple[str, str]]:
    """(full pinyin, initials) of a Chinese name in every usual reading: 单雄信 → shanxiongxin, sxx.

    Nothing for a name without Chinese characters: it is found as it is written.
    """
    text = re.sub(r"[\s·•]", "", name)
    if text.isascii():
        return []
    parts = [p for p in _parts(text) if p]
    found = []
    for way in islice(product(*parts), MOST):
        syllables = [s for part in way for s in part.split()]
        found.append(("".join(syllables), "".join(s[0] for s in syllables)))
    return found


def matches(typed: str, text: str) -> bool:
    """Whether letters could mean this label: its syllables in full or by their first letter, from anywhere.

    zbb, zhiban, zhib and banb all mean 值班表.
    """
    wanted = toneless(typed)
    if not wanted:
        return False
    parts = [readings(c)[:PER_CHARACTER] for c in text if readings(c)]
    return any(_goes_on(wanted, parts, start) for start in range(len(parts)))


def _goes_on(wanted: str, parts: list[tuple[str, ...]], at: int) -> bool:
    """Whether the letters left can be read along the syllables from here."""
    if not wanted:
        return True
    if at == len(parts):
        return False
    usual = parts[at][0]
    if usual[0] == wanted[0] and (usual.startswith(wanted) or _goes_on(wanted[1:], parts, at + 1)):
        return True  # a first letter stands for the usual reading only
    return any(wanted.startswith(r) and _goes_on(wanted[len(r) :], parts, at + 1) for r in parts[at])


def surname(name: str) -> str:
    """The family name of a Chinese name: two characters where they are one; "" for what is none."""
    text = name.strip()
    if len(text) < 2 or not all("\u4e00" <= c <= "\u9fff" for c in text):
        return ""
    return text[:2] if len(text) > 2 and text[:2] in SURNAMES else text[:1]
