"""请单位协办: how the offices that are asked for help answer."""

from __future__ import annotations

from anjia.demo.ways.way import Procedure, Way, step

RETURNED = step(
    "return_back",
    20,
    return_reason="incomplete",
    return_words="材料还差一份目录,补齐后请再发来。",
)

REFERRAL = Procedure(
    name="referral",
    words={
        "request": [
            "请按规定办理并书面回复。",
            "请提供帮助,只用约定的电话联系本人。",
            "请核实情况,办理结果请写明文号。",
        ],
        "urgency": ["soon", "normal", "normal"],
        "reply_text": ["已按规定办理,结果见文书。", "已与本人联系并提供帮助。", "已办理完毕,请转告本人。"],
        "what_changed": "缺的材料已经补齐。",
        "question": "请补充一份本人签名的申请。",
        "added": "申请已由本人签名,随函附上。",
        "recall_reason": "本人决定先不办这一项。",
        "document_on": 0,
        "return_reason": "incomplete",
        "return_words": "材料还差一份目录,补齐后请再发来。",
    },
    filled=frozenset({"document_on"}),
    ways=(
        Way("answered", (step("accept", 5), step("give_reply", 40))),
        Way("at once", (step("give_reply", 20),)),
        Way(
            "asked more",
            (step("accept", 6), step("ask_more", 5), step("give_more", 18), step("give_reply", 24)),
        ),
        Way("twice", (RETURNED, step("resend", 10), step("accept", 6), step("give_reply", 30))),
        Way("sent", ()),
        Way("unread", (), keeps=False, letter="referral-letter"),
        Way(
            "by code",
            (step("accept", 5, by="code"), step("give_reply", 30, by="code")),
            letter="referral-letter",
        ),
        Way("accepted", (step("accept", 6),)),
        Way("returned", (RETURNED,)),
        Way("recalled", (step("recall", 20),)),
    ),
)
