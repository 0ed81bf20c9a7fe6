"""申请查看, 应急查阅, 授权 and 谁看过 on the screen, each as the person whose job it is."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from anjia.doors.desk.tests.conftest import SignIn
from anjia.doors.desk.tests.test_pages import statements
from anjia.engine.matters.models import Duty, Grant
from anjia.engine.matters.tests.world import NAME, PHONE, STORY, World
from anjia.foundation.core import clock
from anjia.foundation.outbox import worker
from anjia.registry.posts import actors

ASKING = {"purpose": "serious", "words": "媒体来问,要向市领导说明"}
URGENT = {"purpose": "life", "words": "她刚打来,电话断了"}


def text(client: Any, path: str, **more: Any) -> str:
    response = client.get(path, more)
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_line_above_asks_reads_and_stands_under_who_has_looked(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    city, county = signed_in("city"), signed_in("county")
    page = text(city, f"/desk/m/{m}/")
    assert "申请查看(写明用途)" in page
    assert STORY not in page
    form = text(city, f"/desk/m/{m}/open/")
    assert "看不到联系方式" in form
    assert city.post(f"/desk/m/{m}/open/", {"purpose": "", "words": ""}).status_code == 422
    assert city.post(f"/desk/m/{m}/open/", ASKING).status_code == 302
    opened = text(city, f"/desk/m/{m}/")
    for words in (NAME, STORY, "写明用途查看", "之后重新遮住"):
        assert words in opened
    assert PHONE not in opened
    looked = text(county, f"/desk/m/{m}/looked/")
    for words in ("上级写明用途查看", "重大事项", ASKING["words"]):
        assert words in looked
    worker.drain(clock.now())
    home = text(county, "/desk/")
    assert "上级写明用途查看了" in home
    assert world.row(m).number in home


def test_lists_stand_apart_from_openings(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    county = signed_in("county")
    for _n in range(2):
        county.get("/desk/duties/")
    looked = text(signed_in("officer"), f"/desk/m/{m}/looked/")
    assert "只在列表里看到过" in looked
    assert "2 次" in looked


def test_an_emergency_needs_a_factor_and_is_reviewed(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    url = f"/desk/m/{m}/emergency/"
    stale, city = signed_in("city"), signed_in("city", "totp")
    assert "/step-up/" in stale.get(url)["Location"]
    assert "/step-up/" in stale.post(url, URGENT)["Location"]
    assert "看不到住处与去向" in text(city, url)
    assert city.post(url, {**URGENT, "words": ""}).status_code == 422
    assert not Grant.objects.exists()
    assert city.post(url, URGENT).status_code == 302
    opened = text(city, f"/desk/m/{m}/")
    assert PHONE in opened
    assert "d-opened--emergency" in opened
    assert city.post(f"/desk/m/{m}/open/", ASKING).status_code == 302
    both = text(city, f"/desk/m/{m}/")  # what lets him see more says so first
    assert 0 < both.index("d-opened--emergency") < both.index("d-opened--purpose")
    county = signed_in("county")
    looked = text(county, f"/desk/m/{m}/looked/")
    assert "a-tag--urgent" in looked
    assert URGENT["words"] in looked
    mine = text(county, f"/desk/m/{m}/")
    link = re.search(r'href="(/desk/m/[^"]+/do/review_emergency/\?duty=[^"]+)"', mine)
    assert link
    form = text(county, link[1])
    assert "复核结论" in form
    done = county.post(
        f"/desk/m/{m}/do/review_emergency/",
        {"duty": str(Duty.objects.get(kind="emergency_review").id), "emergency_verdict": "not_justified",
         "reason": "没有危险", "ver": world.row(m).ver},
    )  # fmt: skip
    assert done.status_code == 302
    assert PHONE not in text(city, f"/desk/m/{m}/")
    assert "没有正当理由" in text(county, f"/desk/m/{m}/")


def given(world: World, **more: Any) -> dict[str, Any]:
    return {
        "agency": str(world.offices["aid"].id), "grant_opens": ["label", "narrative"], "grant_purpose": "legal",
        "grant_until": actors.today(clock.now()).isoformat(), "grant_ground": "statute_duty", "reason": "代理诉讼", **more,
    }  # fmt: skip


def test_whoever_leads_grants_and_takes_back(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    county, aid = signed_in("county"), signed_in("aid")
    assert aid.get(f"/desk/m/{m}/").status_code == 404
    url = f"/desk/m/{m}/do/grant_access/"
    assert "授权其他单位查阅" in text(county, url)
    assert county.post(url, given(world, ver=world.row(m).ver)).status_code == 302
    page = text(aid, f"/desk/m/{m}/")
    for words in (NAME, STORY, "授权查阅,只能看"):
        assert words in page
    assert PHONE not in page
    assert world.row(m).number in text(aid, "/desk/matters/")
    mine = text(county, f"/desk/m/{m}/")
    link = re.search(r'href="(/desk/m/[^"]+/do/end_access/\?grant=([^"]+))"', mine)
    assert link
    assert "哪一项授权" in text(county, link[1])
    ended = county.post(
        f"/desk/m/{m}/do/end_access/",
        {"grant": link[2], "grant_end": "done", "ver": world.row(m).ver},
    )
    assert ended.status_code == 302
    assert aid.get(f"/desk/m/{m}/").status_code == 404
    assert world.row(m).number not in text(aid, "/desk/matters/")
    worker.drain(clock.now())
    home = text(aid, "/desk/")  # it is told, and led nowhere
    assert "授权已收回或到期" in home
    assert f"/desk/m/{m}/" not in home


def test_the_accused_guardian_is_refused_in_plain_words(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    him = next(p for p in world.page("county", m).people if p.role == "complained")
    typed = given(
        world, grant_ground="consent", consent_by="guardian", consent_on="2026-03-10", consent_way="face",
        giver=str(him.id), ver=world.row(m).ver,
    )  # fmt: skip
    response = signed_in("county").post(f"/desk/m/{m}/do/grant_access/", typed)
    assert response.status_code == 422
    assert "他的同意不算数" in response.content.decode()


@pytest.mark.parametrize("who", ["leader", "sysadmin", "other", "court"])
@pytest.mark.parametrize("page", ["open", "emergency"])
def test_for_others_there_is_no_such_page(world: World, signed_in: SignIn, who: str, page: str) -> None:
    m = world.responding()
    assert signed_in(who, "totp").get(f"/desk/m/{m}/{page}/").status_code in (403, 404)
    assert signed_in(who, "totp").post(f"/desk/m/{m}/{page}/", ASKING).status_code in (403, 404)


def test_an_opening_costs_whoever_leads_no_statement_more(world: World, signed_in: SignIn) -> None:
    m: UUID = world.responding()
    assert statements(signed_in("county"), f"/desk/m/{m}/") <= 12
    assert statements(signed_in("city"), f"/desk/m/{m}/") <= 12
