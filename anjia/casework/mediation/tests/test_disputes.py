"""Three disputes as they happen: one is settled, one is stopped by a no, one turns out to be violence."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from anjia.casework.mediation.tests.disputes import (
    AGREED,
    FIRST,
    NO,
    SECOND,
    SIGNED,
    accepted,
    agreed,
    dispute,
    mediating,
    screened,
    session,
    told,
)
from anjia.engine.matters.models import Matter, Notice, Seat
from anjia.engine.matters.tests.world import World, at, paper
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events.models import Event
from anjia.foundation.outbox import worker
from anjia.law import codes

MUST = ["registration", "rights", "identity", "session", "agreement", "cover"]


def due(world: World, m: UUID, kind: str) -> date:
    return world.duty(m, kind).due_at.astimezone(SHANGHAI).date()


def test_support_of_an_old_father_is_settled_confirmed_and_kept(world: World) -> None:
    """USERS 5.2 (1): every date as the law counts it."""
    m = accepted(world)
    assert due(world, m, "finish") == date(2026, 5, 8)  # one month from 8 April
    assert world.row(m).holder == world.offices["mediators"]
    told(world, m)
    for who in ("first", "second"):
        world.does("mediators", f"safety_{who}", m, "04-08 15:00", **NO)
    session(world, m)
    agreed(world, m)
    assert due(world, m, "confirm") == date(2026, 5, 25)  # 24 May is a Sunday
    assert due(world, m, "perform") == date(2026, 6, 24)
    world.does(
        "mediators", "apply_confirmation", m, "05-12 10:00", both_apply="yes", confirm_items=["elder_support"],
        files=[paper()],
    )  # fmt: skip
    assert due(world, m, "court_accept") == date(2026, 5, 15)
    world.does("street", "court_accepts", m, "05-14 10:00", behalf="court", court_no="演调确1号")
    assert due(world, m, "court_decide") == date(2026, 6, 15)  # 13 June is a Saturday
    world.does(
        "street",
        "court_answers",
        m,
        "05-26 10:00",
        behalf="court",
        confirm_result="confirmed",
        files=[paper()],
    )
    world.does(
        "mediators", "visit_performance", m, "06-24 10:00", performance="partial", performance_words="欠一期"
    )
    assert due(world, m, "perform") == date(2026, 9, 24)
    world.does("mediators", "close_written", m, "09-24 10:00", performance="full")
    row = world.row(m)
    assert (row.result, row.closed_at) == ("written", None)
    finish_papers(world, m, "09-25")
    assert world.row(m).closed_at is not None


def finish_papers(world: World, m: UUID, day: str) -> None:
    """Answered, reported up, filed: only then it is closed."""
    world.does("mediators", "reply", m, f"{day} 09:00", reply_words="已办结。", reply_channel="in_person")
    world.does("mediators", "report_up", m, f"{day} 09:10", report_stage="final", report_words="赡养1件")
    assert world.row(m).closed_at is None
    with pytest.raises(NotAllowed) as refused:
        world.does(
            "mediators", "file_dossier", m, f"{day} 09:20", dossier_no="演人调1号", dossier_on="2026-09-25",
            dossier_papers=[p for p in MUST if p != "session"],
        )  # fmt: skip
    assert "调解记录" in str(refused.value)
    world.does(
        "mediators", "file_dossier", m, f"{day} 09:20", dossier_no="演人调1号", dossier_on="2026-09-25",
        dossier_papers=MUST,
    )  # fmt: skip


def test_a_clear_no_ends_it_and_counts_as_no_failure(world: World) -> None:
    """USERS 5.2 (2): 何静 does not want to meet her former husband; nobody asks why."""
    m = accepted(world, first="何静", second="季伟", relation="ex_spouse", dispute_kind="visitation")
    with pytest.raises(NotAllowed):
        world.does(
            "mediators", "refuse", m, "05-13 09:00", who_refused="first", refused_words="不", told_ways="no"
        )
    world.does(
        "mediators", "refuse", m, "05-13 09:00", who_refused="first", refused_words="不同意", told_ways="yes"
    )
    row = world.row(m)
    assert row.result == "refused"
    results = codes.book()["mediation-result"]
    assert results.items[row.result].attributes["tally"] == "lawful_stop"
    assert results.having(tally="failed") == ("ended",)


def test_a_yes_to_choking_stops_it_in_that_moment_and_becomes_a_case(world: World) -> None:
    """USERS 5.2 (3): he asked for mediation; she says apart that he choked her."""
    m = accepted(world, first="丁海峰", second="周晓兰", relation="spouse", dispute_kind="marriage")
    told(world, m)
    world.does("mediators", "safety_first", m, "04-08 16:00", **NO)
    answers = {**NO, "choked": "yes", "facts": "前天,他掐过我脖子。"}
    done = world.does("mediators", "safety_second", m, "04-08 16:20", **answers)
    assert (world.row(m).stage, world.row(m).result) == ("closed_diverted", "diverted")
    case = Matter.objects.get(parent=m)
    assert (case.playbook, case.holder) == ("dv-case", world.offices["county"])
    assert world.duty(case.id, "triage").agency == world.offices["county"]
    page = world.page("county", case.id, "04-08 16:30")
    assert page.names == {"asking": "周晓兰", "complained": "丁海峰"}
    assert {p.role: p.contact.get("phone") or p.contact.get("their_phone") for p in page.people} == {
        "asking": "10013500082",
        "complained": "10013500081",
    }
    assert "前天,他掐过我脖子。" in str(page.entries)
    assert done.child is None


def test_the_mediator_does_not_learn_of_the_case(world: World) -> None:
    m = accepted(world)
    world.does("mediators", "halt_second", m, "04-08 16:20")
    case = Matter.objects.get(parent=m)
    for who in ("mediators", "street", "village", "police"):
        with pytest.raises(NotFound):
            world.page(who, case.id, "04-09 09:00")
    page = world.page("mediators", m, "04-09 09:00")
    assert page.children == []
    assert str(case.id) not in str(page.entries)
    assert not Seat.objects.filter(matter=case, agency__kind__in=["police_station", "police_bureau"]).exists()
    worker.drain(at("04-09 09:00"))
    told_of = Notice.objects.filter(matter=case).values_list("agency__name", flat=True)
    assert list(told_of) == ["邗江区妇联"]  # police are told by her word or a ground, from the case


def test_stopping_does_not_wait_for_the_police_and_is_for_good(world: World) -> None:
    m = mediating(world)
    world.does(
        "mediators", "report_police", m, "04-16 09:00", agency=str(world.offices["police"].id), urgency="urgent",
        police_ground="breach_of_peace", told_first="yes", request="扬言要砸门,请留意。",
    )  # fmt: skip
    world.does("mediators", "halt_first", m, "04-16 10:00")
    assert world.row(m).result == "diverted"
    world.does("mediators", "reopen", m, "04-20 09:00", reason="双方又来找")
    told(world, m, "04-20 09:10")
    for who in ("first", "second"):
        world.does("mediators", f"safety_{who}", m, "04-20 10:00", **NO)
    with pytest.raises(NotAllowed) as refused:
        session(world, m, "04-20 11:00")
    assert refused.value.verdict.code == "mediation"


def test_nobody_sits_down_before_each_was_asked_apart(world: World) -> None:
    m = accepted(world)
    with pytest.raises(NotAllowed):
        world.does("mediators", "safety_first", m, "04-08 11:00", **NO)  # rights first
    told(world, m)
    with pytest.raises(NotAllowed):
        world.does("mediators", "safety_first", m, "04-08 11:00", **{**NO, "was_alone": "no"})
    world.does("mediators", "safety_first", m, "04-08 11:00", **NO)
    with pytest.raises(NotAllowed):
        session(world, m)
    with pytest.raises(NotAllowed):
        agreed(world, m)
    with pytest.raises(RuleBroken) as left_out:
        world.does(
            "mediators", "safety_second", m, "04-08 12:00", **{k: v for k, v in NO.items() if k != "choked"}
        )
    assert "choked" in left_out.value.fields


@pytest.mark.parametrize("move", ["agree_written", "agree_oral"])
def test_no_agreement_instead_of_punishment(world: World, move: str) -> None:
    """治安管理处罚法 9."""
    m = mediating(world)
    given = {**AGREED, "in_force_at": "2026-04-24T15:00", "instead_of_punishment": "yes"}
    if move == "agree_written":
        given = {**given, **SIGNED, "files": [paper()]}
    with pytest.raises(NotAllowed) as refused:
        world.does("mediators", move, m, "04-24 15:30", **given)
    assert "治安管理处罚法第9条" in str(refused.value)
    assert world.row(m).stage == "mediating"


@pytest.mark.parametrize("missing", ["both_signed", "mediator_signed", "sealed_by"])
def test_a_written_agreement_needs_both_signatures_the_mediators_and_the_seal(
    world: World, missing: str
) -> None:
    m = mediating(world)
    with pytest.raises(NotAllowed):
        agreed(world, m, **{missing: "no"})


@pytest.mark.parametrize("item", ["marriage", "parentage", "adoption"])
def test_marriage_status_and_adoption_never_reach_the_court_packet(world: World, item: str) -> None:
    m = mediating(world)
    agreed(world, m, agreed_items=["property", item])
    with pytest.raises(NotAllowed) as refused:
        world.does(
            "mediators",
            "apply_confirmation",
            m,
            "05-12 10:00",
            both_apply="yes",
            confirm_items=["property", item],
        )
    assert "第4条" in str(refused.value)
    with pytest.raises(NotAllowed):  # one side alone cannot apply
        world.does(
            "mediators", "apply_confirmation", m, "05-12 10:00", both_apply="no", confirm_items=["property"]
        )
    world.does(
        "mediators", "apply_confirmation", m, "05-12 10:00", both_apply="yes", confirm_items=["property"]
    )


def test_a_month_is_extended_only_by_both(world: World) -> None:
    m = mediating(world)
    duty = str(world.duty(m, "finish").id)
    with pytest.raises(NotAllowed):
        world.does("mediators", "extend", m, "05-06 09:00", duty=duty, extend_ground="complex", reason="忙")
    world.does(
        "mediators", "extend", m, "05-06 09:00", duty=duty, extend_ground="both_consent", reason="都同意"
    )
    assert due(world, m, "finish") == date(2026, 6, 8)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("delegated", date(2026, 5, 7)),
        ("entrusted", date(2026, 4, 22)),
        ("entrusted_simplified", date(2026, 4, 14)),
    ],
)
def test_what_a_court_gives_has_the_courts_time(world: World, kind: str, expected: date) -> None:
    """法释〔2016〕14号 27: 30, 15 or 7 days from the signed receipt."""
    m = dispute(world)
    world.does("mediators", "accept_court", m, "04-08 09:00", court_kind=kind, received_at="2026-04-07T10:00")
    assert due(world, m, "finish_court") == expected


def test_the_federation_records_for_a_committee_that_does_not_sign_in(world: World) -> None:
    m = dispute(world, who="street")
    world.does(
        "street", "accept", m, "04-08 09:00", behalf="mediators", applied="yes", dispute_kind="elder_support"
    )
    assert world.row(m).stage == "accepted"
    entry = Event.objects.filter(matter=m, move="accept").get()
    assert entry.codes["on_behalf_of"] == str(world.offices["mediators"].id)


def test_the_county_above_sees_how_it_goes_and_no_names(world: World) -> None:
    m = screened(world)
    page = world.page("county", m, "04-09 09:00")
    assert page.is_masked
    assert FIRST not in str(page)
    assert SECOND not in str(page)
