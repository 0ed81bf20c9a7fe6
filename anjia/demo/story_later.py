"""The same family from April to the autumn: one visit that slipped, a breach, the order made longer, the answer."""

from __future__ import annotations

from anjia.demo.living import Life, keep_at_once
from anjia.demo.telling import Telling

SCALE = dict(zip("123456789", ("yes", "yes", "yes", "no", "no", "yes", "no", "yes", "no"), strict=True))


def spring(s: Telling, lives: list[Life]) -> None:
    """Messages, counselling, a record put right; the visit due on 30 April is made on 2 May, and it is said why."""
    s.she_does("message", "2026-04-01 20:10", words="孩子问能不能回原来的班,我想听听你们的意见。")
    s.does("hanjiang", "message", "2026-04-02 09:10", words="学校那边都安排好了,接送只认您和外婆,可以回。")
    s.does(
        "hanjiang",
        "visit",
        "2026-04-02 12:20",
        on="order",
        visit_whom="asking",
        visit_way="phone",
        visit_found="safe",
        visit_words="按约通话,她说睡得好些了。",
    )
    s.asks(
        "hanjiang",
        "refer_counselling",
        "2026-04-03 09:30",
        "counselling",
        "counsellor",
        urgency="normal",
        needs=["counselling"],
        request="请安排心理支持,她工作日中午方便。记录与个案分开。",
    )
    s.does("counsellor", "accept", "2026-04-03 14:00", on="counselling")
    s.does(
        "gaoyou",
        "give_reply",
        "2026-04-07 10:00",
        on="gaoyou",
        outcome="visited",
        reply_text="已按约联系,情况平稳。",
    )
    s.does(
        "counsellor",
        "give_reply",
        "2026-04-08 16:00",
        on="counselling",
        outcome="counselled",
        reply_text="已做第一次,共安排六次,做完另报次数。",
    )
    s.does("hanjiang", "note", "2026-04-09 09:00", words="孩子读三年级,接送由外婆负责。")
    s.does(
        "hanjiang",
        "correct",
        "2026-04-10 09:00",
        event=s.last("note"),
        reason="年级记错了,孩子读二年级。",
    )
    s.does(
        "hanjiang",
        "visit",
        "2026-04-16 12:20",
        on="order",
        visit_whom="asking",
        visit_way="phone",
        visit_found="safe",
        visit_words="按约通话,孩子已回学校。",
    )
    case, letter, _order = lives
    s.meanwhile = lambda until: keep_at_once([case, letter], until)  # the order's visit is forgotten
    s.does(
        "hanjiang",
        "late",
        "2026-05-02 10:00",
        on="order",
        duty=s.duty("visit", on="order"),
        late_reason="handover",
        reason="节前值班交接时漏看,节日第二天补做。",
    )
    s.does(
        "hanjiang",
        "visit",
        "2026-05-02 12:20",
        on="order",
        visit_whom="asking",
        visit_way="phone",
        visit_found="safe",
        visit_words="向她说明晚了两天,她说没事。",
    )


