"""平安家庭推选 in the demo city: a round in every county, each at another point, and households at every one of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from anjia.demo.crowd import townships
from anjia.demo.living import office
from anjia.demo.posts import HEADS
from anjia.demo.staff import Staff
from anjia.demo.telling import paper
from anjia.engine.matters import actions, office_work
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.engine.matters.models import Matter
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.outbox import worker
from anjia.prevention.honours import applying, notice, rounds
from anjia.prevention.honours.applying import Adult
from anjia.registry.posts.actors import resident
from anjia.registry.posts.models import Agency

SURNAMES, HIS, HERS = (
    "芮柏窦章云潘葛奚范彭郎鲁韦昌马苗",
    ("守仁", "来福", "广田", "有余"),
    ("巧云", "美珍", "金凤", "兰英"),
)
WORDS = ("义务夜巡，谁家有事都搭把手。", "三代人住一起，有话摆在桌上说。", "帮邻居带孩子，楼道一起扫。", "")
LOOKED = "材料看过了,邻里都说热心。"
Said = dict[str, Any]
YEARLY, MIDNIGHT = timedelta(days=300), timedelta(minutes=10)


@dataclass(frozen=True)
class Course:
    """How far a county's round has come. Numbers are days before now; None: not yet (a negative day is still to come)."""

    county: str
    opened: int
    closes: int
    put_up: int | None = None
    announced: int | None = None
    households: int = 8
    objected: bool = False
    asks: bool = False  # somebody in a case is asked


COURSES = (
    Course("321012", opened=130, closes=105, put_up=90, announced=60),
    Course("321084", opened=50, closes=30, put_up=13, objected=True),
    Course("321081", opened=40, closes=17, put_up=0),
    Course("321002", opened=40, closes=14, households=5),
    Course("321023", opened=20, closes=1, households=5, asks=True),
    Course("321003", opened=12, closes=-24, households=6),
)
HIM, HER, HER_PHONE = "鲁广田", "苗兰英", "10066600031"
#: What the county did on the day she wrote: minutes later, step, answers.
TAKEN_ON: tuple[tuple[int, str, Said], ...] = (
    (20, "accept_in", {"first_or_repeat": "first", "urgency": "normal"}),
    (60, "call_safe", {"was_alone": "yes", "call_words": "愿意说,先不要告诉村里。"}),
    (80, "assess", {"was_alone": "yes", "judgement": "low", **{f"answer_{n}": "no" for n in "123456789ab"}}),
    (90, "grade_3", {"grade_words": "推搡一次,没有受伤。"}),
    (120, "safety_plan", {"plan_items": [], "plan_words": "有事先到隔壁,再打电话。"}),
)
#: Whose federation registered a round and has no basis for it yet; and one it never got.
WITHOUT_BASIS = "321071"


def live(staff: Staff, now: datetime) -> None:
    """Round after round, each by the steps of those who make them."""
    rng = random.Random(41)  # noqa: S311  invented people, not secrets
    homes = townships(staff.city)
    for course in COURSES:
        goes(staff, course, homes[course.county], rng, now)
    without_basis(staff, rng, now)
    worker.drain(now)


def in_a_case(staff: Staff, village: str, at: datetime) -> None:
    """A woman asked for help just before the round closed, in which her household applied: she is asked in her case."""
    her = PartyInput(
        role="asking", sex="female", sealed={"label": {"name": HER}, "contact": {"phone": HER_PHONE, "safe_when": "上午"}},
        decisions=Decisions(), residence=village,
    )  # fmt: skip
    him = PartyInput(role="complained", relation="spouse", sealed={"label": {"their_name": HIM}})
    case = actions.open_matter(
        playbook="dv-case", actor=resident(), now=at, channel="online", place=village, parties=[her, him],
        data={"facts": "喝了酒推人,不想让村里知道。"},
    ).matter  # fmt: skip
    for minutes, name, said in TAKEN_ON:
        then = at + timedelta(minutes=minutes)
        actions.move(
            matter_id=case, name=name, actor=staff.actor(federation(village[:6]), then), now=then, data=said
        )
    both = [Adult(HIM, agrees=True, named=True), Adult(HER, agrees=True, named=True)]
    applying.apply(village=village, adults=both, minors=1, words="", key="", now=at - timedelta(hours=15))


