"""纠纷调解: disputes that are settled, that end, and that must not be mediated."""

from __future__ import annotations

from anjia.demo.ways.way import Procedure, Way, step

READY = (
    step("accept", 20),
    step("appoint_mediator", 2),
    step("tell_rights", 6),
    step("safety_first", 20),
    step("safety_second", 3),
)
SAT = (*READY, step("session", 24 * 2))
WRITTEN = (*SAT, step("session", 24 * 4), step("agree_written", 3))
ORAL = (*SAT, step("agree_oral", 2))
FILE = (step("file_dossier", 24 * 3), step("reply", 3), step("report_up", 2))

MEDIATION = Procedure(
    name="dispute-mediation",
    parties={"asking": "", "other": ""},
    channels=("visit", "visit", "outreach", "court_notice", "transfer"),
    filled=frozenset(
        {"relation", "dispute_words", "asked_for", "apart", "screened_on", "dispute_kind", "agreed_items"}
    ),
    words={
        "relation": ["spouse", "parent_child", "sibling", "ex_spouse", "child_in_law"],
        "mediation_source": ["applied", "found", "applied"],
        "dispute_words": [
            "为老人轮流照顾谈不拢。",
            "离婚后探望孩子的时间定不下来。",
            "两家合用一堵墙,修缮的钱谁出说不清。",
            "彩礼退多少,两家各说各的。",
            "婆媳为带孩子常起口角。",
        ],
        "dispute_kind": ["elder_support", "visitation", "in_laws", "bride_price", "neighbours"],
        "asked_for": "请帮我们坐下来说清楚。",
        "screened_on": 0,
        "afraid": "no",
        "hurt": "no",
        "threatened": "no",
        "choked": "no",
        "session_words": ["双方各说了想法,约好再谈一次。", "背靠背谈了一轮,分歧只剩一项。"],
        "agreed_words": "双方各让一步,事实、责任和做法写明。",
        "perform_how": "按月履行,当面交付。",
        "perform_by": 90,
        "in_force_at": 0,
        "instead_of_punishment": "no",
        "copies": "3",
        "performance": "full",
        "performance_words": "都照协议做了。",
        "refused_words": "不愿意坐在一起谈。",
        "own_words": "我们自己说好了。",
        "why": "分歧太大,各自另走程序。",
        "what_checked": "上门核实,没有纠纷。",
        "changed_words": "付款日改到每月十五日。",
        "received_at": 0,
        "court_no": "演诉前调",
        "confirm_result": "confirmed",
        "agreed_items": [["elder_support"], ["visitation"], ["property"]],
        "ruling_no": "演民特",
        "ruling_on": 0,
        "dossier_no": "演人调",
        "dossier_on": 0,
        "request": "双方情绪激动,请派人到场。",
        "urgency": "soon",
    },
    ways=(
        Way("lead", (), ago=(0.2, 1)),
        Way("lead left", (), ago=(10, 14), rare=True, keeps=False),
        Way("accepted", (step("accept", 20), step("appoint_mediator", 2)), ago=(0.2, 0.8)),
        Way("talking", SAT, ago=(1, 10)),
        Way("performing", (*WRITTEN, step("no_confirmation", 24 * 3)), ago=(10, 60)),
        Way("promised", ORAL, ago=(5, 30)),
        Way("at court", (*WRITTEN, step("apply_confirmation", 24 * 4)), ago=(0.3, 1.5)),
        Way(
            "written",
            (*WRITTEN, step("no_confirmation", 24 * 3), step("close_written", 24 * 60), *FILE),
            often=2,
        ),
        Way(
            "confirmed",
            (
                *WRITTEN,
                step("apply_confirmation", 24 * 6),
                step("court_accepts", 20),
                step("court_answers", 24 * 6),
                step("close_written", 24 * 40),
                *FILE,
            ),
        ),
        Way("oral", (*ORAL, step("close_oral", 24 * 35), *FILE), often=2),
        Way("unsettled", (*SAT, step("end_unsettled", 24 * 8), *FILE)),
        Way("refused", (step("refuse", 20), step("reply", 3), step("report_up", 2))),
        Way("to court", (*SAT, step("to_court", 24 * 5), *FILE)),
        Way(
            "to police", (*READY, step("report_police", 2, goes="at once"), step("to_police", 24 * 3), *FILE)
        ),
        Way(
            "stopped",
            (*READY[:3], step("safety_first", 20, choked="yes", goes="waiting"), step("report_up", 3)),
        ),
        Way("withdrawn", (step("withdraw_asked", 30), step("reply", 3), step("report_up", 2))),
        Way("no dispute", (step("no_dispute", 30), step("reply", 3), step("report_up", 2))),
    ),
)
