"""One call for help, from her phone to the answer she reads: every hand it passes through, in a real browser."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from person import Desk, Person
from town import Town, served

pytestmark = pytest.mark.browser
WHERE = "湖滨小区九幢二单元"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Weeks pass in these journeys, and with them time limits of everybody else's."""
    with served(tmp_path_factory.getbasetemp()) as made:
        yield made


def ask_for_help(her: Person) -> str:
    """Four short steps, nothing ticked; returns the receipt."""
    her.go("/")
    her.fits()
    her.press("遇到难处")
    her.shot("portal-who")
    her.page.locator('button[name="who"][value="self"]').click()
    her.fill("facts", "昨晚他又摔东西，我怕孩子看见。")
    her.press("继续填写")
    assert her.page.locator("input[type=checkbox]:checked").count() == 0  # nothing is ticked for her
    her.shot("portal-decide")
    her.press("继续填写")
    her.choose("county", "321003")
    her.page.locator('select[name="township"]').select_option(label="柳浦街道")
    her.page.wait_for_selector('select[name="village"]')
    her.fill("name", "小林")
    her.press("提交")
    her.page.wait_for_selector("[data-receipt]")
    her.sees("收到了", "请记住这串数字")
    her.fits()
    her.shot("portal-received")
    digits = re.sub(r"\D", "", her.page.inner_text("[data-receipt] >> nth=0"))
    assert len(digits) == 20
    assert her.context.cookies() == []  # nothing stays on the phone
    return digits


def come_back(her: Person, receipt: str) -> None:
    her.go("/c/")
    her.fill("receipt", receipt[:4] + " " + receipt[4:])
    her.press("查看")
    her.page.wait_for_selector("h1.p-line")


def open_newest(desk: Desk) -> None:
    """The matter that has just come in: newest of those nobody has taken on (another journey's clock ran ahead)."""
    desk.go("/desk/matters/?sort=opened")
    desk.page.locator(".d-row", has_text="新收到").locator("a.d-row-main").first.click()
    desk.page.wait_for_url(re.compile(r"/desk/m/"))
    desk.matter = desk.page.url.rstrip("/").rsplit("/", 1)[-1]


def triage(desk: Desk) -> None:
    """Taken on, reached at the safe hour, assessed, graded."""
    desk.sees("小林", "由本人决定", "当日接手")
    desk.shot("desk-matter")
    desk.move("accept_in")
    desk.choose("first_or_repeat", "first")
    desk.choose("urgency", "urgent")
    desk.record()
    desk.move("call_safe")
    desk.choose("was_alone", "yes")
    desk.fill("call_words", "愿意说，暂不报警。")
    desk.record()
    desk.move("record_whereabouts")
    desk.fill("now_at", WHERE)
    desk.record()
    desk.does_not_see(WHERE)
    desk.move("assess")
    desk.choose("was_alone", "yes")
    for item in "123456789ab":
        desk.choose(f"answer_{item}", "yes" if item in "1234" else "no")
    desk.choose("judgement", "medium")
    desk.shot("desk-assess")
    desk.record()
    desk.move("grade_2")
    desk.fill("grade_words", "多次动手，有现实危险。")
    desk.record()
    desk.sees("二级响应")


def refer_police(desk: Desk, her: Person, receipt: str) -> None:
    """Refused against her word, with the words kept; she changes her mind herself; recorded on behalf."""
    desk.move("refer_police")
    desk.select("agency", "柳浦派出所")
    desk.fill("request", "请记录在案，留意这户警情。")
    desk.press("记下")
    desk.sees("她没有同意")
    assert desk.page.locator('[name="request"]').input_value() == "请记录在案，留意这户警情。"
    come_back(her, receipt)
    her.page.locator("details.p-more summary").first.click()
    her.page.locator('input[name="tell_police"]').check(force=True)
    her.page.locator('input[name="tell_community"]').check(force=True)
    her.press("就这样改")
    her.page.wait_for_selector(".a-flash--ok")
    desk.move("refer_police")
    desk.select("agency", "柳浦派出所")
    desk.choose("urgency", "normal")
    desk.fill("request", "请记录在案，留意这户警情。")
    desk.record()
    police = desk.child()
    desk.move("accept", police)
    desk.record()
    desk.sees("代录(待确认)")
    desk.move("give_reply", police)
    desk.select("outcome", "已出警、制止并取证")
    desk.fill("reply_text", "已登记，加强巡查。")
    desk.record()
    desk.sees("已书面回复")


def refer_court(desk: Desk, clerk: Desk) -> None:
    """Returned with a reason, sent again, accepted, answered."""
    desk.move("refer_court")
    desk.select("agency", "邗江区人民法院")
    desk.choose("urgency", "urgent")
    desk.fill("request", "申请人身安全保护令。")
    desk.record()
    court = desk.child()
    clerk.go(f"/desk/m/{court}/")
    clerk.sees("小林", "接收")
    clerk.does_not_see(WHERE, "昨晚他又摔东西")
    clerk.shot("desk-court")
    clerk.move("return_back", court)
    clerk.choose("return_reason", "incomplete")
    clerk.press("记下")
    clerk.sees("这一项要填")
    clerk.fill("return_words", "缺证据目录。")
    clerk.record()
    desk.go(f"/desk/m/{court}/")
    desk.sees("已退回", "缺证据目录")
    desk.move("resend", court)
    desk.fill("what_changed", "目录补齐了。")
    desk.record()
    clerk.move("accept", court)
    clerk.record()
    clerk.move("give_reply", court)
    clerk.select("outcome", "已立案")
    clerk.fill("reply_text", "已受理。")
    clerk.record()


