"""The first weeks of one family's case: twelve offices, one woman's decisions. All invented."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from uuid import UUID

from anjia.demo import story_later, story_partners, story_rights
from anjia.demo.living import Life, World, keep_at_once
from anjia.demo.people import id_number
from anjia.demo.posts import City
from anjia.demo.seats import TOWNSHIP, VILLAGE
from anjia.demo.telling import Telling, at
from anjia.demo.ways import Procedure, Way
from anjia.demo.ways.dv_case import DV_CASE
from anjia.demo.ways.protection_order import PROTECTION_ORDER
from anjia.demo.ways.warning_letter import WARNING_LETTER
from anjia.engine.letters import gate
from anjia.engine.matters import actions
from anjia.engine.matters.inputs import Decisions, Opened, PartyInput
from anjia.engine.matters.models import Party
from anjia.foundation.core.clock import SHANGHAI
from anjia.registry.posts import actors

STARTED = at("2026-03-09 20:47")
SCALE_FIRST = dict(
    zip("123456789", ["yes", "yes", "no", "yes", "no", "yes", "no", "unknown", "unknown"], strict=True)
)
SCALE_AGAIN = dict(
    zip("123456789", ["yes", "yes", "yes", "yes", "no", "yes", "no", "yes", "no"], strict=True)
)

MEASURES = {"letter": WARNING_LETTER, "order": PROTECTION_ORDER}


def answers(given: dict[str, str], choked: str, lethal: str = "no") -> dict[str, str]:
    """The scale's answers by field name."""
    return {f"answer_{n}": value for n, value in {**given, "a": choked, "b": lethal}.items()}


def asks_for_help(city: City) -> Opened:
    """9 March, 20:47: she writes one sentence and allows nothing."""
    return actions.open_matter(
        playbook="dv-case",
        actor=actors.resident(),
        now=STARTED,
        channel="online",
        place=city.places[VILLAGE],
        parties=[
            PartyInput(
                role="asking",
                sex="female",
                age_band="30-39",
                sealed={
                    "label": {"name": "周晓兰"},
                    "contact": {
                        "phone": "10013500034",
                        "safe_when": "工作日 12:10–12:50",
                        "safe_as": "质检培训班",
                        "do_not_contact": "晚上和周末不要打",
                    },
                },
                decisions=Decisions(),
                residence=city.places[VILLAGE],
            ),
            PartyInput(
                role="complained", sex="male", relation="spouse", sealed={"label": {"their_name": "丁海峰"}}
            ),
            PartyInput(
                role="child", sex="female", age_band="6-13", sealed={"label": {"child_name": "丁语桐"}}
            ),
        ],
        data={"facts": "他喝了酒就动手,孩子在边上哭。", "reporter": "self", "dv_forms": ["physical"]},
        with_receipt=True,
    )


def tell(world: World, now: datetime) -> Telling:
    """All of it: the first weeks day by day here, spring to autumn in `story_later`."""
    city = world.staff.city
    opened = asks_for_help(city)
    story = Telling(city, opened.matter, receipt=opened.receipt)
    first_days(story)
    the_night(story)
    police_and_court(story)
    served(story)
    lives = [lives_on(world, opened.matter, DV_CASE)]
    lives += [lives_on(world, story.children[name], book) for name, book in MEASURES.items()]
    story.meanwhile = lambda until: keep_at_once(lives, until)
    afterwards(story)
    story_later.spring(story, lives)
    story_rights.his_side(story)
    story_rights.let_read(story)
    story_later.summer(story, lives)
    story_later.autumn(story)
    story_rights.still_reads(story, now)
    story.until(now - timedelta(hours=4))
    yesterday = (now.astimezone(SHANGHAI) - timedelta(days=1)).strftime("%Y-%m-%d")
    story.does(
        "hanjiang",
        "plan_visit",
        f"{yesterday} 09:30",
        visit_whom="complained",
        visit_way="agreed_place",
        visit_task="请他说说近况,再讲一遍保护令到期前不能靠近。",
    )
    return story


