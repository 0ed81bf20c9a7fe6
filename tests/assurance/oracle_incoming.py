"""What must hold of papers and files that came in and stand in no matter yet."""

from __future__ import annotations

from oracle import NOTHING, READ, Sentence

S = Sentence
PAPERS = ("desk:incoming", "desk:incoming-batch", "desk:incoming-sheet", "desk:incoming-picture")
BATCH = PAPERS[1:]
FILES = ("desk:police-files", "desk:police-file", "desk:police-template", "desk:police-results")
OTHERS = (
    "police",
    "bureau",
    "court",
    "aid",
    "shelter",
    "mediators",
    "hospital",
    "relief",
    "village",
    "volunteer",
)
SENTENCES = (
    S(
        "没登录的人打不开纸件批次。",
        "Nobody who is not signed in opens a batch of papers.",
        who=("anonymous", "receipt", "expired"),
        page=PAPERS,
        answers=NOTHING,
    ),
    S(
        "除了录入的人,同一单位的人、上级、别的县都打不开她的批次。",
        "A batch is its typist's: no colleague, nobody above, no other county opens it.",
        who=("officer", "triage", "walled", "city", "city_officer", "other", "street"),
        page=BATCH,
        answers=NOTHING,
    ),
    S(
        "协作单位和村(社区)没有纸件录入。",
        "Partners and villages take no papers in.",
        who=OTHERS,
        page=PAPERS,
        answers=NOTHING,
    ),
    S(
        "乡镇、协作单位、村(社区)和领导没有公安数据文件。",
        "Files from police are no township's, no partner's, no village's, no leader's.",
        who=(*OTHERS, "street", "leader", "sysadmin"),
        page=FILES,
        answers=NOTHING,
    ),
    S("领导和系统管理员没有纸件录入。", "Nor do leaders and administrators.", who=("leader", "sysadmin"), page=PAPERS,
      answers=NOTHING),
    S(
        "纸件上录的名字,只有录入的人看得到。",
        "A name typed from a paper is shown to its typist alone.",
        but=("county",),
        hides=("on a paper",),
    ),
    S(
        "录入的人回来,打过的字还在。",
        "Who comes back finds what was typed.",
        who=("county",),
        page=("desk:incoming-sheet",),
        method=READ,
        answers=("ok",),
        shows="on a paper",
    ),
)  # fmt: skip
