"""家庭暴力个案: how such cases go, from the first call to the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from anjia.demo.ways.way import Procedure, Step, Way, step


def scale(yes: int, judgement: str, after: float = 1.0, **more: Any) -> Step:
    """The danger scale with so many answers “yes”."""
    answers = {f"answer_{n}": "yes" if n <= yes else "no" for n in range(1, 10)}
    return Step(
        "assess", after, {"judgement": judgement, "answer_a": "no", "answer_b": "no", **answers, **more}
    )


TAKEN = (step("accept_in", 1),)
REACHED = (*TAKEN, step("call_safe", 3))
MISSED = (*TAKEN, step("call_missed", 4))
NOT_FOUND = (*MISSED, step("call_missed", 24), step("call_missed", 24))
LOW = (*REACHED, scale(2, "low"))
MEDIUM = (*REACHED, scale(4, "medium"))
HIGH = (
    *REACHED,
    scale(7, "high"),
    step("grade_1", 0.3, grade_words="量表结果为高。"),
    step("report_up", 0.5),
)
TWO = (*MEDIUM, step("grade_2", 0.5, grade_words="多次动手,有现实危险。"))
THREE = (*LOW, step("grade_3", 0.5, grade_words="初次,较轻。"))
PLANNED = (*TWO, step("safety_plan", 4))
LETTER = step("record_warning", 20, letter_no="演告字〔2026〕017号", letter_at=0, goes="on paper")
CALM = (*THREE, step("safety_plan", 3))
GUARDED = (*CALM, step("guard", 24 * 14, why="两个星期没有新的情况。"))
ENDED = (*GUARDED, step("close_resolved", 24 * 32, outcome=["safe_now"], why="她说已经平安,同意办结。"))
ANSWER = (step("reply", 3), step("report_up", 2, report_stage="final", report_words="本月办结一件。"))

#: How a protection order may go inside a case, and for one that is open, how many days ago its last step was.
ORDERS_OPEN = {
    "in force": (5, 90),
    "preparing": (0.1, 0.6),
    "filed": (0.1, 0.4),
    "incomplete": (0.1, 0.5),
    "accepted": (0.5, 1.2),
    "not served": (3, 6),
    "breached": (5, 40),
    "lapsed": (3, 4),
}
#: How one may end, and how many days later the case does.
ORDERS_OVER = {"ended": 75, "refused": 20, "given up": 20}


def orders() -> Iterator[Way]:
    """Cases in which a protection order is asked for, one for each way an order may go."""
    for name, ago in ORDERS_OPEN.items():
        yield Way(f"order {name}", (*PLANNED, step("apply_order", 6, goes=name)), ago=ago)
    for name, after in ORDERS_OVER.items():
        asked = (*PLANNED, step("apply_order", 6, goes=name))
        over = step("close_resolved", 24 * after, outcome=["order_granted"], why="她说已经平安,同意办结。")
        yield Way(f"order {name}", (*asked, over, *ANSWER), receipt=name == "ended")
    made = {
        "order_no": "(2026)苏演民保令12号",
        "order_on": 0,
        "order_until": 170,
        "order_measures": ["no_violence"],
    }
    yield Way("order on paper", (*PLANNED, Step("record_order", 30, made, goes="made")), ago=(8, 90))


def twins() -> Iterator[Way]:
    """Women who moved and are known in one county, then in the next; and one who was reported twice in one."""
    for which in range(3):
        gone = step("close_transferred", 8, why="本人已迁往邻县,当地妇联接手。")
        yield Way(f"moved away {which}", (*REACHED, gone, *ANSWER), twin=(which, 0))
        yield Way(f"came again {which}", MEDIUM, ago=(10, 14), twin=(which, 1))
    joined = (
        *TAKEN,
        step("link_same", 30, same_case="same"),
        step("close_joined", 2, joined_to="同一家庭的前一件"),
    )
    yield Way("joined", (*joined, *ANSWER), ago=(0.1, 0.5), twin=(2, 1), beside=True)


DV_CASE = Procedure(
    name="dv-case",
    parties={"asking": "female", "complained": "male"},
    filled=frozenset({"relation", "facts", "dv_forms", "told_rights", "call_words", "urgency"}),
    leaves=frozenset({"seek"}),  # who looks in on her is a person's decision, not the crowd's
    words={
        "facts": [
            "吵架以后他把我推到墙上。",
            "他把工资卡和手机都收走了,不让我回娘家。",
            "离了婚他还天天堵在单位门口。",
            "公公动手打人,丈夫不管。",
            "喝多了就摔东西,孩子夜里吓醒。",
            "他说我要走就同归于尽。",
            "骂了十几年,最近开始动手。",
            "前男友一直发消息威胁我。",
            "当着孩子的面扇我耳光。",
            "他不许我上班,说出去就打断腿。",
        ],
        "relation": ["spouse", "spouse", "spouse", "ex_spouse", "parent_child", "cohabitant"],
        "dv_forms": [["physical"], ["psychological"], ["physical", "psychological"], ["economic"]],
        "urgency": ["soon", "urgent", "soon"],
        "first_or_repeat": ["first", "first", "repeat"],
        "told_rights": [["police", "shelter"], ["police", "protection_order", "shelter"], ["police"]],
        "call_words": [
            "她愿意先说说情况。",
            "她想先知道能怎么办。",
            "她最担心孩子。",
            "她说想离开,又怕没地方去。",
        ],
        "call_missed.missed_why": ["no_answer", "off", "other_answered"],
        "plan_words": [
            "和她商定了离开的路线和联络人。",
            "钥匙和证件放在娘家,有事打约定的电话。",
            "和她商定了联络人和去处。",
        ],
        "grade_words": "按评估定级。",
        "grade": lambda m: {"high": "1"}.get(m.risk_band) or m.grade or "2",
        "judgement": lambda m: m.risk_band or "medium",
        **{f"answer_{n}": "yes" if n < 5 else "no" for n in range(1, 10)},
        "answer_a": "no",
        "answer_b": "no",
        "visit_whom": "asking",
        "visit_way": "phone",
        "visit_found": ["safe", "safe", "safe", "safe", "uneasy"],
        "visit_words": "按约联系,没有新的情况。",
        "report_up.report_words": ["一级响应一件,正在处置。", "按规定上报一件,已安排回访。"],
        "reply_words": "您反映的事已经有结果,有任何情况随时找我们。",
        "her_words": ["我想再想想,先别动。", "我自己能处理,先撤了。"],
        "request": [
            "请按规定协助办理,只用约定的时间联系她。",
            "请提供法律咨询,免予核查经济状况。",
            "请安排心理支持,她下午方便。",
        ],
        "seen_apart": "yes",
        "saw_him": "yes",
    },
    ways=(
        Way("untouched", (), ago=(0.1, 0.5)),
        Way("slipped", (), ago=(2.5, 4), rare=True, keeps=False),
        Way("taken", TAKEN, ago=(0.2, 0.8)),
        Way("taken and left", TAKEN, ago=(3, 6), rare=True, keeps=False),
        Way("missed", MISSED, ago=(0.2, 0.8)),
        Way("not found", NOT_FOUND, ago=(0.1, 0.4)),
        Way("reached", REACHED, ago=(0.1, 0.6), receipt=True),
        Way("assessed", MEDIUM, ago=(0.1, 0.6)),
        Way("graded one", HIGH, ago=(0.1, 2)),
        Way("graded two", TWO, ago=(1, 20), receipt=True),
        Way("graded two, left", TWO, ago=(20, 30), rare=True, keeps=False),
        Way("graded three", THREE, ago=(2, 30)),
        Way("planned", PLANNED, ago=(3, 40)),
        Way(
            "legal aid",
            (
                *PLANNED,
                step("refer_legal_aid", 2, goes="answered"),
                step("refer_counselling", 30, goes="twice"),
            ),
            ago=(4, 20),
        ),
        Way(
            "asked and unread",
            (
                *PLANNED,
                step("refer_legal_aid", 2, goes="unread", urgency="urgent"),
                step("refer_civil_affairs", 1, goes="returned"),
            ),
            ago=(4, 7),
        ),
        Way(
            "partners at work",
            (*PLANNED, step("refer_hospital", 2, goes="accepted"), step("refer_counselling", 1, goes="sent")),
            ago=(0.6, 0.9),
        ),
        Way("letter", (*PLANNED, LETTER), ago=(5, 30)),
        Way(
            "police decide",
            (*PLANNED, step("record_police_report", 6, reported_at=0, goes="reported")),
            ago=(0.1, 0.5),
        ),
        Way(
            "no letter",
            (*PLANNED, step("record_police_report", 6, reported_at=0, goes="no letter")),
            ago=(6, 50),
        ),
        *orders(),
        *twins(),
        Way("waiting", (*LOW, step("wait_her", 1)), ago=(4, 25)),
        Way("guarded", GUARDED, ago=(8, 40), receipt=True),
        Way("resolved", ENDED, ago=(0.5, 1.5), keeps=False),
        Way("answered", (*ENDED, *ANSWER), receipt=True, often=2),
        Way(
            "answered with partners",
            (
                *PLANNED,
                step("refer_legal_aid", 2, goes="by code"),
                step("refer_counselling", 1, goes="asked more"),
                step("refer_civil_affairs", 1, goes="twice"),
                step("refer_hospital", 1, goes="by code"),
                scale(2, "low", 24 * 20),
                step("grade_3", 0.5, grade_words="情况平稳,下调一级。"),
                step("guard", 24 * 7, why="一个月没有新的情况。"),
                step(
                    "close_resolved", 24 * 30, outcome=["aided", "counselled"], why="她说已经平安,同意办结。"
                ),
                *ANSWER,
            ),
            receipt=True,
        ),
        Way(
            "recalled",
            (
                *CALM,
                step("refer_counselling", 2, goes="recalled"),
                step("guard", 24 * 14, why="没有新的情况。"),
                step("close_resolved", 24 * 31, outcome=["her_wish"], why="她说够了,不想再谈。"),
                *ANSWER,
            ),
        ),
        Way("withdrawn", (*REACHED, step("close_withdrawn", 6), *ANSWER), receipt=True),
        Way(
            "unfounded",
            (*REACHED, step("close_unfounded", 8, what_checked="与本人、社区分别核对,系误传。"), *ANSWER),
        ),
        Way(
            "referred on",
            (
                *PLANNED,
                step(
                    "close_referred",
                    24 * 12,
                    other_procedure=["litigation"],
                    why="法院已受理离婚诉讼,保护一并处理。",
                ),
                *ANSWER,
            ),
        ),
        Way(
            "handed over",
            (*REACHED, step("close_transferred", 8, why="本人已迁往外地,当地妇联接手。"), *ANSWER),
        ),
    ),
)
