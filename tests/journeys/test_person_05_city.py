"""The city's officer: a grave case is on her first page before the telephone rings, and the page is settled in minutes."""

from __future__ import annotations

from typing import Any

import pytest
from person import Desk
from town import Town
from usability import counted

pytestmark = pytest.mark.browser


def test_no_surprise_and_the_page_of_the_month_in_minutes(town: Town, chromium: Any) -> None:
    county = Desk(chromium, town, 1280, "hanjiang")
    county.go("/desk/new/serious-incident/")
    county.choose("incident_kind", "serious_injury")
    county.fill("brief", "一人重伤送医,正在核实。")
    county.press("存下来")
    county.page.wait_for_url("**/desk/m/**")
    county.matter = county.page.url.split("/desk/m/")[1].split("/")[0]
    county.move("first_report")
    for what in ("city_federation", "police"):
        county.choose("told_whom", what)
    county.choose("told_by", "phone")
    county.fill(
        "told_at", county.page.evaluate("new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 16)")
    )
    county.fill("report_text", "昨晚一起重伤,已送医,公安在场。下一次今晚八点报。")
    county.record()
    county.leave()

    city = Desk(chromium, town, 1280, "city")
    city.shot("person-05-home")
    watched = city.page.locator("#watch")
    assert "重大事项" in watched.inner_text()
    assert city.page.locator(f"#watch a[href*='{county.matter}']").count() == 1
    with counted(city, 5, who="市权益部部长", thing="月度一页纸:数已算好,改一句,审定送出", taps=5) as seen:
        city.follow("月度一页纸")
        city.press("起草")
        city.page.wait_for_url("**/desk/months/*-*/**")
        city.fits()
        city.shot("person-05-page")
        city.fill("wanted", "请同意下月召开一次反家暴联席会议。")
        city.press("审定送出")
        city.page.wait_for_url("**done=send**")
    assert seen.seconds < 600
    city.sees("三个事实", "两个风险", "请同意下月召开一次反家暴联席会议。")
    assert city.page.locator("textarea:visible").count() <= 1  # nothing of it can be changed any more
    city.page.locator(".d-open").first.click()
    city.sees("按行政区划排列,不排名次。", "是哪几件")
    city.leave()
