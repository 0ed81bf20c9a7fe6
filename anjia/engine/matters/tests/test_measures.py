"""A measure is a child matter: whom it is opened for, what its office is told, and how the two hear of each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from anjia.engine.matters import actions
from anjia.engine.matters.inputs import PartyInput
from anjia.engine.matters.models import Duty
from anjia.engine.matters.tests.world import HIS_NAME, NAME, PHONE, VILLAGE, WHERE, World, at, paper
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.events.models import Event
from anjia.foundation.files.models import File
from anjia.law import playbooks
from anjia.law.playbooks.schema import Move, Playbook

MEASURE = playbooks.load(Path(__file__).with_name("measure.yaml"))


def with_moves(book: Playbook) -> Playbook:
    """The case, able to open the sample measure and to hear of it."""
    number = MEASURE.fields["measure_no"]
    label = {"zh": "样例", "en": "Sample"}
    more = [
        Move("apply", label, ("any",), ("station",), opens="measure"),
        Move(
            "made",
            label,
            ("any",),
            ("station", "court"),
            asks=(number,),
            on_behalf=True,
            opens="measure",
            opens_with="make",
        ),
        Move("in_force", label, ("responding",), ("clock",), to="ordered", hidden=True),
        Move("over", label, ("any", "end"), ("clock",), hidden=True),
    ]
    hears = {**book.on_child, "measure": {"make": "in_force", "finished": "over"}}
    return replace(book, moves={**book.moves, **{m.name: m for m in more}}, on_child=hears)


@pytest.fixture(autouse=True)
def measure(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    books = playbooks.catalogue()
    monkeypatch.setitem(books, "measure", MEASURE)
    monkeypatch.setitem(books, "dv-case", with_moves(books["dv-case"]))
    return


def applied(world: World, m: UUID) -> UUID:
    child = world.does("county", "apply", m, "03-11 09:00").child
    assert child is not None
    return child


def test_who_holds_the_case_holds_the_measure_and_is_told_everything_but_where_she_is(world: World) -> None:
    m = world.responding()
    world.does("county", "record_whereabouts", m, "03-11 08:30", now_at=WHERE)
    child = applied(world, m)
    assert world.row(child).holder == world.offices["county"]
    assert world.row(child).grade == world.row(m).grade
    people = {p.role: p for p in world.page("county", child).people}
    assert {role: p.name for role, p in people.items()} == {"applicant": NAME, "respondent": HIS_NAME}
    assert people["applicant"].contact["phone"] == PHONE
    assert not any(p.has_whereabouts for p in people.values())


def test_the_court_is_bound_by_her_residence_which_it_is_told_with_her(world: World) -> None:
    child = applied(world, world.responding())
    assert world.row(child).roles["court"] == {
        "agency": str(world.offices["court"].id), "why": "residence", "place": VILLAGE[:9],
    }  # fmt: skip


def test_one_form_opens_a_measure_that_is_in_force_and_the_paper_stands_there(world: World) -> None:
    m = world.responding()
    child = world.does(
        "county", "made", m, "03-11 10:00", behalf="court", measure_no="演9号", files=[paper()]
    ).child
    assert child is not None
    assert (world.row(child).stage, world.row(m).stage) == ("in_force", "ordered")
    assert File.objects.get().matter == child
    made = Event.objects.get(matter=child, move="make")
    assert made.codes["on_behalf_of"] == str(world.offices["court"].id)
    assert "on_behalf_of" not in Event.objects.get(matter=m, move="made").codes


def test_a_measure_that_waits_for_the_paper_takes_it(world: World) -> None:
    m = world.responding()
    child = applied(world, m)
    moved = world.does("county", "made", m, "03-12 10:00", behalf="court", measure_no="演9号")
    assert moved.child == child
    assert world.row(child).stage == "in_force"


def test_what_is_heard_in_a_stage_that_cannot_lead_on_is_recorded_and_nothing_is_refused(
    world: World,
) -> None:
    m = world.assessed()
    world.does("county", "made", m, "03-11 10:00", behalf="court", measure_no="演9号")
    assert world.row(m).stage == "assessing"
    assert Event.objects.filter(matter=m, move="in_force").count() == 1


def test_an_ended_case_still_hears_and_owes_nothing_new(world: World) -> None:
    m = world.responding()
    child = applied(world, m)
    world.does("county", "close_resolved", m, "03-12 10:00", outcome=["safe_now"], why="平安")
    owed = set(Duty.objects.filter(matter=m, done_at__isnull=True).values_list("kind", flat=True))
    world.does("county", "finish", child, "03-13 10:00")
    assert Event.objects.filter(matter=m, move="over").count() == 1
    assert set(Duty.objects.filter(matter=m, done_at__isnull=True).values_list("kind", flat=True)) == owed
    assert {d.kind for d in Duty.objects.filter(matter=child, done_at__isnull=True)} == {"reply"}


def test_a_measure_hears_that_it_happened_again_as_long_as_it_runs(world: World) -> None:
    m = world.responding()
    child = applied(world, m)
    world.does("county", "new_incident", m, "03-12 10:00")
    assert Event.objects.filter(matter=child, move="again").count() == 1
    world.does("county", "finish", child, "03-13 10:00")
    world.does("county", "new_incident", m, "03-14 10:00")
    assert Event.objects.filter(matter=child, move="again").count() == 1


def test_the_same_measure_is_opened_on_its_own_at_the_desk_of_her_county(world: World) -> None:
    her = PartyInput(role="applicant", sealed={"label": {"name": NAME}}, residence=VILLAGE)
    opened = actions.open_matter(
        playbook="measure", actor=world.actor("county"), now=at("03-11 09:00"), channel="letter",
        parties=[her], place=VILLAGE,
    )  # fmt: skip
    assert world.row(opened.matter).holder == world.offices["county"]
    world.does("county", "finish", opened.matter, "03-12 09:00")
    owed = {d.kind for d in Duty.objects.filter(matter=opened.matter, done_at__isnull=True)}
    assert owed == {"reply", "report_up"}  # nobody above reports it


def test_a_referral_is_never_opened_on_its_own(world: World) -> None:
    with pytest.raises(RuleBroken):
        actions.open_matter(
            playbook="referral",
            actor=world.actor("county"),
            now=at("03-11 09:00"),
            channel="call",
            parties=[],
        )


def test_violence_found_elsewhere_becomes_a_case_that_the_finder_does_not_see(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = playbooks.catalogue()
    found = Move(
        "found", {"zh": "有暴力", "en": "Violence"}, ("any",), ("station",), opens="dv-case",
        gives={"asking": "respondent", "complained": "applicant"},
    )  # fmt: skip
    monkeypatch.setitem(books, "measure", replace(MEASURE, moves={**MEASURE.moves, "found": found}))
    her = PartyInput(role="respondent", sealed={"label": {"name": NAME}, "identity": {"residence": VILLAGE}})
    him = PartyInput(role="applicant", sealed={"label": {"name": HIS_NAME}}, residence="321084")
    opened = actions.open_matter(
        playbook="measure", actor=world.actor("other"), now=at("03-11 09:00"), channel="visit",
        parties=[her, him], place="321084",
    )  # fmt: skip
    case = world.does("other", "found", opened.matter, "03-11 10:00").child
    assert case is not None
    assert world.row(case).holder == world.offices["county"]  # where she lives, not where it was found
    assert {p.role: p.name for p in world.page("county", case).people} == {
        "asking": NAME, "complained": HIS_NAME,
    }  # fmt: skip
    assert world.duty(case, "triage").agency == world.offices["county"]
    with pytest.raises(NotFound):
        world.page("other", case)
