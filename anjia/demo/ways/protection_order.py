"""人身安全保护令: how orders go, from the application to the visits while one is in force."""

from __future__ import annotations

from anjia.demo.ways.way import Procedure, Way, step

PROTECTION_ORDER = Procedure(
    name="protection-order",
    words={
        "who_applies": "herself",
        "measures_sought": [["no_violence", "no_contact"], ["no_violence", "no_harassing", "no_stalking"]],
        "evidence_kinds": [["statement", "help_sought"], ["statement", "police_record", "medical"]],
        "facts": "多次动手,近期又威胁,有现实危险。",
        "order_no": ["(2026)苏演民保令31号", "(2026)苏演民保令44号"],
        "order_on": 0,
        "order_until": 180,
        "order_measures": [["no_violence", "no_contact"], ["no_violence", "no_harassing", "no_stalking"]],
        "served": [["applicant", "respondent", "police_station", "village_committee", "federation"]],
        "told_respondent": "yes",
        "her_words": "先这样,不用复议。",
        "visit_whom": "asking",
        "visit_way": "phone",
        "visit_found": ["safe", "safe", "safe", "uneasy"],
        "visit_words": "按约联系,对方没有再来。",
    },
    filled=frozenset({"told_respondent"}),
    leaves=frozenset({"renew"}),  # only the court makes it longer
    ways=(
        Way("in force", (), inside=True),
        Way(
            "granted",
            (
                step("packet", 3),
                step("file", 2),
                step("accept", 4, by="court"),
                step("record_order", 18, by="court"),
            ),
            inside=True,
        ),
        Way(
            "being decided", (step("packet", 3), step("file", 2), step("accept", 4, by="court")), inside=True
        ),
    ),
)
