"""What must hold, said by hand in plain sentences: the table of who may open what is not its own judge.

Each sentence picks cells (by person, page, relation, matter, method, step) and says which answers are allowed, what
may not be seen in them, or that something must be seen. A sentence that picks no cell is itself a fault.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cells import SECRETS, Cell

NOTHING = ("not-found", "denied", "sign-in", "method")
HERS = ("her name", "his name", "her telephone", "her story", "where she is")
EVERYTHING = tuple(SECRETS)
MATTER_PAGES = (
    "desk:matter",
    "desk:do",
    "desk:same-person",
    "desk:looked",
    "desk:paper",
    "desk:evidence",
    "desk:whereabouts",
    "desk:person",
    "desk:open",
    "desk:emergency",
)
LOOKING = ("desk:open", "desk:emergency")
LISTS = (
    "desk:home",
    "desk:duties",
    "desk:below",
    "desk:matters",
    "desk:search",
    "desk:find",
    "desk:same",
    "desk:handover",
)
STRANGERS = ("anonymous", "receipt", "expired")
REFERRALS = ("to police", "to legal aid", "to shelter")
CASE = ("case", *REFERRALS)
INTAKE = ("desk:intake", "desk:intake-of")
VILLAGE, COUNTY = ("village", "volunteer"), ("county", "officer", "triage")
READ, SEND = ("GET",), ("POST",)
LEADERS = ("leader", "sysadmin")


@dataclass(frozen=True)
class Sentence:
    """One thing that must hold."""

    zh: str
    en: str
    who: Collection[str] = ()
    page: Collection[str] = ()
    relation: Collection[str] | None = None
    matter: Collection[str] | None = None
    method: Collection[str] = ()
    move: Collection[str] = ()
    but: Collection[str] = ()  # steps or people it is not said of
    answers: Collection[str] = ()
    hides: Collection[str] = ()
    shows: str = ""  # at least one of the cells shows it

    def picks(self, c: Cell) -> bool:
        """Whether the sentence speaks of this cell."""
        pairs = ((self.who, c.who), (self.page, c.page), (self.method, c.method), (self.move, c.move))
        if any(wanted and value not in wanted for wanted, value in pairs):
            return False
        if self.but and (c.move in self.but or c.who in self.but or c.page in self.but):
            return False
        kept = ((self.relation, c.relation), (self.matter, c.matter))
        return all(wanted is None or value in wanted for wanted, value in kept)

    def broken_by(self, cells: Iterable[Cell]) -> list[Cell | None]:
        """The cells that break it; [None] where it speaks of nothing, or what must be seen is nowhere."""
        mine = [c for c in cells if self.picks(c)]
        if not mine or (self.shows and not any(self.shows in c.shown for c in mine)):
            return [None]
        return [
            c for c in mine if (self.answers and c.outcome not in self.answers) or set(self.hides) & c.shown
        ]


S = Sentence
SENTENCES = (
    # nobody in particular
    S(
        "没登录的人打不开任何事项。",
        "Nobody who is not signed in opens a matter.",
        who=("anonymous",),
        page=MATTER_PAGES,
        answers=NOTHING,
    ),
    S(
        "没登录的人看不到任何人的信息。",
        "Nobody who is not signed in sees anything of anybody.",
        who=("anonymous",),
        hides=EVERYTHING,
    ),
    S(
        "没登录的人进不了工作清单。",
        "Nobody who is not signed in gets into a worklist.",
        who=("anonymous",),
        page=LISTS,
        answers=NOTHING,
    ),
    S(
        "凭查询码的人进不了工作台。",
        "A receipt opens nothing of the desk.",
        who=("receipt",),
        page=(*MATTER_PAGES, *LISTS),
        answers=NOTHING,
    ),
    S(
        "凭查询码的人看不到别人的信息。",
        "A receipt shows nothing of anybody else.",
        who=("receipt",),
        hides=EVERYTHING,
    ),
    S(
        "岗位到期的人打不开任何事项。",
        "Whose post has ended opens no matter.",
        who=("expired",),
        page=MATTER_PAGES,
        answers=NOTHING,
    ),
    S(
        "岗位到期的人进不了工作清单。",
        "Whose post has ended gets into no worklist.",
        who=("expired",),
        page=LISTS,
        answers=NOTHING,
    ),
    S(
        "岗位到期的人看不到任何人的信息。",
        "Whose post has ended sees nothing of anybody.",
        who=("expired",),
        hides=EVERYTHING,
    ),
    S(
        "岗位到期的人登记不了来电。",
        "Whose post has ended takes no call.",
        who=("expired",),
        page=INTAKE,
        answers=NOTHING,
    ),
    S("出错页不泄露。", "No answer is a crash.", answers=("ok", *NOTHING)),
    S(
        "被拒绝的页面上没有人的信息。",
        "A refusal shows nothing of anybody, to anybody without a seat.",
        relation=("",),
        matter=(*CASE, "elsewhere", "handed on", "petition"),
        hides=EVERYTHING,
    ),
    S("地址不接受PUT。", "No address takes PUT.", method=("PUT",), answers=("method",)),
    S("地址不接受DELETE。", "No address takes DELETE.", method=("DELETE",), answers=("method",)),
    # leaders and administrators
    S(
        "领导打不开任何事项。",
        "A leader opens no matter.",
        who=("leader",),
        page=MATTER_PAGES,
        answers=NOTHING,
    ),
    S("领导在任何页面都看不到人。", "A leader sees a person on no page.", who=("leader",), hides=EVERYTHING),
    S("领导不登记来电。", "A leader takes no call.", who=("leader",), page=INTAKE, answers=NOTHING),
    S(
        "领导不交接事项。",
        "A leader hands nothing over.",
        who=("leader",),
        page=("desk:handover",),
        answers=NOTHING,
    ),
    S(
        "领导不看调解员名单。",
        "A leader does not read the list of mediators.",
        who=("leader",),
        page=("desk:mediators", "desk:mediator"),
        answers=NOTHING,
    ),
    S(
        "领导看不到住处与去向。",
        "A leader never learns where she is.",
        who=("leader",),
        page=("desk:whereabouts",),
        answers=NOTHING,
    ),
    S(
        "系统管理员打不开任何事项。",
        "A system administrator opens no matter.",
        who=("sysadmin",),
        page=MATTER_PAGES,
        answers=NOTHING,
    ),
    S(
        "系统管理员在任何页面都看不到人。",
        "A system administrator sees a person on no page.",
        who=("sysadmin",),
        hides=EVERYTHING,
    ),
    S(
        "系统管理员不登记来电。",
        "A system administrator takes no call.",
        who=("sysadmin",),
        page=INTAKE,
        answers=NOTHING,
    ),
    S(
        "系统管理员不交接事项。",
        "A system administrator hands nothing over.",
        who=("sysadmin",),
        page=("desk:handover",),
        answers=NOTHING,
    ),
    # conflict
    S(
        "应当回避的人打不开那件事项。",
        "Who is walled off opens nothing of the matter.",
        who=("walled",),
        page=MATTER_PAGES,
        matter=(*CASE, "handed on"),
        answers=("not-found", "method"),
    ),
    S(
        "应当回避的人在任何页面都看不到她。",
        "Who is walled off sees her on no page.",
        who=("walled",),
        hides=HERS,
    ),
    S(
        "应当回避的人也打不开它的协办。",
        "Who is walled off opens none of its referrals.",
        who=("walled",),
        matter=REFERRALS,
        answers=("not-found", "method"),
    ),
    S(
        "回避记录只给被告知的负责人看。",
        "The record of recusals is read by the head who was told, by nobody else.",
        page=("desk:recusals",),
        but=("city", "other"),
        answers=NOTHING,
    ),
    S(
        "被告知的负责人看得到回避记录。",
        "The head who was told reads it.",
        who=("city",),
        page=("desk:recusals",),
        method=READ,
        answers=("ok",),
    ),
    S(
        "应当回避的人看不到自己的回避记录。",
        "Who is walled off does not read that he is.",
        who=("walled",),
        page=("desk:recusals",),
        answers=NOTHING,
    ),
    S(
        "同一单位的负责人不被告知。",
        "The head of his own office is not told.",
        who=("county",),
        page=("desk:recusals",),
        answers=NOTHING,
    ),
    # the line above
    S(
        "上级只看进度,不看人。",
        "The line above sees progress and no person.",
        relation=("masked",),
        hides=EVERYTHING,
    ),
    S(
        "上级看得到进度。",
        "The line above sees progress.",
        relation=("masked",),
        page=("desk:matter",),
        method=READ,
        answers=("ok",),
    ),
    S(
        "上级打不开材料。",
        "The line above opens no paper.",
        relation=("masked",),
        page=("desk:paper",),
        answers=NOTHING,
    ),
    S(
        "上级改不了人的信息。",
        "The line above rewrites nobody's details.",
        relation=("masked",),
        page=("desk:person",),
        answers=NOTHING,
    ),
    S(
        "上级查不了谁看过。",
        "The line above does not read who looked.",
        relation=("masked",),
        page=("desk:looked",),
        answers=NOTHING,
    ),
    S(
        "上级不能认定同一人。",
        "The line above links no person.",
        relation=("masked",),
        page=("desk:same-person",),
        answers=NOTHING,
    ),
    S(
        "上级打不开住处与去向。",
        "The line above does not open where she is.",
        relation=("masked",),
        page=("desk:whereabouts",),
        method=SEND,
        answers=NOTHING,
    ),
    S(
        "上级除认领外不办任何一步。",
        "The line above takes no step but claiming.",
        relation=("masked",),
        page=("desk:do",),
        but=("claim",),
        answers=NOTHING,
    ),
    S(
        "市妇联的清单里没有人名。",
        "The city's lists name nobody.",
        who=("city", "city_officer"),
        page=LISTS,
        hides=EVERYTHING,
    ),
    # village and volunteer
    S(
        "村里看不到她的电话。",
        "The village does not see her telephone.",
        who=VILLAGE,
        hides=("her telephone",),
    ),
    S("村里看不到她说的经过。", "The village does not read her story.", who=VILLAGE, hides=("her story",)),
    S(
        "村里不知道她在哪里。",
        "The village does not learn where she is.",
        who=VILLAGE,
        hides=("where she is",),
    ),
    S(
        "村里打不开材料。",
        "The village opens no paper.",
        relation=("village",),
        page=("desk:paper",),
        answers=NOTHING,
    ),
    S(
        "村里不能申请住处与去向。",
        "The village cannot ask where she is.",
        relation=("village",),
        page=("desk:whereabouts",),
        method=SEND,
        answers=NOTHING,
    ),
    S(
        "村里改不了人的信息。",
        "The village rewrites nobody's details.",
        relation=("village",),
        page=("desk:person",),
        answers=NOTHING,
    ),
    S(
        "村里查不了谁看过。",
        "The village does not read who looked.",
        relation=("village",),
        page=("desk:looked",),
        answers=NOTHING,
    ),
    S(
        "村里打不开转给别人的协办。",
        "The village opens no referral to others.",
        who=VILLAGE,
        matter=REFERRALS,
        answers=NOTHING,
    ),
    S(
        "志愿者不交接事项。",
        "A volunteer hands nothing over.",
        who=("volunteer",),
        page=("desk:handover",),
        answers=NOTHING,
    ),
    S(
        "村里不移交、不派人。",
        "The village neither transfers nor assigns.",
        relation=("village",),
        move=("transfer", "assign", "refer", "pause", "extend"),
        answers=NOTHING,
    ),
    # partners
    S(
        "派出所打不开她的个案本身。",
        "The station does not open her case itself.",
        who=("police",),
        matter=("case", "to legal aid", "to shelter"),
        answers=NOTHING,
    ),
    S(
        "派出所打得开转给它的。",
        "The station opens what was sent to it.",
        who=("police",),
        matter=("to police",),
        page=("desk:matter",),
        method=READ,
        answers=("ok",),
    ),
    S(
        "派出所看不到她在哪里。",
        "The station does not learn where she is.",
        who=("police",),
        hides=("where she is",),
    ),
    S(
        "派出所看不到她对妇联说的经过。",
        "The station does not read what she told the federation.",
        who=("police",),
        hides=("her story",),
    ),
    S(
        "法援中心只打得开转给它的。",
        "Legal aid opens only what was sent to it.",
        who=("aid",),
        matter=("case", "to police", "to shelter"),
        answers=NOTHING,
    ),
    S(
        "法援中心看不到她在哪里。",
        "Legal aid does not learn where she is.",
        who=("aid",),
        hides=("where she is",),
    ),
    S(
        "安置点只打得开转给它的。",
        "The shelter opens only what was sent to it.",
        who=("shelter",),
        matter=("case", "to police", "to legal aid"),
        answers=NOTHING,
    ),
    S(
        "没被请的法院打不开任何事项。",
        "A court that was not asked opens no matter.",
        who=("court",),
        page=MATTER_PAGES,
        answers=NOTHING,
    ),
    S(
        "没被请的法院看不到任何人。",
        "A court that was not asked sees nobody.",
        who=("court",),
        hides=EVERYTHING,
    ),
    S(
        "没被请的医院打不开任何事项。",
        "A hospital that was not asked opens no matter.",
        who=("hospital",),
        page=MATTER_PAGES,
        answers=NOTHING,
    ),
    S(
        "没被请的医院看不到任何人。",
        "A hospital that was not asked sees nobody.",
        who=("hospital",),
        hides=EVERYTHING,
    ),
    S(
        "调委会看不到家暴个案。",
        "A mediation committee sees no case of violence.",
        who=("mediators",),
        hides=HERS,
    ),
    S(
        "协办单位的清单里没有她的经过。",
        "A partner's lists never carry her story.",
        who=("police", "aid", "shelter", "court", "hospital"),
        page=LISTS,
        hides=("her story", "her telephone", "where she is"),
    ),
    # counties
    S(
        "外县打不开本县的事项。",
        "Another county opens none of this county's matters.",
        who=("other",),
        matter=(*CASE, "petition"),
        answers=NOTHING,
    ),
    S(
        "外县看不到本县的人。",
        "Another county sees nobody of this county.",
        who=("other",),
        hides=("her name", "her telephone", "where she is", "petitioner"),
    ),
    S(
        "本县打不开外县的事项。",
        "This county opens nothing of another.",
        who=COUNTY,
        matter=("elsewhere",),
        answers=NOTHING,
    ),
    S(
        "移交出去的事项不再打得开。",
        "What was handed on is closed to who handed it on.",
        who=COUNTY,
        matter=("handed on",),
        answers=NOTHING,
    ),
    S(
        "移交出去的人在哪一页都不再出现。",
        "Who was handed on is on no page of theirs.",
        who=COUNTY,
        hides=("disputant", "other county's"),
    ),
    S(
        "没有席位的乡镇打不开事项。",
        "A township without a seat opens no matter.",
        who=("street",),
        matter=(*REFERRALS, "elsewhere", "handed on", "petition"),
        answers=NOTHING,
    ),
    S(
        "没有席位的乡镇看不到任何人。",
        "A township without a seat sees nobody.",
        who=("street",),
        hides=EVERYTHING,
    ),
    # who leads
    S(
        "承办人看得到她的名字。",
        "Who leads the case reads her name.",
        who=("county",),
        matter=("case",),
        page=("desk:matter",),
        method=READ,
        answers=("ok",),
        shows="her name",
    ),
    S(
        "承办人联系得到她。",
        "Who leads the case can reach her.",
        who=("officer",),
        matter=("case",),
        page=("desk:matter",),
        method=READ,
        shows="her telephone",
    ),
    S(
        "承办人读得到经过。",
        "Who leads the case reads the story.",
        who=("triage",),
        matter=("case",),
        page=("desk:matter",),
        method=READ,
        shows="her story",
    ),
    S(
        "住处与去向只在写明用途后显示。",
        "Where she is stands on no page that was opened without a purpose.",
        hides=("where she is",),
    ),
    S(
        "承办人看得到谁看过。",
        "Who leads the case reads who looked.",
        relation=("holder",),
        matter=("case",),
        page=("desk:looked",),
        method=READ,
        but=("village", "volunteer"),
        answers=("ok",),
    ),
    S(
        "协办的承办人也打得开自己这一件。",
        "Who was asked opens what it was asked.",
        relation=("holder",),
        page=("desk:matter",),
        method=READ,
        answers=("ok",),
    ),
    S(
        "转出的人打不开住处与去向。",
        "Who referred does not open where she is from there.",
        relation=("referrer",),
        page=("desk:whereabouts",),
        method=SEND,
        answers=NOTHING,
    ),
    S(
        "没有登录就没有办理。",
        "No step is taken by anybody not signed in.",
        who=STRANGERS,
        page=("desk:do",),
        answers=NOTHING,
    ),
)
