"""告诫书: how letters go, from the police's decision to the last visit."""

from __future__ import annotations

from anjia.demo.ways.way import Procedure, Way, step

VISITED = (step("visit", 24 * 4, by="police"),)

WARNING_LETTER = Procedure(
    name="warning-letter",
    parties={"asking": "female", "complained": "male"},
    words={
        "letter_no": ["演告字〔2026〕021号", "演告字〔2026〕034号", "演告字〔2026〕052号"],
        "letter_at": -0.1,
        "letter_ground": ["victim_asks", "reprimanded_before", "in_public"],
        "served_how": ["signed", "signed", "refused_noted"],
        "notified": [["village_committee", "federation", "governance_center"]],
        "relation": ["spouse", "spouse", "ex_spouse"],
        "saw_him": "yes",
        "seen_apart": "yes",
        "visit_found": ["safe", "safe", "safe", "uneasy"],
        "visit_words": "分开见了双方,没有新的情况。",
        "educated_how": ["talk", "talk", "class"],
        "educated_at": 0,
        "why": "情节显著轻微,已批评教育。",
    },
    channels=("letter",),
    filled=frozenset({"letter_ground", "served_how", "relation"}),
    ways=(
        Way("visited", VISITED, inside=True),
        Way(
            "reprimand", (step("decide_otherwise", 20, by="police", police_outcome="reprimand"),), inside=True
        ),
        Way("on paper", (step("record_letter", 0.2, by="police"), *VISITED), ago=(12, 80)),
    ),
)
