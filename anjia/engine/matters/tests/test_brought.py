"""What others bring to the federation: seen the same day, returned in time or taken up, the sender answered.

Who reported is known to the desk alone.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from anjia.engine.matters import actions
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.engine.matters.models import Party
from anjia.engine.matters.tests.world import VILLAGE, World, at
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, RuleBroken
from anjia.foundation.vault.models import Sealed

REPORTER, CHILD = "王校医", "小满"


def brought(world: World, when: str = "04-29 16:00", **data: Any) -> UUID:
    child = PartyInput(
        role="asking", age_band="0-5", sealed={"label": {"name": CHILD}}, residence=VILLAGE,
        protection=("minor",), decisions=Decisions(),
    )  # fmt: skip
    teller = PartyInput(
        role="reporting", sealed={"reporter": {"reporter_name": REPORTER, "reporter_unit": "某小学"}}
    )
    return actions.open_matter(
        playbook="referral-in",
        actor=world.actor("county", when),
        now=at(when),
        channel="transfer",
        place=VILLAGE,
        parties=[child, teller],
        data={
            "source_kind": "mandatory_report",
            "report_class": "multiple_injury",
            "facts": "身上多处旧伤",
            **data,
        },
    ).matter


def due(world: World, m: UUID, kind: str) -> str:
    return world.duty(m, kind).due_at.astimezone(SHANGHAI).isoformat()[:16]


def test_clocks_of_what_is_brought(world: World) -> None:
    m = brought(world)
    assert due(world, m, "look") == "2026-04-29T23:59"
    assert due(world, m, "report_police") == "2026-04-29T18:00"  # two hours, whatever the hour
    # five working days over Labour Day and its make-up Saturday: 30 April, 6, 7, 8 and Sat 9 May
    assert due(world, m, "object") == "2026-05-09T23:59"


def test_a_hotline_call_has_no_police_clock(world: World) -> None:
    m = brought(world, source_kind="hotline_12345", report_class="")
    assert not [d for d in world.page("county", m).duties if d.kind == "report_police"]


def test_what_is_not_ours_goes_back_with_a_reason(world: World) -> None:
    m = brought(world)
    with pytest.raises(RuleBroken) as refused:
        world.does(
            "county", "return_it", m, "04-30 09:00", return_reason="not_ours", returned_on="2026-04-30"
        )
    assert "return_words" in refused.value.fields
    world.does("county", "return_it", m, "04-30 09:00", return_reason="not_ours", returned_on="2026-04-30",
               return_words="属教育部门,请转区教育局。")  # fmt: skip
    assert world.row(m).result == "returned"


def test_reporter_is_known_to_the_desk_alone(world: World) -> None:
    m = brought(world)
    assert REPORTER in str(world.page("county", m).people)
    police = world.does(
        "county", "mandatory_report", m, "04-29 16:30", agency=str(world.offices["police"].id), urgency="very_urgent",
        report_class="multiple_injury", told_first="yes", request="请依法处置。",
    ).child  # fmt: skip
    dv = world.does("county", "take_up_dv", m, "04-29 17:00", reporter="school", urgency="urgent").child
    assert police
    assert dv
    for who, matter in (("police", police), ("police", m), ("city", m), ("county", dv)):
        page = world.page(who, matter)
        assert REPORTER not in str(page), (who, matter)
    assert CHILD in str(world.page("police", police).names)
    assert not Party.objects.filter(matter__in=[police, dv], role="reporting").exists()
    assert Sealed.objects.filter(compartment="reporter").count() == 1


def test_taken_up_in_the_right_procedure_and_the_sender_is_answered(world: World) -> None:
    m = brought(world, source_kind="hotline_12338", report_class="")
    world.does("county", "check", m, "04-29 16:20", checked="ours", urgency="normal")
    child = world.does(
        "county", "take_up_petition", m, "04-29 16:40", matter_class="custody", facts="要求探望"
    ).child
    assert child is not None
    assert world.row(child).playbook == "petition"
    assert world.row(m).stage == "taken_up"
    answer = {"answer_words": "已受理并办结。", "answer_on": "2026-05-20"}
    with pytest.raises(NotAllowed):  # it still runs
        world.does("county", "answer_sender", m, "05-20 09:00", **answer)
    world.does(
        "county",
        "not_accept",
        child,
        "05-10 09:00",
        told_how="phone",
        told_on="2026-05-10",
        why="已向法院起诉",
    )
    world.does("county", "answer_sender", m, "05-20 09:00", **answer)
    assert world.row(m).result == "answered"
