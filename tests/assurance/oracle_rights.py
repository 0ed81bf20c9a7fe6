"""What must hold of him who is complained of and of those who go to the door: more of the oracle's plain sentences."""

from __future__ import annotations

from oracle import CASE, COUNTY, LEADERS, MATTER_PAGES, NOTHING, READ, STRANGERS, VILLAGE, S

PARTNERS = ("police", "aid", "shelter", "court", "hospital", "mediators", "bureau", "relief", "lapsed")
ABOVE = ("city", "city_officer", "street", "other")
HIS = ("his words", "his request", "answer to him")
RIGHTS = ("hear_complained", "ask_correction", "decide_correction", "ask_access", "answer_access")
SAYS = ("not_alone", "alone_kept", "alone_over")

SENTENCES = (
    # 听取陈述、更正、查阅
    S(
        "承办单位看得到他怎么说。",
        "Who leads the case reads what the person complained of says.",
        who=("officer",),
        matter=("case",),
        page=("desk:matter",),
        method=READ,
        answers=("ok",),
        shows="his words",
    ),
    S(
        "承办单位看得到他要求更正什么、怎样答复的。",
        "Who leads the case reads what he asks to be put right.",
        who=("officer",),
        matter=("case",),
        page=("desk:matter",),
        method=READ,
        answers=("ok",),
        shows="his request",
    ),
    S(
        "他说的话,协办单位一个字也看不到。",
        "No partner reads a word of what he says.",
        who=PARTNERS,
        hides=HIS,
    ),
    S("他说的话,村里和志愿者看不到。", "Neither village nor volunteers read it.", who=VILLAGE, hides=HIS),
    S("他说的话,上级和外县看不到。", "Nor does the line above, nor another county.", who=ABOVE, hides=HIS),
    S(
        "他说的话,领导、管理员、没登录的、离岗的看不到。",
        "Nor leaders, administrators, nobody in particular, whoever has left.",
        who=(*LEADERS, *STRANGERS),
        hides=HIS,
    ),
    S(
        "应当回避的人看不到他说的话,也不知道有人提出过。",
        "Who is walled off reads none of it, nor that anybody asked.",
        who=("walled",),
        hides=HIS,
    ),
    S(
        "听取、更正、查阅只由承办单位办。",
        "Hearing him and answering him are steps of whoever leads, of nobody else.",
        page=("desk:do",),
        move=RIGHTS,
        matter=("case",),
        but=COUNTY,
        answers=NOTHING,
    ),
    # 不得单独上门
    S(
        "村里看得到不得单独上门。",
        "The village sees that nobody goes there alone.",
        who=("village",),
        matter=("case",),
        page=("desk:matter",),
        method=READ,
        answers=("ok",),
        shows="nobody goes alone",
    ),
    S(
        "志愿者看得到不得单独上门。",
        "The volunteer sees it too.",
        who=("volunteer",),
        matter=("case",),
        page=("desk:matter",),
        method=READ,
        answers=("ok",),
        shows="nobody goes alone",
    ),
    S(
        "派出所在转给它的那一件上看得到。",
        "The station sees it on what was sent to it.",
        who=("police",),
        matter=("to police",),
        page=("desk:matter",),
        method=READ,
        answers=("ok",),
        shows="nobody goes alone",
    ),
    S(
        "安置点在转给它的那一件上看得到。",
        "So does the shelter.",
        who=("shelter",),
        matter=("to shelter",),
        page=("desk:matter",),
        method=READ,
        answers=("ok",),
        shows="nobody goes alone",
    ),
    S(
        "为什么不得单独上门,只有写下它的承办单位看得到。",
        "Why it is so is read by whoever leads, by nobody else.",
        but=COUNTY,
        hides=("why not alone",),
    ),
    S(
        "承办单位看得到为什么。",
        "Who leads reads why.",
        who=("officer",),
        matter=("case",),
        page=("desk:matter",),
        method=READ,
        answers=("ok",),
        shows="why not alone",
    ),
    S(
        "清单和查找里没有这个标记的名单。",
        "No list, no count and no search tells where it stands, to anybody who does not go there.",
        who=(*LEADERS, *STRANGERS, "court", "hospital", "mediators", "other", "relief", "lapsed", "walled"),
        page=(
            "desk:home",
            "desk:duties",
            "desk:below",
            "desk:matters",
            "desk:search",
            "desk:find",
            "desk:watch",
        ),
        hides=("nobody goes alone",),
    ),
    S(
        "应当回避的人看不到这个标记。",
        "Who is walled off from the case does not see that it stands there.",
        who=("walled",),
        matter=CASE,
        page=MATTER_PAGES,
        hides=("nobody goes alone", "why not alone"),
    ),
    S(
        "上级、领导和没有席位的人不能标,也不能取消。",
        "Nobody without a part in the case says it or takes it away.",
        who=(
            *LEADERS,
            *STRANGERS,
            "court",
            "hospital",
            "mediators",
            "other",
            "relief",
            "lapsed",
            "walled",
            "city",
        ),
        page=("desk:do",),
        matter=CASE,
        move=SAYS,
        answers=NOTHING,
    ),
)
