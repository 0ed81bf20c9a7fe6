"""A colleague types what she hears: the surname's real reading finds the person."""

from __future__ import annotations

import pytest

from anjia.foundation.core.pinyin import MOST, matches, spellings


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("单雄信", "shanxiongxin", "sxx"),
        ("仇春梅", "qiuchunmei", "qcm"),
        ("区玉兰", "ouyulan", "oyl"),
        ("解文静", "xiewenjing", "xwj"),
        ("查海霞", "zhahaixia", "zhx"),
        ("朴素珍", "piaosuzhen", "psz"),
        ("朴素珍", "pusuzhen", "psz"),
        ("尉迟丽华", "yuchilihua", "yclh"),
        ("吕晓燕", "lvxiaoyan", "lxy"),
        ("周晓兰", "zhouxiaolan", "zxl"),
        ("阿依古丽·买买提", "ayigulimaimaiti", "ayglmmt"),
    ],
)
def test_names_as_they_are_spoken(name: str, full: str, initials: str) -> None:
    assert (full, initials) in spellings(name)


def test_the_wrong_reading_of_a_surname_is_not_kept() -> None:
    assert not [s for s, _short in spellings("单雄信") if s.startswith("dan")]


def test_the_number_of_spellings_is_bounded() -> None:
    assert len(spellings("乐乐行长重" * 4)) <= MOST
    assert spellings("Anna") == []
    assert len(spellings("单")) > 1  # alone it may be anything


@pytest.mark.parametrize(
    ("typed", "label", "meant"),
    [
        ("zbl", "值班表", False),
        ("zbb", "值班表", True),
        ("zhiban", "值班表", True),
        ("zhib", "值班表", True),
        ("banb", "值班表", True),
        ("zhibanbiaox", "值班表", False),
        ("jyb", "告诫期或保护令期内", False),
        ("chongxin", "重新办理", True),
        ("", "值班表", False),
    ],
)
def test_letters_mean_a_label(typed: str, label: str, meant: bool) -> None:
    assert matches(typed, label) is meant
