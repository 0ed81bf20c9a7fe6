"""What must hold of whoever was let to read, and of looking behind the mask: more of the oracle's plain sentences."""

from __future__ import annotations

from oracle import EVERYTHING, HERS, LEADERS, LOOKING, MATTER_PAGES, NOTHING, READ, VILLAGE, S

SENTENCES = (
    # who was let to read, and looking behind the mask
    S(
        "被授权的单位看得到姓名。",
        "Who was let to read a case reads the name that was granted.",
        who=("relief",),
        matter=("let read",),
        page=("desk:matter",),
        method=READ,
        answers=("ok",),
        shows="let read name",
    ),
    S(
        "被授权的单位看不到没有授权的电话。",
        "Who was let to read does not see the telephone, which was not granted.",
        who=("relief",),
        hides=("let read telephone", "where she is"),
    ),
    S(
        "被授权的单位只看得到那一件。",
        "Who was let to read one case sees nobody in another.",
        who=("relief",),
        hides=(*HERS, "petitioner", "disputant", "other county's", "reported name"),
    ),
    S(
        "被授权的单位除回避外什么也不能办。",
        "Who was let to read takes no step but stepping back.",
        relation=("granted",),
        page=("desk:do",),
        but=("recuse",),
        answers=NOTHING,
    ),
    S(
        "被授权的单位查不了谁看过、改不了人的信息、不能出具文书。",
        "Who was let to read learns not who looked, rewrites nobody and gives out no paper.",
        relation=("granted",),
        page=("desk:looked", "desk:person", "desk:papers", "desk:letter", "desk:same-person"),
        answers=NOTHING,
    ),
    S(
        "被授权的单位不能看住处与去向,也不能再往里看。",
        "Who was let to read does not learn where she is and looks no further.",
        relation=("granted",),
        page=("desk:whereabouts", *LOOKING),
        answers=NOTHING,
    ),
    S(
        "授权过期的单位打不开任何事项。",
        "An office whose grant has run out opens no matter.",
        who=("lapsed",),
        page=MATTER_PAGES,
        answers=NOTHING,
    ),
    S(
        "授权过期的单位在任何页面都看不到人。",
        "An office whose grant has run out sees nobody on any page.",
        who=("lapsed",),
        hides=EVERYTHING,
    ),
    S(
        "领导和系统管理员不能申请查看,也不能应急查阅。",
        "Neither a leader nor an administrator opens a matter for a purpose or in an emergency.",
        who=LEADERS,
        page=LOOKING,
        answers=NOTHING,
    ),
    S(
        "志愿者和村里不能申请查看,也不能应急查阅。",
        "Neither a volunteer nor the village opens a matter for a purpose or in an emergency.",
        who=VILLAGE,
        page=LOOKING,
        answers=NOTHING,
    ),
    S(
        "法院、法援、调委会不能应急查阅。",
        "Courts, legal aid and mediators have no emergency opening.",
        who=("court", "aid", "mediators"),
        page=("desk:emergency",),
        answers=NOTHING,
    ),
    S(
        "承办人本来就能看,没有应急查阅。",
        "Who leads reads it anyway: there is no emergency opening.",
        relation=("holder", "tray", "referrer", "village"),
        page=LOOKING,
        answers=NOTHING,
    ),
    S(
        "协办单位有应急查阅,打开前看不到更多。",
        "A helping station has the emergency page, and it shows nothing before it is used.",
        who=("police",),
        matter=("reported",),
        page=("desk:emergency",),
        method=READ,
        answers=("ok",),
        hides=EVERYTHING,
    ),
    S(
        "上级有申请查看这一页。",
        "The line above has the page that asks for a purpose.",
        who=("city",),
        matter=("case", "reported"),
        page=("desk:open",),
        method=READ,
        answers=("ok",),
        hides=EVERYTHING,
    ),
)
