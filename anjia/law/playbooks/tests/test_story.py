"""One real course of events, from the first evening to the end of March, line by line through the moves."""

from __future__ import annotations

from anjia.law import playbooks
from anjia.law.playbooks.interpreter import allowed, find_move, words
from anjia.law.playbooks.schema import Playbook
from anjia.law.playbooks.tests.test_walks import Walk

DV = playbooks.catalogue()["dv-case"]
REFERRAL = playbooks.catalogue()["referral"]
MEASURES = {
    "letter": playbooks.catalogue()["warning-letter"],
    "order": playbooks.catalogue()["protection-order"],
}

# day, matter, move, submitted fields, grade; matters: "dv", its measures, and referrals by a short name
STORY: list[tuple[str, str, str, set[str], str]] = [
    ("03-10 09:00", "dv", "accept_in", {"urgency"}, ""),
    (
        *("03-10 12:15", "dv", "call_safe"),
        {"was_alone", "safe_when", "safe_as", "tell_community", "come_to_door", "tell_police", "told_rights"},
        "",
    ),
    (
        "03-10 12:40",
        "dv",
        "register_forms",
        {"dv_forms", "relation", "child_present", "prior_violence", "facts"},
        "",
    ),
    ("03-10 12:45", "dv", "assess", {"answer_1", "answer_a", "judgement"}, ""),
    ("03-10 12:50", "dv", "grade_1", {"grade_words"}, "1"),
    ("03-10 12:55", "dv", "report_up", {"report_stage", "report_words"}, "1"),
    ("03-10 13:10", "dv", "safety_plan", {"plan_items", "plan_words"}, "1"),
    # Saturday night: neighbours call 110; recorded on behalf of the police station
    ("03-14 23:41", "dv", "new_incident", {"incident_at", "injury", "child_present", "police_called"}, "1"),
    ("03-15 00:05", "dv", "record_police_report", {"reported_at", "police_no", "child_present"}, "1"),
    ("03-15 01:10", "dv", "attach", {"file", "paper_kind"}, "1"),
    ("03-15 02:00", "dv", "refer_shelter", {"agency", "urgency", "needs", "request"}, "1"),
    ("03-15 02:05", "shelter", "accept", set(), ""),
    (
        "03-15 02:10",
        "dv",
        "shelter_in",
        {"shelter_place", "admitted_at", "children_with", "papers_later"},
        "1",
    ),
    ("03-15 09:30", "dv", "assess", {"answer_a", "judgement", "judgement_words"}, "1"),
    ("03-15 09:32", "dv", "change_grade", {"grade", "grade_words"}, "1"),
    ("03-15 09:35", "dv", "report_up", {"report_stage", "report_words"}, "1"),
    ("03-15 09:40", "dv", "refer_hospital", {"agency", "urgency", "request"}, "1"),
    ("03-15 10:00", "appraisal", "accept", {"contact_person"}, ""),
    (
        "03-18 11:00",
        "appraisal",
        "give_reply",
        {"outcome", "injury", "document_no", "document_on", "reply_text"},
        "",
    ),
    ("03-18 11:00", "dv", "child_replied", set(), "1"),
    ("03-16 10:00", "dv", "visit_done", {"visit_way", "visit_whom", "visit_found", "was_alone"}, "1"),
    ("03-16 15:00", "dv", "conference", {"held_at", "agencies_there", "minutes"}, "1"),
    ("03-16 15:30", "dv", "refer_school", {"agency", "urgency", "request"}, "1"),
    ("03-16 16:00", "school", "return_back", {"return_reason", "return_words"}, ""),
    ("03-16 16:20", "school", "resend", {"what_changed"}, ""),
    ("03-16 16:40", "school", "accept", set(), ""),
    ("03-16 17:20", "dv", "record_warning", {"letter_no", "letter_at", "letter_ground"}, "1"),
    ("03-16 17:20", "letter", "record_letter", {"letter_no", "letter_at", "letter_ground"}, ""),
    ("03-16 17:20", "dv", "letter_in_force", set(), "1"),
    ("03-17 09:00", "dv", "change_decisions", {"tell_community"}, "1"),
    ("03-17 09:10", "dv", "invite_village", {"disclosure_ground", "told_her_first"}, "1"),
    ("03-17 09:15", "dv", "plan_visit", {"visit_whom", "visit_way", "visit_task"}, "1"),
    ("03-17 10:00", "dv", "refer_court", {"agency", "urgency", "request"}, "1"),
    ("03-18 10:05", "court", "accept", set(), ""),
    ("03-19 09:30", "court", "give_reply", {"outcome", "order_outcome", "document_no", "reply_text"}, ""),
    ("03-19 16:40", "dv", "record_order", {"order_no", "order_on", "order_until", "order_measures"}, "1"),
    ("03-19 16:40", "order", "record_order", {"order_no", "order_on", "order_until", "order_measures"}, "1"),
    ("03-19 16:40", "dv", "order_in_force", set(), "1"),
    ("03-20 09:00", "dv", "refer_legal_aid", {"agency", "urgency", "request"}, "1"),
    ("03-20 15:00", "dv", "village_cannot", {"cannot_why"}, "1"),
    ("03-20 15:30", "dv", "plan_visit", {"visit_whom", "visit_way"}, "1"),
    ("03-21 10:00", "dv", "village_visit_done", {"visit_found", "voice"}, "1"),
    ("03-21 10:30", "letter", "visit", {"saw_him", "seen_apart", "visit_found"}, ""),
    ("03-23 09:00", "order", "ask_reconsideration", {"asked_by", "asked_on"}, "1"),
    ("03-24 09:00", "dv", "shelter_out", {"left_at", "own_request", "leaves_to"}, "1"),
    ("03-24 09:10", "dv", "record_whereabouts", {"now_at", "who_may_know"}, "1"),
    ("03-24 09:20", "dv", "refer_federation", {"agency", "urgency", "request"}, "1"),
    ("03-27 09:00", "federation", "accept", {"contact_person"}, ""),
    ("03-30 09:00", "order", "reconsidered", {"review_result"}, "1"),
]
OPENS = {"shelter", "appraisal", "school", "court", "federation"}


