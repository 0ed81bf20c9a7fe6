"""Six matters that are told with names and dates: three mediations, two petitions, one serious incident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anjia.demo.seats import PETITION_VILLAGE, QUARREL_TOWN, SUPPORT_TOWN, SUPPORT_VILLAGE
from anjia.demo.ways.way import Step, Way
from anjia.foundation.core.clock import SHANGHAI


@dataclass(frozen=True)
class Told:
    """One of them: which procedure, where, since when, and how it went."""

    procedure: str
    county: str
    place: str  # the name of an invented place; "": anywhere in the county
    start: datetime
    way: Way


def at(text: str) -> datetime:
    """“04-08 09:00” of 2026, Beijing time."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def told(
    procedure: str,
    county: str,
    place: str,
    start: str,
    *steps: tuple[str, str, Mapping[str, Any]],
    **way: Any,
) -> Told:
    """Steps by their dates; `goes` among the answers names the way of the child."""
    last, made = at(start), []
    for when, move, answers in steps:
        said = {k: v for k, v in answers.items() if k not in ("goes", "by")}
        after = (at(when) - last).total_seconds() / 3600
        made.append(Step(move, after, said, answers.get("by", ""), answers.get("goes", "")))
        last = at(when)
    return Told(procedure, county, place, at(start), Way(f"told {start}", tuple(made), **way))


