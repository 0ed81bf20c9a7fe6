"""The palette in a real browser: opened by a key or a tap, used by keys alone, and the search page without script."""

from __future__ import annotations

import re
from typing import Any

import pytest
from person import Desk
from town import Town

pytestmark = pytest.mark.browser
OPTION = ".a-find [role=option]"


def look_for(officer: Desk, words: str, expected: str) -> None:
    officer.page.keyboard.press("Control+k")
    officer.page.locator(".a-find input[role=combobox]").fill(words)
    officer.page.locator(OPTION, has_text=expected).first.wait_for()


def test_found_by_keys_alone(chromium: Any, town: Town) -> None:
    from axe_playwright_python.sync_playwright import Axe

    officer = Desk(chromium, town, 1280, "hanjiang")
    refused: list[str] = []
    officer.page.on("console", lambda m: refused.append(m.text) if "Content Security" in m.text else None)
    look_for(officer, "zhouxiaolan", "周晓兰")
    officer.shot("palette")
    box = officer.page.locator(".a-find input[role=combobox]")
    chosen = officer.page.locator("#" + (box.get_attribute("aria-activedescendant") or ""))
    assert chosen.get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-expanded") == "true"
    found = Axe().run(officer.page).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []
    officer.page.keyboard.press("Enter")
    officer.page.wait_for_url(re.compile(r"/desk/m/[0-9a-f-]{36}/"))
    officer.sees("周晓兰")
    assert "zhou" not in officer.page.url
    look_for(officer, "jyb", "记一笔")
    officer.page.keyboard.press("Enter")
    officer.page.wait_for_url("**/do/note/")
    officer.page.keyboard.press("Control+k")
    officer.page.keyboard.press("Escape")
    assert not officer.page.locator(".a-find").is_visible()
    assert refused == []
    officer.leave()


def test_a_tap_on_a_phone_opens_it_and_nothing_sticks_out(chromium: Any, town: Town) -> None:
    officer = Desk(chromium, town, 360, "hanjiang")
    officer.page.locator("[data-find]").first.click()
    officer.page.locator(OPTION).first.wait_for()
    officer.shot("palette")
    officer.fits()
    officer.page.locator("[data-palette-close]").click()
    assert not officer.page.locator(".a-find").is_visible()
    officer.leave()


def test_without_script_the_button_leads_to_the_search_page(chromium: Any, town: Town) -> None:
    officer = Desk(chromium, town, 1280, "hanjiang")
    kept = officer.context.storage_state()
    context = chromium.new_context(java_script_enabled=False, storage_state=kept, locale="zh-CN")
    page = context.new_page()
    page.goto(town.url + "/desk/")
    page.locator("[data-find]").first.click()
    page.locator("main input[name=q]").fill("zxl")
    page.get_by_role("button", name="找", exact=True).first.click()
    assert "周晓兰" in page.inner_text("main")
    context.close()
    officer.leave()
