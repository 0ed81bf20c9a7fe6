"""The monthly page and instructions on the desk: written, sent, answered; a leader reaches no row anywhere."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from anjia.doors.desk.tests.conftest import SignIn
from anjia.engine.matters import figures
from anjia.engine.matters.models import Matter
from anjia.engine.matters.tests.world import HIS_NAME, NAME, PHONE, STORY, World, paper
from anjia.foundation.core.clock import now
from anjia.foundation.events.models import Event
from anjia.foundation.files.models import File


def page_begun(world: World, client: Client) -> str:
    sent = {"month": str(figures.month_of(now())), "office": str(world.offices["city"].id)}
    response = client.post("/desk/months/", sent)
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def typed_in(html: str) -> dict[str, str]:
    """What a person finds filled in: texts and chosen figures."""
    out = dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)</textarea>', html))
    for name, options in re.findall(r'<select[^>]* name="(\w+_from)">(.*?)</select>', html, re.S):
        out[name] = next(iter(re.findall(r'value="(\w+)" selected', options)), "")
    return out


def test_a_head_settles_the_page_with_what_is_proposed(world: World, signed_in: SignIn) -> None:
    world.help_wanted()
    city, leader = signed_in("city"), signed_in("leader")
    address = page_begun(world, city)
    draft = city.get(address).content.decode()
    filled = typed_in(draft)
    assert all(filled[s] for s in ("fact_1", "fact_2", "fact_3", "risk_1", "risk_2", "wanted"))
    assert leader.get(address).status_code == 404  # still being written
    assert city.post(address, {**filled, "do": "send"}).status_code == 302
    read = leader.get(address).content.decode()
    assert filled["fact_1"] in read
    assert "作出决定" in read
    wrong = leader.post(address, {"do": "decide", "answer": "", "answer_text": "同意,请牵头。"})
    assert wrong.status_code == 422
    assert "同意,请牵头。" in wrong.content.decode()
    assert leader.post(address, {"do": "decide", "answer": "agree", "answer_text": "同意"}).status_code == 302
    assert "同意" in city.get(address).content.decode()
    paper = leader.post(f"{address}paper/").content.decode()
    assert filled["risk_1"] in paper
    assert Event.objects.filter(move="given_out").count() == 1


def test_another_figure_brings_its_own_sentence(world: World, signed_in: SignIn) -> None:
    city = signed_in("city")
    address = page_begun(world, city)
    filled = typed_in(city.get(address).content.decode())
    sent = {**filled, "fact_1": "我自己写的", "fact_1_from": "orders", "fact_1_was": filled["fact_1_from"],
            "fact_2": "留着不变", "fact_2_was": filled["fact_2_from"], "do": "fill"}  # fmt: skip
    city.post(address, sent)
    again = typed_in(city.get(address).content.decode())
    assert "人身安全保护令" in again["fact_1"]
    assert again["fact_2"] == "留着不变"


def test_an_instruction_goes_out_and_comes_back(world: World, signed_in: SignIn) -> None:
    leader, city = signed_in("leader"), signed_in("city")
    empty = leader.post("/desk/instructions/", {"said": ""})
    assert empty.status_code == 422
    sent = leader.post("/desk/instructions/", {"on_what": "overdue", "said": "请三日内催办到期未复的单位。"})
    address = sent["Location"]
    m = UUID(address.split("/")[-2])
    assert "请三日内催办" in leader.get("/desk/").content.decode()
    assert city.get(f"/desk/m/{m}/").status_code == 200
    city.post(f"/desk/m/{m}/do/report_back/", {"done_what": "done", "reply_text": "都已回复。", "ver": "1"})
    back = leader.get(address).content.decode()
    assert "都已回复。" in back
    assert leader.post(address, {"do": "read_report"}).status_code == 302
    assert "请三日内催办" not in leader.get("/desk/").content.decode()
    assert "都已回复。" in leader.post(f"{address}paper/").content.decode()


def test_the_city_records_what_was_written_on_paper(world: World, signed_in: SignIn) -> None:
    city = signed_in("city")
    sent = {"office": str(world.offices["city"].id), "said_on": "2026-03-10", "said_how": "paper",
            "on_what": "meeting", "said": "请研究。", "papers": paper()}  # fmt: skip
    response = city.post("/desk/instructions/", sent)
    assert "/desk/m/" in response["Location"]
    [scan] = File.objects.filter(matter=response["Location"].split("/")[-2])
    assert Event.objects.get(matter=scan.matter, move="open").codes["files"] == [str(scan.id)]
    assert "请研究。" in signed_in("leader").get("/desk/instructions/").content.decode()


@pytest.mark.parametrize("name", sorted(figures.declared()))
def test_a_figure_opens_its_rows_for_whoever_may_and_for_a_leader_ends_at_office_and_clock(
    world: World, signed_in: SignIn, name: str
) -> None:
    case = world.help_wanted().matter
    Matter.objects.filter(pk=case).update(opened_at=now())
    number = Matter.objects.get(pk=case).number
    for who in ("city", "leader"):
        text = signed_in(who).get(f"/desk/figures/{name}/").content.decode()
        assert "按行政区划排列" in text or "这个月没有" in text
        for words in (NAME, HIS_NAME, PHONE, STORY):
            assert words not in text
        if who == "leader":
            assert number not in text
            assert str(case) not in text


def every_address(world: World, case: UUID) -> dict[str, Any]:
    """Each address of the desk that takes nothing or a matter, with the case's own."""
    from django.urls import get_resolver, reverse

    from anjia.registry.posts.who_may import TABLE

    out = {}
    for name in TABLE:
        space, _, short = name.partition(":")
        if space != "desk":
            continue
        for given in ({}, {"matter_id": case}, {"name": "serious"}, {"matter_id": case, "name": "note"}):
            try:
                out[reverse(name, kwargs=given)] = short
            except Exception:  # noqa: S112  an address with other parameters
                continue
    assert len(out) > 30, get_resolver
    return out


def test_whatever_address_a_leader_tries_he_meets_nobody(world: World, signed_in: SignIn) -> None:
    case = world.responding()
    number = world.row(case).number
    leader = signed_in("leader")
    for address in every_address(world, case):
        for response in (leader.get(address), leader.post(address, {"q": NAME, "on": ""})):
            text = response.content.decode("utf-8", "replace")
            for words in (NAME, HIS_NAME, PHONE, STORY, number):
                assert words not in text.replace(f'value="{NAME}"', ""), (address, words)
