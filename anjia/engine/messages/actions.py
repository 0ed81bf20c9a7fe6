"""What people do about messages: say how they want to be told, try it, send again what stands aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.seats import visible_to
from anjia.engine.messages import channels, preferences, sending
from anjia.engine.messages.models import Message, State, Way
from anjia.foundation.core.verdict import ALLOW, NotFound, RuleBroken, Verdict, deny, require
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import PostRole

SHOWN, LATELY = 50, timedelta(days=7)
ASIDE = (State.GIVEN_UP, State.UNSURE)

set_preference = preferences.change


def can_look_after(actor: Actor) -> Verdict:
    """The system administrator looks after the ways; a head sees what concerns her own office."""
    if actor.role in (PostRole.SYSADMIN, PostRole.HEAD):
        return ALLOW
    return deny(_("消息发送情况由单位负责人和系统管理员查看。"), "role")


@dataclass(frozen=True)
class Line:
    """One message that stands aside or waits: to which office, which way, why; nobody's name, number or words."""

    id: UUID
    office: str
    way: str
    is_to_resident: bool
    state: str
    why: str
    tries: int
    asked_at: datetime
    may_send: bool


@dataclass(frozen=True)
class Overview:
    """How messages are doing."""

    ways: list[tuple[str, str]]  # label, what is wrong ("" nothing)
    counts: list[tuple[str, int]]
    aside: list[Line]
    waiting: list[Line]


def overview(*, actor: Actor, now: datetime) -> Overview:
    """The ways and whether they work, how many went which way, and what stands aside. Raises NotAllowed."""
    require(can_look_after(actor))
    rows = Message.objects.filter(asked_at__gte=now - LATELY)
    if actor.role != PostRole.SYSADMIN:
        rows = rows.filter(visible_to(actor).unwalled("matter__root"), agency=actor.agency_id)
    seen = rows.values_list("state").annotate(n=Count("id"))
    numbers = {state: n for state, n in seen}
    return Overview(
        ways=[
            (str(Way(w).label), channels.fault(w) or ("demo" if channels.is_as_if(w) else ""))
            for w in (Way.MAIL, Way.WECOM, Way.DINGTALK, Way.SMS)
        ],
        counts=[(str(s.label), numbers[s]) for s in State if numbers.get(s)],
        aside=lines(rows.filter(state__in=ASIDE), actor),
        waiting=lines(rows.filter(state__in=(State.WAITING, State.FAILED, State.DROPPED)), actor),
    )


def lines(rows: object, actor: Actor) -> list[Line]:
    """The newest of them; those about a matter only where the reader may see that matter."""
    found = list(rows.select_related("agency").order_by("-asked_at", "-id")[:SHOWN])  # type: ignore[attr-defined]
    matters = {m.matter_id for m in found if m.matter_id}
    known = visible_to(actor).seen(matters) if matters and actor.role != PostRole.SYSADMIN else matters
    return [
        Line(
            m.id, m.agency.name, str(Way(m.way).label), m.is_to_resident, m.state, m.why, m.tries, m.asked_at,
            m.state in ASIDE,
        )
        for m in found
        if m.matter_id is None or m.matter_id in known
    ]  # fmt: skip


def send_again(*, actor: Actor, message_id: UUID, now: datetime) -> None:
    """Give a message that stands aside new tries; to a resident it goes by the same questions as ever."""
    require(can_look_after(actor))
    message = Message.objects.filter(pk=message_id).first()
    if message is None or not is_theirs(actor, message):
        raise NotFound
    if not sending.again(message, now):
        raise RuleBroken(_("这一条已经处理过了。"))


def is_theirs(actor: Actor, message: Message) -> bool:
    """Whether it is this office's, and about nothing that does not exist for this person."""
    if actor.role == PostRole.SYSADMIN:
        return True
    if message.agency_id != actor.agency_id:
        return False
    return message.matter_id is None or message.matter_id in visible_to(actor).seen([message.matter_id])


def send_trial(*, actor: Actor, now: datetime) -> None:
    """One message to herself, to see whether it arrives; at most one a minute."""
    if actor.account_id is None or actor.agency_id is None:
        raise NotFound
    kept = preferences.of(actor.account_id)
    if kept.way == Way.DESK:
        raise RuleBroken(_("请先选一种方式,保存后再试发。"))
    key = f"trial:{actor.account_id}:{int(now.timestamp()) // 60}"
    sent = sending.ask_once(
        key=key, wording="trial", way=kept.way, agency=actor.agency_id, account=actor.account_id, now=now
    )
    if not sent:
        raise RuleBroken(_("刚刚试发过,请过一分钟再试。"))
