"""A mediation that stops at the fourth question: what the mediator sees, and what only the county sees."""

from __future__ import annotations

import re
from typing import Any

import pytest
from person import Desk
from test_dv_case import open_newest
from town import Town

pytestmark = pytest.mark.browser
WORDS = "前天，他掐过我的脖子。"


def register(desk: Desk) -> None:
    """He asks for mediation: “a written promise and that is that”."""
    desk.go("/desk/new/dispute-mediation/")
    desk.fits()
    desk.choose("mediation_source", "applied")
    desk.select("dispute_kind", "婚姻（离婚、分居）")
    desk.fill("dispute_words", "夫妻拌嘴，男方说写个保证算了。")
    desk.fill("name", "贺建军")
    desk.fill("phone", "10013500091")
    desk.fill("residence__words", "柳浦")
    desk.page.locator('input[name="residence"][value="321003990"]').dispatch_event("click")
    desk.fill("their_name", "卞小梅")
    desk.fill("their_phone", "10013500092")
    desk.press("存下来")
    desk.page.wait_for_url(re.compile(r"/desk/m/"))
    desk.matter = desk.page.url.split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    desk.sees("贺建军", "卞小梅", "当事人(甲方)", "核实线索，问双方愿不愿意")
    desk.shot("mediation-lead")


def prepare(desk: Desk) -> None:
    """Accepted, a mediator named, rights told, he says no to all four."""
    desk.move("accept")
    desk.choose("applied", "yes")
    desk.select("dispute_kind", "婚姻（离婚、分居）")
    desk.record()
    desk.move("appoint_mediator")
    desk.page.locator('[name="mediator"]').first.wait_for(state="attached")
    desk.select("mediator", "施兰 · 人民调解员")
    desk.record()
    desk.move("tell_rights")
    for box in desk.page.locator('input[name="told_rights"]').all():
        box.check(force=True)
    desk.fill("told_on", desk.page.evaluate("new Date().toISOString().slice(0, 10)"))
    desk.record()
    desk.move("safety_first")
    answer(desk, "no")
    desk.record()


def answer(desk: Desk, last: str) -> None:
    desk.choose("was_alone", "yes")
    for name in ("afraid", "hurt", "threatened"):
        desk.choose(name, "no")
    desk.choose("choked", last)


@pytest.mark.parametrize("width", [1280])
def test_a_mediation_stops_at_the_fourth_question_and_becomes_a_case(
    town: Town, chromium: Any, width: int
) -> None:
    desk = Desk(chromium, town, width, "mediator")
    register(desk)
    prepare(desk)
    desk.move("safety_second")
    desk.sees("掐过您的脖子", "拿不准的", "今天先到这里")
    answer(desk, "yes")
    desk.fill("facts", WORDS)
    desk.shot("mediation-questions")
    desk.record()
    desk.sees("依法不调解(已转处理)")
    desk.shot("mediation-stopped")
    assert desk.page.locator('a[href*="/do/session/"]').count() == 0
    assert (
        desk.page.locator("#children a.a-child-label").count() == 0
    )  # the case is nowhere on the mediator's page
    stopped = desk.matter
    desk.go("/desk/mediators/")
    desk.sees("施兰", "任期至")
    desk.fits()
    desk.shot("mediators")
    desk.leave()
    county = Desk(chromium, town, width, "hanjiang")
    open_newest(county)
    assert county.matter != stopped
    county.sees("还没问过", "卞小梅", "贺建军", WORDS, "家庭暴力个案", "当日接手")
    county.leave()
