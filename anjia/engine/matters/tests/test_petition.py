"""A petition by the Regulations: told, done in time, reviewed by the tier above, re-reviewed, closed for good.

And the office complained of never gets the petitioner's material.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from anjia.engine.matters import actions
from anjia.engine.matters.inputs import PartyInput
from anjia.engine.matters.models import Matter, Party, Seat
from anjia.engine.matters.tests.world import VILLAGE, World, at
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.registry.posts import actors

HER, FACTS = "钱玉珍", "村里分地没有我家女儿的份"
TOLD = {"told_how": "in_writing", "told_on": "2026-04-21"}
OPINION = {"opinion": "经核,应当支持。", "opinion_no": "邗妇信〔2026〕9号", "told_review": "yes"}
ASKED = {"review_request": "只给了一半", "asked_on": "2026-06-10"}
REVIEWED = {"opinion": "原答复事实清楚。", "opinion_no": "复查1号", "told_on": "2026-06-25"}


def petition(world: World, when: str = "04-20 09:30", **data: Any) -> UUID:
    """She comes to the county's counter."""
    her = PartyInput(
        role="asking",
        sex="female",
        sealed={"label": {"name": HER}, "contact": {"phone": "10055500001"}},
        residence=VILLAGE,
    )
    opened = actions.open_matter(
        playbook="petition",
        actor=world.actor("county", when),
        now=at(when),
        channel="visit",
        place=VILLAGE,
        parties=[her],
        data={"request": "要回承包地", "facts": FACTS, "matter_class": "land", **data},
    )
    return opened.matter


def accepted(world: World, **data: Any) -> UUID:
    m = petition(world, **data)
    world.does("county", "entered", m, "04-20 10:00", system_no="XF2026-1")
    world.does("county", "accept", m, "04-21 15:00", **TOLD)
    return m


def answered(world: World) -> UUID:
    m = accepted(world)
    world.does("county", "answer_not_supported", m, "06-01 10:00", answered_on="2026-06-01", **OPINION)
    return m


def day(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).date().isoformat()


def due(world: World, m: UUID, kind: str) -> str:
    return day(world.duty(m, kind).due_at)


def test_clocks_of_the_regulations_run_from_the_right_day(world: World) -> None:
    m = petition(world)
    assert due(world, m, "notice") == "2026-05-06"  # 15 days end on 5 May, Labour Day's last: Wed 6
    world.does("county", "accept", m, "04-21 15:00", **TOLD)
    assert due(world, m, "complete") == "2026-06-22"  # 60 days end on 20 June, Dragon Boat: Mon 22
    world.does("county", "answer_supported", m, "06-01 10:00", answered_on="2026-06-03", **OPINION)
    assert due(world, m, "review_window") == "2026-07-03"  # 30 days from the day she had the answer


def test_name_unclear_stops_the_notice_until_it_is_completed(world: World) -> None:
    m = petition(world)
    world.does("county", "unclear", m, "04-22 09:00", missing="没有住址")
    assert not Matter.objects.get(pk=m).duties.filter(kind="notice", done_at=None).exists()
    world.does("county", "clarified", m, "04-28 09:00", address="柳浦街道杨林社区")
    assert due(world, m, "notice") == "2026-05-13"


def test_only_the_head_extends_once_and_tells_her_why(world: World) -> None:
    m = accepted(world)
    words = {"told_why": "要等土地确权的材料", "told_how": "in_writing"}
    head = str(world.posts["county"].id)
    with pytest.raises(NotAllowed):
        world.does("officer", "extend_complete", m, "06-10 09:00", approved_by=head, **words)
    duty = world.duty(m, "complete")
    with pytest.raises(NotAllowed):  # the ordinary way would leave out telling her
        world.does(
            "county", "extend", m, "06-10 09:00", duty=str(duty.id), extend_ground="complex", reason="复杂"
        )
    world.does("county", "extend_complete", m, "06-10 09:00", approved_by=head, **words)
    assert due(world, m, "complete") == "2026-07-20"  # 20 June + 30, a Monday
    with pytest.raises(RuleBroken):
        world.does("county", "extend_complete", m, "07-01 09:00", approved_by=head, **words)


def test_petition_goes_up_two_tiers_and_then_rests(world: World) -> None:
    m = answered(world)
    review = world.does("county", "ask_review", m, "06-10 09:00", **ASKED).child
    assert review is not None
    assert world.row(review).holder == world.offices["city"]
    assert due(world, review, "opine") == "2026-07-10"
    assert HER in str(world.page("city", review).names)
    world.does("city", "uphold", review, "06-25 09:00", told_next="yes", **REVIEWED)
    assert world.row(m).stage == "reviewed"
    assert due(world, m, "re_review_window") == "2026-07-27"  # 25 July is a Saturday
    again = world.does(
        "county", "ask_re_review", m, "07-01 09:00", **{**ASKED, "asked_on": "2026-07-01"}
    ).child
    assert again is not None
    assert world.row(again).holder == world.offices["province"]
    # a hearing's time is not counted: ten days of it move the last day from 31 July to 10 August
    opine = world.duty(again, "opine")
    assert day(opine.due_at) == "2026-07-31"
    world.does(
        "province", "pause", again, "07-06 09:00", duty=str(opine.id), pause_ground="hearing", reason="听证"
    )
    world.does("province", "resume", again, "07-16 09:00", duty=str(opine.id))
    assert due(world, again, "opine") == "2026-08-10"
    world.does(
        "province", "uphold", again, "08-03 09:00", told_next="yes", **{**REVIEWED, "told_on": "2026-08-03"}
    )
    world.does("county", "terminate", m, "08-04 09:00", why="三级终结", **TOLD)
    row = world.row(m)
    assert (row.stage, row.result) == ("terminated", "terminated")
    with pytest.raises(NotAllowed):
        world.does("county", "ask_review", m, "08-05 09:00", **ASKED)


