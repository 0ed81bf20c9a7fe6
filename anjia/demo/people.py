"""Invented people. Identity numbers carry the area code 999999, telephones a prefix nobody has."""

from __future__ import annotations

import random
from dataclasses import dataclass

from anjia.law.codes.identity import check_character

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
HERS = [
    "秀芳",
    "春梅",
    "玉兰",
    "晓燕",
    "丽华",
    "文静",
    "雪莲",
    "桂英",
    "海霞",
    "婷婷",
    "凤霞",
    "慧敏",
    "小红",
    "素珍",
    "月娥",
    "欣怡",
]
HIS = [
    "建国",
    "志强",
    "海涛",
    "永军",
    "大勇",
    "立新",
    "明亮",
    "国平",
    "小龙",
    "学文",
    "长青",
    "卫东",
    "家宝",
    "振华",
    "德胜",
    "云飞",
]
AREA = "999999"


@dataclass(frozen=True)
class Invented:
    """A person who does not exist."""

    name: str
    phone: str
    id_number: str


def id_number(year: int, month: int, day: int, order: int) -> str:
    """A well-formed identity number (ISO 7064 MOD 11-2) of an area that does not exist."""
    body = f"{AREA}{year:04d}{month:02d}{day:02d}{order:03d}"
    return body + check_character(body)


def somebody(rng: random.Random, *, her: bool) -> Invented:
    """One invented person, the same for the same seed."""
    name = rng.choice(SURNAMES) + rng.choice(HERS if her else HIS)
    year = rng.randint(1962, 2000)
    number = id_number(year, rng.randint(1, 12), rng.randint(1, 28), rng.randrange(1000))
    return Invented(name, f"100{rng.randrange(10**8):08d}", number)
