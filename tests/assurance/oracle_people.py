"""Plain sentences about offices, people in posts, walls and unusual reads; judged like those of `oracle`."""

from __future__ import annotations

from oracle import NOTHING, READ, SEND
from oracle import Sentence as S

SENTENCES = (
    # offices
    S(
        "停用单位只有市、县妇联负责人能办。",
        "An office is stopped by heads of the city's and the county's federation, by nobody else.",
        page=("desk:office",),
        method=SEND,
        but=("city", "county"),
        answers=NOTHING,
    ),
    S(
        "市妇联负责人打得开停用的那一页。",
        "The head of the city's federation gets to the page that stops an office.",
        who=("city",),
        page=("desk:office",),
        method=READ,
        answers=("ok",),
    ),
    S(
        "经办、领导、管理员、志愿者看不到单位名册。",
        "Officers, leaders, administrators and volunteers do not read the register of offices.",
        who=("officer", "triage", "leader", "sysadmin", "volunteer"),
        page=("desk:offices", "desk:office"),
        answers=NOTHING,
    ),
    S(
        "外县负责人打不开这个单位。",
        "The head of another county does not open this office.",
        who=("other",),
        page=("desk:office",),
        answers=NOTHING,
    ),
)
