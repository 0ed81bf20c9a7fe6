"""What follows in every application when its round takes a step: all on one day, seconds later, by the house itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import actions, blind
from anjia.engine.matters.models import Duty, Matter, Party
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.registry import effect
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.events.models import Event
from anjia.foundation.outbox import outbox
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Token
from anjia.prevention.honours import draw, rounds
from anjia.registry.posts.actors import CLOCK

FOLLOW = "honours.follow"
BETWEEN = re.compile(r"[\s,，、;；]+")
BEFORE_NOTICE, AFTER_NOTICE = ("received", "looked"), "after_notice"
STANDS = "stands"
#: The one sentence, whatever the reason; and the other one. In Chinese, as every record of the house is.
NOT_LISTED = "本轮未列入。未列入的不公开,不说明理由;每一轮都有一部分家庭由抽签留到以后。下一轮可以再来。"
LISTED = "公示期满,已经公布。"


@effect("recognition.begin")
def begin(moving: Moving) -> None:
    """From now on the round is found by its office."""
    matter = moving.matter
    vault.add_token(
        moving.batch, kind=rounds.TOKEN, value=str(matter.holder_id), root=matter.root, owner=matter.id
    )


@effect("recognition.follow")
def follow(moving: Moving, *, what: str) -> None:
    """Every application follows, after this step is committed."""
    body = {"round": str(moving.matter.id), "what": what}
    outbox.put(moving.batch, kind=FOLLOW, body=body, now=moving.now)


@effect("recognition.set_aside")
def set_aside(moving: Moving, *, field: str) -> None:
    """Only numbers of this round; which they are stays sealed with the step."""
    known = {m.number for m in rounds.households(moving.matter.id)}
    strange = [n for n in numbers_in(str(moving.values[field])) if n not in known]
    if strange:
        words = _("这一轮没有这个编号:%(number)s。") % {"number": strange[0]}
        raise RuleBroken(words, {field: words})


@outbox.handler(FOLLOW)
def follow_job(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
    """All applications of the round in one transaction, so that none knows its result before another."""
    steps = {"ask": ask_in_cases, "list": list_all, "publish": publish}
    steps[str(body["what"])](UUID(str(body["round"])), now)


def ask_in_cases(round_: UUID, now: datetime) -> None:
    """The round has closed: where a case is open, she is asked there."""
    since = rounds.closed_at(round_) or now
    for household in running(round_, BEFORE_NOTICE):
        blind.ask(household.id, since=since, now=now)


def list_all(round_: UUID, now: datetime) -> None:
    """Put up, or the one sentence: settled together, told together."""
    since = rounds.closed_at(round_) or now
    waiting = running(round_, BEFORE_NOTICE)
    aside = numbers_aside(round_)
    applied = [
        draw.Applied(
            key=m.id,
            place=m.township,
            names=names_of(m.id),
            held=blind.answer(m.id, since=since, now=now) is not blind.Answer.YES,
            aside=m.number in aside,
        )
        for m in waiting
    ]
    out = draw.not_listed(applied, lambda data: vault.fingerprint("honours draw", round_.bytes + data))
    for household in waiting:
        left_out = household.id in out
        told = {"result_words": NOT_LISTED} if left_out else {}
        actions.move(
            matter_id=household.id,
            name="leave_out" if left_out else "list_it",
            actor=CLOCK,
            now=now,
            data=told,
        )


def publish(round_: UUID, now: datetime) -> None:
    """Whose notice is over: published, or the one sentence where an objection stands. What is still checked waits."""
    for household in running(round_, (AFTER_NOTICE,)):
        if Duty.objects.filter(matter=household.id, kind="check_objection", done_at__isnull=True).exists():
            continue
        stands = objection_stands(household.id)
        told = {"result_words": NOT_LISTED if stands else LISTED}
        actions.move(
            matter_id=household.id, name="leave_out" if stands else "publish", actor=CLOCK, now=now, data=told
        )


def objection_stands(household: UUID) -> bool:
    """What the newest check of an objection found."""
    event = blind.newest(household, "settle_objection")
    return bool(event and event.codes.get("facts", {}).get("finding") == STANDS)


def running(round_: UUID, stages: Iterable[str]) -> list[Matter]:
    """Applications of the round that stand there."""
    wanted = set(stages)
    return [m for m in rounds.households(round_) if m.stage in wanted and m.ended_at is None]


def names_of(household: UUID) -> frozenset[bytes]:
    """The adults' names, as tokens: enough to see that two applications are one household's."""
    adults = Party.objects.filter(matter=household).values("id")
    tokens = Token.objects.filter(kind=blind.NAME, owner__in=adults).values_list("token", flat=True)
    return frozenset(bytes(t) for t in tokens)


def numbers_aside(round_: UUID) -> set[str]:
    """What the office left out for an ordinary reason; read by the house, shown to nobody here."""
    events = [e.sealed for e in Event.objects.filter(matter=round_, move="set_aside") if e.sealed]
    rows, key = vault.latest(events, ["narrative"]), vault.key(round_)
    words = [vault.open_sealed(row, key).get("numbers", "") for row in rows.values()]
    return {n for text in words for n in numbers_in(str(text))}


def numbers_in(text: str) -> list[str]:
    """The numbers somebody wrote, in any writing of a list."""
    return [n for n in BETWEEN.split(text) if n]
