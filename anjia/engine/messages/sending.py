"""Every message that leaves goes through `send`: asked for once, looked at again at the moment it goes, remembered.

A message is a row and an outbox row of the same id, written together; its key keeps the same from being asked for
twice. Before it leaves it is marked, so that a worker that dies in the middle leaves a trace: to staff it is then
tried again with the same key, to a resident it stands aside for a person (see `channels`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from anjia.engine.letters import disclosure
from anjia.engine.matters import safe_contact
from anjia.engine.matters.moving import notify
from anjia.engine.messages import channels, preferences
from anjia.engine.messages.channels import NotSent, Parcel
from anjia.engine.messages.models import Message, State, Way
from anjia.foundation.core.batch import Batch
from anjia.foundation.outbox import outbox, worker
from anjia.foundation.outbox.models import Outbox
from anjia.registry.posts import duty, people
from anjia.registry.posts.models import Shift

KIND = "messages.send"
ROUTE = "messages:send"
#: How long somebody who sends is left in peace; after that it is taken that she died.
STALE = timedelta(minutes=2)
#: After so long nobody is told any more that something was due.
TOO_OLD = timedelta(hours=36)
RESIDENT_TOO_OLD = timedelta(days=14)
#: Sentences that do not wait for quiet hours to end.
BREAKS_QUIET = frozenset({"urgent", "trial"})
OVER = frozenset({State.SENT, State.DELIVERED, State.DROPPED})


@dataclass(frozen=True)
class Ready:
    """What became of looking at it once more: a parcel to send, a time to wait for, or neither."""

    parcel: Parcel | None = None
    until: datetime | None = None
    why: str = ""


def ask(
    batch: Batch,
    *,
    key: str,
    wording: str,
    way: str,
    agency: UUID,
    now: datetime,
    count: int = 1,
    account: UUID | None = None,
    shift: UUID | None = None,
    matter: UUID | None = None,
) -> UUID:
    """Ask for one message. Written with what it is about; an IntegrityError says that it was asked for before."""
    message_id = outbox.put(batch, kind=KIND, body={}, now=now)
    batch.insert(
        Message(
            id=message_id,
            key=key,
            wording=wording,
            way=way,
            agency_id=agency,
            count=count,
            account_id=account,
            shift=shift,
            matter_id=matter,
            asked_at=now,
        )
    )
    return message_id


def ask_once(**asked: Any) -> bool:
    """Ask for it unless the same was asked for already; whether it is new."""
    if Message.objects.filter(key=asked["key"]).exists():
        return False
    try:
        with transaction.atomic():
            batch = Batch()
            ask(batch, **asked)
            batch.flush()
    except IntegrityError:
        return False
    return True


@outbox.outside(KIND)
def send(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
    """One message: looked at again, marked, let out, remembered. Raises what the worker is to make of it."""
    parcel = take(outbox_id, now)
    if parcel is None:
        return
    try:
        has_arrived = channels.send(parcel)
    except NotSent as fault:
        missed(outbox_id, now, "off" if isinstance(fault, channels.NotSetUp) else "refused")
        raise
    except Exception:  # whatever it was: it may have left
        missed(outbox_id, now, "unsure")
        raise
    state = State.DELIVERED if has_arrived else State.SENT
    Message.objects.filter(pk=outbox_id, state=State.SENDING).update(state=state, sent_at=now, why="")


def take(message_id: UUID, now: datetime) -> Parcel | None:
    """Mark it as being sent, if it may be now. None when there is nothing to do; Later or SetAside otherwise."""
    ready = Ready()
    with transaction.atomic():
        message = Message.objects.select_for_update().filter(pk=message_id).first()
        if message is None or message.state in OVER:
            return None
        if message.state == State.SENDING and message.sending_at and message.sending_at > now - STALE:
            raise outbox.Later(message.sending_at + STALE)  # somebody else is at it
        is_unsure = message.state in (State.SENDING, State.UNSURE) and not may_repeat(message)
        if is_unsure:
            message.state, message.why = State.UNSURE, "unsure"
            told(message, now)
        else:
            ready = look_again(message, now)
            mark(message, ready, now)
        message.save(update_fields=["state", "why", "tries", "sending_at"])
    if is_unsure:
        raise outbox.SetAside
    if ready.until:
        raise outbox.Later(ready.until)
    return ready.parcel


def mark(message: Message, ready: Ready, now: datetime) -> None:
    """What looking at it again came to."""
    message.why = ready.why
    if ready.parcel:
        message.state, message.sending_at, message.tries = State.SENDING, now, message.tries + 1
    elif ready.until:
        message.state = State.WAITING
    else:
        message.state = State.DROPPED
        told(message, now)


def may_repeat(message: Message) -> bool:
    """Whether what may have left already may be sent again."""
    return settings.SMS_ONCE or not message.is_to_resident


def look_again(message: Message, now: datetime) -> Ready:
    """Whether it may go now, to whom and in which words. Nothing that was decided when it was asked for counts."""
    if now - message.asked_at > (RESIDENT_TOO_OLD if message.is_to_resident else TOO_OLD):
        return Ready(why="old")
    ready = to_resident(message, now) if message.is_to_resident else to_staff(message, now)
    return ready


def to_resident(message: Message, now: datetime) -> Ready:
    """Only as she says now."""
    if not settings.SMS_RESIDENTS:
        return Ready(why="off")
    assert message.matter_id is not None
    answer = safe_contact.reach(message.matter_id, safe_contact.TEXT, now, route=ROUTE)
    if not answer:
        return Ready(until=answer.until, why=answer.why)
    note = disclosure.message(message.wording)
    return Ready(Parcel(Way.SMS, answer.number, note.text, str(message.id), note.to))


def to_staff(message: Message, now: datetime) -> Ready:
    """Where she wants it, outside her quiet hours; an urgent one at once."""
    to, language = roster_number(message.shift) if message.shift else address_of(message)
    if not to:
        return Ready(why="address")
    if message.account_id and message.wording not in BREAKS_QUIET:
        until = preferences.quiet_until(preferences.of(message.account_id), now)
        if until:
            return Ready(until=until, why="quiet")
    note = disclosure.message(message.wording, count=message.count, language=language, link=desk())
    return Ready(Parcel(message.way, to, note.whole, str(message.id), note.to))


def roster_number(shift_id: UUID) -> tuple[str, str]:
    """The telephone of a shift, where it is a mobile."""
    shift = Shift.objects.filter(pk=shift_id).first()
    return (safe_contact.only_a_mobile(duty.telephone(shift)) if shift else ""), "zh-hans"


def address_of(message: Message) -> tuple[str, str]:
    """Where one person gets what is sent this way; nowhere once her account is shut."""
    account = message.account
    if account is None or not account.is_active:
        return "", "zh-hans"
    if message.way == Way.SMS:
        return safe_contact.only_a_mobile(people.mobiles([account.id]).get(account.id, "")), account.language
    return preferences.of(account.id).address_for(message.way), account.language


def desk() -> str:
    """The desk's address; whoever opens it signs in first."""
    return f"{settings.PUBLIC_ADDRESS}desk/" if settings.PUBLIC_ADDRESS else ""


