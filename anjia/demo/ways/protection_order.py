"""人身安全保护令: how orders go, from the application to the form that goes back to the court."""

from __future__ import annotations

from anjia.demo.ways.way import Procedure, Way, step

PACKET = (step("packet", 3),)
FILED = (*PACKET, step("file", 6))
ACCEPTED = (*FILED, step("accept", 8))
MADE = (*ACCEPTED, step("record_order", 20), step("serve", 6))
ASKED = (*MADE, step("no_reconsideration", 24 * 3), step("visit", 24 * 20))

PROTECTION_ORDER = Procedure(
    name="protection-order",
    parties={"asking": "female", "complained": "male"},
    channels=("visit",),
    filled=frozenset({"relation", "urgent", "court_no", "told_respondent"}),
    words={
        "urgent": ["no", "no", "yes"],
        "relation": ["spouse", "cohabitant", "ex_spouse"],
        "who_applies": "herself",
        "measures_sought": [["no_violence", "no_contact"], ["no_violence", "move_out"], ["no_violence"]],
        "order_measures": [["no_violence", "no_contact"], ["no_violence", "move_out"], ["no_violence"]],
        "facts": "他多次动手,我怕他再来。",
        "to_court": "court",
        "court_no": "演民保令",
        "order_no": ["(2026)苏演民保令31号", "(2026)苏演民保令44号"],
        "evidence_kinds": [["statement", "help_sought"], ["statement", "police_record", "medical"]],
        "told_respondent": "yes",
        "order_on": 0,
        "order_until": 175,
        "papers_missing": "缺证据目录的页码。",
        "papers_added": "目录已编好页码。",
        "refuse_words": "现有材料不足以认定有现实危险。",
        "visit_whom": "asking",
        "visit_way": "phone",
        "visit_found": "safe",
        "her_words": "我想先不走这一步。",
        "no_reconsideration.her_words": "没有意见。",
        "asked_on": 0,
        "breach_words": "他又到单位门口来等。",
        "end_order.order_end": "expired",
        "feedback_on": 0,
    },
    ways=(
        Way("in force", ASKED),
        Way("preparing", PACKET),
        Way("filed", FILED),
        Way("incomplete", (*FILED, step("ask_papers", 5))),
        Way("accepted", ACCEPTED),
        Way("not served", (*ACCEPTED, step("record_order", 20)), keeps=False),
        Way(
            "breached",
            (*ASKED, step("breach", 24 * 6), step("breach_reported", 2), step("breach_decided", 24 * 2)),
        ),
        Way("lapsed", (*ASKED, step("end_order", 24 * 14)), keeps=False),
        Way(
            "ended",
            (*ASKED, step("end_order", 24 * 60), step("return_form", 24 * 2), step("reply", 4)),
        ),
        Way(
            "refused",
            (
                *FILED,
                step("ask_papers", 5),
                step("file_again", 10),
                step("accept", 8),
                step("refuse", 20),
                step("no_reconsideration", 24),
                step("reply", 5),
            ),
        ),
        Way("given up", (*PACKET, step("give_up", 10), step("reply", 4))),
        Way("made", (step("serve", 4), step("no_reconsideration", 24 * 2)), inside=True),
    ),
)
