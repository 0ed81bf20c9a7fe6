"""Words are compared with what is sealed, however they are written."""

from __future__ import annotations

import pytest

from anjia.engine.matters import unsaid
from anjia.engine.matters.unsaid import Secret

WHERE = "高邮市湖滨小区六幢二〇三室"
SECRETS = [
    *(Secret(unsaid.WHERE, n) for n in sorted(unsaid.needles(WHERE), key=len, reverse=True)),
    *unsaid.numbers("100-1350 0034"),
    *(Secret(unsaid.SCHOOL, n) for n in unsaid.needles("邗江区实验小学")),
]


@pytest.mark.parametrize(
    "text",
    [
        "她现在住高邮市湖滨小区六幢二〇三室。",
        "住在湖滨小区6幢203室",
        "湖滨小区 6 幢 203 室",
        "湖滨小区6幢203室",
        "在湖滨小区",
        "湖滨-小区,母亲家",
        "电话10013500034",
        "电话 100 1350 0034",
        "一零零一三五零零零三四",
        "一〇〇-一三五〇-〇〇三四",
        "10013500034",
        "孩子在邗江区实验小学二年级",
        "实验小学门口",
    ],
)
def test_recorded_places_and_numbers_are_found_in_any_writing(text: str) -> None:
    assert unsaid.find(text, SECRETS)


@pytest.mark.parametrize(
    "text",
    [
        "他喝了酒就动手,孩子在边上哭。",
        "高邮市妇联已接收。",
        "3月14日23时26分,柳浦派出所出警。",
        "家住扬州市邗江区柳浦街道。",
        "第六次,第二〇三号告诫书",
        "",
    ],
)
def test_what_everybody_may_know_is_left_alone(text: str) -> None:
    assert not unsaid.find(text, SECRETS)


def test_only_the_place_is_taken_out() -> None:
    text = "3月10日她回到湖滨小区六幢二〇三室,他打到 100-1350-0034 威胁。"
    found = unsaid.find(text, SECRETS)
    assert {f.kind for f in found} == {unsaid.WHERE, unsaid.PHONE}
    assert unsaid.struck(text, found, "(略)") == "3月10日她回到(略),他打到 (略) 威胁。"


def test_a_number_written_in_tens_is_the_same_number() -> None:
    assert unsaid.fold("十二幢一百零三室").text == unsaid.fold("12幢103室").text