MONTHLY = {"report_stage": "monthly", "report_words": "按月上报一件。"}
SUPPORT = told(
    "dispute-mediation",
    "321081",
    SUPPORT_VILLAGE,
    "04-07 09:00",
    (
        "04-08 09:00",
        "accept",
        {"dispute_kind": "elder_support", "dispute_words": "走访时老人说三个子女轮流照顾谈不拢。"},
    ),
    ("04-08 10:00", "appoint_mediator", {}),
    ("04-09 09:00", "tell_rights", {}),
    ("04-10 09:00", "safety_first", {}),
    ("04-10 14:00", "safety_second", {}),
    ("04-16 09:00", "session", {"session_words": "村妇联主席到场,三个子女都来了,分歧在轮值的月份。"}),
    (
        "04-24 10:00",
        "agree_written",
        {
            "agreed_items": ["elder_support"],
            "agreed_words": "三子女每月各付三百元,医药费均摊,轮值三个月一换。",
            "perform_how": "每月五日前交到老人手里。",
        },
    ),
    ("05-12 10:00", "apply_confirmation", {"confirm_items": ["elder_support"]}),
    ("05-14 10:00", "court_accepts", {}),
    ("05-26 10:00", "court_answers", {"confirm_result": "confirmed", "ruling_no": "(2026)苏演民特12号"}),
    (
        "06-24 10:00",
        "visit_performance",
        {"performance": "partial", "performance_words": "小儿子欠一期,说好月底补。"},
    ),
    ("09-24 10:00", "visit_performance", {"performance": "full", "performance_words": "欠的一期已经补上。"}),
    ("09-25 10:00", "close_written", {"performance": "full"}),
    ("09-28 10:00", "file_dossier", {}),
    ("09-28 11:00", "reply", {"reply_words": "协议已经法院确认,大家都在照着做。"}),
    ("09-28 15:00", "report_up", MONTHLY),
    parties={
        "asking": {"name": "许长富", "sex": "male", "age_band": "70-over"},
        "other": {"their_name": "许卫平", "relation": "parent_child"},
    },
    opening={"mediation_source": "found", "dispute_kind": "elder_support"},
)
VISITING = told(
    "dispute-mediation",
    "321002",
    "",
    "05-11 09:00",
    (
        "05-11 15:00",
        "accept",
        {"dispute_kind": "visitation", "dispute_words": "离婚后为探望五岁儿子的时间说不拢。"},
    ),
    ("05-12 09:30", "appoint_mediator", {}),
    ("05-13 10:00", "refuse", {"refused_words": "她明确不同意见面商量,已告知可以起诉,转法律诊所。"}),
    ("05-13 16:00", "reply", {"reply_words": "您不愿意,我们就不调。可以起诉,也可以先去法律诊所问问。"}),
    ("05-14 10:00", "report_up", MONTHLY),
    parties={
        "asking": {"name": "何静", "sex": "female", "age_band": "30-39"},
        "other": {"their_name": "季伟", "relation": "ex_spouse"},
    },
    opening={"mediation_source": "applied", "dispute_kind": "visitation"},
)
STOPPED = told(
    "dispute-mediation",
    "321084",
    QUARREL_TOWN,
    "06-02 09:00",
    (
        "06-02 10:00",
        "accept",
        {"dispute_kind": "marriage", "dispute_words": "夫妻拌嘴,男方说写个保证就算了。"},
    ),
    ("06-02 11:00", "appoint_mediator", {}),
    ("06-02 14:30", "tell_rights", {}),
    ("06-02 16:20", "safety_first", {"choked": "yes", "facts": "有,前天。", "goes": "guarded"}),
    ("06-03 09:00", "report_up", MONTHLY),
    parties={"asking": {"sex": "female"}, "other": {"relation": "spouse"}},
    opening={"mediation_source": "applied", "dispute_kind": "marriage"},
)
LAND = told(
    "petition",
    "321012",
    PETITION_VILLAGE,
    "04-13 10:00",
    ("04-13 15:00", "entered", {}),
    ("04-21 09:30", "accept", {"told_how": "in_writing", "matter_class": "land"}),
    (
        "04-22 10:00",
        "hand_over",
        {"agency": "agriculture_bureau", "request": "请会同镇里核查分配决议并书面回复。", "goes": "answered"},
    ),
    (
        "06-10 10:00",
        "work",
        {"work_words": "村民会议决议剔除外嫁女份额,违反妇女权益保障法第55、56条,镇责令改正。"},
    ),
    (
        "06-16 15:00",
        "answer_supported",
        {
            "opinion": "已责令改正,补发一万八千四百元。利息的事另作说明。",
            "opinion_no": "江妇信意〔2026〕演6号",
        },
    ),
    ("06-17 10:00", "report_up", MONTHLY),
    ("06-18 20:00", "rate", {"satisfaction": "4", "by": "opener"}),
    ("07-17 10:00", "no_review", {}),
    parties={"asking": {"name": "林玉芳", "age_band": "40-49"}},
    opening={"matter_class": "land", "request": "村里分补偿款没有我的份,请依法补给我。"},
    receipt=True,
)
WAGES = told(
    "petition",
    "321081",
    SUPPORT_TOWN,
    "05-18 09:30",
    ("05-18 11:00", "entered", {}),
    ("05-18 15:00", "accept", {"told_how": "on_the_spot", "matter_class": "labour"}),
    (
        "05-19 10:00",
        "hand_over",
        {
            "agency": "labour_bureau",
            "request": "请核查三期女职工工资,不告诉厂方是谁反映的。",
            "goes": "answered",
        },
    ),
    ("06-05 10:00", "work", {"work_words": "人社、工会、妇联联合约谈,名单没有给厂方。"}),
    (
        "06-17 15:00",
        "answer_supported",
        {"opinion": "补发十二人共六万三千二百元,厂里改了请假制度。", "opinion_no": "仪妇信意〔2026〕演9号"},
    ),
    ("06-18 10:00", "report_up", MONTHLY),
    ("07-20 10:00", "no_review", {}),
    opening={
        "matter_class": "labour",
        "request": "怀孕和哺乳期的工资一直少发,请帮我们要回来。",
        "collective": "yes",
        "visitors": "12",
        "representatives": "5",
    },
)
NIGHT = told(
    "serious-incident",
    "321023",
    "",
    "08-11 16:10",
    ("08-11 16:50", "first_report", {"report_text": "首报:一名妇女受重伤送医,公安已到场。"}),
    ("08-12 10:00", "further_report", {"report_text": "续报:伤者情况稳定,公安已立案。"}),
    ("08-13 09:30", "further_report", {"report_text": "续报:孩子由外婆照看,无媒体报道。"}),
    ("08-14 09:00", "final_report", {"report_text": "终报:嫌疑人已采取强制措施,家属已安置。"}),
    ("08-27 10:00", "close_final", {"lessons": "两次报警没有接上回访,已改为三日内必须联系。"}),
    ("08-28 10:00", "report_up", MONTHLY),
    opening={"incident_kind": "serious_injury", "brief": "一名妇女被打成重伤,公安已到场。"},
)
TOLD = (SUPPORT, VISITING, STOPPED, LAND, WAGES, NIGHT)
