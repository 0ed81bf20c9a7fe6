"""Plain sentences about offices, people in posts, walls and unusual reads; judged like those of `oracle`."""

from __future__ import annotations

from oracle import EVERYTHING, NOTHING, READ, SEND, STRANGERS
from oracle import Sentence as S

SENTENCES = (
    # agencies with a letter
    S(
        "回复来函的页面谁都打得开,不用登录。",
        "The page on which letters are answered opens for everybody, signed in or not.",
        page=("reply:letter",),
        method=READ,
        answers=("ok",),
    ),
    S(
        "回复来函的页面不显示任何人的信息,谁打开都一样。",
        "The page on which letters are answered shows nothing of anybody, whoever opens it.",
        page=("reply:letter",),
        hides=EVERYTHING,
    ),
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
    # walls
    S(
        "只有被告知的负责人能提出解除回避。",
        "Lifting a wall is asked for by the head who was told of it, by nobody else.",
        page=("desk:lift",),
        but=("city",),
        answers=NOTHING,
    ),
    S(
        "被告知的负责人打得开解除那一页。",
        "The head who was told gets to the page that lifts it.",
        who=("city",),
        page=("desk:lift",),
        method=READ,
        answers=("ok",),
    ),
    S(
        "应当回避的人和他的负责人打不开解除那一页。",
        "Neither who is walled off nor the head of his office gets there.",
        who=("walled", "county"),
        page=("desk:lift",),
        answers=NOTHING,
    ),
    # people who leave
    S(
        "离岗交接只有负责人打得开。",
        "The page by which somebody leaves is opened by heads alone.",
        who=("officer", "triage", "leader", "sysadmin", "volunteer", "police"),
        page=("desk:leaving",),
        answers=NOTHING,
    ),
    S(
        "谁也不能给自己办离岗,别的系统的负责人也不能。",
        "Nobody ends his own post, nor does a head of another line.",
        who=("mediators", "city", "county", "court"),
        page=("desk:leaving",),
        answers=NOTHING,
    ),
    # unusual reads
    S(
        "异常查阅只有负责人看得到。",
        "Unusual reads are shown to heads, to nobody else.",
        who=("officer", "triage", "leader", "sysadmin", "volunteer", "police", "court"),
        page=("desk:unusual", "desk:unusual-line"),
        answers=NOTHING,
    ),
    S(
        "异常查阅的页面上没有求助人的信息。",
        "The page of unusual reads shows nothing of those who asked for help.",
        page=("desk:unusual",),
        hides=EVERYTHING,
    ),
    # messages
    S(
        "消息发送情况只有负责人和系统管理员看得到。",
        "How messages went is shown to heads and the system administrator, to nobody else.",
        who=("officer", "triage", "leader", "volunteer", *STRANGERS),
        page=("desk:messages", "desk:message-again"),
        answers=NOTHING,
    ),
    S(
        "消息的页面上没有任何人的信息。",
        "The pages of messages show nothing of anybody.",
        page=("desk:messages", "desk:my-messages", "desk:message-again"),
        hides=EVERYTHING,
    ),
    S(
        "没登录的人看不到怎样通知谁。",
        "Nobody who is not signed in learns how somebody is told.",
        who=STRANGERS,
        page=("desk:my-messages",),
        answers=NOTHING,
    ),
)