def village_helps(desk: Desk, village: Desk) -> None:
    """Invited with her word; one card, her task, never where she is; done in few taps."""
    desk.move("register_forms")
    desk.fill("residence__words", "杨林")
    desk.page.locator('input[name="residence"][value="321003990001"]').check(force=True)
    desk.record()
    desk.move("invite_village")
    desk.record()
    desk.move("plan_visit")
    desk.choose("visit_whom", "complained")
    desk.choose("visit_way", "agreed_place")
    desk.fill("visit_task", "跟他说说邻里之约。")
    desk.record()
    village.go("/desk/")
    assert village.page.locator("article.a-big").count() <= 3
    village.go(f"/desk/m/{desk.matter}/")
    village.sees("跟他说说邻里之约")
    village.does_not_see(WHERE, "昨晚他又摔东西")
    village.fits()
    village.shot("village-task")
    village.choose("visit_found", "safe")  # the card is the form
    village.press("记下")
    village.page.wait_for_url("**done=**")
    village.sees("已记下")


def found(city: Desk, matter: str) -> bool:
    """Whether the list says so, on one of its pages."""
    link, further = city.page.locator(f'a[href*="{matter}"]'), city.page.locator(".a-pager a[rel=next]")
    while not link.count() and further.count():
        further.first.click()
        city.page.wait_for_load_state()
    return bool(link.count())


def late_and_claimed(desk: Desk, town: Town, browser: Any, width: int) -> None:
    """Days pass, nobody acts: it climbs to the city, which claims it."""
    town.serve(ahead=24 * (16 if width > 500 else 20))  # later each time: the clock only runs forward
    city = Desk(browser, town, width, "city")
    deadline = 30
    for _second in range(deadline):
        city.go("/desk/duties/?which=climbed")
        if found(city, desk.matter):
            break
        city.page.wait_for_timeout(1000)
    city.page.locator(f'a[href*="{desk.matter}"]').first.click()
    city.sees("已提级", "上级只看进度")
    city.does_not_see("小林", WHERE)
    city.shot("desk-climbed")
    city.move("claim", desk.matter)
    city.page.locator('[name="duty"]').first.wait_for(state="attached")
    radios = city.page.locator('input[name="duty"]')
    if radios.count():
        radios.first.check(force=True)
    else:
        city.page.locator('select[name="duty"]').select_option(index=1)
    city.press("记下")
    if "也改了这一页" in city.page.inner_text("body"):  # one more of its duties climbed meanwhile
        city.press("用我的")
    city.sees("已记下")
    city.leave()


def finish(desk: Desk) -> None:
    """Result, answer, report up: closed."""
    desk.move("close_resolved")
    desk.choose("outcome", "safe_now")
    desk.fill("why", "她说已经平安。")
    desk.record()
    desk.sees("答复本人", "上报")
    desk.move("reply")
    desk.fill("reply_words", "您的事公安和法院都已接手，有事随时找我们。")
    desk.choose("reply_channel", "receipt")
    desk.record()
    desk.move("report_up")
    desk.choose("report_stage", "final")
    desk.fill("report_words", "办结一件。")
    desk.record()
    desk.sees("已答复本人")


ON_A_PHONE = pytest.param(
    360,
    marks=pytest.mark.skipif(
        bool(os.environ.get("ANJIA_DATABASE")), reason="other database: walked there at one width"
    ),
)


@pytest.mark.parametrize("width", [1280, ON_A_PHONE])
def test_from_her_phone_to_the_answer_she_reads(town: Town, chromium: Any, width: int) -> None:
    town.serve()
    her = Person(chromium, town, width)
    receipt = ask_for_help(her)
    desk = Desk(chromium, town, width, "hanjiang")
    desk.sees("今天要做", "就要到期", "新来的")
    desk.shot("desk-home")
    open_newest(desk)
    triage(desk)
    refer_police(desk, her, receipt)
    clerk = Desk(chromium, town, width, "court-clerk")
    refer_court(desk, clerk)
    clerk.leave()
    village = Desk(chromium, town, 360, "village")
    village_helps(desk, village)
    village.leave()
    matter = desk.matter
    desk.leave()
    later = Desk.__new__(Desk)
    later.matter = matter
    late_and_claimed(later, town, chromium, width)
    desk = Desk(chromium, town, width, "hanjiang")
    desk.matter = matter
    finish(desk)
    come_back(her, receipt)
    her.sees("您的事公安和法院都已接手")
    her.shot("portal-answer")
    desk.go(f"/desk/m/{matter}/")
    desk.sees("本人已看到")
    desk.leave()
    her.leave()


def test_the_ledger_is_whole_after_all_that(town: Town) -> None:
    done = town.command("ledger", "verify")
    assert done.returncode == 0, done.stderr
    assert "相符" in done.stdout
