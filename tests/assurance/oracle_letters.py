"""What must hold of letters, the court's packet and the codes of departments, in plain sentences."""

from __future__ import annotations

from oracle import HERS, NOTHING, READ, STRANGERS
from oracle import Sentence as S

LETTERS = ("desk:papers", "desk:letter", "desk:packet", "desk:sign")
HOUSEHOLDS = ("portal:recognition", "portal:notice")
CODES = ("desk:points", "desk:points-of", "desk:point-sheet")

SENTENCES: tuple[S, ...] = (
    S(
        "村(社区)、志愿者、上级和与事项无关的人打不开文书和材料册。",
        "The village, the line above and whoever has nothing to do with it opens no letter and no packet.",
        page=LETTERS,
        who=("village", "volunteer", "city", "city_officer", "relief", "bureau"),
        matter=("case",),
        answers=NOTHING,
        hides=HERS,
    ),
    S(
        "被回避的人看不到任何文书。",
        "Whoever is walled off opens no letter of that case.",
        page=LETTERS,
        who=("walled",),
        matter=("case",),
        answers=NOTHING,
        hides=HERS,
    ),
    S(
        "没有登录的人打不开科室报告码的管理页。",
        "Nobody who is not signed in looks after codes of departments.",
        page=CODES,
        who=STRANGERS,
        answers=NOTHING,
    ),
    S(
        "村(社区)、派出所、领导不管科室报告码。",
        "The village, the station and leaders look after no codes of departments.",
        page=CODES,
        who=("village", "volunteer", "police", "leader", "sysadmin"),
        answers=NOTHING,
    ),
    S(
        "扫码报告页上没有任何人的信息。",
        "The page behind a department's square says nothing of anybody.",
        page=("portal:point", "portal:card", "portal:card-pdf"),
        hides=HERS,
    ),
    S(
        "扫码报告页人人打得开,不用账号。",
        "That page opens for anybody, without an account.",
        page=("portal:point",),
        method=READ,
        answers=("ok",),
    ),
    S(
        "平安家庭推选和公示两页人人打得开,不用账号。",
        "The pages of households and of the public notice open for anybody, without an account.",
        page=HOUSEHOLDS,
        method=READ,
        answers=("ok",),
    ),
    S(
        "平安家庭推选和公示两页上没有任何个案的信息。",
        "Those pages say nothing of any case.",
        page=HOUSEHOLDS,
        hides=HERS,
    ),
    S(
        "用纸与文号只由本单位负责人设置。",
        "Letterhead and numbers are set by the head of the office alone.",
        page=("desk:stationery",),
        who=("officer", "triage", "volunteer", "leader", "sysadmin"),
        answers=NOTHING,
    ),
)