def told() -> dict[str, Walk]:
    """Live the story; every line must be allowed where it happens and ask what it submits."""
    matters = {"dv": Walk(DV), **{name: Walk(REFERRAL) for name in OPENS}}
    matters |= {name: Walk(book) for name, book in MEASURES.items()}
    for day, name, move_name, fields, grade in STORY:
        walk = matters[name]
        move = find_move(walk.pb, move_name)
        assert allowed(walk.pb, move, walk.stage), f"{day} {name}.{move_name} in {walk.stage}"
        assert fields <= {f.name for f in move.asks}, f"{day} {name}.{move_name}"
        walk.make(move, grade)
    return matters


def test_every_line_of_the_story_has_its_move() -> None:
    walk = told()["dv"]
    assert walk.stage == "ordered"
    assert words(DV, walk.stage, "asking")["zh"] == "申请人"


def test_what_is_owed_at_the_end_of_march() -> None:
    """Police visits, visits under order and grade, and the question about extending; nothing forgotten."""
    matters = told()
    rounds, letter, order = (matters[name].rounds for name in ("dv", "letter", "order"))
    assert letter["visit"] == 2
    assert MEASURES["letter"].duties["visit"].rule_for({}, 2) == "warning.visit"
    assert order["renew"] == order["visit"] == 1
    assert {"visit"} <= set(rounds)
    assert not {"triage", "contact", "safety_plan", "report_now", "shelter_stay"} & set(rounds)
    assert "decide" not in letter
    assert matters["school"].rounds == {"answer": 1}
    assert matters["court"].result == matters["appraisal"].result == "replied"


def test_clocks_of_letter_and_order_start_on_their_own_dates() -> None:
    """The letter is dated the 16th and arrives on the 17th: the seven days run from the 16th."""
    letter, order = MEASURES["letter"].duties, MEASURES["order"].duties
    assert letter["visit"].start_from == letter["notify"].start_from == "letter_at"
    assert letter["decide"].start_from == "reported_at"
    assert order["renew"].start_from == "order_on"
    assert order["renew"].warn == ("30d", "14d", "7d")


def test_the_story_can_go_on_to_its_end() -> None:
    """May: the letter is breached. September: the order is extended, ends; guarding; answered and closed."""
    walk = told()["dv"]
    breach = walk.make(DV.moves["breach"], "1")
    assert {"reassess", "report_now"} <= {d.name for d in breach.starts}
    rest = ["assess", "change_grade", "report_up"]
    for name in (*rest, "order_over", "letter_over", "visit_done", "close_resolved"):
        walk.make(find_move(walk.pb, name), "2")
    assert walk.result == "resolved"
    assert set(walk.rounds) == {"reply", "report_up"}
    for name in ("reply", "report_up", "seen", "rate"):
        walk.make(find_move(walk.pb, name), "2")
    assert not walk.rounds


def test_the_village_never_sees_a_field_about_where_she_is() -> None:
    book: Playbook = DV
    seen = {f.name for m in book.moves.values() if "village" in m.by for f in m.asks}
    seen |= {f.name for f in book.moves["plan_visit"].asks}
    assert not [n for n in seen if book.fields[n].compartment == "whereabouts"]
