"""What is proved of every playbook, in one sentence each, and which findings say that it is not so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from anjia.law.playbooks.findings import Finding
from anjia.law.playbooks.schema import Text


@dataclass(frozen=True, slots=True)
class Property:
    """One promise. `codes` are the findings that break it; a dot at the end stands for a whole family."""

    key: str
    said: Text
    codes: tuple[str, ...]

    def broken_by(self, found: Iterable[Finding]) -> list[Finding]:
        """The findings that speak against it."""
        return [f for f in found if any(_is(f.code, code) for code in self.codes)]


def _is(code: str, family: str) -> bool:
    return code.startswith(family) if family.endswith(".") else code == family


PROPERTIES = (
    Property(
        "held",
        {
            "zh": "每一个阶段都有负责单位，走到哪里都有人接。",
            "en": "Every stage has a responsible agency, whichever way it is reached.",
        },
        ("holder.", "role.", "tier.unknown", "agency-kind.unknown"),
    ),
    Property(
        "ends",
        {
            "zh": "每一条路都走得到结束，没有走不出去的阶段，没有用不上的步骤。",
            "en": "From every point an end can be reached; no stage or move is dead.",
        },
        ("stage.", "end.unreachable", "move.dead", "move.unheard", "move.unknown", "turns."),
    ),
    Property(
        "result",
        {"zh": "每一个结束都有结果。", "en": "Every end has a result."},
        ("end.no-result", "result."),
    ),
    Property(
        "reply",
        {"zh": "每一个结束都要答复本人或转来的单位。", "en": "Every end is answered to whoever asked."},
        ("answer.",),
    ),
    Property(
        "report",
        {
            "zh": "每一个结束都按轻重上报，或由上一级事项上报。",
            "en": "Every end is reported up by its gravity, by itself or by its parent.",
        },
        ("end.no-report",),
    ),
    Property(
        "owed",
        {
            "zh": "没有办结以前，任何时候都有人欠着一件有期限的事；重新办理也一样。",
            "en": "Until it has ended somebody always owes something with a date; after reopening too.",
        },
        ("matter.idle", "reopen."),
    ),
    Property(
        "duties",
        {
            "zh": "每一项责任都会开始，都落在已经参加的单位头上，都有办法完成，都有终点。",
            "en": "Every duty can start, falls on an agency that is in, can be fulfilled, and comes to an end.",
        },
        ("duty.",),
    ),
    Property(
        "clocks",
        {
            "zh": "每一个期限都有依据，每一条期限规则都有责任对着。",
            "en": "Every clock has its legal source, and every time limit a duty.",
        },
        ("rule.", "clock.", "source."),
    ),
    Property(
        "on-behalf",
        {
            "zh": "外单位的每一步都可以由承办单位代录。",
            "en": "Every step of an outside agency can be recorded on its behalf.",
        },
        ("move.on-behalf",),
    ),
    Property(
        "children",
        {
            "zh": "转出去的每一件都开得成、有回音；上一级等它办完或写明不再等，才能办结。",
            "en": "Every child can open and is heard of; its parent ends only after it, or detaches it in writing.",
        },
        ("child.", "on-child.", "on-parent.", "playbook.unknown"),
    ),
    Property(
        "mediation",
        {
            "zh": "没有一条路把暴力拿去调解，转到别的流程里也不行。",
            "en": "On no path is violence mediated, nor in any child.",
        },
        ("mediation.",),
    ),
    Property(
        "consent",
        {
            "zh": "告诉社区、上门、告诉公安，都先问她，或写明法定依据。",
            "en": "Before the community or police are told or somebody visits, she is asked, or the law is named.",
        },
        ("consent.", "withdraw."),
    ),
    Property(
        "hearing",
        {
            "zh": "保护她的任何一步，都不等听取被反映人的说法。",
            "en": "No step that protects her waits for hearing the person complained of.",
        },
        ("hearing.",),
    ),
    Property(
        "whereabouts",
        {
            "zh": "住处与去向从不随任何一步发出去。",
            "en": "Where she is never leaves with any move.",
        },
        ("whereabouts.",),
    ),
    Property(
        "sealed",
        {
            "zh": "文字和材料都密封；密封的不计数，也不会从期限上看出来。",
            "en": "Text and papers are sealed; what is sealed is neither counted nor given away by a date.",
        },
        ("sealed.", "place."),
    ),
    Property(
        "burden",
        {
            "zh": "向村(社区)要的字段不超上限、不重复要，不必传照片，不打卡。",
            "en": "A village is asked no more fields than the cap, none twice, no photograph, no clocking in.",
        },
        ("burden.", "counts-only."),
    ),
    Property(
        "words",
        {
            "zh": "每一句话中英文齐全，每一步都有话术卡可看。",
            "en": "Every text stands in both languages, every step shows its script card.",
        },
        ("text.", "card."),
    ),
    Property(
        "together",
        {
            "zh": "办结、告诉别人、写一个人情况的步骤，从不许一批一批地办。",
            "en": "What ends, tells others or is one person's story is never done to many at once.",
        },
        ("move.batch",),
    ),
    Property(
        "names",
        {
            "zh": "用到的代码、量表、条件、效果、字段都存在，写法都对。",
            "en": "Every code, scale, guard, effect and field that is named exists and fits.",
        },
        ("guard.", "effect.", "list.", "code.", "field.", "party.", "instrument."),
    ),
    Property(
        "version",
        {
            "zh": "和已公布的版本相比，改了就换了版本号，大改没有当小改。",
            "en": "Against the published version every change has its version, and no break passes for a fix.",
        },
        ("version.",),
    ),
)
