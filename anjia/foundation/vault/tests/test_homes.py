"""One household, however its address was typed; half a village never."""

from __future__ import annotations

import pytest

from anjia.foundation.vault.normalise import normalise

DOOR = "湖滨小区6-301"


@pytest.mark.parametrize(
    "typed",
    [
        "江苏省扬州市邗江区柳浦街道湖滨小区6幢301室", "扬州市湖滨小区六幢301", "柳浦街道湖滨小区 6-301", "湖滨小区6#301室",
        "湖滨小区六栋三〇一室", "湖滨小区6号楼301室",
    ],
)  # fmt: skip
def test_one_door_has_one_spelling(typed: str) -> None:
    assert normalise("home", typed) == DOOR


@pytest.mark.parametrize(
    "typed",
    [
        "", "扬州市邗江区", "柳浦街道杨林村", "文昌路88号", "湖滨小区6幢", "杨林村3组15号", "扬州市人民医院宿舍3幢301室",
        "柳浦派出所2楼201室", "市救助站3号楼201室", "湖滨宾馆3号楼301室",
    ],
)  # fmt: skip
def test_what_names_no_door_or_an_institution_names_no_household(typed: str) -> None:
    assert normalise("home", typed) == ""


def test_villages_of_one_name_in_two_townships_are_two() -> None:
    one, other = (normalise("home", f"邗江区{t}杨林村三组15号") for t in ("柳浦街道", "方巷镇"))
    assert one
    assert one != other
