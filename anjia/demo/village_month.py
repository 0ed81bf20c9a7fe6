"""A village's month: two rounds, five things handed on, one of them spoken. By the same actions as on her phone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from anjia.demo.posts import City
from anjia.demo.seats import VILLAGE
from anjia.engine.matters import actions, walking
from anjia.engine.matters.inputs import Decisions, Opened, PartyInput
from anjia.foundation.core.clock import SHANGHAI
from anjia.registry.posts.actors import resident

HER, TOWNSHIP = "village", "street"
LEAD = "lead"
#: What is handed on: days ago, whose, what, and what the township makes of it (step, its answers, days ago).
HANDED_ON: tuple[tuple[int, str, str, str, dict[str, str], int], ...] = (
    (12, "徐家", "婆媳为带孩子争了几回。", "to_mediation", {"mediation_source": "found",
     "dispute_kind": "in_laws", "dispute_words": "婆媳为带孩子常起口角。", "done_words": "请调委会约了两边。"}, 10),
    (9, "", "三号楼漏水,两家不说话了。", "let_go", {"why": "物业已修好,两家都说没事了。"}, 8),
    (7, "老谢家", "老人说三个孩子轮不过来。", "keep_open", {"why": "孩子们约好月底商量,先看看。"}, 5),
    (4, "范家", "听见摔东西,孩子不敢回家。", "to_county", {"was_alone": "yes", "facts": "孩子在同学家说的。"}, 4),
    (1, "", "", "", {}, 0),
)  # fmt: skip
#: Twenty milliseconds of silence, as Opus writes them; fifty are a second.
HUSH, A_SECOND = b"\xf8\xff\xfe", 50


COUNTY, CASE = "hanjiang", "dv-case"
HERS, HIS = "祝秋萍", "鲍立强"
#: What the county does on the day she calls, until the village is asked to look in: hour, minute, step, answers.
ASKED: tuple[tuple[int, int, str, dict[str, Any]], ...] = (
    (10, 20, "accept_in", {"first_or_repeat": "first", "urgency": "normal"}),
    (11, 0, "call_safe", {"was_alone": "yes", "tell_community": "yes",
                           "come_to_door": "yes", "call_words": "愿意村里来看看。"}),
    (11, 20, "assess", {"was_alone": "yes", "judgement": "low", **{f"answer_{n}": "no" for n in "123456789ab"}}),
    (11, 40, "grade_3", {"grade_words": "推搡一次,没有受伤。"}),
    (14, 0, "safety_plan", {"plan_items": [], "plan_words": "有事先到隔壁,再打电话。"}),
    (14, 20, "invite_village", {}),
    (14, 30, "plan_visit", {"visit_whom": "asking", "visit_way": "door", "visit_task": "去坐坐,问问有没有要搭把手的。"}),
)  # fmt: skip


def live(city: City, now: datetime) -> None:
    """The round of last month and of this, what came up on the way, and a door to look in at."""
    rounds(city, now)
    asked_to_look_in(city, now)
    for ago, whose, what, step, answers, answered in HANDED_ON:
        at = now - timedelta(days=ago, hours=2)
        lead = hand_on(city, at, whose, what)
        if step:
            then = now - timedelta(days=answered, hours=1)
            actions.move(
                matter_id=lead.matter, name=step, actor=city.actor(TOWNSHIP, then), now=then, data=answers
            )


def rounds(city: City, now: datetime) -> None:
    """Last month's is done; this month's has begun. What is kept of it are three numbers."""
    month = now.astimezone(SHANGHAI).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    before = month - timedelta(days=6)
    for days, doors in ((0, "18"), (2, "21")):
        walk(city, before + timedelta(days=days, hours=10), doors)
    done = before + timedelta(days=2, hours=11)
    walking.finish(actor=city.actor(HER, done), now=done)
    for days, doors in ((3, "14"), (1, "")):
        walk(city, max(month, now - timedelta(days=days)), doors)


def asked_to_look_in(city: City, now: datetime) -> None:
    """She said that the village may know and may come; the county asks it to."""
    day = (now.astimezone(SHANGHAI) - timedelta(days=2)).replace(hour=10, minute=0, second=0, microsecond=0)
    her = PartyInput(
        role="asking",
        sex="female",
        sealed={"label": {"name": HERS}, "contact": {"phone": "10066600021", "safe_when": "上午"}},
        decisions=Decisions(tell_community=True, come_to_door=True),
        residence=city.places[VILLAGE],
    )
    him = PartyInput(role="complained", relation="spouse", sealed={"label": {"their_name": HIS}})
    opened = actions.open_matter(
        playbook=CASE, actor=resident(), now=day, channel="online", place=city.places[VILLAGE], parties=[her, him],
        data={"facts": "喝了酒推了我一把,想有人常来看看。"},
    )  # fmt: skip
    for hour, minute, step, answers in ASKED:
        at = day.replace(hour=hour, minute=minute)
        actions.move(matter_id=opened.matter, name=step, actor=city.actor(COUNTY, at), now=at, data=answers)


def walk(city: City, at: datetime, doors: str) -> None:
    """「没发现问题」."""
    walking.nothing_found(actor=city.actor(HER, at), now=at, doors=doors)


def hand_on(city: City, at: datetime, whose: str, what: str) -> Opened:
    """「记一件」; with nothing written it was spoken."""
    return actions.open_matter(
        playbook=LEAD,
        actor=city.actor(HER, at),
        now=at,
        channel=walking.ON_FOOT,
        place=city.places[VILLAGE],
        parties=[PartyInput(role="asking", sealed={"label": {"name": whose}})] if whose else [],
        data={"words": what} if what else {},
        files=() if what else (spoken(),),
    )


def spoken() -> SimpleUploadedFile:
    """A second in which nobody says anything, as a telephone records it."""
    pages = [
        b"OpusHead\x01\x01" + bytes(2) + (48_000).to_bytes(4, "little") + bytes(3),
        b"OpusTags" + (4).to_bytes(4, "little") + b"demo" + bytes(4),
    ]
    data = b"".join(_page([body], n, 0, first=n == 0) for n, body in enumerate(pages))
    data += _page([HUSH] * A_SECOND, 2, 960 * A_SECOND, last=True)
    return SimpleUploadedFile("voice.ogg", data, content_type="audio/ogg")


def _page(packets: list[bytes], n: int, granule: int, *, first: bool = False, last: bool = False) -> bytes:
    flags = bytes([2 * first + 4 * last])
    head = b"OggS\0" + flags + granule.to_bytes(8, "little") + b"demo" + n.to_bytes(4, "little")
    table = bytes([len(packets), *map(len, packets)])
    body = b"".join(packets)
    return head + _sum(head + bytes(4) + table + body).to_bytes(4, "little") + table + body


def _sum(data: bytes) -> int:
    """The check value of an Ogg page."""
    value = 0
    for byte in data:
        value ^= byte << 24
        for _bit in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
    return value
