"""人物二 · 维权站志愿者,手机: she is told what to say and what not, leaves a case with one tap, and is named to nobody.

What makes or breaks it: nobody will know that she was the one.
"""

from __future__ import annotations

from typing import Any

import pytest
from person import Person
from town import Town
from usability import counted

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAME = "梁小雨"
#: Everybody who may one day stand on the other side, or be asked by it.
OTHERS = ("police", "court-clerk", "committee")


def test_she_is_told_what_to_say_and_steps_back_in_one_tap(chromium: Any, town: Town) -> None:
    her = Person(chromium, town, 360, "volunteer")
    her.go("/desk/")
    card = her.page.locator("article.a-big").last
    href = str(card.locator("a.a-btn--primary").get_attribute("href"))
    matter = href.split("/m/")[1]
    assert named_to(chromium, town, matter) == []
    her.go(href)
    with counted(her, 2, who="维权站志愿者", thing="看到该说什么、不该说什么,一下就回避", taps=1):
        her.sees("可以这样说", "不要这样说", "我要回避")
        her.fits()
        her.press("我要回避")
        her.page.wait_for_url("**/desk/?done=recuse")
        her.sees("不用说明原因")
    her.does_not_see(matter.strip("/"))
    her.go(href)
    her.sees("没有找到这件事项。")
    assert named_to(chromium, town, matter) == []
    her.leave()


def named_to(chromium: Any, town: Town, matter: str) -> list[str]:
    """Offices on whose page of the same matter her name stands."""
    found = []
    for who in OTHERS:
        desk = Person(chromium, town, 1280, who)
        desk.go(f"/desk/m/{matter}")
        if NAME in desk.page.content():
            found.append(who)
        desk.leave()
    return found