def summer(s: Telling, lives: list[Life]) -> None:
    """29 May: he waits at the factory gate. Detention, the court's reprimand, visits counted anew, a suit, a class."""
    s.meanwhile = lambda until: keep_at_once(lives, until)
    s.does(
        "hanjiang",
        "breach",
        "2026-05-29 18:30",
        on="order",
        happened_at="2026-05-29T17:40",
        breach_acts=["no_violence", "no_contact"],
        incident_at="2026-05-29T17:40",
        breach_words="下班时在厂门口拉扯、夺手机,门卫报了110,有监控。",
    )
    s.does(
        "hanjiang",
        "breach_reported",
        "2026-05-29 19:00",
        on="order",
        breach_told=["police_110", "court"],
    )
    s.does(
        "hanjiang",
        "assess",
        "2026-05-29 19:30",
        was_alone="yes",
        judgement="high",
        judgement_words="得分居中,刚发生违反,按高的办。",
        **{f"answer_{n}": v for n, v in {**SCALE, "a": "no", "b": "no"}.items()},
    )
    s.does("hanjiang", "change_grade", "2026-05-29 19:35", grade="1", grade_words="违反保护令,一级。")
    s.does(
        "hanjiang",
        "report_up",
        "2026-05-29 20:00",
        report_stage="further",
        report_words="保护令期内发生违反,公安已到场,本人安全。",
    )
    s.does(
        "police",
        "disobeyed",
        "2026-05-30 16:00",
        on="letter",
        penalty="detention",
        police_no="扬邗公柳行罚〔2026〕演044号",
        facts="拒不执行告诫书,行政拘留七日。",
    )
    s.does(
        "hanjiang",
        "breach_decided",
        "2026-06-01 11:00",
        on="order",
        behalf="court-clerk",
        breach_outcome="reprimand",
        visit_words="已当面训诫,并告知再犯的后果。",
    )
    s.does(
        "hanjiang", "note", "2026-06-10 15:00", words="今天由邵律师代理起诉离婚,家事调查员的报告不写住处。"
    )
    s.does("counsellor", "note", "2026-06-17 17:00", on="counselling", words="已做6次,前后量表27到15。")
    s.does(
        "police",
        "visit",
        "2026-06-18 10:30",
        on="letter",
        saw_him="yes",
        seen_apart="yes",
        visit_found="safe",
        visit_words="记5月29日的情况;拘留后没有再去,连续次数从头算。",
    )
    s.asks(
        "hanjiang",
        "refer",
        "2026-06-22 09:30",
        "education",
        "justice-office",
        urgency="normal",
        request="请对男方作法治教育,安排四次。",
    )
    s.does("hanjiang", "accept", "2026-06-23 09:00", on="education", behalf="justice-office")
    s.does(
        "hanjiang",
        "give_reply",
        "2026-06-26 16:00",
        on="education",
        behalf="justice-office",
        outcome="done",
        document_on="2026-06-26",
        reply_text="四次课表已定,第一次已到。",
    )


def autumn(s: Telling) -> None:
    """The judgment, the order made longer, the answer that she reads."""
    s.does(
        "hanjiang",
        "ask_her",
        "2026-08-21 12:20",
        on="order",
        wants_longer="yes",
        her_words="我想再延长一段,等判决稳了再说。",
    )
    s.does(
        "hanjiang",
        "attach",
        "2026-08-28 10:00",
        file_about="准予离婚,女儿随母,损害赔偿三万元",
        paper_kind="judgment",
        scans=("民事判决书",),
    )
    s.does(
        "hanjiang",
        "ask_change",
        "2026-09-08 10:00",
        on="order",
        change_wanted="extended",
        asked_by="applicant",
        asked_on="2026-09-08",
    )
    s.does(
        "hanjiang",
        "extend",
        "2026-09-10 16:00",
        on="order",
        behalf="court-clerk",
        asked_on="2026-09-08",
        order_no="(2026)苏演民保令9号之一",
        order_on="2026-09-10",
        order_until="2026-12-19",
        scans=("裁定书",),
    )
    s.does(
        "police",
        "visit",
        "2026-09-16 10:00",
        on="letter",
        saw_him="yes",
        seen_apart="yes",
        visit_found="safe",
        visit_words="双方分别见过,无新暴力。",
    )
    s.does("hanjiang", "note", "2026-09-30 15:00", words="困难单亲母亲项目救助3000元;厂里调到白班。")
    s.does(
        "hanjiang",
        "reply",
        "2026-10-12 12:20",
        reply_words="您反映的事情已经由公安、法院分别作出处理。保护期到12月19日。有任何情况随时找我们。",
        reply_channel="receipt",
    )
    s.she_does("seen", "2026-10-13 12:40", event=s.last("reply"))
    s.she_does("message", "2026-10-13 12:45", words="看到了,谢谢你们一直按我说的时间打来。")
