"""Invented values for the gallery: every component in every state. No person, number or place is real."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from anjia.foundation.core.verdict import ALLOW, deny
from anjia.law.playbooks.schema import Card, Field, Text


def t(zh: str, en: str) -> Text:
    """A text in both languages."""
    return {"zh": zh, "en": en}


STATION = t("柳浦派出所", "Liupu police station")
FEDERATION = t("邗江区妇联", "Hanjiang federation")
COURT = t("区法院家事庭", "District court, family division")


def fields() -> list[Field]:
    """One field of every type, some with help."""
    seal: dict[str, Any] = {"compartment": "narrative"}
    return [
        Field("relation", "code", t("与求助人的关系", "Relation to the person asking"), list="relation"),
        Field("sex", "code", t("性别", "Sex"), list="sex", counts=True, required=True),
        Field("dv_forms", "codes", t("暴力形式", "Forms of violence"), list="dv-form", counts=True),
        Field("come_to_door", "yes_no", t("可以上门", "Somebody may come to the door"), required=True),
        Field(
            "residence",
            "place",
            t("户籍或常住地", "Place of residence"),
            help=t("说到乡镇即可,不想说也可以。", "The township is enough; she may leave it out."),
        ),
        Field("incident_on", "date", t("发生日期", "Date of the incident")),
        Field("incident_at", "datetime", t("发生时间", "Time of the incident"), required=True),
        Field("visitors", "integer", t("来了几人", "Number of visitors"), min=0, max=50),
        Field("aid", "money", t("救助金额", "Amount of aid"), min=0),
        Field("called", "short_text", t("称呼", "How to address her"), max=40, **seal),
        Field("agency", "agency", t("哪个单位", "Which agency"), required=True),
        Field("post", "post", t("派给哪个岗位", "Assign to which post")),
        Field(
            "facts",
            "long_text",
            t("情况(用她的原话)", "What happened (in her words)"),
            help=t("想到哪写到哪,不写也能提交。", "In any order; may be left empty."),
            max=8000,
            required=True,
            **seal,
        ),
        Field("paper", "file", t("材料", "Material"), compartment="evidence", max=5),
        Field(
            "answer_1",
            "code",
            t("他是否扬言要杀您", "Has he threatened to kill you"),
            list="yes-no-unknown",
            required=True,
            **seal,
        ),
        Field(
            "answer_2",
            "code",
            t("您是否担心两个月内会被他打伤", "Do you expect to be hurt within two months"),
            list="yes-no-unknown",
            required=True,
            **seal,
        ),
    ]


def options() -> dict[str, list[tuple[str, Text]]]:
    """What agency and post fields offer."""
    return {
        "agency": [("a", STATION), ("b", COURT), ("c", t("区民政局", "District civil affairs"))],
        "post": [(str(n), t(f"权益部干部{n}", f"Rights officer {n}")) for n in range(1, 9)],
    }


def places() -> list[SimpleNamespace]:
    """What a look-up of places might find."""
    return [
        SimpleNamespace(code="321003901001", name="杨林社区", where="邗江区 · 柳浦街道"),
        SimpleNamespace(code="321003901002", name="杨柳村", where="邗江区 · 柳浦街道"),
    ]


def duty(label: Text, agency: Text, due: datetime, **more: Any) -> SimpleNamespace:
    """A duty line with everything off that is not asked for."""
    given: dict[str, Any] = {
        "is_mine": False,
        "is_paused": False,
        "is_provisional": False,
        "climbed_to": "",
        "claimed_at": None,
        "law": t("反家庭暴力法", "Anti-Domestic Violence Law"),
        "article": "28",
        "done_at": None,
        "is_late": False,
        "late_reason": "",
        "round": 1,
    }
    return SimpleNamespace(label=label, agency=agency, due_at=due, **{**given, **more})


def duties(now: datetime, word: Any) -> list[SimpleNamespace]:
    """A duty in each state its clock can be in. `word` turns a text into the reader's language."""
    h, d = timedelta(hours=1), timedelta(days=1)
    federation, station, court = word(FEDERATION), word(STATION), word(COURT)
    late = {"climbed_to": "city", "is_mine": True}
    return [
        duty(t("定级", "Grade the danger"), federation, now - 26 * h, **late),
        duty(t("作出裁定", "Decide on the order"), court, now + 5 * h),
        duty(t("首次查访", "First police visit"), station, now + 2 * d + h, is_provisional=True),
        duty(t("回访", "Follow-up visit"), federation, now + 12 * d, is_mine=True, round=3),
        duty(t("送达", "Serve the order"), court, now + d, is_paused=True),
        duty(t("联系求助人", "Contact the person asking"), federation, now - 3 * d, done_at=now - 4 * d),
        duty(
            t("回访(第2次)", "Follow-up visit 2"),
            federation,
            now - 9 * d,
            done_at=now - 7 * d,
            is_late=True,
            late_reason="handover",
        ),
        duty(t("认领", "Claim"), station, now - 4 * d, climbed_to="county", claimed_at=now - h),
    ]


