"""One careless edit of a real procedure: found at its line, with the way to get there and what to do about it.

Each entry is one edit somebody could make in good faith on a busy afternoon.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from anjia.law import playbooks
from anjia.law.playbooks.library import CATALOGUE, known
from anjia.law.playbooks.tests.support import line_of, written


class Edit(NamedTuple):
    """In `book`, `old` becomes `new`; then `code` is found on the line where `place` stands, after `path`."""

    book: str
    old: str
    new: str
    code: str
    place: str
    path: tuple[str, ...] = ()


EDITS = {
    "a yes that has nowhere to go once they sit at the table": Edit(
        "dispute-mediation", "    from: any\n    to: closed_diverted\n", "    from: accepted\n    to: closed_diverted\n",
        "turns.unfit", "  safety_first:\n    label", ("safety_first",),
    ),
    "a village is asked for a whole questionnaire": Edit(
        "dv-case", "    asks: [visit_found, voice, visit_words]\n",
        "    asks: [visit_found, voice, visit_words, injury, child_present, police_called, dv_forms, urgency, incident_at,\n"
        "           needs]\n",
        "burden.form", "  village_visit_done:\n", ("village_visit_done",),
    ),
    "a village is asked what the record has": Edit(
        "dv-case", "    asks: [visit_found, voice, visit_words]\n",
        "    asks: [visit_found, voice, visit_words, occupation]\n",
        "burden.again", "  village_visit_done:\n", ("village_visit_done",),
    ),
    "a visit counts only with a photograph": Edit(
        "dv-case", "    asks: [visit_found, voice, visit_words]\n",
        "    asks: [visit_found, {use: voice, required: true}, visit_words]\n",
        "burden.photo", "  village_visit_done:\n", ("village_visit_done",),
    ),
    "a round is pressed every month whether anybody walked": Edit(
        "walk-round", "    done_by: [walked_all]\n", "    done_by: [walked_all]\n    repeats: {until: [walked]}\n",
        "burden.clocking-in", "  walk:\n    label",
    ),
    "a round keeps who lives behind the door": Edit(
        "walk-round", "parties: {}\n", "parties:\n  asking: {label: {zh: 住户, en: Household}}\n",
        "counts-only.people", "counts_only: true",
    ),
    "nobody tells a village what not to say": Edit(
        "walk-round", "    asks: [walked]\n    card: walking\n", "    asks: [walked]\n",
        "card.missing", "  nothing_found:\n",
    ),
    "her case is closed without a result": Edit(
        "dv-case", "    result: unfounded\n", "", "end.no-result", "  close_unfounded:\n",
        ("accept_in", "close_unfounded"),
    ),
    "waiting for her has no way out": Edit(
        "dv-case",
        "  waiting:    {holder: station",
        "  asleep:     {holder: station, label: {zh: 搁置, en: Put aside}}\n  waiting:    {holder: station",
        "stage.unreachable", "  asleep:",
    ),
    "nobody visits any more": Edit(
        "dv-case", "    repeats: {until: [responding, urgent]}\n", "", "matter.idle", "  guarding:   {holder",
        ("accept_in", "wait_her", "resume_work", "guard", "visit_done"),
    ),
    "a plan nobody has to make": Edit(
        "dv-case", "    done_by: [safety_plan]\n", "    done_by: [accept_in]\n",
        "duty.nobody", "  safety_plan:\n    label: {zh: 和她", ("accept_in", "grade_1"),
    ),
    "the village owes a visit it was never asked for": Edit(
        "dv-case", "    guards:\n      - role.bound: {role: village}\n      - consent.community\n",
        "    guards:\n      - consent.community\n",
        "duty.owner-unbound", "  village_visit:\n    label", ("plan_visit",),
    ),
    "police owe what only the federation may do": Edit(
        "warning-letter", "    done_by: [visit, visit_told]\n", "    done_by: [invite_committee]\n",
        "duty.not-theirs", "  visit:\n",
    ),
    "nobody answered, and she counts as reached": Edit(
        "dv-case", "    done_by: [call_safe, visit_done]\n    void_by: [wait_her]\n    tried_by",
        "    done_by: [call_safe, visit_done, call_missed]\n    void_by: [wait_her]\n    tried_by",
        "duty.tried-is-done", "  contact:\n",
    ),
    "another way is owed after attempts at nothing": Edit(
        "dv-case", "    after_tries: {of: contact, times: 3}\n", "    after_tries: {of: triage, times: 3}\n",
        "duty.tries-unknown", "  seek:\n",
    ),
    "visits never stop after the end": Edit(
        "dv-case", "    repeats: {until: [responding, urgent]}\n",
        "    repeats: {until: [responding, urgent]}\n    survives_end: true\n",
        "duty.never-closes", "  guard_visit:\n", ("close_joined",),
    ),
    "a clock from a day that nobody is asked for": Edit(
        "warning-letter", "    asks: [letter_no, letter_at, letter_ground, served_how, told_rights]\n",
        "    asks: [letter_no, letter_ground, served_how, told_rights]\n",
        "duty.start-unasked", "  visit:\n", ("record_letter",),
    ),
    "a clock from something that is no day": Edit(
        "warning-letter", "    start_from: letter_at\n", "    start_from: letter_ground\n",
        "duty.not-a-date", "  notify:\n",
    ),
    "a reminder written in words": Edit(
        "dv-case", "    warn: [3d, 1d]\n", "    warn: [3d, soon]\n", "duty.warn", "  shelter_stay:\n",
    ),
    "a rule variant by a word nobody answers": Edit(
        "dv-case", "    variants_from: {urgency: {very_urgent: urgent}}\n",
        "    variants_from: {urgency: {veryurgent: urgent}}\n", "code.unknown", "  triage:\n",
    ),
    "a grade that does not exist": Edit(
        "dv-case", '    rule_by: {field: grade, rules: {"1": plan.safety-urgent}}\n',
        '    rule_by: {field: grade, rules: {"0": plan.safety-urgent}}\n', "code.unknown",
        "  safety_plan:\n    label: {zh: 和她",
    ),
    "a question that can never appear": Edit(
        "dv-case", "    asks: [agency, urgency, report_class, told_first, not_told_why, request]\n",
        "    asks: [agency, urgency, report_class, not_told_why, request]\n",
        "field.never-shown", "  mandatory_report:\n",
    ),
    "a due date that tells where she is": Edit(
        "dv-case", "admitted_at:    {type: datetime, required: true,",
        "admitted_at:    {type: datetime, compartment: whereabouts, required: true,",
        "sealed.in-a-duty", "  shelter_stay:\n",
    ),
    "her village in the clear": Edit(
        "dv-case", "event_place:     {type: place, compartment: narrative,", "event_place:     {type: place,",
        "place.in-the-clear", "  event_place: ",
    ),
    "her words in the clear": Edit(
        "dv-case", "her_words:      {type: long_text, compartment: narrative,", "her_words:      {type: long_text,",
        "sealed.text-open", "  her_words: ",
    ),
    "where she is, counted": Edit(
        "dv-case", "now_at:         {type: short_text, of: asking, compartment: whereabouts,",
        "now_at:         {type: short_text, of: asking, compartment: whereabouts, counts: true,",
        "sealed.counts", "  now_at: ",
    ),
    "where she is, sent with a referral": Edit(
        "dv-case", "    asks: [agency, urgency, needs, request, answer_by]\n    opens: referral\n    opens_kind: [court]",
        "    asks: [agency, urgency, needs, request, answer_by, now_at]\n    opens: referral\n    opens_kind: [court]",
        "whereabouts.leaves", "  refer_court:\n", ("refer_court",),
    ),
    "where she is, told to the village": Edit(
        "dv-case", "    asks: [now_at, who_may_know]\n", "    asks: [now_at, who_may_know]\n    tells: village\n",
        "whereabouts.leaves", "  record_whereabouts:\n", ("record_whereabouts",),
    ),
    "where she is, asked of whoever registers": Edit(
        "dv-case", "injured_on]\n\nfields:", "injured_on, now_at]\n\nfields:", "whereabouts.leaves", "  now_at: ",
        ("open",),
    ),
    "the village told as soon as she calls": Edit(
        "dv-case", "joins: invite, capacity: village,", "capacity: village,", "consent.missing", "  village:  {kind",
        ("open",),
    ),
    "the village told again without asking her": Edit(
        "dv-case", "      - role.bound: {role: village}\n      - consent.community\n      - consent.visit",
        "      - role.bound: {role: village}\n      - consent.visit", "consent.missing", "  plan_visit:\n",
        ("plan_visit",),
    ),
    "a visit at her door without her word": Edit(
        "dv-case", "      - consent.community\n      - consent.visit: {way: visit_way, whom: visit_whom}\n",
        "      - consent.community\n", "consent.missing", "  plan_visit:\n", ("plan_visit",),
    ),
    "police told without her word": Edit(
        "dv-case", "    guards: [consent.police]\n", "", "consent.missing", "  refer_police:\n", ("refer_police",),
    ),
    "police told because a child was never looked for": Edit(
        "dv-case", "    guards: [protected_person]\n", "", "consent.missing", "  mandatory_report:\n",
        ("mandatory_report",),
    ),
    "a mediator asked by the ordinary referral": Edit(
        "dv-case", "    opens_kind: [counselling]\n", "    opens_kind: [counselling, mediation_committee]\n",
        "mediation.violence", "  refer_counselling:\n", ("refer_counselling",),
    ),
    "side issues without the guard": Edit(
        "dv-case", "      - no_mediation_of_violence: {issue: side_issue}\n", "", "mediation.violence",
        "  refer_side_issue:\n", ("refer_side_issue",),
    ),
    "withdrawn the moment she writes": Edit(
        "dv-case", "reopens_to: received\n", "reopens_to: received\nwithdraws_to: closed_withdrawn\n",
        "withdraw.unchecked", "withdraws_to:", ("withdraw",),
    ),
    "reopened into an end": Edit(
        "dv-case", "reopens_to: received\n", "reopens_to: closed_referred\n", "reopen.end", "reopens_to:",
        ("close_joined", "reopen"),
    ),
    "reopened where nobody owes anything": Edit(
        "dv-case", "reopens_to: received\n", "reopens_to: assessing\n", "reopen.idle", "reopens_to:",
        ("close_joined", "reopen"),
    ),
    "an answer without a word": Edit(
        "referral", "{use: reply_text, required: true}", "reply_text", "answer.empty", "  give_reply:\n",
        ("give_reply",),
    ),
    "an answer that ends nothing": Edit(
        "referral", "answers: [give_reply, recall]", "answers: [give_reply, recall, give_more]", "answer.not-end",
        "answers:",
    ),
    "a referral that opens without what it must have": Edit(
        "dv-case", "    asks: [side_issue, she_asked, separate_rooms, agency, urgency, request]\n",
        "    asks: [side_issue, she_asked, separate_rooms, agency, urgency]\n", "child.unfilled",
        "  refer_side_issue:\n", ("refer_side_issue",),
    ),
    "a child that begins with a step it does not have": Edit(
        "dv-case", "    opens_with: record_letter\n", "    opens_with: record_leter\n", "move.unknown",
        "  record_warning:\n",
    ),
    "a child that begins without what its first step must have": Edit(
        "dv-case", "    asks: [letter_no, letter_at, letter_ground]\n", "    asks: [letter_no, letter_ground]\n",
        "child.unfilled", "  record_warning:\n", ("record_warning",),
    ),
    "a measure that listens for something the case never does": Edit(
        "warning-letter", "{new_incident: heard_again,", "{new_incidents: heard_again,", "on-parent.move", "on_parent:",
    ),
    "a measure's end nobody hears": Edit(
        "dv-case", "revoked: letter_over, ", "", "on-child.result", "on_child:",
    ),
    "a count of visits that no step makes": Edit(
        "warning-letter", "resets: [again, heard_again, disobeyed]", "resets: [again, heard_agian]", "guard.param",
        "      - visits.clean:",
    ),
    "a result that is heard only in some stages": Edit(
        "dv-case",
        "  child_replied:\n    label: {zh: 协办单位已书面回复, en: A referral was answered}\n    from: [any, end]",
        "  child_replied:\n    label: {zh: 协办单位已书面回复, en: A referral was answered}\n    from: [responding, end]",
        "on-child.stuck", "  child_replied:\n", ("refer_police",),
    ),
    "a result that may be refused": Edit(
        "dv-case", "    asks: [injured_parts, injured_on]\n    hidden: true\n  child_recalled",
        "    asks: [injured_parts, injured_on]\n    hidden: true\n    guards: [risk.assessed]\n  child_recalled",
        "on-child.refusable", "  child_replied:\n", ("child_replied",),
    ),
    "a result nobody hears": Edit(
        "dv-case", "  referral: {replied: child_replied, recalled: child_recalled}",
        "  referral: {replied: child_replied}", "on-child.result", "on_child:",
    ),
    "a step the system never makes": Edit(
        "dv-case", "recalled: child_recalled}", "recalled: child_replied}", "move.unheard", "  child_recalled:\n",
    ),
    "an agency that sees it and has no part": Edit(
        "referral", "parties: {}\n",
        "  witness:  {label: {zh: 旁观单位, en: Onlooker}, holder_of_parent: true}\n\nparties: {}\n",
        "role.unused", "  witness:",
    ),
    "a card nobody is shown": Edit(
        "dv-case", "    card: no_answer\n", "    card: first_call\n", "card.unused", "  no_answer:\n",
    ),
    "no source in law": Edit(
        "referral", "source: [家庭暴力多部门合作工作手册·转介接收单, 反家庭暴力法 4、13, 信访工作条例 23]\n", "source: []\n",
        "source.missing", "source:",
    ),
    "the court must be there before it can be heard of": Edit(
        "dv-case", "    by: [court, station]\n    asks: [order_no, order_on, order_until, order_measures]\n",
        "    by: [court]\n    asks: [order_no, order_on, order_until, order_measures]\n",
        "role.binds-itself", "  record_order:\n",
    ),
    "no agency may record what the police did": Edit(
        "dv-case", "  record_police_outcome:\n", "  record_police_outcome:\n    on_behalf: false\n", "move.on-behalf",
        "  record_police_outcome:\n",
    ),
    "a promised limit without a duty": Edit(
        "dv-case", "retention: unit-schedule\n", "retention: unit-schedule\nrules: [order.decide]\n", "clock.no-duty",
        "rules:",
    ),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_a_careless_edit_is_found_at_its_line_with_the_way_there(edit: str, tmp_path: Path) -> None:
    book, old, new, code, place, path = EDITS[edit]
    text = (CATALOGUE / f"{book}.yaml").read_text(encoding="utf-8")
    assert old in text, "the procedure no longer has this passage"
    planted = text.replace(old, new, 1)
    found = playbooks.check(written(tmp_path, planted, f"{book}.yaml"), known())
    hits = [f for f in found if f.code == code]
    assert hits, f"not found; found were {[f.said('en') for f in found]}"
    finding = next((f for f in hits if f.line == line_of(planted, place)), hits[0])
    assert (finding.file, finding.line) == (f"{book}.yaml", line_of(planted, place)), finding.said("en")
    assert finding.path == path, finding.said("en")
    assert re.search("[\u4e00-\u9fff]", finding.remedy["zh"])
    assert not re.search("[\u4e00-\u9fff]", finding.remedy["en"].replace("？", ""))
    assert len(finding.trail) == len(path)
