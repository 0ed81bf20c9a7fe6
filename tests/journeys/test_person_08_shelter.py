"""The keeper of a shelter, past midnight: in with a first name in three minutes, and no screen says where."""

from __future__ import annotations

from typing import Any

import pytest
from person import Desk, Person
from town import Town
from usability import counted

pytestmark = pytest.mark.browser
CODE = "乙-3"


def test_in_at_midnight_with_a_first_name(town: Town, chromium: Any) -> None:
    keeper = Desk(chromium, town, 390, "shelter")
    with counted(keeper, 8, who="庇护点负责人", thing="半夜来人,只写名字,先住下", taps=8) as seen:
        keeper.follow("登记入住")
        keeper.fits()
        keeper.fill("name", "阿兰")
        keeper.shot("person-08-admit")
        keeper.press("存下来")
        keeper.page.wait_for_url("**/desk/m/**")
        keeper.follow("先入住")
        keeper.record()
    assert seen.seconds < 180
    keeper.matter = keeper.page.url.split("/desk/m/")[1].split("/")[0]
    keeper.sees("住着", "补材料、讲清须知")
    keeper.shot("person-08-in")

    keeper.move("note_place")
    keeper.fill("place_code", CODE)
    keeper.record()
    nowhere_said(keeper, "/desk/", "/desk/matters/", f"/desk/m/{keeper.matter}/")

    county = Person(chromium, town, 1280, "hanjiang")
    nowhere_said(county, "/desk/", "/desk/matters/", "/desk/duties/", f"/desk/m/{keeper.matter}/")
    for key in ("sysadmin", "police", "village"):
        other = Person(chromium, town, 1280, key)
        other.go(f"/desk/m/{keeper.matter}/")
        other.does_not_see(CODE, "阿兰")
        nowhere_said(other, "/desk/")
        other.leave()
    for one in (keeper, county):
        one.leave()


def nowhere_said(person: Person, *paths: str) -> None:
    """The code of the place stands on none of these pages."""
    for path in paths:
        person.go(path)
        person.does_not_see(CODE)
