"""What must hold of ledgers, sheets for other systems and steps for many: said by hand, like everything in oracle.py."""

from __future__ import annotations

from oracle import EVERYTHING, LEADERS, NOTHING, STRANGERS, VILLAGE, S

LEDGERS = ("desk:ledgers", "desk:ledger", "desk:books", "desk:book")
MANY = (*LEDGERS, "desk:week", "desk:together", "desk:copies", "desk:copy-sheet")

SENTENCES = (
    S(
        "没登录的人打不开台账、复制单和一起办。",
        "Nobody who is not signed in opens a ledger, a sheet or a step for many.",
        who=STRANGERS,
        page=MANY,
        answers=NOTHING,
    ),
    S(
        "领导和系统管理员打不开台账、复制单和一起办。",
        "Leaders and system administrators open none of them.",
        who=LEADERS,
        page=MANY,
        answers=NOTHING,
    ),
    S(
        "村(社区)和志愿者打不开台账、复制单和一起办。",
        "The village and its volunteers open none of them.",
        who=VILLAGE,
        page=MANY,
        answers=NOTHING,
    ),
    S(
        "谁打开台账都看不到任何人的信息。",
        "A ledger shows nobody anything of anybody.",
        page=LEDGERS,
        hides=EVERYTHING,
    ),
    S(
        "给村里的单子上没有电话、经过和去向。",
        "The sheet for a village has no telephone, no story and not where she is.",
        page=("desk:week",),
        hides=("her telephone", "her story", "where she is", "petitioner", "other county's", "reported name"),
    ),
    S(
        "派出所、法院打不开台账和复制单。",
        "Police and courts open neither ledgers nor sheets.",
        who=("police", "bureau", "court"),
        page=(*LEDGERS, "desk:copies", "desk:copy-sheet"),
        answers=NOTHING,
    ),
    S(
        "个案报到其他系统的单子上没有她和他的名字、电话、经过和去向。",
        "The sheet of a case has neither name, no telephone, no story and not where she is.",
        page=("desk:copy-sheet",),
        matter=("case", "reported", "let read", "elsewhere"),
        hides=EVERYTHING,
    ),
    S(
        "信访报到妇联系统的单子上有信访人的名字。",
        "The sheet of a petition names the petitioner to the federation's system.",
        who=("county",),
        page=("desk:copy-sheet",),
        matter=("petition",),
        shows="petitioner",
    ),
    S(
        "上级和外单位打不开别人事项的复制单。",
        "Neither the line above nor another office opens the sheet of a matter.",
        who=("city", "city_officer", "other", "street"),
        page=("desk:copy-sheet",),
        matter=("case", "petition", "reported"),
        answers=NOTHING,
    ),
    S(
        "回避的人在一起办和台账里看不到那家的事。",
        "Whoever is walled off sees nothing of that family among many.",
        who=("walled",),
        page=MANY,
        hides=("her name", "his name", "her telephone", "disputant"),
    ),
)
