"""An agency answers by the code: its own step, on time, once; never lost, never about anybody."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from anjia.engine.letters import disclosure, replying
from anjia.engine.letters.tests.test_reply_codes import asked, printed
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.models import Duty, Notice
from anjia.engine.matters.tests.world import HIS_NAME, NAME, World, at, paper
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.files.models import File
from anjia.foundation.outbox import worker

NOON = at("03-12 12:00")


def letter(copy: disclosure.Copy, when: str = "03-12 15:00") -> replying.Letter:
    assert copy.reply
    found = replying.look(code=copy.reply.code, number="", address="192.0.2.7", now=at(when)).letter
    assert found
    return found


def answers(
    copy: disclosure.Copy,
    choice: str,
    when: str = "03-12 15:00",
    key: str = "",
    files: Any = (),
    **typed: Any,
) -> Any:
    return replying.answer(
        event=letter(copy, when).event, choice=choice, typed=typed, now=at(when), key=key or uuid4().hex,
        files=files,
    )  # fmt: skip


def test_the_letter_shows_number_agency_duties_with_their_rule_and_nobody(world: World) -> None:
    copy = printed(world, "county", asked(world), "03-12 12:00")
    shown = replying.standing(letter(copy))
    assert shown.number == copy.number
    assert shown.agency == "柳浦派出所"
    assert [o.what["zh"] for o in shown.owed] == ["接收或写明理由退回"]
    assert all(o.rule["zh"] and o.due > NOON for o in shown.owed)
    labels = {a.label["zh"] for a in shown.answers}
    assert {"批评教育", "出具告诫书", "行政处罚", "刑事立案", "经查不成立"} <= labels  # 公通字〔2024〕34号 21
    assert not {"作出保护令", "已入住", "给予法律援助"} & labels
    assert not any(word in str(shown) for word in (NAME, HIS_NAME, "求助人"))


def test_the_answer_is_the_agencys_own_step_and_meets_the_duty_in_time(world: World) -> None:
    child = asked(world)
    copy = printed(world, "county", child, "03-12 12:00")
    answers(
        copy,
        "give_reply.warning_letter",
        files=[paper()],
        document_no="扬邗公柳告〔2026〕演017号",
        document_on="2026-03-12",
    )
    row = world.row(child)
    assert row.stage == "replied"
    assert row.result == "replied"
    event = Event.objects.get(matter=child, move="give_reply")
    assert (event.actor_kind, event.actor, event.post, event.agency) == (
        "agency",
        None,
        None,
        world.offices["police"].id,
    )
    assert event.codes["facts"] == {"outcome": "warning_letter", "police_outcome": "warning_letter"}
    duty = Duty.objects.get(matter=child, kind="accept")
    assert (duty.outcome, duty.done_at, duty.is_late) == ("done", at("03-12 15:00"), False)
    assert File.objects.filter(matter=child).count() == 1
    worker.drain(at("03-12 15:01"))
    assert Notice.objects.filter(matter=child, agency=world.offices["county"]).exists()
    page = world.page("county", child)
    told = next(e for e in page.entries if e.move == "give_reply")
    assert told.is_by_letter
    assert told.agency == "柳浦派出所"
    assert told.who == ""
    assert "017" in str(told.words)


def test_a_code_answers_once_and_a_double_click_is_one_answer(world: World) -> None:
    child = asked(world)
    copy = printed(world, "county", child, "03-12 12:00")
    event = letter(copy).event
    given = {"event": event, "choice": "give_reply.reprimand", "typed": {}, "now": at("03-12 15:00")}
    assert not replying.answer(**given, key="one").is_repeat
    assert replying.answer(**given, key="one").is_repeat
    with pytest.raises(NotFound):
        replying.answer(**given, key="two")
    assert Event.objects.filter(matter=child, move="give_reply").count() == 1


def test_a_first_word_does_not_use_the_code_up(world: World) -> None:
    child = asked(world)
    copy = printed(world, "county", child, "03-12 12:00")
    answers(copy, "accept", "03-12 13:00")
    assert world.row(child).stage == "accepted"
    assert [o.what["zh"] for o in replying.standing(letter(copy)).owed] == ["书面回复"]
    assert "accept" not in {a.key for a in replying.standing(letter(copy)).answers}
    answers(copy, "give_reply.dispatched", "03-12 16:00")
    assert world.row(child).stage == "replied"


def test_what_is_missing_or_too_long_is_said_beside_the_field(world: World) -> None:
    copy = printed(world, "county", asked(world), "03-12 12:00")
    with pytest.raises(RuleBroken) as broken:
        answers(copy, "give_reply.warning_letter")
    assert set(broken.value.fields) == {"document_no"}
    with pytest.raises(RuleBroken) as broken:
        answers(copy, "return_back.not_ours")
    assert set(broken.value.fields) == {"return_words"}
    with pytest.raises(RuleBroken):
        answers(copy, "return_back.not_ours", return_words="字" * 201)
    assert letter(copy)


def test_an_answer_of_another_agency_or_kind_is_none(world: World) -> None:
    copy = printed(world, "county", asked(world), "03-12 12:00")
    for choice in ("give_reply.order_granted", "recall", "note", "confirm.yes.x", "give_reply"):
        with pytest.raises(NotFound):
            answers(copy, choice)


def test_an_answer_the_stage_no_longer_allows_is_kept_and_told(world: World) -> None:
    child = asked(world)
    copy = printed(world, "county", child, "03-12 12:00")
    world.does(
        "police", "return_back", child, "03-12 13:00", return_reason="other_place", return_words="请找城西所"
    )
    answers(copy, "give_reply.reprimand", document_no="演1号", files=[paper()])
    row = world.row(child)
    assert row.stage == "returned"
    assert "outcome" not in row.data
    held = next(e for e in world.page("county", child).entries if e.move == "answer_held")
    assert held.label["zh"] == "凭回执码答复,现在的阶段用不上:书面回复"
    assert "批评教育" in str(held.lines)
    assert "演1号" in str(held.words)
    assert held.files
    worker.drain(at("03-12 15:01"))
    assert Notice.objects.filter(matter=child, agency=world.offices["county"], kind="answer_held").exists()


def test_what_was_recorded_on_behalf_is_confirmed_by_the_code(world: World) -> None:
    child = asked(world)
    copy = printed(world, "county", child, "03-12 12:00")
    world.does(
        "county", "give_reply", child, "03-12 13:00", behalf="police", outcome="reprimand", reply_text="电话答复",
        files=(paper(),),
    )  # fmt: skip
    shown = replying.standing(letter(copy))
    yes = shown.answers[0]
    assert yes.group["zh"].startswith("书面回复 · 批评教育")
    answers(copy, yes.key)
    told = next(e for e in world.page("county", child).entries if e.move == "give_reply")
    assert told.is_confirmed is True


def measure(world: World) -> UUID:
    case = world.responding(decisions=Decisions(True, True, True))
    child = world.does(
        "county",
        "record_police_report",
        case,
        "03-12 09:00",
        behalf="police",
        reported_at="2026-03-12T08:30",
        police_no="演1",
        dv_forms=["physical"],
        facts="出警",
    ).child
    assert child
    return child


def test_police_answer_the_letter_on_a_warning_and_its_visits(world: World) -> None:
    child = measure(world)
    actor = world.actor("county", "03-12 12:00")
    with access.reading(actor, route="desk:letter", how="open"):
        copy = disclosure.release(actor=actor, matter_id=child, paper="warning-request", now=NOON)
    groups = {a.group["zh"] for a in replying.standing(letter(copy)).answers}
    assert "出具了告诫书(登记文号)" in groups
    answers(copy, "record_letter", letter_no="演017", letter_at="2026-03-12T14:00", served_how="signed")
    assert world.row(child).stage == "first_visit"
    with access.reading(actor, route="desk:letter", how="open"):
        again = disclosure.release(
            actor=actor, matter_id=child, paper="warning-request", now=at("03-16 12:00")
        )
    with pytest.raises(RuleBroken):  # all whom the law names were notified, or it is not done
        answers(again, "notify", "03-17 09:00", notified=["federation"])
    answers(again, "visit.safe", "03-17 10:00")
    assert world.row(child).stage == "visiting"


def test_every_way_in_the_table_is_a_move_its_playbook_knows() -> None:
    from anjia.engine.letters import replies
    from anjia.law.playbooks.library import catalogue

    for name, roles in replies.table().items():
        book = catalogue()[name]
        for role, ways in roles.items():
            for w in ways:
                move = book.moves[w.move]
                assert role in move.by, (name, w.move)
                assert not move.opens
                names = {f.name for f in move.asks}
                assert {*w.asks, *w.mirrors, *w.sets, *w.needs, *filter(None, (w.choose, w.says))} <= names
                must = {f.name for f in move.asks if f.required} - {*w.asks, *w.sets, w.choose, w.says}
                assert not must, (name, w.move, must)
                assert not [f for f in move.asks if f.name in w.asks and f.type == "long_text"]
