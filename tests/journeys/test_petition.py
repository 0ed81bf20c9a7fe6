"""From the counter to the re-review, and a serious incident in the night: in a real browser, each at their own screen."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from person import Desk, Person
from test_dv_case import come_back
from town import Town

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HER, ASKS = "钱玉珍", "要回女儿的承包地"


def moment() -> datetime:
    return datetime.now(ZoneInfo("Asia/Shanghai"))


def today() -> str:
    return moment().date().isoformat()


def register(desk: Desk) -> str:
    """Typed at the counter; the receipt is shown once."""
    desk.go("/desk/new/")
    desk.page.locator(".d-kinds a", has_text="信访").first.click()
    desk.sees("诉求", "信访人", "反映的是哪个单位")
    desk.fits()
    desk.shot("desk-petition")
    desk.fill("request", ASKS)
    desk.fill("facts", "村里分地没有我家女儿的份。")
    desk.select("matter_class", "财产权益·土地")
    desk.fill("name", HER)
    desk.fill("residence__words", "杨林")
    desk.page.locator('input[name="residence"][value="321003990001"]').dispatch_event("click")
    desk.page.locator('input[name="receipt"]').dispatch_event("click")
    desk.press("存下来")
    desk.page.wait_for_selector("[data-receipt]")
    receipt = re.sub(r"\D", "", desk.page.inner_text("[data-receipt]"))
    desk.follow("打开事项")
    desk.page.wait_for_url(re.compile(r"/desk/m/"))
    desk.matter = desk.page.url.rstrip("/").rsplit("/", 1)[-1].split("?")[0]
    return receipt


def accept_and_answer(desk: Desk) -> None:
    """Entered, accepted with a written notice, answered: not supported."""
    desk.move("entered")
    desk.fill("system_no", "XF2026-0001")
    desk.record()
    desk.move("accept")
    desk.select("told_how", "书面送达")
    desk.fill("told_on", today())
    desk.record()
    desk.sees("已受理、办理中", "办结并书面答复", "信访工作条例")
    desk.move("answer_not_supported")
    desk.fill("opinion", "经核，分地时女儿已迁出。")
    desk.fill("opinion_no", "邗妇信〔2026〕1号")
    desk.fill("answered_on", today())
    desk.choose("told_review", "yes")
    desk.record()
    desk.sees("已书面答复", "复查请求期")


def ask(desk: Desk, move: str) -> str:
    """She asks the tier above; returns the child."""
    desk.move(move)
    desk.fill("review_request", "女儿户口没有迁出。")
    desk.fill("asked_on", today())
    desk.record()
    return desk.child()


def asks_herself(chromium: Any, town: Town, receipt: str) -> None:
    """At her receipt, on her telephone: the tier above is to look again; until when stands there."""
    her = Person(chromium, town, 360)
    come_back(her, receipt)
    her.page.get_by_text("请上一级再看一次").click()
    her.sees("以前提出", "30日内书面答复")
    her.does_not_see("信访", "妇联")
    her.fits()
    her.shot("portal-review")
    her.press("提出")
    her.page.get_by_text("这一项要填").first.wait_for()
    her.fill("review_request", "女儿户口没有迁出。")
    her.press("提出")
    her.page.wait_for_selector(".a-flash--ok")
    her.sees("已交给上一级")
    her.leave()


def uphold(desk: Desk, child: str) -> None:
    desk.move("uphold", child)
    desk.fill("opinion", "原答复事实清楚。")
    desk.fill("opinion_no", "复〔2026〕1号")
    desk.fill("told_on", today())
    desk.choose("told_next", "yes")
    desk.record()


def test_a_petition_goes_to_the_re_review(town: Town, chromium: Any) -> None:
    desk = Desk(chromium, town, 1280, "hanjiang")
    receipt = register(desk)
    accept_and_answer(desk)
    asks_herself(chromium, town, receipt)
    desk.go(f"/desk/m/{desk.matter}/")
    review = desk.child()
    city = Desk(chromium, town, 1280, "city")
    city.go(f"/desk/m/{review}/")
    city.sees(HER, "提出复查意见", "信访工作条例")
    uphold(city, review)
    city.leave()
    desk.go(f"/desk/m/{desk.matter}/")
    desk.sees("已复查答复", "复核请求期")
    again = ask(desk, "ask_re_review")
    uphold(desk, again)  # the province does not sit here: the county writes down what it decided
    desk.sees("代录(待确认)", "江苏省妇联")
    desk.go(f"/desk/m/{desk.matter}/")
    desk.move("terminate")
    desk.select("told_how", "书面送达")
    desk.fill("told_on", today())
    desk.fill("why", "复核维持。")
    desk.record()
    desk.sees("信访终结")
    desk.leave()
    her = Person(chromium, town, 360)
    come_back(her, receipt)
    her.fits()
    her.page.locator('input[name="satisfaction"][value="4"]').check(force=True)
    her.press("评价")
    her.page.wait_for_selector(".a-flash--ok")
    assert her.page.locator('input[name="satisfaction"]').count() == 0
    her.leave()


def report(desk: Desk, move: str, words: str) -> None:
    desk.move(move)
    desk.choose("told_whom", "city_federation")
    desk.choose("told_by", "phone")
    desk.fill("told_at", moment().strftime("%Y-%m-%dT%H:%M"))
    desk.fill("report_text", words)


def test_a_serious_incident_from_the_first_to_the_final_report(town: Town, chromium: Any) -> None:
    desk = Desk(chromium, town, 360, "hanjiang")
    desk.go("/desk/new/serious-incident/")
    desk.fits()
    desk.press("存下来")
    desk.sees("这一项要填")
    desk.select("incident_kind", "重伤")
    desk.fill("brief", "一人重伤送医。")
    desk.press("存下来")
    desk.page.wait_for_url(re.compile(r"/desk/m/"))
    desk.matter = desk.page.url.rstrip("/").rsplit("/", 1)[-1].split("?")[0]
    desk.sees("首报(两小时内)")
    report(desk, "first_report", "昨晚一起重伤，已送医。")
    desk.record()
    city = Desk(chromium, town, 1280, "city")
    city.go(f"/desk/m/{desk.matter}/")
    city.sees("昨晚一起重伤，已送医。")
    city.leave()
    report(desk, "corrected_report", "更正：经鉴定为轻伤。")
    desk.fill("corrects_no", "1")
    desk.fill("corrects_what", "伤情写重了。")
    desk.record()
    desk.sees("昨晚一起重伤，已送医。", "更正：经鉴定为轻伤。")
    report(desk, "final_report", "已处置完毕。")
    desk.choose("outcome", "settled")
    desk.record()
    desk.move("close_final")
    desk.fill("cause", "报警未转。")
    desk.fill("lessons", "接警当日核对。")
    desk.choose("change_what", "partners")
    desk.record()
    desk.sees("已复盘办结")
    desk.leave()
