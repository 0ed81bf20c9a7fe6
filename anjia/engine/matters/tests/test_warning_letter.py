"""告诫书: 72 hours to decide, both parties within seven days, every three months, until it was quiet three times."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from anjia.engine.matters import actions
from anjia.engine.matters.inputs import Moved, PartyInput
from anjia.engine.matters.models import Duty
from anjia.engine.matters.tests.world import HIS_NAME, NAME, VILLAGE, World, at, paper
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events.models import Event
from anjia.law import rules
from anjia.law.rules import Span, Variant

SAFE = {"saw_him": "yes", "seen_apart": "yes", "visit_found": "safe"}
LETTER = {"letter_no": "演告字017号", "letter_at": "2026-03-16T17:20"}
DAYS = ("03-20", "06-18", "09-17", "12-16")


def recorded(world: World, m: UUID) -> UUID:
    """The letter has come on paper; the county writes it down for the police."""
    child = world.does(
        "county", "record_warning", m, "03-16 17:50", behalf="police", happened_at="2026-03-16T17:20",
        files=[paper()], **LETTER,
    ).child  # fmt: skip
    assert child is not None
    return child


def visits(world: World, letter: UUID, days: tuple[str, ...], **found: Any) -> None:
    for day in days:
        world.does("county", "visit", letter, f"{day} 10:00", behalf="police", **{**SAFE, **found})


def ends(world: World, letter: UUID, when: str = "12-20 10:00") -> Moved:
    return world.does("county", "end_visits", letter, when, behalf="police", why="一直平安")


def due(world: World, m: UUID, kind: str) -> str:
    return world.duty(m, kind).due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def test_one_form_puts_the_case_under_the_letter_with_every_duty_it_brings(world: World) -> None:
    m = world.responding()
    letter = recorded(world, m)
    assert (world.row(m).stage, world.row(letter).stage) == ("supervised", "first_visit")
    assert due(world, letter, "visit") == "03-23 23:59"  # seven days, to the end of the 23rd
    assert due(world, letter, "notify") == "03-17 17:20"
    assert world.duty(letter, "visit").agency == world.offices["police"]
    assert world.duty(letter, "educate").agency == world.offices["county"]
    assert {d.outcome for d in Duty.objects.filter(matter=letter, kind="decide")} == {"done"}
    called = {p.role: p.called["zh"] for p in world.page("county", letter, "03-17 09:00").people}
    assert called == {"asking": "受害人", "complained": "加害人"}
    assert len(world.page("county", letter, "03-17 09:00").files) == 1


def test_police_confirm_at_the_letter_and_never_see_the_case(world: World) -> None:
    m = world.responding()
    letter = recorded(world, m)
    entry = world.page("county", letter, "03-17 08:00").entries[-1]
    assert (entry.on_behalf_of, entry.is_confirmed) == ("柳浦派出所", False)
    world.does("police", "confirm", letter, "03-17 08:40", event=str(entry.event), confirmed="yes")
    with pytest.raises(NotFound):
        world.page("police", m)


def test_seventy_two_hours_run_from_the_accepted_report_and_the_letter_stops_them(world: World) -> None:
    m = world.responding()
    first = world.does(
        "county", "record_police_report", m, "03-15 09:00", behalf="police", reported_at="2026-03-15T00:05"
    ).child
    assert first is not None
    assert due(world, first, "decide") == "03-18 00:05"
    assert recorded(world, m) == first  # the one that waited for it, not a second one
    decided = Duty.objects.get(matter=first, kind="decide")
    assert (decided.outcome, decided.is_late) == ("done", False)


def test_a_decision_served_by_police_themselves_counts_from_the_handing_over(world: World) -> None:
    m = world.responding()
    letter = world.does(
        "county", "record_police_report", m, "03-15 09:00", behalf="police", reported_at="2026-03-15T00:05"
    ).child
    assert letter is not None
    world.does("police", "issue", letter, "03-15 10:00", letter_no="演告字1号", letter_ground="victim_asks")
    assert due(world, letter, "serve") == "03-16 10:00"
    world.does(
        "police", "serve", letter, "03-15 15:00", letter_at="2026-03-15T14:30", served_how="refused_noted",
        copies=["perpetrator", "victim", "file"],
    )  # fmt: skip
    assert due(world, letter, "visit") == "03-23 23:59"  # the 22nd is a Sunday: it moves to the Monday
    assert world.row(m).stage == "supervised"


def test_a_reprimand_ends_it_without_a_letter_and_says_why(world: World) -> None:
    m = world.responding()
    given = {"police_outcome": "reprimand", "why": "情节显著轻微"}
    child = world.does("county", "record_police_outcome", m, "03-15 09:00", behalf="police", **given).child
    assert child is not None
    assert (world.row(child).result, world.row(m).stage) == ("no_letter", "responding")


def test_both_must_be_met_and_the_next_visit_is_three_months_after(world: World) -> None:
    letter = recorded(world, world.responding())
    with pytest.raises(NotAllowed):
        visits(world, letter, ("03-20",), saw_him="no")
    visits(world, letter, ("03-20",))
    assert world.row(letter).stage == "visiting"
    assert due(world, letter, "visit") == "06-22 23:59"  # 20 June is a Saturday


def test_three_quiet_visits_after_the_first_end_them_and_nobody_types_the_number(world: World) -> None:
    m = world.responding()
    letter = recorded(world, m)
    visits(world, letter, DAYS[:3])
    with pytest.raises(NotAllowed) as refused:
        ends(world, letter, "09-18 10:00")
    assert "2 次" in str(refused.value)
    visits(world, letter, DAYS[3:])
    ends(world, letter)
    assert world.row(letter).result == "kept"
    assert Event.objects.filter(matter=m, move="letter_over").count() == 1


def test_a_visit_that_police_only_dated_counts_once_it_is_told_how_it_was(world: World) -> None:
    letter = recorded(world, world.responding())
    for day in DAYS[:2]:
        world.does("county", "visit_told", letter, f"{day} 10:00", behalf="police")
    visits(world, letter, DAYS[2:])
    with pytest.raises(NotAllowed, match="2 次"):  # the first visit was made: these two follow it
        ends(world, letter)
    for _which in DAYS[:2]:
        world.does("county", "visit_how", letter, "12-18 10:00", behalf="police", **SAFE)
    with pytest.raises(NotAllowed):
        world.does("county", "visit_how", letter, "12-18 11:00", behalf="police", **SAFE)
    assert due(world, letter, "visit") == "03-16 23:59", "what was told late is no further visit"
    ends(world, letter)
    assert world.row(letter).result == "kept"


def test_how_a_visit_was_is_worth_nothing_once_violence_came_after_it(world: World) -> None:
    letter = recorded(world, world.responding())
    visits(world, letter, DAYS[:1])
    world.does("county", "visit_told", letter, "06-18 10:00", behalf="police")
    world.does("county", "again", letter, "07-01 10:00", behalf="police", dv_forms=["physical"])
    world.does("county", "visit_how", letter, "07-02 10:00", behalf="police", **SAFE)
    visits(world, letter, DAYS[2:])
    with pytest.raises(NotAllowed, match="2 次"):
        ends(world, letter)


def test_a_place_may_count_the_first_visit_as_one_of_the_three(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other reading of 公通字〔2024〕34号 12: a version of warning.visit for the place says so."""
    book = rules.book()
    now = book.get("warning.visit", date(2026, 9, 18))
    counted = Variant(
        "first-counts", {"zh": "首次查访计入三次", "en": "The first visit is one of three"}, Span(3, "month")
    )
    monkeypatch.setitem(
        book._by_id, "warning.visit", [replace(now, version=now.version, variants={"first-counts": counted})]
    )
    letter = recorded(world, world.responding())
    visits(world, letter, DAYS[:3])
    ends(world, letter, "09-18 10:00")
    assert world.row(letter).result == "kept"


