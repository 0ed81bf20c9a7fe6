"""县(区)权益部部长, on Monday: three warning letters came on paper, are photographed in one go and typed beside the picture.

The one thing that makes or breaks it: what came on paper is scheduled at once (查访 7日、3个月), and nothing is typed twice.
"""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from person import Desk
from PIL import Image, ImageDraw
from town import Town
from usability import counted

pytestmark = pytest.mark.browser
STATION = "柳浦派出所"


def photo(number: str, turned: bool = False) -> dict[str, Any]:
    """A letter on the table, as a telephone takes it."""
    image = Image.new("RGB", (900, 1250), (238, 236, 228))
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 60, 840, 1190), fill=(252, 251, 247))
    for n in range(9):
        draw.rectangle((130, 200 + 90 * n, 700 - 40 * (n % 3), 220 + 90 * n), fill=(70, 70, 74))
    draw.text((520, 120), number, fill=(20, 20, 20))
    out = io.BytesIO()
    (image.rotate(90, expand=True) if turned else image).save(out, "JPEG")
    return {"name": f"IMG_{number}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def today(desk: Desk) -> date:
    return date.fromisoformat(desk.page.evaluate("new Date().toLocaleDateString('sv')"))


def typed(desk: Desk, number: str, day: date, her: str, him: str) -> None:
    """What stands on the paper, with the keyboard alone once the office is chosen."""
    desk.fill("letter_no", number)
    desk.fill("letter_at", day.isoformat())
    desk.fill("name", her)
    desk.fill("their_name", him)


def test_monday_three_letters_on_paper(town: Town, chromium: Any) -> None:
    desk = Desk(chromium, town, 1280, "hanjiang")
    desk.sees("今天要做", "就要到期")
    served = today(desk) - timedelta(days=2)
    with counted(
        desk, 4, who="县(区)权益部部长", thing="三份纸质告诫书:一起拍、对着录、查访排上", taps=14
    ) as seen:
        desk.page.get_by_role("link", name="纸件录入").first.click()
        papers = [photo("801"), photo("802", turned=True), photo("801")]
        desk.page.locator('input[type="file"][name="papers"]').set_input_files(papers)
        desk.press("上传，开始录")
        desk.page.wait_for_url(re.compile(r"/desk/incoming/[0-9a-f-]{36}/$"))
        desk.sees("共 3 份，还有 3 份没录")
        batch = desk.page.url
        desk.page.get_by_role("link", name="接着录第 1 张").click()
        desk.page.wait_for_selector("[data-page] img")
        desk.select("office", STATION)
        typed(desk, "演告〔2026〕801号", served, "沐晚照", "戚长庚")
        desk.shot("desk-incoming-sheet")
        desk.press("存下，下一份")
        # the second lies on its side, and its day is mistyped: said beside the field, everything else still there
        desk.sees("第 2 份，共 3 份")
        desk.page.keyboard.press("Alt+r")
        assert (
            desk.page.locator('select[name="office"]').evaluate("s => s.selectedOptions[0].text") == STATION
        )
        typed(desk, "演告〔2026〕802号", served + timedelta(days=30), "蔺如初", "单于飞")
        desk.press("存下，下一份")
        desk.sees("送交时间", "这个日子还没有到")
        assert desk.page.locator('[name="their_name"]').input_value() == "单于飞"
        desk.fill("letter_at", served.isoformat())
        desk.press("存下，下一份")
        # the third is the first once more: not a second matter, one more picture
        desk.sees("第 3 份，共 3 份")
        typed(desk, "演告[2026]801号", served, "沐晚照", "戚长庚")
        desk.press("存下")
        desk.sees("看起来已经有了", "同一份，照片放进去")
        desk.page.locator("#f-choice input").first.check()
        desk.press("存下")
        desk.sees("办成 3 份，放弃 0 份")
    assert seen.pages >= 7
    assert desk.page.url == batch
    desk.shot("desk-incoming-done")
    numbers = re.findall(r"已存进 (\d{6}-\d{4}-\d{6}-\d)", desk.page.inner_text("main"))
    assert len(numbers) == 3
    assert numbers[0] == numbers[2] != numbers[1]
    desk.page.get_by_role("link", name="打开事项").first.click()
    first = served + timedelta(days=7)
    desk.sees("告诫后查访(双方)", f"{first.month}月{first.day}日", "代录(待确认)", "沐晚照", STATION)
    # the week's list: the visits stand there as what the station owes, with who has not answered yet
    desk.go("/desk/duties/?which=waiting")
    desk.sees("告诫后查访(双方)", "沐晚照", "蔺如初", STATION)
    desk.shot("desk-waiting")
    desk.leave()


def test_a_township_officer_takes_one_letter_with_a_phone(town: Town, chromium: Any) -> None:
    """A browser that dies half-way costs nothing: the letter is typed on where it was left."""
    desk = Desk(chromium, town, 360, "street")
    desk.go("/desk/incoming/")
    desk.page.locator('input[type="file"][name="papers"]').set_input_files([photo("803")])
    desk.press("上传，开始录")
    desk.page.wait_for_url(re.compile(r"/desk/incoming/[0-9a-f-]{36}/$"))
    desk.page.get_by_role("link", name="接着录第 1 张").click()
    desk.page.wait_for_selector("[data-page] img")
    desk.fits()
    desk.select("office", STATION)
    typed(desk, "演告〔2026〕803号", today(desk), "单若水", "")
    desk.page.locator("[data-kept]", has_text="已存").wait_for()
    where = desk.page.url
    desk.leave()
    again = Desk(chromium, town, 360, "street")
    again.page.goto(where)
    assert again.page.locator('[name="name"]').input_value() == "单若水"
    again.press("存下")
    again.sees("办成 1 份")
    again.fits()
    again.shot("desk-incoming-phone")
    again.leave()
