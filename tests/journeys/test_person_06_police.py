"""公安家暴专班/社区民警:不登录、不联网,扫纸上一码半分钟答复;用手机扫,或在办公电脑上手输。"""

from __future__ import annotations

from typing import Any

import pytest
from person import Desk, Person
from town import Town
from usability import counted

pytestmark = pytest.mark.browser
#: A case of the county with everything agreed to, and the police asked for help twice. Setting the scene, not the journey.
SCENE = """
from datetime import timedelta
from anjia.engine.matters import actions
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.foundation.core.clock import now
from anjia.registry.posts import actors
from anjia.registry.posts.models import Agency, Post
station = Agency.objects.get(name="柳浦派出所")
village = Agency.objects.filter(kind="federation", tier="village", county="321003").first().village
then = now()
head = Post.objects.get(agency__kind="federation", agency__tier="county", agency__county="321003", role="head")
actor = actors.for_post(head.id, then)
her = PartyInput(role="asking", sex="female", residence=village, decisions=Decisions(True, True, True),
                 sealed={"label": {"name": "祁向晚"}, "contact": {"phone": "10013511177"}})
him = PartyInput(role="complained", relation="spouse", sealed={"label": {"their_name": "闻人朔"}})
case = actions.open_matter(playbook="dv-case", actor=actor, now=then, channel="call", place=village, parties=[her, him],
                           data={"facts": "他又动手了"}).matter
actions.move(matter_id=case, name="accept_in", actor=actor, now=then, data={"first_or_repeat": "first", "urgency": "urgent"})
for n in (1, 2):
    print(actions.move(matter_id=case, name="refer", actor=actor, now=then, data={"agency": str(station.id),
          "urgency": "urgent", "request": f"请依法处置并告知结果。{n}"}).child)
"""
NOBODY = ("祁向晚", "闻人朔", "10013511177", "动手", "求助人", "杨林")


def letter(officer: Desk, matter: str) -> tuple[str, str]:
    """The county prints the letter; what stands on the paper: code and number."""
    officer.go(f"/desk/m/{matter}/papers/")
    officer.follow("协办函")
    officer.press("出具并打印")
    officer.page.wait_for_selector(".l-reply")
    officer.sees("回执码", "页面上没有当事人信息", f"{officer.town.url}/r/")
    code = officer.page.inner_text(".l-reply-head b").replace(" ", "")
    number = officer.page.inner_text(".l-foot").split(" · ")[0].strip()
    assert len(code) == 8
    assert code.isdigit()
    return code, number


def answered(officer: Desk, matter: str, *words: str) -> None:
    """Whoever sent the letter finds the answer on the first page and in the matter, met in time."""
    officer.page.wait_for_timeout(2500)  # the worker brings it
    officer.go("/desk/")
    officer.sees("刚答复的来函", "对方凭回执码答复了")
    officer.go(f"/desk/m/{matter}/")
    officer.sees("凭回执码答复", "柳浦派出所", "已书面回复", *words)
    state = officer.town.ask(
        "from anjia.engine.matters.models import Duty\n"
        f"print([(d.kind, d.outcome, d.is_late) for d in Duty.objects.filter(matter='{matter}')])"
    )
    assert "('accept', 'done', False)" in state


def nobody_is_named(person: Person) -> None:
    person.does_not_see(*NOBODY)
    assert "家" not in person.page.title()
    assert person.context.cookies() == []
    person.fits()


def test_the_letter_is_answered_from_a_phone_and_from_an_office_computer(chromium: Any, town: Town) -> None:
    first, second = town.ask(SCENE).split()
    officer = Desk(chromium, town, 1280, "hanjiang")
    code, number = letter(officer, first)
    officer.shot("letter-with-code")

    police = Person(chromium, town, 390)
    police.go("/r/")
    with counted(police, 6, who="公安家暴专班/社区民警", thing="扫信上的码,选结果,填文号和日期,提交", taps=5):
        police.go(f"/r/#{code}.{number}")
        police.page.wait_for_selector(".r-choices")
        assert code not in police.page.url
        police.sees("柳浦派出所", "请贵单位办理", "接收或写明理由退回", "依据", "出具告诫书", "批评教育")
        nobody_is_named(police)
        police.shot("reply-choose")
        police.press("出具告诫书")
        police.page.wait_for_selector('[name="document_no"]')
        nobody_is_named(police)
        police.fill("document_no", "扬邗公柳告〔2026〕演021号")
        police.fill("document_on", "2026-11-25")
        police.shot("reply-fill")
        police.press("提交")
        police.page.wait_for_selector(".r-done")
    police.sees("收到了,谢谢", "这个回执码已用完")
    police.shot("reply-done")
    answered(officer, first, "出具告诫书", "演021号")
    police.go(f"/r/#{code}.{number}")
    police.page.wait_for_selector("#f-code-error")
    police.sees("没有找到")
    police.leave()

    code, _number = letter(officer, second)
    desk = Person(chromium, town, 1280)
    desk.go("/r/")
    desk.fill("code", "0000 0000")
    desk.press("打开来函")
    desk.page.wait_for_selector("#f-code-error")
    assert desk.page.input_value('[name="code"]') == "0000 0000"
    desk.fill("code", f"{code[:4]} {code[4:]}")
    desk.press("打开来函")
    desk.page.wait_for_selector(".r-choices")
    desk.shot("reply-choose")
    desk.press("刑事立案")
    desk.press("提交")
    desk.sees("这一项要填")
    desk.fill("document_no", "扬邗公(柳)立字〔2026〕演9号")
    desk.press("提交")
    desk.page.wait_for_selector(".r-done")
    nobody_is_named(desk)
    desk.leave()
    answered(officer, second, "刑事立案", "演9号")
    officer.go(f"/desk/m/{second}/papers/")
    officer.sees("带回执码的函", "已凭码答复", "这里不再显示")
    officer.does_not_see(code)
    officer.leave()
