"""告诫书: how letters go, from the police's decision to the last visit."""

from __future__ import annotations

from anjia.demo.ways.way import Procedure, Way, step

ISSUED = (step("accept_report", 1), step("issue", 8))
SERVED = (*ISSUED, step("serve", 3), step("notify", 5), step("educate", 24))
VISITED = (*SERVED, step("visit", 24 * 4))
TOLD = (step("notify", 3), step("educate", 20))

WARNING_LETTER = Procedure(
    name="warning-letter",
    parties={"asking": "female", "complained": "male"},
    channels=("police_notice",),
    filled=frozenset({"relation", "letter_ground", "served_how", "told_rights", "police_no"}),
    words={
        "police_no": "演受案",
        "letter_no": ["演告字〔2026〕021号", "演告字〔2026〕034号", "演告字〔2026〕052号"],
        "served_how": ["signed", "signed", "refused_noted"],
        "letter_ground": ["victim_asks", "in_public", "reprimanded_before"],
        "relation": ["spouse", "cohabitant", "ex_spouse"],
        "saw_him": "yes",
        "seen_apart": "yes",
        "visit_found": "safe",
        "visit_words": "双方分别见过,没有新的暴力。",
        "police_outcome": ["reprimand", "punishment", "not_established"],
        "no_letter.why": "情节轻微,已批评教育。",
        "why": "经核实,按规定办理。",
        "on_the_spot": "no",
        "reported_at": 0,
        "letter_at": 0,
        "educated_at": 0,
    },
    ways=(
        Way("visited", VISITED, ago=(10, 60)),
        Way("reported", (step("accept_report", 1),), ago=(0.1, 0.5)),
        Way("issued", ISSUED, ago=(0.05, 0.3)),
        Way("served", SERVED, ago=(1, 2)),
        Way("first visit forgotten", SERVED, ago=(8, 15), rare=True, keeps=False),
        Way(
            "no letter",
            (step("accept_report", 1), step("decide_otherwise", 12), step("reply", 5), step("report_up", 2)),
        ),
        Way("revoked", (*VISITED, step("revoke", 24 * 5), step("reply", 5), step("report_up", 2))),
        Way("recorded in error", (step("void_record", 3), step("reply", 5), step("report_up", 2))),
        Way(
            "kept",
            (
                *VISITED,
                step("visit", 24 * 80),
                step("visit", 24 * 80),
                step("visit", 24 * 80),
                step("end_visits", 24 * 10),
                step("reply", 5),
                step("report_up", 2),
            ),
        ),
        Way("on paper", TOLD, inside=True),
    ),
)
