"""Plain sentences about leaders: what they write and read, and where figures end for them."""

from __future__ import annotations

from oracle import EVERYTHING, MATTER_PAGES, NOTHING, READ, Sentence

S = Sentence
BRIEFS = ("desk:month", "desk:instruction", "desk:month-paper", "desk:instruction-paper")
PARTNERS = ("police", "bureau", "court", "aid", "shelter", "hospital", "relief", "mediators")
SENTENCES = (
    S(
        "领导读得到自己的批示。",
        "A leader reads his own instruction.",
        who=("leader",),
        matter=("instruction",),
        page=("desk:instruction",),
        method=READ,
        answers=("ok",),
    ),
    S(
        "连自己的批示,领导也不在事项页里办。",
        "Even his own instruction a leader does not work on as a matter.",
        who=("leader",),
        matter=("instruction",),
        page=MATTER_PAGES,
        answers=NOTHING,
    ),
    S(
        "领导用一页纸、批示的地址打不开任何个案。",
        "By the addresses of pages and instructions a leader opens no case.",
        who=("leader",),
        page=BRIEFS,
        matter=("case", "to police", "elsewhere", "handed on", "petition", "let read", "reported"),
        answers=NOTHING,
    ),
    S(
        "数打得开,人打不开。",
        "Figures open for a leader, and show nobody.",
        who=("leader",),
        page=("desk:figure",),
        method=READ,
        answers=("ok",),
        hides=EVERYTHING,
    ),
    S(
        "市妇联看数也不看人。",
        "The city's figures name nobody either.",
        who=("city", "city_officer"),
        page=("desk:figure", "desk:months", "desk:instructions"),
        hides=EVERYTHING,
    ),
    S(
        "协作单位不看数、不看一页纸、不看批示。",
        "Partner agencies read neither figures nor pages nor instructions.",
        who=PARTNERS,
        page=(*BRIEFS, "desk:figure", "desk:months", "desk:instructions"),
        answers=NOTHING,
    ),
    S(
        "回拨清单里没有别的单位的人。",
        "The call-back list names nobody to the line above, to another county, to a partner or a leader.",
        who=(
            "city",
            "city_officer",
            "other",
            "leader",
            "sysadmin",
            "police",
            "court",
            "volunteer",
            "village",
        ),
        page=("desk:callbacks",),
        hides=("her name", "his name", "her telephone", "her story", "where she is"),
    ),
    S(
        "应当回避的人在交接和回拨里也看不到她。",
        "Who is walled off meets her in no hand-over and no call-back list.",
        who=("walled",),
        page=("desk:callbacks", "desk:handover", "desk:assign", "desk:handed"),
        hides=("her name", "his name", "her telephone", "her story", "where she is"),
    ),
    S(
        "领导、志愿者、系统管理员不交接班。",
        "Leaders, volunteers and administrators hand over no shift.",
        who=("leader", "volunteer", "sysadmin"),
        page=("desk:handover", "desk:assign", "desk:handed", "desk:callbacks"),
        answers=NOTHING,
    ),
    S(
        "乡镇和村看不到批示。",
        "Townships and villages read no instruction.",
        who=("street", "village", "volunteer"),
        page=(*BRIEFS, "desk:months", "desk:instructions", "desk:figure"),
        answers=NOTHING,
    ),
)
