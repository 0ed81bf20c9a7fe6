"""A report by a department's square: no account, the reporter known to the desk alone, never refused in an emergency."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from anjia.casework.reporting import points
from anjia.doors.portal import slowly
from anjia.engine.matters.models import Matter, Seat
from anjia.engine.matters.tests.world import COUNTY, FOUNDED, World, at, build
from anjia.foundation.core.clock import now
from anjia.registry.posts.actions import agencies
from anjia.registry.posts.actors import SYSTEM

DOCTOR, DOCTOR_PHONE, CHILD = "卞文涛", "10013507788", "小满"
SAID = {
    "about": "child", "facts": "左眶青紫,孩子说是爸爸打的", "report_class": "multiple_injury", "police_told": "no",
    "name": CHILD, "relation": "parent", "reporter_name": DOCTOR, "reporter_post": "值班医生",
    "reporter_phone": DOCTOR_PHONE, "shield": ["identity"],
}  # fmt: skip


@pytest.fixture
def world(db: None) -> World:
    made = build()
    made.offices["hospital"] = agencies.add_agency(
        kind="hospital", name="邗江区人民医院", place=COUNTY, actor=SYSTEM, now=FOUNDED
    )
    return made


@pytest.fixture
def code(world: World) -> str:
    point = points.open_point(
        agency=world.offices["hospital"], name="急诊科", actor=world.actor("county"), now=at("03-12 12:00")
    )
    return points.code_of(point)


def scan(code: str) -> str:
    return Client().get(f"/q/{code}/").content.decode()


def slip(page: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found
    return found[1]


def sent(code: str, page: str = "", **more: object) -> str:
    said = {**SAID, "ticket": slip(page or scan(code)), **more}
    return Client().post(f"/q/{code}/", {k: v for k, v in said.items() if v != ""}).content.decode()


def receipt(page: str) -> str:
    found = re.search(r"<dd>([\d ]+)</dd>", page)
    assert found
    return found[1]


def test_scanned_and_sent_it_is_a_mandatory_report_of_the_county(world: World, code: str) -> None:
    page = sent(code)
    assert "邗江区妇联" in page
    assert "还要报公安" in page
    m = Matter.objects.get()
    assert (m.playbook, m.holder, m.urgency, m.channel) == (
        "referral-in",
        world.offices["county"],
        "urgent",
        "online",
    )
    assert m.data["source_kind"] == "mandatory_report"
    assert m.data["reporter"] == "hospital"
    assert m.parties.get(role="asking").protection == ["minor"]
    assert world.duty(m.id, "report_police")
    desk = str(world.page("county", m.id))
    assert all(part in desk for part in (DOCTOR, DOCTOR_PHONE, "急诊科", CHILD))


def test_the_reporter_is_on_nothing_that_police_and_village_see(world: World, code: str) -> None:
    sent(code)
    m = Matter.objects.get()
    world.does(
        "county", "mandatory_report", m.id, f"{now():%m-%d %H:%M}", agency=str(world.offices["police"].id),
        urgency="urgent", report_class="multiple_injury", told_first="yes", request="请依法处理",
    )  # fmt: skip
    for seat in Seat.objects.exclude(agency=world.offices["county"]).select_related("agency"):
        who = next(k for k, office in world.offices.items() if office == seat.agency)
        said = str(world.page(who, seat.matter_id, f"{now():%m-%d %H:%M}"))
        assert not [w for w in (DOCTOR, DOCTOR_PHONE, "急诊科", "人民医院") if w in said], who
    assert world.offices["police"].id in set(Seat.objects.values_list("agency", flat=True))


def test_her_doctors_name_in_the_request_is_stopped(world: World, code: str) -> None:
    from anjia.foundation.core.verdict import RuleBroken

    sent(code)
    with pytest.raises(RuleBroken) as refused:
        world.does(
            "county", "mandatory_report", Matter.objects.get().id, f"{now():%m-%d %H:%M}",
            agency=str(world.offices["police"].id), urgency="urgent", report_class="multiple_injury", told_first="yes",
            request=f"急诊科{DOCTOR}医生来电,请依法处理",
        )  # fmt: skip
    assert "request" in refused.value.fields


def test_the_receipt_opens_where_it_stands_but_decides_nothing_for_her(world: World, code: str) -> None:
    digits = receipt(sent(code))
    back = Client().post("/c/", {"receipt": digits}).content.decode()
    assert "已收到" in back
    assert "tell_community" not in back


def test_unknown_withdrawn_and_mistyped_codes_answer_alike(world: World, code: str) -> None:
    point = points.find(code)
    assert point
    points.close_point(point=point, actor=world.actor("county"), now=at("03-12 13:00"))
    answers = {Client().get(f"/q/{c}/").content for c in (code, "2" * points.LENGTH, "x", "aaaaaaaaaa")}
    answers |= {Client().post(f"/q/{c}/", SAID).content for c in (code, "2" * points.LENGTH, "x")}
    assert len(answers) == 1
    page = answers.pop().decode()
    assert "12338" in page
    assert "tel:110" in page
    assert not Matter.objects.exists()


def test_what_was_begun_while_the_code_held_is_taken(world: World, code: str) -> None:
    page, point = scan(code), points.find(code)
    assert point
    points.close_point(point=point, actor=world.actor("county"), now=at("03-12 13:00"))
    assert receipt(sent(code, page))


def test_twice_the_same_is_one_report(world: World, code: str) -> None:
    page = scan(code)
    assert receipt(sent(code, page)) == receipt(sent(code, page))
    assert Matter.objects.count() == 1


def test_an_emergency_is_taken_whatever_is_missing_and_never_slowed(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[int] = []
    monkeypatch.setattr(slowly, "wait", lambda: waited.append(1))
    for n in range(24):
        page = sent(
            code, about="", now="yes", facts=f"{n}{'字' * 3000}", report_class="", police_told="", relation=""
        )
        assert receipt(page)
    assert Matter.objects.filter(urgency="very_urgent").count() == 24
    assert not waited
    assert Matter.objects.exclude(burst="").count() == 4  # marked, not refused
    assert receipt(sent(code, facts="还有一件"))
    assert waited


def test_a_wrong_answer_keeps_what_was_typed(world: World, code: str) -> None:
    page = sent(code, about="")
    assert "请选说的是谁" in page
    assert all(part in page for part in (DOCTOR, CHILD, SAID["facts"]))  # type: ignore[operator]
    assert not Matter.objects.exists()


@pytest.mark.parametrize("name", ["record", "photo", "papers"])
def test_cards_open_for_anybody_and_print(world: World, name: str) -> None:
    assert "依据" in Client().get(f"/k/{name}/").content.decode()
    made = Client().get(f"/k/{name}/pdf/")
    assert made["Content-Type"] == "application/pdf"
    assert made.content.startswith(b"%PDF-")


def test_no_such_card(world: World) -> None:
    assert Client().get("/k/nothing/").status_code == 404
