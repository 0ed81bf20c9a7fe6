"""Sixty-odd cases over all counties, each brought to a stage by the moves that lead there."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from anjia.demo import promises
from anjia.demo.people import somebody
from anjia.demo.posts import COUNTIES, City
from anjia.demo.telling import Telling, paper
from anjia.engine.matters import actions
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.foundation.core.clock import SHANGHAI
from anjia.registry.places.models import Place
from anjia.registry.posts.models import Agency

SIZE = 63
LATE_EVERY = 6  # every sixth office has let something slip
HEADS = dict(
    zip(COUNTIES, ("guangling", "hanjiang", "jiangdu", "baoying", "zone", "yizheng", "gaoyou"), strict=True)
)
STORIES = (
    "吵架以后他把我推到墙上。",
    "他把工资卡和手机都收走了,不让我回娘家。",
    "离了婚他还天天堵在单位门口。",
    "公公动手打人,丈夫不管。",
    "喝多了就摔东西,孩子夜里吓醒。",
    "他说我要走就同归于尽。",
    "骂了十几年,最近开始动手。",
    "前男友一直发消息威胁我。",
)
CHANNELS = ("call", "visit", "online", "call", "visit", "transfer")
FORMS = (["physical"], ["psychological"], ["physical", "psychological"], ["economic"], ["physical"])


@dataclass
class Case:
    """One case of the crowd while it is lived through; `hours` is how far its own clock has run."""

    told: Telling
    rng: random.Random
    head: str
    start: datetime
    hours: float = 0.0

    def then(self, what: str, after: float = 2.0, behalf: str = "", **data: Any) -> Any:
        """The county's officer makes the next move some working hours later."""
        self.hours += after
        now = self.start + timedelta(hours=self.hours)
        actions.climb_overdue(now=now)
        scans = data.pop("scans", ())
        return actions.move(
            matter_id=self.told.matter,
            name=what,
            actor=self.told.city.actor(self.head, now),
            now=now,
            data=data,
            on_behalf_of=self.office(behalf).id if behalf else None,
            files=tuple(paper(name) for name in scans),
        )

    def office(self, kind: str) -> Agency:
        """The county's own office of a kind, else the city's."""
        county = self.told.city.agency(self.head).county
        found = Agency.objects.filter(kind=kind, county=county, is_fictional=False).order_by("name").first()
        return found or Agency.objects.filter(kind=kind).order_by("name")[0]


Step = Callable[[Case], None]


def taken(c: Case) -> None:
    c.then("accept_in", 1, first_or_repeat="first", urgency="soon")


def reached(c: Case) -> None:
    taken(c)
    c.then(
        "call_safe", 3, was_alone="yes", told_rights=["police", "shelter"], call_words="她愿意先说说情况。"
    )


def assessed(c: Case, band: str = "medium") -> None:
    reached(c)
    yes = {"low": 2, "medium": 4, "high": 7}[band]
    answers = {f"answer_{n}": "yes" if n <= yes else "no" for n in range(1, 10)}
    c.then("assess", 1, was_alone="yes", judgement=band, answer_a="no", answer_b="no", **answers)


def graded_two(c: Case) -> None:
    assessed(c)
    c.then("grade_2", 0.5, grade_words="多次动手,有现实危险。")


def graded_three(c: Case) -> None:
    assessed(c, "low")
    c.then("grade_3", 0.5, grade_words="初次,较轻。")


def graded_one(c: Case) -> None:
    assessed(c, "high")
    c.then("grade_1", 0.2, grade_words="量表结果为高。")
    c.then("report_up", 0.5, report_stage="first", report_words="一级响应一件,正在处置。")


def planned(c: Case) -> None:
    graded_two(c)
    c.then("safety_plan", 4, plan_words="和她商定了离开的路线和联络人。")


def missed(c: Case) -> None:
    taken(c)
    c.then("call_missed", 4, missed_why="no_answer")


def aid_asked(c: Case) -> None:
    planned(c)
    c.then(
        "refer_legal_aid",
        1,
        agency=str(c.office("legal_aid_center").id),
        urgency="normal",
        request="请提供法律咨询。",
    )


def waiting(c: Case) -> None:
    assessed(c, "low")
    c.then("wait_her", 1, her_words="我想再想想,先别动。")


def warned(c: Case) -> None:
    planned(c)
    c.then(
        "record_warning",
        6,
        behalf="police_station",
        letter_no="演告字号",
        letter_at=(c.start + timedelta(hours=c.hours + 5)).astimezone(SHANGHAI).isoformat(),
        scans=("告诫书",),
    )


def ordered(c: Case) -> None:
    planned(c)
    day = (c.start + timedelta(hours=c.hours)).astimezone(SHANGHAI).date()
    c.then(
        "record_order",
        20,
        behalf="court",
        order_no="演民保令",
        order_on=day.isoformat(),
        order_until=(day + timedelta(days=180)).isoformat(),
        order_measures=["no_violence", "no_contact"],
        scans=("裁定书",),
    )


