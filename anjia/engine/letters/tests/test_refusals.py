"""Every way in which the gates for whereabouts and papers say no: to whom, without what, after how long."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anjia.engine.letters import asked, disclosure, evidence, gate, papers, recording
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.models import Party
from anjia.engine.matters.tests.world import WHERE, World, at, hired
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Access, Event
from anjia.law import codes
from anjia.registry.posts import actors

WHEN = at("03-18 09:00")
ALL = Decisions(tell_community=True, come_to_door=True, tell_police=True)
PURPOSE = next(iter(codes.book()[gate.PURPOSES].codes))


@pytest.fixture
def hidden(world: World) -> UUID:
    """A case in which it is recorded where she is."""
    m = world.responding(decisions=ALL)
    world.does("county", "record_whereabouts", m, "03-16 08:30", now_at=WHERE)
    return m


def her(m: UUID) -> UUID:
    return Party.objects.get(matter=m, role="asking").id


def volunteer(world: World) -> actors.Actor:
    post = hired("countyvol", world.offices["county"], "volunteer")
    return actors.for_post(post.id, WHEN)


def order(world: World, m: UUID) -> UUID:
    child = world.does("county", "apply_order", m, "03-17 09:00", urgent="yes").child
    assert child is not None
    world.does(
        "county", "packet", child, "03-17 09:30", urgent="yes", who_applies="herself", facts="多次",
        measures_sought=["no_violence"], evidence_kinds=["statement"],
    )  # fmt: skip
    return child


def test_a_volunteer_gives_nothing_out_and_is_no_second_person(world: World, hidden: UUID) -> None:
    child, helps = order(world, hidden), volunteer(world)
    with access.reading(helps, route="t", how="open"), pytest.raises(NotAllowed):
        disclosure.draft(actor=helps, matter_id=hidden, paper="record-sheet", now=WHEN)
    with pytest.raises(NotAllowed):
        gate.open_whereabouts(
            actor=helps,
            matter_id=hidden,
            party_id=her(hidden),
            purpose=PURPOSE,
            words="今晚转移",
            fresh=True,
            now=WHEN,
        )
    disclosure.ask_for_second(
        actor=world.actor("county"),
        matter_id=child,
        paper="address-for-service",
        words="今天送法院",
        now=WHEN,
    )
    with pytest.raises(NotAllowed):
        recording.allow(actor=helps, matter_id=child, question=asked.in_matter(child)[0].id, now=WHEN)


def test_a_partner_of_the_matter_is_no_second_person(world: World, hidden: UUID) -> None:
    child = world.refers(hidden, "refer", "police", "03-16 09:00")
    police = world.actor("police")
    gate.ask_for_whereabouts(
        actor=police, matter_id=child, party_id=her(child), purpose=PURPOSE, words="门口有人", now=WHEN
    )
    colleague = actors.for_post(hired("police2", world.offices["police"], "officer").id, WHEN)
    with pytest.raises(NotAllowed):
        recording.allow(actor=colleague, matter_id=child, question=asked.in_matter(child)[0].id, now=WHEN)


def test_who_may_look_by_himself_does_not_ask_and_who_may_not_at_all_cannot(
    world: World, hidden: UUID
) -> None:
    given = {
        "matter_id": hidden,
        "party_id": her(hidden),
        "purpose": PURPOSE,
        "words": "今晚转移",
        "now": WHEN,
    }
    with pytest.raises(NotFound):
        gate.ask_for_whereabouts(actor=world.actor("county"), **given)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        gate.ask_for_whereabouts(actor=world.actor("city"), **given)  # type: ignore[arg-type]
    assert asked.in_matter(hidden) == []


def test_only_of_her_who_asked_for_help(world: World, hidden: UUID) -> None:
    child = world.refers(hidden, "refer", "police", "03-16 09:00")
    for party in (Party.objects.filter(matter=hidden).exclude(role="asking")[0].id, uuid4(), her(hidden)):
        with pytest.raises(NotFound):
            gate.ask_for_whereabouts(
                actor=world.actor("police"),
                matter_id=child,
                party_id=party,
                purpose=PURPOSE,
                words="门口有人",
                now=WHEN,
            )
    before = Access.objects.filter(how="where").count()
    with pytest.raises(NotFound):
        gate.open_whereabouts(
            actor=world.actor("county"), matter_id=hidden, party_id=uuid4(), purpose=PURPOSE, words="今晚转移", fresh=True,
            now=WHEN,
        )  # fmt: skip
    assert Access.objects.filter(how="where").count() == before


@pytest.mark.parametrize(
    ("purpose", "words"), [("", "今晚转移"), ("curiosity", "今晚转移"), (PURPOSE, "看"), (PURPOSE, "   ")]
)
def test_without_a_purpose_and_words_nothing_opens(
    world: World, hidden: UUID, purpose: str, words: str
) -> None:
    with pytest.raises(RuleBroken):
        gate.open_whereabouts(
            actor=world.actor("county"), matter_id=hidden, party_id=her(hidden), purpose=purpose, words=words, fresh=True,
            now=WHEN,
        )  # fmt: skip
    assert not Access.objects.filter(how="where").exists()


def test_a_question_waits_a_day_and_a_yes_an_hour_for_one_opening(world: World, hidden: UUID) -> None:
    child, sheet = order(world, hidden), "address-for-service"
    county, officer = world.actor("county"), world.actor("officer")

    def ask() -> UUID:
        disclosure.ask_for_second(actor=county, matter_id=child, paper=sheet, words="今天送法院", now=WHEN)
        return asked.in_matter(child)[0].id

    first = ask()
    with pytest.raises(RuleBroken):
        recording.allow(actor=officer, matter_id=child, question=first, now=WHEN + asked.WAITS)
    with pytest.raises(NotFound):
        recording.allow(actor=officer, matter_id=child, question=uuid4(), now=WHEN)
    second = ask()
    recording.allow(actor=officer, matter_id=child, question=second, now=WHEN)
    with access.reading(county, route="t", how="open"), pytest.raises(NotAllowed):
        disclosure.release(
            actor=county, matter_id=child, paper=sheet, now=WHEN + asked.HOLDS, fresh=True, words="交给法院"
        )
    question = next(q for q in asked.in_matter(child) if q.id == second)
    soon = WHEN + timedelta(minutes=5)
    recording.use(actor=county, matter_id=child, move=disclosure.GIVEN_OUT, uses=question, now=soon, codes={})
    with pytest.raises(RuleBroken):
        recording.use(
            actor=county, matter_id=child, move=disclosure.GIVEN_OUT, uses=question, now=soon, codes={}
        )


def test_a_second_person_is_asked_for_the_sheet_alone_and_with_words(world: World, hidden: UUID) -> None:
    child = order(world, hidden)
    for paper, words, fault in (
        ("order-application", "今天送法院", NotFound),
        ("address-for-service", "急", RuleBroken),
    ):
        with pytest.raises(fault):
            disclosure.ask_for_second(
                actor=world.actor("county"), matter_id=child, paper=paper, words=words, now=WHEN
            )
    assert asked.in_matter(child) == []


def test_a_package_that_is_too_large_is_refused_before_anything_is_numbered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = world.responding()
    world.does(
        "county",
        "attach",
        m,
        "03-11 10:00",
        files=[SimpleUploadedFile("a.txt", b"words")],
        paper_kind="other",
    )
    monkeypatch.setattr(evidence, "MOST_BYTES", 4)
    county = world.actor("county")
    with access.reading(county, route=""), pytest.raises(RuleBroken):
        disclosure.release_packed(actor=county, matter_id=m, paper="evidence-list", now=WHEN, fresh=True)
    assert not Event.objects.filter(matter=m, move="given_out").exists()


def test_a_paper_goes_to_a_role_or_to_a_class_not_both() -> None:
    said = {"label": {}, "of": "any", "by": "holder", "lines": []}
    both = papers.paper("x", {**said, "to_role": "receiver", "to_class": "court"})
    assert list(papers.faults(both, {"court"}))
    assert list(papers.faults(papers.paper("x", said), {"court"}))


def test_the_log_takes_no_unknown_compartment_and_no_look_without_purpose(world: World, hidden: UUID) -> None:
    county = world.actor("county")
    with access.reading(county, route="t") as reader, pytest.raises(ValueError, match="unknown compartment"):
        reader.opened(hidden, "everything")
    with pytest.raises(ValueError, match="purpose"):
        access.open_now(
            county,
            matter=hidden,
            compartment="whereabouts",
            purpose_code="",
            purpose_text="",
            route="t",
            at=WHEN,
        )
