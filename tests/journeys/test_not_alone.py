"""不得单独上门 on the village's telephone: she sees that nobody goes there alone before she goes, and never why."""

from __future__ import annotations

from typing import Any

import pytest
from person import Desk, Person
from town import Town

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WHY = "灶台边上常放一把柴刀"
SAYS, REASON = "不得单独上门", "有凶器"


def card_of(phone: Person) -> str:
    """The matter that the first of her cards opens."""
    phone.go("/desk/")
    href = phone.page.locator("article.a-big a.a-btn--primary").first.get_attribute("href")
    assert href
    return href.split("/m/")[1].split("/")[0]


def said(officer: Desk, matter: str) -> None:
    """The county's officer heard of it on the telephone."""
    officer.move("not_alone", matter)
    officer.choose("not_alone_why", "weapon")
    officer.fill("more", WHY)
    officer.record()


def over(officer: Desk, matter: str) -> None:
    officer.move("alone_over", matter)
    officer.fill("reason", "刀已经由派出所收走。")
    officer.record()


def test_she_reads_it_before_she_goes_and_says_who_went_along(chromium: Any, town: Town) -> None:
    phone = Person(chromium, town, 360, "village")
    matter = card_of(phone)
    phone.go(f"/desk/m/{matter}/")
    phone.does_not_see(SAYS)
    officer = Desk(chromium, town, 1280, "hanjiang")
    said(officer, matter)
    officer.go(f"/desk/m/{matter}/")
    officer.sees(SAYS, REASON)
    try:
        warned(phone, matter)
        warned(Person(chromium, town, 360, "volunteer"), matter)
    finally:
        over(officer, matter)
    phone.go(f"/desk/m/{matter}/")
    phone.does_not_see(SAYS)
    for one in (phone, officer):
        one.leave()


def warned(phone: Person, matter: str) -> None:
    """At the top of the card, before the form; who went along is asked; why stands nowhere on this telephone."""
    phone.go(f"/desk/m/{matter}/")
    phone.sees(SAYS)
    phone.does_not_see(WHY, REASON)
    phone.fits()
    banner = phone.page.get_by_text(SAYS).first.bounding_box()
    assert banner
    assert banner["y"] < 740, "on the first screen"
    form = phone.page.locator("form#do")
    if form.count() and phone.page.locator('input[name="visit_found"]').count():
        assert banner["y"] < form.bounding_box()["y"]
        assert phone.page.locator('[name="visit_company"]').count() > 1
        phone.choose("visit_found", "safe")
        phone.choose("visit_company", "alone")
        phone.page.locator('[name="alone_reason"]').wait_for()  # asked why at once, not behind a fold
    phone.shot("not-alone")