def guarded(c: Case) -> None:
    graded_three(c)
    c.then("safety_plan", 3, plan_words="有事打约定的电话。")
    c.then("guard", 40, why="一个月没有新的情况。")


def resolved(c: Case) -> None:
    guarded(c)
    c.then("close_resolved", 60, outcome=["safe_now"], why="她说已经平安,同意办结。")


def answered(c: Case) -> None:
    resolved(c)
    c.then("reply", 3, reply_words="您反映的事已经有结果,有任何情况随时找我们。", reply_channel="receipt")
    c.then("report_up", 2, report_stage="final", report_words="本月办结一件。")


def withdrawn(c: Case) -> None:
    reached(c)
    c.then("close_withdrawn", 6, was_alone="yes", her_words="我自己能处理,先撤了。")


def unfounded(c: Case) -> None:
    reached(c)
    second = c.told.city.posts[c.head].id
    c.then("close_unfounded", 8, what_checked="与本人、社区分别核对,系误传。", second_look=str(second))


def referred_on(c: Case) -> None:
    planned(c)
    c.then("close_referred", 10, other_procedure=["litigation"], why="已由法院受理离婚诉讼,保护一并处理。")


def handed_over(c: Case) -> None:
    reached(c)
    c.then("close_transferred", 8, why="本人已迁往外地,当地妇联接手。", scans=("移交函",))


def untouched(c: Case) -> None:
    """Came in and nobody has looked yet."""


#: (how it went, how many days before now it began)
WAYS: tuple[tuple[Step, float], ...] = (
    (untouched, 0.1), (untouched, 1.6), (untouched, 3.2), (taken, 0.4), (taken, 2.0), (missed, 1.2), (reached, 1.0),
    (reached, 2.5), (assessed, 1.5), (graded_one, 1.0), (graded_one, 6.0), (graded_two, 3.0), (graded_three, 4.0),
    (planned, 5.0), (planned, 18.0), (aid_asked, 4.0), (aid_asked, 12.0), (waiting, 5.0), (waiting, 11.0),
    (warned, 6.0), (warned, 9.0), (ordered, 7.0), (ordered, 30.0), (guarded, 20.0), (guarded, 40.0),
    (resolved, 30.0), (answered, 45.0), (answered, 60.0), (withdrawn, 8.0), (unfounded, 9.0), (referred_on, 15.0),
    (handed_over, 10.0),
)  # fmt: skip


def live(city: City, now: datetime, seed: int) -> Iterator[int]:
    """Bring every case to its stage; yields how many are done. The same seed makes the same city."""
    rng = random.Random(seed)  # noqa: S311  invented people, not secrets
    towns = {
        c: list(Place.objects.filter(county=c, tier="township", is_fictional=False).order_by("code"))
        for c in COUNTIES
    }
    plan = [(WAYS[n % len(WAYS)], COUNTIES[n % len(COUNTIES)]) for n in range(SIZE)]
    plan.sort(key=lambda p: -p[0][1])
    for n, ((way, days), county) in enumerate(plan):
        start = workday_morning(now - timedelta(days=days + rng.random() / 2), now)
        case = begin(city, rng, county, rng.choice(towns[county]), start)
        way(case)
        if n % LATE_EVERY:
            promises.keep(case.told, case.head, now - timedelta(hours=1))
        yield n + 1


def workday_morning(moment: datetime, now: datetime) -> datetime:
    """Some time after breakfast of that day, never in the future."""
    local = moment.astimezone(SHANGHAI)
    return min(local.replace(hour=8 + local.minute % 3, second=0, microsecond=0), now - timedelta(minutes=20))


def begin(city: City, rng: random.Random, county: str, town: Place, start: datetime) -> Case:
    """A call for help comes in."""
    her, him = somebody(rng, her=True), somebody(rng, her=False)
    actions.climb_overdue(now=start)
    opened = actions.open_matter(
        playbook="dv-case",
        actor=city.actor(HEADS[county], start),
        now=start,
        channel=rng.choice(CHANNELS),
        place=town.code,
        parties=[
            PartyInput(
                role="asking",
                sex="female",
                age_band=rng.choice(("18-29", "30-39", "40-49", "50-59")),
                sealed={
                    "label": {"name": her.name},
                    "identity": {"id_number": her.id_number},
                    "contact": {
                        "phone": her.phone,
                        "safe_when": rng.choice(("上午", "晚上八点后", "工作日白天")),
                    },
                },
                decisions=Decisions(rng.random() < 0.3, rng.random() < 0.2, rng.random() < 0.5),
                residence=town.code,
            ),
            PartyInput(
                role="complained",
                sex="male",
                relation=rng.choice(("spouse", "spouse", "ex_spouse", "parent_child")),
                sealed={"label": {"their_name": him.name}, "contact": {"their_phone": him.phone}},
            ),
        ],
        data={
            "facts": rng.choice(STORIES),
            "dv_forms": rng.choice(FORMS),
            "urgency": rng.choice(("soon", "urgent")),
        },
        with_receipt=rng.random() < 0.5,
    )
    return Case(Telling(city, opened.matter), rng, HEADS[county], start)
