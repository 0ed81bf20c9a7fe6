"""Whether she may be reached now: by the way she gave, in her hours, not while she said no. Everything that is dialled
or sent to a resident asks here, at the moment it happens (`reach`); `decide` is the same answer for what was read
already. What a machine cannot read for certain, a person reads: it then calls nobody and sends nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from anjia.engine.matters.models import Matter, Party
from anjia.engine.matters.safe_hours import windows
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events import access
from anjia.foundation.events.models import Event
from anjia.foundation.vault import vault
from anjia.foundation.vault.errors import VaultError
from anjia.foundation.vault.models import Compartment
from anjia.law.calendar import is_working_day
from anjia.registry.posts.actors import SYSTEM

CALL, TEXT = "phone", "sms"
#: Asks for a text message to her that says: please look (`engine/messages` sends it).
LOOK = "messages.look"
#: The in-box line by which whoever leads is told that it did not go.
UNSENT = "unsent"
#: What she says of it besides, read with the rest whenever something goes to her.
WISHES = ("message_ok", "no_contact")
#: Where she names no hours, a message comes by day.
BY_DAY = [(time(9), time(20))]
LOOKS_AHEAD = timedelta(days=15)
MIDNIGHT = time(23, 59, 59)
SATURDAY = 5
#: Parts of a day as people say them: hours, and on which days.
SPOKEN: dict[str, list[tuple[time, time]]] = {
    "上午": [(time(8), time(11, 30))], "中午": [(time(11, 30), time(13, 30))], "下午": [(time(13, 30), time(17, 30))],
    "晚上": [(time(17, 30), MIDNIGHT), (time(), time(6))], "夜里": [(time(20), MIDNIGHT), (time(), time(8))],
    "白天": [(time(8), time(17, 30))], "上班时间": [(time(8), time(17, 30))],
}  # fmt: skip
DAYS = {"工作日": "work", "周末": "weekend", "双休日": "weekend"}
#: What may stand beside hours and days without meaning more.
FILLERS = re.compile(
    r"只在|只|都|可以|安全|方便|每天|的时候|时候|时段|请|千万|不要|不能|不可以|别|勿|不|打电话|打|电话|来电|联系|给我|我|的|在|和|与|或|及|时|再"
    r"|[\s,，、。;；.!！·]"
)
RANGE_LIKE = re.compile(
    r"\d{1,2}[:\uff1a点](?:\d{2})?\s*(?:[-\u2013\u2014\u007e\uff5e]|至|到)+\s*\d{1,2}[:\uff1a点](?:\d{2})?"
)
WRITING = re.compile(r"短信|信息|消息|微信|发")
NO_CALLS = re.compile(r"(?:不要|别|勿|不能)(?:再)?(?:打电话|来电|联系我?)[。.!！]?")
MOBILE = re.compile(r"1\d{10}")


@dataclass(frozen=True)
class Contact:
    """How she may be reached, as she said it. `may_write`: she agreed to text messages; `silent`: nobody, now."""

    phone: str = ""
    when: str = ""
    never: str = ""
    may_write: bool = False
    silent: bool = False

    @classmethod
    def of(cls, document: dict[str, Any]) -> Contact:
        """From her sealed document."""
        return cls(
            phone=str(document.get("phone") or ""),
            when=str(document.get("safe_when") or ""),
            never=str(document.get("do_not_contact") or ""),
            may_write=document.get("message_ok") is True,
            silent=document.get("no_contact") is True,
        )


@dataclass(frozen=True)
class Answer:
    """May it be now? `until`: no, but then; neither: not at all, and `why` says why. `number` only where it may."""

    why: str = ""
    until: datetime | None = None
    number: str = ""

    def __bool__(self) -> bool:
        return not self.why


def decide(contact: Contact, way: str, at: datetime) -> Answer:
    """Whether she may be reached this way at that moment."""
    if contact.silent or said_never(contact, way):
        return Answer("never")
    if not contact.phone:
        return Answer("none")
    if way == TEXT:
        if not contact.may_write:
            return Answer("never")
        if not only_a_mobile(contact.phone):
            return Answer("number")
        if not (is_plain(contact.when) and is_plain(contact.never)):
            return Answer("unclear")
    if is_open(contact, way, at):
        return Answer(number=contact.phone)
    then = next_open(contact, way, at)
    return Answer("hours", until=then) if then else Answer("unclear")


def said_never(contact: Contact, way: str) -> bool:
    """Whether her words rule this way out altogether."""
    if NO_CALLS.fullmatch(contact.never.strip()):
        return True
    return way == TEXT and bool(WRITING.search(contact.never))


def only_a_mobile(text: str) -> str:
    """The number in one piece where nothing but a mobile number was written; "" otherwise ("转小卖部", "她妹妹的")."""
    bare = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text))
    return bare if MOBILE.fullmatch(bare) else ""


def is_plain(text: str) -> bool:
    """Whether nothing stands there but hours, days and the words around them."""
    left = RANGE_LIKE.sub("", text)
    for word in (*SPOKEN, *DAYS):
        left = left.replace(word, "")
    return not FILLERS.sub("", left)


def plain_part(text: str) -> str:
    """The clauses of it that a machine can read; the others a person reads."""
    return "，".join(part for part in re.split(r"[,，;；。]", text) if is_plain(part))


def hours(text: str) -> list[tuple[time, time]]:
    """The hours in it: those written in figures, else those of words that say no more than hours; empty without any."""
    if exact := windows(text):
        return [part for start, end in exact for part in over_midnight(start, end)]
    plain = plain_part(text)
    return [part for word, parts in SPOKEN.items() if word in plain for part in parts]


def over_midnight(start: time, end: time) -> list[tuple[time, time]]:
    """22:00–1:00 is two stretches of a day."""
    return [(start, end)] if start <= end else [(start, MIDNIGHT), (time(), end)]


def on_day(text: str, at: datetime) -> bool:
    """Whether the day is one of those it speaks of; without any, every day is."""
    kinds = {kind for word, kind in DAYS.items() if word in text}
    if not kinds:
        return True
    day = at.astimezone(SHANGHAI).date()
    is_free = day.weekday() >= SATURDAY or not is_working_day(day)
    return ("work" in kinds and is_working_day(day)) or ("weekend" in kinds and is_free)


def within(ranges: list[tuple[time, time]], at: datetime) -> bool:
    """Whether the time of day lies in one of the stretches."""
    clock = at.astimezone(SHANGHAI).time()
    return any(start <= clock <= end for start, end in ranges)


def is_open(contact: Contact, way: str, at: datetime) -> bool:
    """Inside her hours and outside those she forbade."""
    allowed = hours(contact.when) or (BY_DAY if way == TEXT else [])
    if (allowed and not within(allowed, at)) or not on_day(contact.when, at):
        return False
    return not is_forbidden(contact.never, at)


def is_forbidden(never: str, at: datetime) -> bool:
    """Whether 勿联系 speaks of this moment: 「晚上和周末」 means the evenings, and the weekends."""
    never = plain_part(never)
    shut, days = hours(never), any(word in never for word in DAYS)
    if shut and within(shut, at):
        return True
    return days and on_day(never, at)


def next_open(contact: Contact, way: str, at: datetime) -> datetime | None:
    """The next moment at which she may be reached; None when there is none within two weeks."""
    edges = {time(), *(s for s, _e in [*hours(contact.when), *BY_DAY])}
    edges |= {later(end) for _start, end in hours(plain_part(contact.never))}
    local = at.astimezone(SHANGHAI)
    day = local.date()
    while datetime.combine(day, time(), SHANGHAI) < local + LOOKS_AHEAD:
        for edge in sorted(edges):
            moment = datetime.combine(day, edge, SHANGHAI)
            if moment > local and is_open(contact, way, moment):
                return moment
        day += timedelta(days=1)
    return None


def later(clock: time) -> time:
    """The minute after."""
    hour, minute = divmod((clock.hour * 60 + clock.minute + 1) % (24 * 60), 60)
    return time(hour, minute)


def reach(matter_id: UUID, way: str, now: datetime, *, route: str) -> Answer:
    """May she be reached now; the only function from which a resident's number goes to what sends or dials.

    Reads what she says now, not what she said when it was asked for. Nothing is opened after she has taken it back
    or it was erased. Opening her contact is logged first, like anybody's look at it.
    """
    matter = Matter.objects.filter(pk=matter_id).first()
    if matter is None or is_withdrawn(matter):
        return Answer("gone")
    her = Party.objects.filter(matter=matter, role="asking").order_by("id").first()
    if her is None:
        return Answer("none")
    try:
        key = vault.key(matter.root)
    except VaultError:
        return Answer("gone")
    access.open_now(
        SYSTEM,
        matter=matter.id,
        compartment=Compartment.CONTACT,
        purpose_code="reach",
        purpose_text="",
        route=route,
        at=now,
    )
    others = Party.objects.filter(root=matter.root).exclude(role="asking").values_list("id", flat=True)
    rows = vault.latest([her.id, *others], [Compartment.CONTACT])
    documents = {owner: vault.open_sealed(row, key) for (owner, _c), row in rows.items()}
    contact = Contact.of(documents.pop(her.id, {}))
    answer = decide(contact, way, now)
    if answer and any(same(contact.phone, value) for d in documents.values() for value in d.values()):
        return Answer("number")  # it stands with somebody else in the same matter as well
    return Answer(answer.why, answer.until, only_a_mobile(answer.number) or answer.number)


def same(one: str, other: Any) -> bool:
    """Whether two texts hold the same number."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", one))
    return bool(digits) and digits == re.sub(r"\D", "", unicodedata.normalize("NFKC", str(other)))


def is_withdrawn(matter: Matter) -> bool:
    """She has taken it back, whatever the desk has made of that."""
    return Event.objects.filter(matter=matter.id, move="withdraw", actor_kind="resident").exists()