def entries(now: datetime, word: Any) -> list[SimpleNamespace]:
    """Three lines of a story: a call, a record made for the police, a corrected note nobody here may read."""
    base: dict[str, Any] = {
        "stage": None,
        "lines": [],
        "words": [],
        "is_sealed": False,
        "on_behalf_of": "",
        "is_confirmed": None,
        "is_void": False,
        "who": "沈静",
        "agency": word(FEDERATION),
    }
    one, two, three = now - timedelta(days=9), now - timedelta(days=5), now - timedelta(hours=3)
    called = {
        "label": t("按约联系到", "Reached at the safe hour"),
        "stage": t("评估定级", "Assessing"),
        "lines": [(t("她独自一人、方便说话", "She was alone and could speak"), t("是", "Yes"))],
        "words": [(t("谈了什么", "What was said"), t("她暂不愿报警。", "She does not want police now."))],
    }
    behalf = {
        "label": t("出具告诫书", "Issue a warning letter"),
        "on_behalf_of": word(STATION),
        "is_confirmed": False,
        "is_sealed": True,
    }
    return [
        SimpleNamespace(**{**base, **called}, seq=1, at=one, recorded_at=one),
        SimpleNamespace(**{**base, **behalf}, seq=2, at=two, recorded_at=two + timedelta(days=1)),
        SimpleNamespace(
            **{**base, "label": t("记一笔", "Note"), "is_void": True}, seq=3, at=three, recorded_at=three
        ),
    ]


def children(now: datetime, word: Any) -> list[SimpleNamespace]:
    """A referral under way, one that was answered, one let go."""
    base: dict[str, Any] = {"is_visible": True, "is_detached": False, "is_over": False, "due_at": None}
    refer = t("请公安协办", "Ask police to help")
    return [
        SimpleNamespace(
            **{**base, "due_at": now + timedelta(hours=9)},
            label=refer,
            number="邗2026-协-演8841",
            stage=t("已接收", "Accepted"),
            agency=word(STATION),
        ),
        SimpleNamespace(
            **{**base, "is_over": True},
            label=t("保护令", "Protection order"),
            number="邗2026-令-演2205",
            stage=t("已书面回复", "Replied"),
            agency=word(COURT),
        ),
        SimpleNamespace(
            **{**base, "is_visible": False, "is_detached": True},
            label=t("请学校协办", "Ask the school to help"),
            number="邗2026-协-演1027",
            stage=t("已发出", "Sent"),
            agency=word(t("实验小学", "Primary school")),
        ),
    ]


def card() -> Card:
    """What to say, and what never."""
    return Card(
        "call",
        say=(
            t(
                "您现在方便说话吗?不方便就挂断,我们另约时间。",
                "Can you talk now? If not, hang up; we call later.",
            ),
            t("您自己决定下一步,我们陪着您。", "You decide what comes next; we stay with you."),
        ),
        never=(
            t("两口子为啥吵?", "What did you two quarrel about?"),
            t("为了孩子忍一忍。", "Bear it for the child's sake."),
        ),
    )


def posts() -> list[SimpleNamespace]:
    """Two posts of one person."""
    return [
        SimpleNamespace(id=UUID(int=n), title=title, agency=SimpleNamespace(name=name))
        for n, title, name in [(1, "权益部部长", "邗江区妇联"), (2, "妇女儿童之家负责人", "柳浦街道妇联")]
    ]


def verdicts() -> dict[str, Any]:
    """An allowed step and two shut ones."""
    return {
        "yes": ALLOW,
        "violence": deny(
            t(
                "涉家庭暴力,暴力本身不调解;请转个案办理——妇联规程第11条。",
                "Violence itself is not mediated; open a case instead (federation rules, art. 11).",
            )["zh"]
        ),
        "consent": deny("求助人未同意告诉社区(村);有现实危险时可写明依据后办理。"),
    }