def test_violence_again_sets_the_count_to_nothing_wherever_it_is_written_down(world: World) -> None:
    m = world.responding()
    letter = recorded(world, m)
    visits(world, letter, DAYS[:3])
    world.does("county", "new_incident", m, "09-20 10:00")  # at the case, not at the letter
    visits(world, letter, DAYS[3:])
    with pytest.raises(NotAllowed) as refused:
        ends(world, letter)
    assert "1 次" in str(refused.value)
    assert world.duty(m, "reassess").agency == world.offices["county"]


def test_violence_found_at_a_visit_counts_as_again_and_a_missed_visit_as_nothing(world: World) -> None:
    letter = recorded(world, world.responding())
    visits(world, letter, DAYS[:2])
    world.does("county", "visit_missed", letter, "09-10 10:00", behalf="police", missed_why="no_answer")
    visits(world, letter, DAYS[2:3], visit_found="new_violence")
    visits(world, letter, DAYS[3:])
    with pytest.raises(NotAllowed) as refused:
        ends(world, letter)
    assert "1 次" in str(refused.value)


def test_a_visit_that_was_recorded_wrongly_does_not_count(world: World) -> None:
    letter = recorded(world, world.responding())
    visits(world, letter, DAYS)
    last = Event.objects.filter(matter=letter, move="visit").latest("seq")
    world.does("county", "correct", letter, "12-18 09:00", event=str(last.id), reason="记错了件")
    with pytest.raises(NotAllowed):
        ends(world, letter)


