"""A village's month: two rounds, five things handed on, one of them spoken. By the same actions as on her phone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from anjia.demo.posts import City
from anjia.demo.seats import VILLAGE
from anjia.engine.matters import actions, walking
from anjia.engine.matters.inputs import Opened, PartyInput
from anjia.foundation.core.clock import SHANGHAI

HER, TOWNSHIP = "village", "street"
LEAD = "lead"
#: What is handed on: days ago, whose, what, and what the township makes of it (step, its answers, days ago).
HANDED_ON: tuple[tuple[int, str, str, str, dict[str, str], int], ...] = (
    (12, "徐家", "婆媳为带孩子争了几回。", "taken_up", {"lead_became": "mediation", "done_words": "请调委会约了两边。"}, 10),
    (9, "", "三号楼漏水,两家不说话了。", "let_go", {"why": "物业已修好,两家都说没事了。"}, 8),
    (7, "老谢家", "老人说三个孩子轮不过来。", "keep_open", {"why": "孩子们约好月底商量,先看看。"}, 5),
    (4, "范家", "听见摔东西,孩子不敢回家。", "to_county", {"was_alone": "yes", "facts": "孩子在同学家说的。"}, 4),
    (1, "", "", "", {}, 0),
)  # fmt: skip
#: Twenty milliseconds of silence, as Opus writes them; fifty are a second.
HUSH, A_SECOND = b"\xf8\xff\xfe", 50


def live(city: City, now: datetime) -> None:
    """The round of last month and of this, and what came up on the way."""
    rounds(city, now)
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