def missed(message_id: UUID, now: datetime, why: str) -> None:
    """It did not go out, or nobody knows: tried again by the worker, or set aside."""
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message_id)
        attempts = Outbox.objects.filter(pk=message_id).values_list("attempts", flat=True).first() or 0
        set_aside = why == "unsure" and not may_repeat(message)
        message.why = why
        message.state = State.FAILED
        if set_aside:
            message.state = State.UNSURE
        elif attempts >= worker.MAX_TRIES:
            message.state = State.GIVEN_UP
        if message.state != State.FAILED:
            told(message, now)
        message.save(update_fields=["state", "why"])
    if set_aside:
        raise outbox.SetAside


def told(message: Message, now: datetime) -> None:
    """Whoever leads her matter finds in the in-box that she was not written to."""
    if message.is_to_resident and message.matter is not None and message.why != "gone":
        batch = Batch()
        notify(
            batch,
            agency=message.matter.holder_id,
            kind=safe_contact.UNSENT,
            matter=message.matter.id,
            now=now,
        )
        batch.flush()


def tidy(*, now: datetime) -> int:
    """Messages whose worker died at every try: their outbox row stands aside, so does their own."""
    died = Outbox.objects.filter(kind=KIND, dead_at__isnull=False).values("id")
    stuck = Message.objects.filter(
        pk__in=died, state__in=(State.SENDING, State.FAILED, State.QUEUED, State.WAITING)
    )
    changed = 0
    for message in stuck.select_related("matter"):
        with transaction.atomic():
            unsure = message.state == State.SENDING and not may_repeat(message)
            message.state = State.UNSURE if unsure else State.GIVEN_UP
            told(message, now)
            message.save(update_fields=["state"])
            changed += 1
    return changed


def again(message: Message, now: datetime) -> bool:
    """Send again what stands aside, under the same key: where the other side knows keys, it still goes out once."""
    with transaction.atomic():
        locked = Message.objects.select_for_update().get(pk=message.pk)
        if locked.state not in (State.GIVEN_UP, State.UNSURE) or not worker.revive(locked.id, now):
            return False
        locked.state, locked.why, locked.asked_at = State.QUEUED, "", now
        locked.save(update_fields=["state", "why", "asked_at"])
    return True
