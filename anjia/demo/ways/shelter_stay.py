"""How stays at a shelter go: in at night with a name, papers by day, out with her own signature."""

from __future__ import annotations

from anjia.demo.ways.way import Procedure, Way, step

IN = (step("admit", 0.2),)
SETTLED = (*IN, step("papers", 9), step("take_up", 3))
SHELTER_STAY = Procedure(
    name="shelter-stay",
    parties={"asking": "female"},
    channels=("visit", "transfer"),
    filled=frozenset({"brought_by", "children_with"}),
    words={
        "brought_by": ["police", "federation", "herself"],
        "children_with": [0, 1, 2],
        "entered_at": 0,
        "papers_done": [
            ["entry_form", "rules_told", "health_asked"],
            ["entry_form", "identity", "rules_told", "valuables"],
        ],
        "taken_how": ["new_case", "known_case"],
        "refusal_words": "伤要先住院,已陪同到医院,出院前接来。",
        "stay_until": 6,
        "filed_on": 0,
        "why": "出租屋还没有收拾好,她想再住几天。",
        "left_at": 0,
        "own_request": "yes",
        "child_goes_with": "her",
        "told_her": "随时可以再来,打值班电话就行。",
    },
    ways=(
        Way("at the door", (), ago=(0.01, 0.03)),
        Way(
            "did not come",
            (step("not_coming", 0.9, why="送她来的人说,她改去了母亲家。"), step("report_up", 4)),
        ),
        Way("tonight", IN, ago=(0.1, 0.3)),
        Way("staying", SETTLED, ago=(1.5, 4)),
        Way("longer", (*SETTLED, step("extend", 24 * 8)), ago=(0.5, 3)),
        Way("left", (*SETTLED, step("leave", 24 * 6), step("report_up", 5))),
        Way(
            "refused",
            (step("refuse", 0.4, refusal="hospital_first"), step("take_up", 4), step("report_up", 3)),
        ),
    ),
)
