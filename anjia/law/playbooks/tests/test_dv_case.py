"""dv-case keeps the promises: she decides, nobody is exposed, violence is not mediated."""

from __future__ import annotations

import re

import pytest

from anjia.law import playbooks
from anjia.law.playbooks import names
from anjia.law.playbooks.builtin import BUILT_IN_MOVES
from anjia.law.playbooks.schema import Move, Playbook

DV = playbooks.catalogue()["dv-case"]
LETTER, ORDER = playbooks.catalogue()["warning-letter"], playbooks.catalogue()["protection-order"]
BOOKS = list(playbooks.catalogue().values())
DECISIONS = {"disclosure_ground", "ground_words", "told_her_first"}


def guards(move: Move) -> set[str]:
    return {g.name for g in move.guards}


def asks(move: Move) -> set[str]:
    return {f.name for f in move.asks}


def test_the_catalogue_is_sound() -> None:
    assert [f.said("en") for f in playbooks.check_all()] == []


def test_it_is_complete_and_leans_little_on_code() -> None:
    assert len(DV.stages) >= 9
    assert len(DV.moves) >= 18
    assert len([s for s in DV.stages.values() if s.end]) == 6
    assert playbooks.effect_share() <= 1 / 3


@pytest.mark.parametrize("name", ["invite_village", "invite_township", "plan_visit"])
def test_the_community_is_told_with_her_word_or_a_named_ground(name: str) -> None:
    assert "consent.community" in guards(DV.moves[name])
    assert asks(DV.moves[name]) >= DECISIONS


def test_somebody_comes_to_the_door_only_with_her_word() -> None:
    for name in ("plan_visit", "visit_done"):
        assert "consent.visit" in guards(DV.moves[name])
        assert asks(DV.moves[name]) >= {*DECISIONS, "visit_way", "visit_whom"}


def test_police_are_told_with_her_word_or_by_the_duty_to_report() -> None:
    tells = [m for m in DV.moves.values() if {"police_station", "police_bureau"} & set(m.opens_kind)]
    assert {m.name for m in tells} == {"refer_police", "mandatory_report"}
    assert "consent.police" in guards(DV.moves["refer_police"])
    assert asks(DV.moves["refer_police"]) >= DECISIONS
    assert "protected_person" in guards(DV.moves["mandatory_report"])
    assert DV.moves["mandatory_report"].ask("told_first")
    assert "consent.by_kind" in guards(BUILT_IN_MOVES["refer"])


def test_the_violence_is_never_mediated() -> None:
    assert not DV.mediates_violence
    mediating = [m for m in DV.moves.values() if m.mediates or "mediation_committee" in m.opens_kind]
    for move in mediating:
        assert "no_mediation_of_violence" in guards(move)
        assert "grade.at_most" in guards(move)
        assert not {"urgent", "supervised", "ordered"} & set(move.from_)
        assert "any" not in move.from_


def test_every_end_waits_for_its_children() -> None:
    for move in DV.moves.values():
        if move.to and DV.stages[move.to].end:
            assert "children.ended" in guards(move), move.name
            assert move.result


def test_police_visits_go_on_after_the_case_is_answered() -> None:
    """公通字〔2024〕34号 12: the visits follow the letter, not our file."""
    assert LETTER.outlives_parent
    assert not ORDER.outlives_parent
    lasting = {d.name for d in DV.duties.values() if d.survives_end}
    assert lasting == {"shelter_stay", "re_examine"}
    assert all("end" in DV.moves[m].from_ for duty in lasting for m in DV.duties[duty].done_by)
    assert not {"ordered", "supervised", "urgent"} & set(DV.moves["close_resolved"].from_)


def test_a_withdrawal_needs_her_alone() -> None:
    assert any(
        g.name == "answer.yes" and g.params == {"field": "was_alone"}
        for g in DV.moves["close_withdrawn"].guards
    )


@pytest.mark.parametrize("book", BOOKS, ids=lambda b: b.name)
def test_text_is_sealed_and_facts_are_codes(book: Playbook) -> None:
    for field in book.fields.values():
        assert not (field.type in ("short_text", "long_text", "file", "party") and not field.compartment), (
            field.name
        )
        assert not (field.counts and field.type not in ("code", "codes", "yes_no", "integer")), field.name


