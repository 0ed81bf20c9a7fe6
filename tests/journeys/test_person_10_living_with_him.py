"""She who lives with him: forty seconds, no sound, no trace, and she alone says who may know and who may come."""

from __future__ import annotations

import re
from typing import Any

import pytest
from person import Desk, Person
from town import Town
from usability import counted

pytestmark = pytest.mark.browser
WORDS = "他喝了酒就动手"
DECIDES = ("tell_community", "come_to_door", "tell_police")


def test_forty_seconds_and_her_word_holds(town: Town, chromium: Any) -> None:
    her = Person(chromium, town, 360)
    her.go("/")
    with counted(her, 10, who="与施暴者同住的人", thing="求助,三项都不勾,拿到查询码", taps=8) as seen:
        her.press("遇到难处")
        her.page.locator('button[name="who"][value="self"]').click()
        her.fill("facts", WORDS)
        her.press("继续填写")
        for one in DECIDES:
            assert not her.page.locator(f'input[name="{one}"]').is_checked()
        her.sees("不勾选,我们就不会做")
        her.press("继续填写")
        her.choose("county", "321003")
        her.press("提交")
        her.page.wait_for_selector("[data-receipt]")
    assert seen.seconds < 40
    receipt = re.sub(r"\D", "", her.page.inner_text("[data-receipt] >> nth=0"))

    her.page.get_by_role("button", name="离开").or_(her.page.get_by_role("link", name="离开")).first.click()
    her.page.wait_for_load_state()
    assert WORDS not in her.page.content()
    her.page.go_back()
    her.does_not_see(WORDS, receipt)
    assert her.context.cookies() == []

    desk = Desk(chromium, town, 1280, "hanjiang-desk")
    desk.go("/desk/matters/?sort=opened")
    desk.page.locator(".d-row", has_text="新收到").locator("a.d-row-main").first.click()
    desk.page.wait_for_url("**/desk/m/**")
    desk.sees(WORDS, "由本人决定")
    assert desk.page.inner_text("main").count("不可以") >= len(DECIDES), (
        "her three noes stand on the desk's page"
    )
    number = desk.page.url.split("/desk/m/")[1].split("/")[0]
    for key in ("village", "volunteer", "street", "police"):
        other = Person(chromium, town, 360, key)
        other.go(f"/desk/m/{number}/")
        other.does_not_see(WORDS)
        other.leave()
    desk.leave()

    her.go("/c/")
    her.fill("receipt", receipt)
    her.press("查看")
    her.page.wait_for_selector("h1.p-line")
    her.fits()
    her.does_not_see(WORDS)  # one neutral line, whoever looks over her shoulder
    her.shot("person-10-answer")
    her.leave()