def test_no_second_letter_in_place_of_a_penalty(world: World) -> None:
    m = world.responding()
    first = recorded(world, m)
    again = world.does(
        "county", "record_police_report", m, "05-02 09:00", behalf="police", reported_at="2026-05-02T01:00"
    ).child
    assert again not in (None, first)
    with pytest.raises(NotAllowed) as refused:
        world.does("police", "issue", again or m, "05-02 10:00", letter_no="演告字2号")
    assert "34号第20条" in str(refused.value)
    world.does("county", "disobeyed", first, "05-03 10:00", penalty="detention")
    assert Event.objects.filter(matter=m, move="heard_again").count() == 1


def test_everybody_the_law_names_is_notified_or_the_missing_one_is_said(world: World) -> None:
    letter = recorded(world, world.responding())
    with pytest.raises(NotAllowed) as refused:
        world.does("police", "notify", letter, "03-17 09:00", notified=["federation", "village_committee"])
    assert "综治中心" in str(refused.value)
    everybody = ["federation", "village_committee", "governance_center"]
    world.does("police", "notify", letter, "03-17 09:00", notified=everybody)


def guarding(world: World) -> tuple[UUID, UUID]:
    """The case is calm and guarded; the letter still runs."""
    m = world.responding()
    letter = recorded(world, m)
    scale = {f"answer_{n}": "no" for n in (*range(1, 10), "a", "b")}
    world.does("county", "assess", m, "03-17 09:00", was_alone="yes", judgement="medium", **scale)
    world.does("county", "guard", m, "04-17 09:00", why="平稳")
    return m, letter


def test_visits_go_on_when_the_case_is_answered(world: World) -> None:
    m, letter = guarding(world)
    world.does("county", "close_resolved", m, "05-17 09:00", outcome=["safe_now"], why="平安")
    assert world.duty(letter, "visit").agency == world.offices["police"]


def test_nothing_is_mediated_while_a_letter_is_in_force(world: World) -> None:
    m, _letter = guarding(world)
    step = next(s for s in world.page("county", m, "04-18 09:00").steps if s.name == "refer_side_issue")
    assert not step.verdict
    assert "不调解" in str(step.verdict.reason)


def test_a_letter_for_a_family_not_yet_known_is_opened_on_its_own(world: World) -> None:
    opened = actions.open_matter(
        playbook="warning-letter", actor=world.actor("county"), now=at("03-17 09:00"), channel="letter", place=VILLAGE,
        parties=[
            PartyInput(role="asking", sealed={"label": {"name": NAME}}, residence=VILLAGE),
            PartyInput(role="complained", sealed={"label": {"their_name": HIS_NAME}}),
        ],
    )  # fmt: skip
    world.does(
        "county", "record_letter", opened.matter, "03-17 09:05", behalf="police", files=[paper()], **LETTER
    )
    assert due(world, opened.matter, "visit") == "03-23 23:59"
    assert world.row(opened.matter).holder == world.offices["county"]


def test_the_letter_needs_its_number_and_its_hour(world: World) -> None:
    m = world.responding()
    with pytest.raises(RuleBroken) as refused:
        world.does("county", "record_warning", m, "03-16 17:50", behalf="police", files=[paper()])
    assert {"letter_no", "letter_at"} <= set(refused.value.fields)
