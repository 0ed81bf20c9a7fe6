"""Plain sentences about the phone of a village; judged like those of `oracle`."""

from __future__ import annotations

from oracle import EVERYTHING, NOTHING, READ
from oracle import Sentence as S

PHONE = ("desk:note", "desk:walk", "desk:mine")
VILLAGE = ("village", "volunteer")

SENTENCES = (
    S(
        "记一件、走一走只有村(社区)妇联的人打得开。",
        "Only people of a village's federation get to handing something on and to the round.",
        page=("desk:note", "desk:walk"),
        but=VILLAGE,
        answers=NOTHING,
    ),
    S(
        "村(社区)的主席和志愿者打得开手机上的每一栏。",
        "The chairwoman and the volunteer of a village open every entry of their phone.",
        who=VILLAGE,
        page=PHONE,
        method=READ,
        answers=("ok",),
    ),
    S(
        "减负自检只有市、县妇联打得开。",
        "What villages are asked is counted for the city's and the counties' federations alone.",
        page=("desk:burden",),
        but=("city", "city_officer", "county", "officer", "triage", "other", "walled"),
        answers=NOTHING,
    ),
    S(
        "减负的上限只有市、县妇联负责人能定。",
        "The cap on what villages are asked is set by heads of the city's and a county's federation alone.",
        page=("desk:burden",),
        method=("POST",),
        but=("city", "county", "other"),
        answers=NOTHING,
    ),
    S(
        "市妇联打得开减负自检,里面没有任何人。",
        "The city's federation opens it, and nobody stands in it.",
        who=("city",),
        page=("desk:burden",),
        method=READ,
        answers=("ok",),
        hides=EVERYTHING,
    ),
    S(
        "手机上的这几栏里没有任何人的信息。",
        "Nothing of anybody stands in these entries.",
        page=PHONE,
        hides=EVERYTHING,
    ),
)