def test_review_cannot_pause_for_anything_but_a_hearing(world: World) -> None:
    m = answered(world)
    review = world.does("county", "ask_review", m, "06-10 09:00", **ASKED).child
    assert review is not None
    with pytest.raises(NotAllowed):
        world.does("city", "pause", review, "06-12 09:00", duty=str(world.duty(review, "opine").id),
                   pause_ground="hearing", reason="想听证")  # fmt: skip


def test_review_that_changes_the_answer_opens_the_work_again(world: World) -> None:
    m = answered(world)
    review = world.does("county", "ask_review", m, "06-10 09:00", **ASKED).child
    assert review is not None
    world.does("city", "change", review, "06-25 09:00", **REVIEWED)
    assert world.row(m).stage == "handling"
    assert due(world, m, "complete") == "2026-08-24"


def test_review_is_asked_for_in_its_thirty_days_by_herself_too(world: World) -> None:
    m = answered(world)
    moved = actions.move(
        matter_id=m, name="ask_review", actor=actors.resident(), now=at("06-20 20:00"), data=dict(ASKED)
    )
    assert world.row(moved.child or m).holder == world.offices["city"]
    late = answered(world)
    world.does("county", "no_review", late, "07-03 09:00", told_on="2026-07-03")
    with pytest.raises(NotAllowed):
        world.does("county", "ask_review", late, "07-04 09:00", **ASKED)


def test_office_complained_of_gets_none_of_her_material(world: World) -> None:
    m = accepted(world, complained_agency=str(world.offices["bureau"].id))
    bureau = str(world.offices["bureau"].id)
    given = {"agency": bureau, "urgency": "normal", "request": "请依法办理"}
    for move in ("hand_over", "refer"):
        with pytest.raises(NotAllowed) as refused:
            world.does("county", move, m, "04-22 09:00", **given)
        assert "条例第30条" in str(refused.value.verdict.reason)
    # nor by way of another office: what that one got may not be passed on either
    police = world.does(
        "county", "hand_over", m, "04-22 09:10", **{**given, "agency": str(world.offices["police"].id)}
    )
    assert police.child
    with pytest.raises((NotAllowed, RuleBroken)):
        world.does("police", "transfer", police.child, "04-22 10:00", agency=bureau, reason="归局里")
    # what may go there is an urging opinion, and it carries nobody
    urging = world.does("county", "urge", m, "04-30 09:00", agency=bureau, failed_to="not_acted",
                        demand="请依法处理并书面答复。").child  # fmt: skip
    assert urging is not None
    assert not Party.objects.filter(matter=urging).exists()
    page = world.page("bureau", urging)
    assert HER not in str(page) + str(page.names)
    assert FACTS not in str(page.entries)
    assert not Seat.objects.filter(matter=m, agency=bureau).exists()
    with pytest.raises(NotFound):
        world.page("bureau", m)
    assert day(world.duty(urging, "answer").due_at) == "2026-06-01"  # the house's 30 days end on a Saturday
    world.does("bureau", "answer", urging, "05-20 09:00", did="acted", reply_text="已立案。")
    assert world.row(urging).stage == "answered"


def test_petition_against_the_office_itself_goes_one_tier_up(world: World) -> None:
    m = petition(world, complained_agency=str(world.offices["county"].id))
    assert world.row(m).holder == world.offices["city"]
    with pytest.raises(NotFound):
        world.page("county", m)


def test_interested_colleague_no_longer_sees_it(world: World) -> None:
    m = accepted(world)
    world.page("officer", m)
    with pytest.raises(NotAllowed):
        world.does("officer", "recuse_colleague", m, "04-22 09:00",
                   recused_post=str(world.posts["county"].id), recuse_ground="kin")  # fmt: skip
    world.does("county", "recuse_colleague", m, "04-22 09:00",
               recused_post=str(world.posts["officer"].id), recuse_ground="kin")  # fmt: skip
    with pytest.raises(NotFound):
        world.page("officer", m)


def test_a_crowd_sends_at_most_five(world: World) -> None:
    with pytest.raises(RuleBroken) as refused:
        petition(world, collective=True, visitors=30, representatives=6)
    assert "representatives" in refused.value.fields
    petition(world, collective=True, visitors=30, representatives=5)


def test_she_rates_what_was_done(world: World) -> None:
    m = answered(world)
    actions.move(
        matter_id=m, name="rate", actor=actors.resident(), now=at("06-02 20:00"), data={"satisfaction": 4}
    )
    assert "4" in str(world.page("county", m).entries[-1].lines)
