"""A household that puts itself forward, on a phone in Chinese: three minutes, and it sees how far things are."""

from __future__ import annotations

from typing import Any

import pytest
from person import Person
from town import Town
from usability import counted

pytestmark = pytest.mark.browser
OPEN, ON_NOTICE, NONE_YET = "邗江区", "仪征市", "江都区"


def test_three_minutes_and_then_how_far_it_is(town: Town, chromium: Any) -> None:
    her = Person(chromium, town, 390)
    her.go("/")
    with counted(
        her, 11, who="申报“平安家庭”的居民", thing="自荐,拿到查询码,回来看到哪一步", taps=16
    ) as seen:
        her.follow("平安家庭推选")
        her.follow(OPEN)
        her.follow("柳浦街道")
        her.follow("杨林社区")
        her.fits()
        her.shot("person-11-form")
        her.fill("name-0", "高德林")
        her.choose("agrees-0", "yes")
        her.choose("named-0", "yes")
        her.fill("name-1", "陈月英")
        her.choose("agrees-1", "yes")
        her.press("我要自荐")
        her.sees("收到了", "查询码")
        receipt = her.page.inner_text("[data-receipt]")
        her.shot("person-11-received")
        her.press("查到哪一步")
        her.fill("receipt", receipt)
        her.press("查看")
        her.page.locator(".p-course").wait_for()
        her.sees("收到了,乡镇(街道)妇联正在看。", "公示五个工作日")
    assert seen.seconds < 180
    her.fits()
    her.shot("person-11-standing")
    her.leave()


def test_whoever_is_on_notice_is_seen_and_nothing_else(town: Town, chromium: Any) -> None:
    neighbour = Person(chromium, town, 390)
    neighbour.go("/")
    neighbour.follow("平安家庭推选")
    neighbour.follow(ON_NOTICE)
    neighbour.sees("本轮尚未开始。上一轮已在")
    neighbour.follow("看公示")
    neighbour.sees("公示到")
    neighbour.fits()
    neighbour.shot("person-11-notice")
    neighbour.page.get_by_role("button", name="提出不同意见").first.click()
    neighbour.press("提交")
    neighbour.sees("请写是什么事。")
    neighbour.fits()
    neighbour.go("/h/")
    neighbour.follow(NONE_YET)
    neighbour.follow("看公示")
    neighbour.sees("目前没有公示。")  # what was published here in summer is no longer shown
    for word in ("评比", "排名", "落选", "评选"):
        neighbour.does_not_see(word)
    neighbour.leave()