def lives_on(world: World, matter: UUID, procedure: Procedure) -> Life:
    """Her matter, her letter, her order between what is told: every duty in time, by whoever owes it."""
    city = world.staff.city
    return Life(
        world=world,
        rng=random.Random(31),  # noqa: S311  invented people, not secrets
        procedure=procedure,
        way=Way("told", ()),
        start=STARTED,
        county="321003",
        town=city.places[TOWNSHIP],
        village=city.places[VILLAGE],
        matter=matter,
    )


def first_days(s: Telling) -> None:
    """Taken on the same evening, reached at the hour she named, assessed with two unknown answers."""
    s.does("hanjiang", "accept_in", "2026-03-09 21:05", first_or_repeat="first", urgency="urgent")
    s.does(
        "hanjiang",
        "call_safe",
        "2026-03-10 12:15",
        was_alone="yes",
        tell_community="no",
        come_to_door="no",
        tell_police="no",
        told_rights=["police", "protection_order", "shelter"],
        call_words="接通时自称质检培训班。她说这半年第四次动手,怕孩子再看见。暂时不愿报警。",
    )
    s.does(
        "hanjiang",
        "register_forms",
        "2026-03-10 13:05",
        id_number=id_number(1991, 8, 6, 34),
        birth_on="1991-08-06",
        occupation="电子厂质检员",
        their_occupation="货车司机",
        their_workplace="堂弟在派出所做辅警",
        prior_violence="yes",
        child_school="小学二年级",
        saw_violence="yes",
        dv_forms=["physical", "psychological"],
    )
    s.does(
        "hanjiang",
        "assess",
        "2026-03-10 13:20",
        was_alone="yes",
        judgement="high",
        judgement_words="两项不清楚,按高的办。",
        **answers(SCALE_FIRST, "unknown"),
    )
    s.does("hanjiang", "grade_1", "2026-03-10 13:30", grade_words="得分区间4到6,从重定一级。")
    s.does(
        "hanjiang",
        "assess",
        "2026-03-11 12:15",
        was_alone="yes",
        judgement="high",
        judgement_words="又核了一遍,两项仍不清楚,按高的办。",
        **answers(SCALE_FIRST, "unknown"),
    )
    s.does("hanjiang", "change_grade", "2026-03-11 12:18", grade="1", grade_words="维持一级。")
    s.does(
        "hanjiang",
        "safety_plan",
        "2026-03-11 12:20",
        plan_words="备用钥匙放母亲处,证件照片存邮箱,暗语“明天调休”。",
    )
    s.does(
        "hanjiang",
        "report_up",
        "2026-03-10 16:40",
        report_stage="first",
        report_words="一级响应一件,已按约联系,安全计划制定中,本人暂不报警。",
    )


def the_night(s: Telling) -> None:
    """14 March, 23:26: a neighbour calls 110. Hospital, shelter, a second assessment."""
    s.does(
        "hanjiang",
        "record_police_report",
        "2026-03-15 09:10",
        behalf="police",
        happened_at="2026-03-15T00:05",
        reported_at="2026-03-15T00:05",
        injury="slight",
        child_present="yes",
        facts="邻居报警,民警23:41到场制止并分开询问,左眼眶青紫、颈部环形红痕,孩子在场。",
    )
    s.does(
        "hanjiang",
        "change_decisions",
        "2026-03-15 09:11",
        tell_police="yes",
        more="她说昨晚多亏警察来了,以后可以告诉公安。",
    )
    s.asks(
        "hanjiang",
        "refer_hospital",
        "2026-03-15 09:12",
        "hospital",
        "doctor",
        urgency="very_urgent",
        needs=["medical"],
        request="凌晨急诊的病历和照片请按规范留存。",
    )
    s.does(
        "hanjiang",
        "accept",
        "2026-03-15 09:20",
        on="hospital",
        behalf="doctor",
        happened_at="2026-03-15T09:15",
    )
    s.does(
        "hanjiang",
        "give_reply",
        "2026-03-15 10:30",
        on="hospital",
        behalf="doctor",
        outcome="treated",
        injury="slight",
        document_on="2026-03-15",
        reply_text="患者自述被丈夫拳击左眶、双手掐颈约十秒,诉吞咽痛。病历、影像已留存。",
    )
    s.does(
        "hanjiang",
        "shelter_in",
        "2026-03-15 09:15",
        happened_at="2026-03-15T02:10",
        shelter_agency=str(s.city.agency("shelter").id),
        shelter_place="B",
        admitted_at="2026-03-15T02:10",
        children_with="1",
        papers_later="yes",
    )
    story_partners.night_partners(s)
    s.does(
        "hanjiang",
        "record_whereabouts",
        "2026-03-15 09:18",
        now_at="安置点B三号房",
        who_may_know="只有沈静和庇护点",
    )
    s.does(
        "hanjiang",
        "assess",
        "2026-03-15 09:30",
        was_alone="yes",
        judgement="high",
        judgement_words="掐颈,与量表一致。",
        **answers(SCALE_AGAIN, "yes"),
    )
    s.does("hanjiang", "change_grade", "2026-03-15 09:40", grade="1", grade_words="维持一级,掐颈项为是。")
    s.does(
        "hanjiang",
        "report_up",
        "2026-03-15 09:50",
        report_stage="further",
        report_words="夜间发生新的暴力,有掐颈,已入住安置点,公安已受理。",
    )


