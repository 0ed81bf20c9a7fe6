"""The rights of those whose names stand in a record: heard, put right, answered in time, in the end no longer found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from anjia.engine.matters import actions, unlisting
from anjia.engine.matters.models import Matter, Party, PersonLink
from anjia.engine.matters.tests.world import HIS_NAME, NAME, PHONE, STORY, World, at
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, RuleBroken
from anjia.foundation.events.models import Event
from anjia.foundation.vault.models import Sealed, Token
from anjia.law import retention
from anjia.law.playbooks import checker
from anjia.law.playbooks.library import catalogue, known
from anjia.law.playbooks.schema import Guard

HE_SAYS = "那天我在外地跑车"


def asks(world: World, m: UUID, about: UUID, when: str = "03-12 10:00", **more: Any) -> str:
    given = {"record_person": "complained", "correction_wish": "correct", "wrong_words": HE_SAYS, **more}
    event = world.does("county", "ask_correction", m, when, event=str(about), **given).event
    return str(event)


def decides(world: World, m: UUID, request: str, how: str, when: str = "03-13 10:00", **more: Any) -> Any:
    given = {"correction_answer": "已经核对", "answer_way": "in_person", **more}
    return world.does("county", "decide_correction", m, when, event=request, correction_decision=how, **given)


def noted(world: World, m: UUID) -> UUID:
    """The desk wrote something down of him."""
    event = world.does("county", "note", m, "03-11 10:00", words="邻居说他三月二日也打过人").event
    assert event is not None
    return event


def told_by(world: World, who: str, m: UUID) -> str:
    return str([[w for _label, w in e.words] for e in world.page(who, m, "03-14 09:00").entries])


# -- heard ----------------------------------------------------------------------------------------------


def test_what_he_says_is_sealed_apart_and_read_by_the_office_in_charge_alone(world: World) -> None:
    m = world.responding()
    child = world.refers(m, "refer_legal_aid", "aid", "03-10 14:00")
    heard = {"heard_on": "2026-03-12", "heard_way": "office", "heard_words": HE_SAYS}
    event = world.does("county", "hear_complained", m, "03-12 10:00", **heard).event
    kept = set(Sealed.objects.filter(root=m, compartment="respondent").values_list("owner", flat=True))
    assert kept == {Event.objects.get(pk=event).sealed}
    assert HE_SAYS in told_by(world, "county", m)
    assert HE_SAYS not in told_by(world, "city", m) + told_by(world, "aid", child)


def test_nothing_that_protects_her_waits_until_he_was_heard() -> None:
    """Control: a procedure that asks for it first is refused."""
    book = catalogue()["dv-case"]
    heard = {m.name for m in book.moves.values() if any(f.compartment == "respondent" for f in m.asks)}
    assert heard == {"hear_complained"}
    assert not [f for f in checker.check(book, known()) if f.code == "hearing.required"]
    guard = Guard("happened", {"move": "hear_complained"})
    wrong = replace(book.moves["apply_order"], guards=(guard,))
    careless = replace(book, moves={**book.moves, "apply_order": wrong})
    assert [f.line for f in checker.check(careless, known()) if f.code == "hearing.required"] == [wrong.line]


# -- put right ------------------------------------------------------------------------------------------


def test_a_request_is_owed_an_answer_within_fifteen_days_counted_from_when_he_asked(world: World) -> None:
    m = world.responding()
    asks(world, m, noted(world, m), requested_on="2026-03-11")
    duty = world.duty(m, "correction")
    assert duty.agency_id == world.offices["county"].id
    assert duty.due_at.astimezone(SHANGHAI).date().isoformat() == "2026-03-26"


def test_what_was_wrong_is_void_by_an_event_that_names_it(world: World) -> None:
    m = world.responding()
    note = noted(world, m)
    decides(world, m, asks(world, m, note), "corrected")
    decision = Event.objects.get(matter=m, move="decide_correction")
    assert decision.codes["corrects"] == str(note)
    page = world.page("county", m, "03-14 09:00")
    assert [e.is_void for e in page.entries if e.event == note] == [True]
    assert not [d for d in page.duties if d.kind == "correction"]
    assert Event.objects.filter(pk=note).exists()  # nothing is overwritten


def test_what_stays_open_is_marked_as_disputed_and_a_refusal_changes_nothing(world: World) -> None:
    m = world.responding()
    note, him = noted(world, m), Party.objects.get(matter=m, role="complained")
    decides(world, m, asks(world, m, note), "disputed")
    decides(world, m, asks(world, m, him.id, "03-14 10:00"), "disputed", "03-14 11:00")
    decides(world, m, asks(world, m, note, "03-15 10:00"), "refused", "03-15 11:00")
    page = world.page("county", m, "03-16 09:00")
    entry = next(e for e in page.entries if e.event == note)
    assert (entry.is_disputed, entry.is_void) == (True, False)
    assert [p.role for p in page.people if p.is_disputed] == ["complained"]


def test_what_she_told_is_never_rewritten_only_disputed(world: World) -> None:
    m = world.responding()
    hers = Event.objects.get(matter=m, move="open")
    request = asks(world, m, hers.id)
    with pytest.raises(RuleBroken):
        decides(world, m, request, "corrected")
    decides(world, m, request, "disputed")


def test_his_particulars_are_put_right_first_and_then_the_request_is_answered(world: World) -> None:
    m = world.responding()
    him = Party.objects.get(matter=m, role="complained")
    request = asks(world, m, him.id)
    with pytest.raises(RuleBroken):
        decides(world, m, request, "corrected")
    world.does(
        "county", "correct", m, "03-12 11:00", party=str(him.id), compartment="identity", base="0",
        reason="本人出示证件", **{"party-their_occupation": "货车司机"},
    )  # fmt: skip
    decides(world, m, request, "corrected")
    assert Event.objects.get(matter=m, move="decide_correction").codes["corrected_in"]


def test_two_requests_are_answered_one_by_one_and_the_clock_of_the_other_runs_on(world: World) -> None:
    m = world.responding()
    note = noted(world, m)
    first = asks(world, m, note, "03-12 10:00", requested_on="2026-03-12")
    second = asks(world, m, note, "03-14 10:00", requested_on="2026-03-14", record_person="other")
    decides(world, m, first, "refused", "03-15 10:00")
    left = world.duty(m, "correction")
    assert (left.done_at, left.started_at.astimezone(SHANGHAI).date().isoformat()) == (None, "2026-03-14")
    with pytest.raises(RuleBroken):
        decides(world, m, first, "refused", "03-15 11:00")
    decides(world, m, second, "refused", "03-16 10:00")
    with pytest.raises(NotAllowed):
        decides(world, m, second, "refused", "03-16 11:00")


def test_after_the_end_a_request_is_still_owed_an_answer(world: World) -> None:
    m = closed(world)
    note = Event.objects.filter(matter=m, move="assess").latest("seq").id
    assert Matter.objects.get(pk=m).closed_at
    request = asks(world, m, note, "04-01 10:00")
    assert Matter.objects.get(pk=m).closed_at is None
    decides(world, m, request, "refused", "04-02 10:00")
    assert Matter.objects.get(pk=m).closed_at == at("04-02 10:00")


@pytest.mark.parametrize("words", [f"是{NAME}反映的", f"她留的电话是{PHONE}", f"记录写的是:{STORY}"])
def test_the_answer_never_says_who_reported_or_what_she_told(world: World, words: str) -> None:
    m = world.responding()
    request = asks(world, m, noted(world, m))
    with pytest.raises(RuleBroken) as refused:
        decides(world, m, request, "refused", correction_answer=words)
    assert set(refused.value.fields) == {"correction_answer"}
    decides(world, m, request, "refused", correction_answer=f"{HIS_NAME}先生,经核对,这一条不改。")


# -- in the end no longer found -------------------------------------------------------------------------


def closed(world: World, move: str = "close_unfounded", **more: Any) -> UUID:
    m = world.assessed()
    him = str(Party.objects.get(matter=m, role="complained").id)
    world.does(
        "county", "correct", m, "03-10 14:00", party=him, compartment="contact", base="0", reason="登记",
        **{"party-their_phone": "10013500077"},
    )  # fmt: skip
    asked = more or {"what_checked": "走访、派出所、学校", "second_look": str(world.posts["county"].id)}
    world.does("county", move, m, "03-20 10:00", **asked)
    reply = {"reply_words": "已经办完", "reply_channel": "receipt"}
    world.does("county", "reply", m, "03-20 11:00", **reply)
    world.does("county", "report_up", m, "03-20 12:00", report_stage="monthly", report_words="一件")
    return m


def test_where_nothing_was_found_he_is_findable_for_two_years_and_not_a_day_less(world: World) -> None:
    m = closed(world)
    him = Party.objects.get(matter=m, role="complained")
    assert unlisting.unlist_due(now=at("12-31 09:00").replace(year=2027)) == 0
    assert unlisting.unlist_due(now=at("03-19 09:00").replace(year=2028)) == 0
    assert Token.objects.filter(owner=him.id).exists()
    assert unlisting.unlist_due(now=at("03-20 09:00").replace(year=2028)) == 1
    assert not Token.objects.filter(owner=him.id).exists()
    assert unlisting.unlist_due(now=at("03-21 09:00").replace(year=2028)) == 0


def test_a_case_that_stays_does_not_stand_before_the_next_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays, goes = closed(world), closed(world)
    due = unlisting.is_due
    monkeypatch.setattr(unlisting, "AT_ONCE", 1)
    monkeypatch.setattr(unlisting, "is_due", lambda m, today: m.id != stays and due(m, today))
    assert unlisting.unlist_due(now=at("03-20 09:00").replace(year=2028)) == 1
    assert Party.objects.get(matter=goes, role="complained").unlisted_at
    assert not Party.objects.get(matter=stays, role="complained").unlisted_at


def test_the_record_and_its_ledger_stay_and_she_is_found_as_before(world: World) -> None:
    m = closed(world)
    before = (
        Token.objects.filter(root=m).exclude(owner=Party.objects.get(matter=m, role="complained").id).count()
    )
    events = Event.objects.filter(matter=m).count()
    unlisting.unlist_due(now=at("03-20 09:00").replace(year=2028))
    assert Token.objects.filter(root=m).count() == before
    assert Event.objects.filter(matter=m).count() == events + 1
    assert HIS_NAME in world.page("county", m, "12-01 09:00").names.values()


def test_rebuilding_tokens_and_a_late_correction_do_not_bring_him_back(world: World) -> None:
    m = closed(world)
    him = Party.objects.get(matter=m, role="complained")
    unlisting.unlist_due(now=at("03-20 09:00").replace(year=2028))
    actions.rebuild_tokens(after=None, now=at("03-21 09:00"))
    world.does(
        "county", "correct", m, "03-22 10:00", party=str(him.id), compartment="contact", base="1", reason="补记",
        **{"party-their_phone": "10013500078"},
    )  # fmt: skip
    assert not Token.objects.filter(owner=him.id).exists()


def test_worked_on_again_he_is_found_again(world: World) -> None:
    m = closed(world)
    him = Party.objects.get(matter=m, role="complained")
    tokens = Token.objects.filter(owner=him.id).count()
    unlisting.unlist_due(now=at("03-20 09:00").replace(year=2028))
    world.does("county", "reopen", m, "03-22 10:00", reason="又发生")
    assert Token.objects.filter(owner=him.id).count() == tokens
    assert unlisting.unlist_due(now=at("03-23 09:00").replace(year=2028)) == 0


def test_links_to_other_matters_end_with_it(world: World) -> None:
    m = closed(world)
    other = world.help_wanted("03-21 09:00", phone="10013500099").matter
    his = {p.matter_id: p.id for p in Party.objects.filter(role="complained")}
    actions.link_person(
        matter_id=other, party=his[other], theirs=his[m], why="papers", words="同一张身份证",
        actor=world.actor("county", "03-21 10:00"), now=at("03-21 10:00"),
    )  # fmt: skip
    unlisting.unlist_due(now=at("03-20 09:00").replace(year=2028))
    assert not PersonLink.objects.filter(party=his[m], ended_at=None).exists()


def test_control_where_something_was_found_he_stays(world: World) -> None:
    m = world.responding()
    world.does("county", "close_resolved", m, "03-20 10:00", outcome=["safe_now"], why="搬离")
    assert unlisting.unlist_due(now=at("03-20 09:00").replace(year=2040)) == 0
    assert Token.objects.filter(owner=Party.objects.get(matter=m, role="complained").id).exists()


def test_the_time_is_shorter_than_the_record_is_kept() -> None:
    for name, one in retention.findable().items():
        years = retention.period(catalogue()[name].retention, name).years
        assert years is None or one.years < years
        assert any(m.result == retention.UNFOUNDED for m in catalogue()[name].moves.values())
