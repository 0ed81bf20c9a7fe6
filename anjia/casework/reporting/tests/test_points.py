"""Codes of departments: kept by the office or its federation's head, found by nobody who holds the database, revocable."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from anjia.casework.reporting import cards, points, reports
from anjia.casework.reporting.models import ReportPoint
from anjia.engine.matters import resident
from anjia.engine.matters.models import Duty
from anjia.engine.matters.safe_contact import LOOK
from anjia.engine.matters.tests.world import COUNTY, FOUNDED, OTHER, World, at, build, hired
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, NotFound, Refused, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.outbox.models import Outbox
from anjia.registry.posts.actions import agencies
from anjia.registry.posts.actors import SYSTEM
from anjia.registry.posts.models import Agency

NOON = at("03-12 12:00")


@pytest.fixture
def world(db: None) -> World:
    made = build()
    for key, place in (("hospital", COUNTY), ("far", OTHER)):
        made.offices[key] = agencies.add_agency(
            kind="hospital", name=f"人民医院{place}", place=place, actor=SYSTEM, now=FOUNDED
        )
        made.posts[key] = hired(key, made.offices[key], "officer")
    return made


def opened(world: World, who: str = "hospital", name: str = "急诊科") -> ReportPoint:
    return points.open_point(agency=world.offices["hospital"], name=name, actor=world.actor(who), now=NOON)


def test_a_code_is_found_printed_again_and_readable_by_nobody_with_the_database(world: World) -> None:
    point = opened(world)
    code = points.code_of(point)
    assert points.find(code) == point
    assert points.find(code.upper()) == point
    row = ReportPoint.objects.values_list("code_hash", "code").get()
    assert not [column for column in row if code.encode() in bytes(column)]
    assert points.CODE.fullmatch(code)
    assert Event.objects.filter(matter=point.agency_id, move=points.OPENED).count() == 1


def test_a_withdrawn_code_a_stopped_office_and_an_unknown_code_find_nothing(world: World) -> None:
    point, other = opened(world), opened(world, name="儿科")
    points.close_point(point=point, actor=world.actor("hospital"), now=NOON)
    assert points.find(points.code_of(point)) is None
    assert points.find("2" * points.LENGTH) is None
    assert points.find("../etc") is None
    Agency.objects.filter(pk=point.agency_id).update(stopped_at=NOON)
    assert points.find(points.code_of(other)) is None
    with pytest.raises(RuleBroken):
        points.close_point(point=point, actor=world.actor("county"), now=NOON)


@pytest.mark.parametrize(
    ("who", "may"),
    [("hospital", True), ("county", True), ("city", True), ("officer", False), ("other", False), ("far", False),
     ("police", False), ("village", False), ("leader", False)],
)  # fmt: skip
def test_who_keeps_the_codes_of_a_hospital(world: World, who: str, may: bool) -> None:
    if may:
        assert points.kept_by(world.actor(who), world.offices["hospital"].id)
        assert opened(world, who)
        return
    with pytest.raises(NotFound):
        points.kept_by(world.actor(who), world.offices["hospital"].id)
    with pytest.raises(NotAllowed):
        opened(world, who)


def test_an_office_that_need_not_report_has_no_codes(world: World) -> None:
    with pytest.raises(NotAllowed):
        points.open_point(
            agency=world.offices["police"], name="值班室", actor=world.actor("county"), now=NOON
        )


def test_a_department_has_one_code_and_its_name_is_said(world: World) -> None:
    opened(world)
    for name in ("急诊科", " ", "字" * 41):
        with pytest.raises(RuleBroken) as refused:
            opened(world, name=name)
        assert set(refused.value.fields) == {"name"}


@pytest.mark.parametrize("name", ["record", "photo", "papers"])
def test_each_sheet_is_one_a4_and_names_its_source(name: str) -> None:
    import io

    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(cards.as_pdf(name))).pages
    assert len(pages) == 1
    text = "".join(pages[0].extract_text().split())
    assert "依据:" in text
    assert cards.book()[name]["title"]["zh"] in text


def reported(world: World, *parts: str) -> UUID:
    """A doctor's report by the code, taken up by the desk as a case."""
    data, errors = reports.read({"about": "adult", "facts": "左颧骨骨折。"}, [], parts)
    assert not errors
    m = reports.send(opened(world), data, now=at("03-10 09:00"), key="", burst="").matter
    known = {n: v for n, v in world.row(m).data.items() if n == "injured_parts"}  # the form has it filled in
    made = world.does(
        "county", "take_up_dv", m, "03-10 10:00", urgency="urgent", injured_on="2026-03-09", **known
    )
    assert made.child
    return made.child


def test_an_injury_of_looks_or_function_is_examined_again_after_ninety_days(world: World) -> None:
    case = reported(world, "face", "nonsense")
    owed = world.duty(case, "re_examine")
    assert (owed.rule, owed.agency) == ("appraisal.function", world.offices["county"])
    assert owed.due_at.astimezone(SHANGHAI).date().isoformat() == "2026-06-07", "90 days after 9 March"
    world.does("county", "register_forms", case, "03-11 10:00", injury="slight")
    assert world.duty(case, "re_examine").id == owed.id
    world.does(
        "county", "remind_exam", case, "06-01 10:00", words="请看一下约好的日子。", reply_channel="receipt"
    )
    with access.reading(world.actor("county"), route="t", how="open"):
        assert [s.words for s in resident.status(world.row(case)).said] == ["请看一下约好的日子。"]
    world.does("county", "re_examined", case, "06-02 10:00", reexamined="arranged")
    world.does("county", "register_forms", case, "06-03 10:00", injury="slight")
    assert not Duty.objects.filter(matter=case, kind="re_examine", done_at__isnull=True).exists()


def test_she_is_reminded_by_text_only_where_she_agreed(world: World, settings: Any) -> None:
    settings.SMS_RESIDENTS = True
    case = reported(world, "teeth")
    with pytest.raises(Refused):
        world.does("county", "remind_exam", case, "06-01 10:00", words="请看。", reply_channel="sms")
    assert not Outbox.objects.filter(kind=LOOK).exists()


def test_other_injuries_owe_no_second_examination(world: World) -> None:
    assert not Duty.objects.filter(matter=reported(world, "other"), kind="re_examine").exists()


def test_a_hospital_that_answers_says_it_too(world: World) -> None:
    case = world.responding()
    child = world.refers(case, "refer_hospital", "hospital", "03-11 09:00")
    other = world.refers(case, "refer_shelter", "shelter", "03-11 09:10")
    world.does("hospital", "give_reply", child, "03-12 09:00", outcome="treated", reply_text="已诊治",
               injured_parts=["hearing"], injured_on="2026-03-10")  # fmt: skip
    owed = world.duty(case, "re_examine")
    assert owed.due_at.astimezone(SHANGHAI).date().isoformat() == "2026-06-08"
    world.does("county", "re_examined", case, "03-13 09:00", reexamined="declines")
    world.does("shelter", "give_reply", other, "03-14 09:00", outcome="done", reply_text="已安排")
    assert not Duty.objects.filter(matter=case, kind="re_examine", done_at__isnull=True).exists()
