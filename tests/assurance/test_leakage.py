"""What a stolen database tells by its search tokens alone, against a thief who knows how common each name is."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import pytest
from report import row

from anjia.engine.matters.persons import name_tokens
from anjia.foundation.vault import vault

pytestmark = [pytest.mark.assurance, pytest.mark.django_db]

PEOPLE = 200_000  # in a city's matters after many years
#: Shares per thousand of the commonest surnames, rounded from published counts; the rest share what is left.
SURNAMES = dict(
    zip(
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
        "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤",
        [72, 71, 66, 53, 46, 31, 22, 21, 20, 19, 15, 14, 13, 13, 12, 11, 11, 10, 10, 9, 9, 8, 8, 7, 7]
        + [6.5 - 0.065 * n for n in range(77)],
        strict=False,
    )
)
#: Characters of given names; how common each is falls slowly.
CHARACTERS = "丽英敏静秀芳娟艳玲桂红燕霞梅兰洁萍莉琴云凤美雪慧佳丹婷玉倩颖晓欣怡文春珍华淑琳晶莹雅娜妍蕾宁"
SHORT = 0.15  # of given names have one character
TOP = (10, 100, 1000)
#: The part of people that docs/SECURITY.md says a thief may name so.
AGREED = {"name": 0.01, "pinyin": 0.02, "initials": 0.10}


def chances() -> dict[str, float]:
    """How likely each name is."""
    surnames = sum(SURNAMES.values())
    weights = {c: 1 / (n + 8) for n, c in enumerate(CHARACTERS)}
    whole = sum(weights.values())
    given = {c: SHORT * w / whole for c, w in weights.items()}
    given |= {a + b: (1 - SHORT) * v * w / whole**2 for a, v in weights.items() for b, w in weights.items()}
    return {s + g: p / surnames * q for s, p in SURNAMES.items() for g, q in given.items()}


def ranked(likely: dict[str, float]) -> list[str]:
    return sorted(likely, key=lambda value: -likely[value])


def recovered(kind: str, likely: dict[str, float], rng: random.Random) -> tuple[list[int], float, float]:
    """Of the commonest values how many a thief names right by rank; which part of the people that gives away; and
    which part he would name without the database, always saying the commonest.
    """
    values = rng.choices(list(likely), weights=list(likely.values()), k=PEOPLE)
    counts = Counter(values)
    seen = Counter({vault.token(kind, value): n for value, n in counts.items()})
    real = {vault.token(kind, value): value for value in counts}
    pairs = [
        (real[token] == said, n) for (token, n), said in zip(seen.most_common(), ranked(likely), strict=False)
    ]
    top = [sum(right for right, _ in pairs[:most]) for most in TOP]
    return top, sum(n for right, n in pairs if right) / PEOPLE, max(likely.values())


def test_what_search_tokens_tell_a_thief() -> None:
    rng = random.Random(20260309)
    names = chances()
    kinds: dict[str, Counter[str]] = {"name": Counter(names), "pinyin": Counter(), "initials": Counter()}
    for name, chance in names.items():
        told: dict[str, str] = dict(sorted(name_tokens(name)))
        for kind in ("pinyin", "initials"):
            kinds[kind][told[kind]] += chance  # type: ignore[assignment]
    for kind, likely in kinds.items():
        top, part, guessing = recovered(kind, dict(likely), rng)
        said = ", ".join(f"{right} of the commonest {most:,}" for right, most in zip(top, TOP, strict=True))
        note = f"measured: {part:.2%} of people ({said}); guessing without the database: {guessing:.3%}"
        over = int(part > AGREED[kind])
        row(
            f"12 {kind}",
            f"what search tokens tell of people's {kind}: more than docs/SECURITY.md says",
            PEOPLE,
            over,
            note,
        )
        assert not over
    assert all(a > b for a, b in pairwise(sorted(kinds["name"].values(), reverse=True)[:5]))


def test_control_words_of_a_story_would_be_read_whole() -> None:
    """Why stories have no tokens: the commonest few hundred words are told by their rank."""
    rng = random.Random(1)
    whole = sum(1 / (n + 1) for n in range(300))
    words = {f"词{n}": 1 / (n + 1) / whole for n in range(300)}
    top, part, guessing = recovered("name", words, rng)
    assert top[0] == 10
    assert part > 2 * guessing