def police_and_court(s: Telling) -> None:
    """Conference, warning letter, her yes to the community, the court that first sends the papers back."""
    s.does(
        "hanjiang",
        "conference",
        "2026-03-16 16:20",
        held_at="2026-03-16T15:00",
        agencies_there="6",
        minutes="公安:先告诫,再犯从重;法院:保护令当日可收;学校:调整接送名单;民政:庇护延续;街道:只回访男方。",
    )
    story_partners.conference_partners(s)
    s.begins(
        "letter",
        "record_warning",
        "2026-03-16 17:50",
        behalf="police",
        happened_at="2026-03-16T17:20",
        letter_no="扬邗公柳告〔2026〕演017号",
        letter_at="2026-03-16T17:20",
        scans=("告诫书",),
    )
    s.does(
        "hanjiang",
        "assess",
        "2026-03-17 08:30",
        was_alone="yes",
        judgement="high",
        **answers(SCALE_AGAIN, "yes"),
    )
    s.does("hanjiang", "change_grade", "2026-03-17 08:35", grade="1", grade_words="告诫后仍按一级办。")
    s.does(
        "police",
        "confirm",
        "2026-03-17 08:40",
        on="letter",
        event=s.last("record_letter", on="letter"),
        confirmed="yes",
    )
    s.does(
        "police",
        "notify",
        "2026-03-17 08:45",
        on="letter",
        notified=["village_committee", "federation", "governance_center"],
    )
    s.does(
        "hanjiang",
        "change_decisions",
        "2026-03-17 09:00",
        tell_community="yes",
        more="她同意告诉社区,住处不写。",
    )
    s.does("hanjiang", "invite_village", "2026-03-17 09:10")
    s.does("auxiliary", "recuse", "2026-03-17 09:12", on="letter")
    s.asks(
        "hanjiang",
        "refer",
        "2026-03-17 09:20",
        "governance",
        "governance",
        urgency="soon",
        request="请把该楼栋列入夜间巡查,不上门、不打听。",
    )
    s.does("hanjiang", "accept", "2026-03-17 10:30", on="governance", behalf="governance")
    s.does(
        "hanjiang",
        "give_reply",
        "2026-03-18 10:30",
        on="governance",
        behalf="governance",
        outcome="done",
        document_on="2026-03-18",
        reply_text="已列入夜间巡查线路。",
    )
    s.does(
        "hanjiang",
        "plan_visit",
        "2026-03-17 09:15",
        visit_whom="complained",
        visit_way="agreed_place",
        visit_task="对男方讲清告诫书写了什么、再犯会怎样。",
    )
    s.asks(
        "hanjiang",
        "refer_court",
        "2026-03-17 10:00",
        "court",
        "court-clerk",
        urgency="very_urgent",
        needs=["legal_help"],
        request="申请人身安全保护令,情况紧急。材料目录九件。",
    )
    s.does(
        "court-clerk",
        "return_back",
        "2026-03-17 11:20",
        on="court",
        return_reason="incomplete",
        return_words="缺证据目录页码和送达地址确认书,补齐即收。",
    )
    s.does(
        "hanjiang",
        "resend",
        "2026-03-18 09:10",
        on="court",
        urgency="very_urgent",
        what_changed="目录已编页码,送达地址确认书另行密封。",
    )
    s.does("court-clerk", "accept", "2026-03-18 10:05", on="court", contact_person="孟佳")
    s.does(
        "court-clerk",
        "give_reply",
        "2026-03-19 09:50",
        on="court",
        outcome="order_granted",
        order_outcome="granted",
        document_no="(2026)苏演民保令9号",
        document_on="2026-03-19",
        reply_text="已裁定:禁止暴力,禁止骚扰、跟踪、接触,迁出住所;六个月;今日送达。",
    )
    s.begins(
        "order",
        "record_order",
        "2026-03-19 17:10",
        behalf="court-clerk",
        happened_at="2026-03-19T09:30",
        order_no="(2026)苏演民保令9号",
        order_on="2026-03-19",
        order_until="2026-09-19",
        order_measures=["no_violence", "no_contact", "move_out"],
        scans=("裁定书",),
    )