def test_what_figures_need_is_counted() -> None:
    counted = {n for book in (DV, LETTER, ORDER) for n, f in book.fields.items() if f.counts}
    assert counted >= {
        *("dv_forms", "relation", "protection", "injury", "grade", "judgement", "police_outcome"),
        *("disclosure_ground", "outcome", "reporter", "first_or_repeat", "order_measures", "visit_found"),
    }


def test_where_she_is_stands_only_among_whereabouts() -> None:
    where = {n for n, f in DV.fields.items() if f.compartment == "whereabouts"}
    assert where == {"now_at", "who_may_know", "shelter_agency", "shelter_place", "leaves_to"}
    for move in DV.moves.values():
        if asks(move) & where:
            assert move.by == ("station",)
            assert not move.opens
            assert not move.tells


def test_the_village_reads_the_task_and_not_why_it_was_told() -> None:
    """Whoever is told of a move may read its words: the ground for telling them is her story."""
    assert DV.fields["ground_words"].compartment == "evidence"
    for move in DV.moves.values():
        if "village" in move.tells:
            assert {f.name for f in move.asks if f.compartment == "narrative"} <= {"visit_task"}, move.name


def test_a_referral_carries_no_name_and_no_whereabouts() -> None:
    assert {f.compartment for f in playbooks.catalogue()["referral"].fields.values()} <= {
        *(None, "narrative", "evidence", "contact"),
    }


def test_the_scale_is_asked_whole_and_its_answers_are_sealed() -> None:
    move = DV.moves["assess"]
    answers = [f for f in move.asks if f.name.startswith("answer_")]
    assert len(answers) == 11
    assert all(f.list == "yes-no-unknown" and f.compartment == "narrative" and f.required for f in answers)
    assert {e.name for e in move.effects} == {"risk.record"}


def test_the_village_is_asked_two_taps_and_may_say_it_cannot() -> None:
    for name in ("village_visit_done", "village_cannot"):
        move = DV.moves[name]
        required = [f for f in move.asks if f.required]
        assert len(required) == 1
        assert required[0].type == "code"
        assert {f.type for f in move.asks} <= {"code", "long_text", "file"}
    assert "any_seat" in BUILT_IN_MOVES["recuse"].by
    assert not BUILT_IN_MOVES["recuse"].asks


def test_every_human_move_has_a_card_that_says_and_forbids() -> None:
    for move in DV.moves.values():
        if set(move.by) - {"clock", "opener"}:
            card = DV.cards[move.card or ""]
            assert card.say, card.id
            assert card.never, card.id
            assert all(len(t["zh"]) <= 50 for t in (*card.say, *card.never)), card.id


def test_outside_agencies_can_always_be_recorded_for() -> None:
    for book in BOOKS:
        for move in book.moves.values():
            assert move.on_behalf


def test_nobody_is_called_an_abuser_before_the_fact_is_found() -> None:
    forbidden = re.compile(r"施暴|案主|受害妇女|一票否决|高危致命")
    for stage in DV.stages.values():
        said = [t["zh"] for t in stage.words.values()]
        assert stage.name == "supervised" or not {"受害人", "加害人"} & set(said)
    for text in _all_texts(DV):
        assert not forbidden.search(text), text


def _all_texts(book: Playbook) -> list[str]:
    labelled = [
        p.label for kind in (book.fields, book.moves, book.stages, book.duties) for p in kind.values()
    ]
    helps = [p.help for kind in (book.fields, book.moves, book.stages) for p in kind.values() if p.help]
    out = [text["zh"] for text in (*labelled, *helps)]
    return out + [t["zh"] for c in book.cards.values() for t in (*c.say, *c.never)]


def test_every_registered_name_is_used_or_kept_on_purpose() -> None:
    """A guard nobody names is dead code waiting to be wrong."""
    used = {g.name for b in BOOKS for m in b.moves.values() for g in m.guards}
    used |= {g.name for m in BUILT_IN_MOVES.values() for g in m.guards}
    assert set(names.GUARDS) - used <= {"grade.at_least"}
    assert {e.name for b in BOOKS for m in b.moves.values() for e in m.effects} == set(names.EFFECTS)