def goes(
    staff: Staff, course: Course, homes: list[tuple[str, str]], rng: random.Random, now: datetime
) -> None:
    """One county's round until now."""
    head = HEADS[course.county]
    at = office(now - timedelta(days=course.opened), rng)
    round_ = registered(staff, course.county, at - timedelta(minutes=20))
    closes = (now - timedelta(days=course.closes)).astimezone(SHANGHAI).date()
    basis = {
        "basis_kind": "safety_plan",
        "basis_number": f"平安办〔{at.year}〕演2号",
        "basis_until": (at + YEARLY).date().isoformat(),
        "closes_on": closes.isoformat(),
    }
    does(staff, head, "open_round", round_, at, basis, paper("依据文件"))
    for n in range(course.households):
        moment = at + timedelta(days=1, hours=9, minutes=17 * n)
        waits = n == course.households - 1 and course.put_up is None
        applied(staff, homes[n % len(homes)][1], rng, moment, n, waits=waits)
    if course.closes < 0:
        return
    if course.asks:
        closing = office(now - timedelta(days=course.closes + 1), rng, back=True)
        in_a_case(staff, homes[0][1], closing.replace(hour=10, minute=0))
    midnight = (
        (now - timedelta(days=course.closes - 1)).astimezone(SHANGHAI).replace(hour=0, minute=0, second=0)
    )
    let_run(midnight + MIDNIGHT)
    if course.put_up is None:
        return
    put_up = office(now - timedelta(days=course.put_up, hours=1), rng, back=True)
    let_run(put_up - MIDNIGHT)
    does(staff, head, "list_all", round_, put_up)
    let_run(put_up + MIDNIGHT)
    if course.objected:
        one = next(m for m in rounds.households(round_) if m.stage == "noticed")
        notice.object_to(
            household=one.id, words="楼道里停三轮车,还拉线充电。", key="", now=put_up + timedelta(days=1)
        )
    if course.announced is not None:
        ends(staff, head, round_, office(now - timedelta(days=course.announced), rng))


def registered(staff: Staff, county: str, at: datetime) -> UUID:
    """At the desk, by the county's federation."""
    return actions.open_matter(
        playbook=rounds.ROUND,
        actor=staff.actor(federation(county), at),
        now=at,
        channel=office_work.CHANNEL,
        parties=(),
        place=county,
        data={"round_year": at.year},
    ).matter


def federation(county: str) -> Agency:
    """The county's federation."""
    return Agency.objects.get(kind="federation", tier="county", county=county)


def applied(staff: Staff, village: str, rng: random.Random, at: datetime, n: int, *, waits: bool) -> None:
    """A household; the township looks two days later, unless it waits. The fourth takes it back."""
    surname, other = rng.choice(SURNAMES), rng.choice(SURNAMES)
    adults = [Adult(surname + rng.choice(HIS), True, True), Adult(other + rng.choice(HERS), True, n % 3 != 1)]
    opened = applying.apply(
        village=village, adults=adults, minors=rng.randrange(3), words=WORDS[n % len(WORDS)], key="", now=at
    )
    if n == 3:
        actions.resident_move(receipt=opened.receipt, name="withdraw", now=at + timedelta(hours=20))
    elif not waits:
        holder = Matter.objects.select_related("holder").get(pk=opened.matter).holder
        then = office(at + timedelta(days=2), rng)
        actions.move(
            matter_id=opened.matter,
            name="look",
            actor=staff.actor(holder, then),
            now=then,
            data={"look_words": LOOKED},
        )


def ends(staff: Staff, head: str, round_: UUID, at: datetime) -> None:
    """Published and over."""
    let_run(at - MIDNIGHT)
    does(staff, head, "announce", round_, at)
    let_run(at + MIDNIGHT)
    does(
        staff, head, "finish", round_, at + timedelta(hours=1), {"summary": "公布的都过了公示,没有人提意见。"}
    )
    told = {"report_stage": "final", "report_words": "本轮推选已结束。"}
    does(staff, head, "report_up", round_, at + timedelta(hours=2), told)


def without_basis(staff: Staff, rng: random.Random, now: datetime) -> None:
    """One that was not begun, and one that still waits for its paper."""
    office_ = federation(WITHOUT_BASIS)
    at = office(now - timedelta(days=50), rng)
    dropped = registered(staff, WITHOUT_BASIS, at)
    for name, hours, said in (
        ("cancel", 30, {"why": "今年没有依据文件,不办。"}),
        ("report_up", 50, {"report_stage": "final", "report_words": "今年没有办推选。"}),
    ):
        then = office(at + timedelta(hours=hours), rng)
        actions.move(matter_id=dropped, name=name, actor=staff.actor(office_, then), now=then, data=said)
    registered(staff, WITHOUT_BASIS, office(now - timedelta(days=3), rng, back=True))


def does(
    staff: Staff, who: str, step: str, matter: UUID, at: datetime, said: Said | None = None, *files: Any
) -> None:
    """One step of the head of a federation."""
    actions.move(
        matter_id=matter, name=step, actor=staff.city.actor(who, at), now=at, data=said or {}, files=files
    )


def let_run(at: datetime) -> None:
    """What the clock and the worker do until then."""
    worker.drain(at)
