"""What a move does to duties: restarts, rounds, ends, reopening; and what people are called on the way."""

from __future__ import annotations

import pytest

from anjia.law import playbooks
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.interpreter import find_move, moves_from, open_plan, plan, split, words
from anjia.law.playbooks.schema import Field, Move

DV = playbooks.catalogue()["dv-case"]
REFERRAL = playbooks.catalogue()["referral"]


def names(duties: list[object]) -> list[str]:
    return [getattr(d, "name", "") for d in duties]


def test_opening_owes_triage_and_nothing_else() -> None:
    step = open_plan(DV)
    assert (step.stage_after, names(list(step.starts))) == ("received", ["triage"])


def test_a_missed_call_is_an_attempt_and_the_next_has_its_own_clock() -> None:
    step = plan(DV, DV.moves["call_missed"], stage="contacting", open_duties=[("contact", 2)])
    assert (step.done, step.tried) == ([], ["contact"])
    assert step.rounds == {"contact": 3}
    kept = plan(
        DV, DV.moves["call_missed"], stage="contacting", open_duties=[("contact", 3)], kept={"contact"}
    )
    assert (kept.tried, kept.starts) == ([], []), "outside her hours: as if nobody had rung"
    step = plan(DV, DV.moves["call_safe"], stage="contacting", open_duties=[("contact", 3)])
    assert "contact" not in names(list(step.starts))
    assert "assess" in names(list(step.starts))


@pytest.mark.parametrize(("tried", "owed"), [(1, []), (2, []), (3, ["seek"]), (4, []), (6, ["seek"])])
def test_after_three_attempts_in_vain_another_way_is_owed(tried: int, owed: list[str]) -> None:
    step = plan(DV, DV.moves["call_missed"], stage="contacting", open_duties=[("contact", tried)])
    assert names(list(step.starts)) == [*owed, "contact"]


def test_a_new_incident_starts_the_assessment_clock_anew() -> None:
    step = plan(DV, DV.moves["new_incident"], stage="responding", open_duties=[("reassess", 1), ("visit", 4)])
    assert step.voided == ["reassess"]
    assert names(list(step.starts)) == ["reassess"]


def test_a_grade_change_restarts_the_visits_under_the_new_rule() -> None:
    step = plan(
        DV, DV.moves["change_grade"], stage="supervised", open_duties=[("visit", 4)], values={"grade": "3"}
    )
    assert step.rounds["visit"] == 1
    assert interpreter.rule_of(DV, DV.duties["visit"], {"grade": "3"}) == "visit.grade-3"


def test_grade_one_is_reported_today_and_the_end_by_grade() -> None:
    step = plan(DV, DV.moves["grade_1"], stage="assessing", open_duties=[], values={"grade": "1"})
    assert {"report_now", "visit", "safety_plan", "assess"} <= set(names(list(step.starts)))
    assert interpreter.report_rule(DV, "1") == "report.up-urgent"
    assert interpreter.report_rule(DV, "3") == interpreter.report_rule(DV, "") == "report.up"


def test_an_end_voids_what_is_open_and_owes_answer_and_report() -> None:
    step = plan(
        DV, DV.moves["close_resolved"], stage="guarding", open_duties=[("guard_visit", 2), ("same_case", 1)]
    )
    assert step.ends
    assert step.result == "resolved"
    assert step.voided == ["guard_visit"]
    assert names(list(step.starts)) == ["reply", "report_up"]


def test_a_written_reply_is_the_answer_of_a_referral() -> None:
    step = plan(REFERRAL, REFERRAL.moves["give_reply"], stage="accepted", open_duties=[("answer", 1)])
    assert (step.ends, step.result, step.done, step.starts) == (True, "replied", ["answer"], [])


def test_a_returned_referral_is_owed_by_the_sender_until_it_is_sent_again() -> None:
    step = plan(REFERRAL, REFERRAL.moves["return_back"], stage="sent", open_duties=[("accept", 1)])
    assert step.done == ["accept"]
    assert names(list(step.starts)) == ["resend"]
    assert REFERRAL.stages["returned"].holder == "sender"
    step = plan(REFERRAL, REFERRAL.moves["resend"], stage="returned", open_duties=[("resend", 1)])
    assert step.done == ["resend"]
    assert names(list(step.starts)) == ["accept"]


def test_reopening_takes_the_answer_back_and_owes_triage() -> None:
    step = plan(
        DV, find_move(DV, "reopen"), stage="closed_resolved", open_duties=[("reply", 1), ("report_up", 1)]
    )
    assert step.reopens
    assert step.stage_after == "received"
    assert step.voided == ["reply", "report_up"]
    assert names(list(step.starts)) == ["triage"]


def test_a_withdrawal_is_checked_with_her_before_anything_ends() -> None:
    """He may hold her telephone: the wish is recorded, somebody speaks with her, then it may end."""
    step = plan(DV, find_move(DV, "withdraw"), stage="contacting", open_duties=[("contact", 1)])
    assert not step.ends
    assert names(list(step.starts)) == ["withdraw_check"]


def test_what_ends_a_matter_cannot_be_done_after_it() -> None:
    after = {m.name for m in moves_from(DV, "closed_resolved", ended=True)}
    assert {"note", "reply", "report_up", "reopen", "rate", "message"} <= after
    assert not after & {"close_resolved", "grade_1", "plan_visit", "refer", "transfer", "withdraw"}
    before = {m.name for m in moves_from(DV, "responding")}
    assert "reopen" not in before
    assert {"claim", "assign", "recuse", "change_decisions", "refer_police"} <= before


def test_words_change_with_the_stage() -> None:
    said = [
        words(DV, s, "complained")["zh"] for s in ("received", "urgent", "supervised", "ordered", "guarding")
    ]
    assert said == ["被反映人", "被反映人", "加害人", "被申请人", "被反映人"]
    assert words(DV, "supervised", "asking")["zh"] == "受害人"
    assert words(DV, "supervised", "child")["zh"] == "目睹暴力的孩子"
    assert words(DV, "closed_resolved", "asking")["zh"] == "求助人"


def test_values_go_where_their_mark_says() -> None:
    move = Move(
        name="m",
        label={},
        from_=(),
        by=(),
        asks=(
            Field("grade", "code", {}, counts=True),
            Field("on", "date", {}),
            Field("why", "long_text", {}, compartment="narrative"),
            Field("their_name", "short_text", {}, compartment="identity", of="complained"),
            Field("relation", "code", {}, counts=True, of="complained"),
        ),
    )
    out = split(
        move,
        {
            "grade": "1",
            "on": "2026-03-09",
            "why": "话",
            "their_name": "某",
            "relation": "spouse",
            "stray": "x",
        },
    )
    assert out.facts == {"grade": "1", "relation": "spouse"}
    assert out.open == {"on": "2026-03-09"}
    assert out.sealed == {"narrative": {"why": "话"}}
    assert out.sealed_parties == {("complained", "identity"): {"their_name": "某"}}
    assert out.parties == {"complained": {"relation": "spouse"}}
