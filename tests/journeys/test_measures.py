"""A warning letter on paper and a protection order, as the county's desk works with them in a real browser."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from person import Desk, Person
from test_dv_case import WHERE, ask_for_help, open_newest, triage
from town import Town

pytestmark = pytest.mark.browser
COUNTED = "连续无暴力的查访 0 次"
PAPER = {"name": "文书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n"}


def case(town: Town, browser: Any) -> Desk:
    """A case that was taken on, reached and assessed."""
    her = Person(browser, town, 360)
    ask_for_help(her)
    her.leave()
    desk = Desk(browser, town, 1280, "hanjiang")
    open_newest(desk)
    triage(desk)
    return desk


def attach(desk: Desk) -> None:
    """The paper is photographed."""
    desk.page.locator('input[type="file"][name="papers"]').set_input_files([PAPER])


def today(desk: Desk) -> date:
    return date.fromisoformat(desk.page.evaluate("new Date().toLocaleDateString('sv')"))


def said(day: date) -> str:
    """A day as the desk writes it."""
    return f"{day.month}月{day.day}日"


def test_a_warning_letter_on_paper_brings_visits_and_a_repeat_starts_the_count_again(
    town: Town, chromium: Any
) -> None:
    desk = case(town, chromium)
    desk.move("record_warning")
    handed = today(desk)
    desk.fill("letter_no", "演告字77号")
    desk.fill("letter_at", f"{handed.isoformat()}T00:01")
    attach(desk)
    desk.record()
    desk.sees("告诫期", "受害人")
    letter = desk.child()
    desk.go(f"/desk/m/{letter}/")
    desk.sees("告诫后查访(双方)", said(handed + timedelta(days=7)), "通知居(村)委")
    desk.shot("desk-letter")
    desk.move("visit", letter)
    desk.choose("saw_him", "yes")
    desk.choose("seen_apart", "yes")
    desk.select("visit_found", "平安，没有新的暴力")
    desk.record()
    desk.sees("告诫期(定期查访)")
    assert COUNTED in desk.page.content()  # the first visit is not one of the three
    desk.move("new_incident")
    desk.record()
    desk.go(f"/desk/m/{letter}/")
    desk.sees("个案里记下又发生")
    assert COUNTED in desk.page.content()
    desk.does_not_see(WHERE)
    desk.leave()


def test_an_urgent_order_is_decided_in_a_day_runs_six_months_and_is_extended(
    town: Town, chromium: Any
) -> None:
    desk = case(town, chromium)
    desk.move("apply_order")
    desk.choose("urgent", "yes")
    desk.record()
    order = desk.child()
    desk.move("packet", order)
    desk.choose("urgent", "yes")
    desk.choose("who_applies", "herself")
    desk.choose("measures_sought", "no_violence")
    desk.choose("evidence_kinds", "statement")
    desk.fill("facts", "多次动手。")
    desk.record()
    desk.move("file", order)
    desk.select("to_court", "邗江区人民法院")
    desk.record()
    clerk = Desk(chromium, town, 1280, "court-clerk")
    clerk.move("accept", order)
    clerk.record()
    clerk.sees("作出裁定", "反家庭暴力法")
    clerk.does_not_see(WHERE, "昨晚他又摔东西")
    made = today(clerk)
    until = made + timedelta(days=120)
    clerk.move("record_order", order)
    clerk.fill("order_no", "演民保令77号")
    clerk.fill("order_on", made.isoformat())
    clerk.fill("order_until", until.isoformat())
    clerk.choose("order_measures", "no_violence")
    attach(clerk)
    clerk.record()
    clerk.sees("保护令有效", "送达当事人")
    clerk.leave()
    desk.go(f"/desk/m/{desk.matter}/")
    desk.sees("保护令期", "申请人")
    desk.go(f"/desk/m/{order}/")
    desk.sees("到期前问她是否延长", said(until))
    desk.shot("desk-order")
    longer = made + timedelta(days=170)
    desk.move("extend", order)
    desk.fill("asked_on", made.isoformat())
    desk.fill("order_no", "演民保令77号之一")
    desk.fill("order_on", made.isoformat())
    desk.fill("order_until", longer.isoformat())
    attach(desk)
    desk.record()
    desk.sees(said(longer))
    desk.does_not_see(WHERE)
    desk.leave()
