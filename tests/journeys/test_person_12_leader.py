"""The vice-mayor: reads one page, decides, writes an instruction on the phone, sees it come back, and meets no person."""

from __future__ import annotations

import re
from typing import Any

import pytest
from person import Desk, Person
from town import Town
from usability import counted

pytestmark = pytest.mark.browser
SAID = "请市妇联会同公安,十日内把到期没有回复的协办函清一遍。"
DONE = "到期协办函已逐件回复,今后每周一清一次。"


def test_reads_writes_and_sees_it_closed(town: Town, chromium: Any) -> None:
    leader = Person(chromium, town, 390, "leader")
    leader.shot("person-12-home")
    with counted(leader, 12, who="副市长", thing="读一页纸、作决定、写一条批示", taps=9) as seen:
        leader.page.locator("#waiting .d-row-main").first.click()
        leader.page.wait_for_url("**/desk/months/*-*/**")
        leader.fits()
        leader.shot("person-12-page")
        leader.choose("answer", "agree")
        leader.fill("answer_text", "同意")
        leader.press("作出决定")
        leader.page.wait_for_url("**done=decide**")
        leader.follow("写批示")
        leader.fill("said", SAID)
        leader.press("交办")
        leader.page.wait_for_url("**/desk/instructions/*-*/")
    assert seen.seconds < 300
    leader.fits()
    here = leader.page.url
    matter = here.split("/instructions/")[1].split("/")[0]

    city = Desk(chromium, town, 1280, "city")
    city.matter = matter
    city.move("keep")
    city.fill("plan", "本周与公安局一起逐件催办。")
    city.record()
    city.move("report_back")
    city.choose("done_what", "done")
    city.fill("reply_text", DONE)
    city.record()
    city.leave()

    leader.go("/desk/")
    leader.sees("新回报")
    leader.page.locator("#instructions .d-row-main", has_text=SAID[:12]).click()
    leader.sees(SAID, DONE, "已办完")
    leader.shot("person-12-reply")
    leader.press("已阅")
    leader.page.wait_for_load_state()
    leader.go("/desk/")
    leader.does_not_see(SAID[:12])
    meets_nobody(leader, matter)
    leader.leave()

    at_her_desk = Person(chromium, town, 1280, "leader")
    at_her_desk.fits()
    meets_nobody(at_her_desk, matter)
    at_her_desk.leave()


def meets_nobody(leader: Person, matter: str) -> None:
    """From his pages no link leads to a matter, and no address opens one: not even that of his own instruction."""
    seen: set[str] = set()
    waiting = ["/desk/"]
    while waiting and len(seen) < 25:
        path = waiting.pop()
        seen.add(path)
        leader.go(path)
        leader.does_not_see("周晓兰", "丁海峰")
        hrefs = leader.page.locator("main a[href], nav a[href]").evaluate_all(
            "all => all.map(a => a.getAttribute('href'))"
        )
        assert not [h for h in hrefs if re.search(r"/desk/m/", h)], path
        waiting += [
            h for h in hrefs if re.match(r"/desk/(months|instructions|figures)/", h) and h not in seen
        ]
    leader.go(f"/desk/m/{matter}/")
    leader.sees("没有找到")