def served(s: Telling) -> None:
    """The clerk ticks each one that was served."""
    s.does(
        "court-clerk",
        "serve",
        "2026-03-19 18:00",
        on="order",
        served=["applicant", "respondent", "police_station", "village_committee", "federation"],
        told_respondent="yes",
    )


def afterwards(s: Telling) -> None:
    """Legal aid, the first police visit, reconsideration, out of the shelter, another county helps."""
    s.asks(
        "hanjiang",
        "refer_legal_aid",
        "2026-03-20 10:00",
        "aid",
        "lawyer",
        urgency="soon",
        needs=["legal_aid"],
        request="家庭暴力受害人申请法律援助,免予核查经济状况。",
    )
    s.does("lawyer", "accept", "2026-03-20 15:00", on="aid")
    s.does("village", "village_visit_done", "2026-03-20 16:40", visit_found="safe")
    s.does(
        "hanjiang",
        "visit",
        "2026-03-21 11:30",
        on="letter",
        behalf="police",
        happened_at="2026-03-21T10:00",
        saw_him="yes",
        seen_apart="yes",
        visit_found="safe",
        visit_words="男方由民警和社区同去;女方另行电话。无新暴力。",
    )
    s.does(
        "hanjiang",
        "shelter_out",
        "2026-03-24 15:00",
        left_at="2026-03-24T14:00",
        own_request="yes",
        leaves_to="高邮市,母亲处",
    )
    s.does(
        "hanjiang",
        "record_whereabouts",
        "2026-03-24 15:10",
        now_at="高邮市湖滨小区6幢",
        who_may_know="只有沈静和俞芳",
    )
    now = at("2026-03-24 15:20")
    gate.open_whereabouts(
        actor=s.city.actor("hanjiang", now),
        matter_id=s.matter,
        party_id=Party.objects.get(matter=s.matter, role="asking").id,
        purpose="transfer",
        words="告诉高邮妇联怎样联系她之前核对一遍。",
        fresh=True,
        now=now,
    )
    s.asks(
        "hanjiang",
        "refer_federation",
        "2026-03-24 15:30",
        "gaoyou",
        "gaoyou",
        urgency="soon",
        needs=["to_be_heard"],
        request="请协助按约回访,只用约定电话联系。",
    )
    s.does(
        "lawyer",
        "give_reply",
        "2026-03-25 10:00",
        on="aid",
        outcome="aid_given",
        document_on="2026-03-24",
        reply_text="决定给予援助,已指派律师。",
    )
    s.does("gaoyou", "accept", "2026-03-27 09:30", on="gaoyou", contact_person="俞芳")
    s.does(
        "hanjiang",
        "ask_reconsideration",
        "2026-03-25 09:00",
        happened_at="2026-03-23T15:00",
        on="order",
        behalf="court-clerk",
        asked_by="respondent",
        asked_on="2026-03-23",
    )
    s.does(
        "hanjiang",
        "reconsidered",
        "2026-03-30 16:00",
        on="order",
        behalf="court-clerk",
        review_result="upheld",
        visit_words="复议维持。",
    )
