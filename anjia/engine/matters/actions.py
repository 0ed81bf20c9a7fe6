"""Every write of the engine: open a matter, move it, let a duty climb. One verb, one transaction each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import (
    leaving,
    lifting,
    migrating,
    office_work,
    passing_on,
    recusals,
    repeats,
    resident,
    same_person,
    standing_aside,
    tokens,
    unusual,
    values,
)
from anjia.engine.matters.acting import Request, locked, perform
from anjia.engine.matters.answering import ByLetter
from anjia.engine.matters.climbing import climb
from anjia.engine.matters.inputs import Form, Moved, Opened, PartyInput
from anjia.engine.matters.models import Duty, Matter, Notice, Wall
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.numbers import new_receipt
from anjia.engine.matters.opening import Opening, build
from anjia.engine.matters.outgoing import SaysWhere
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.prepared import Prepared, Slot
from anjia.foundation.core.verdict import ALLOW, NotFound, Refused, RuleBroken, deny, require
from anjia.foundation.events import access
from anjia.foundation.limits import idempotency
from anjia.foundation.outbox import outbox
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment
from anjia.law.playbooks.library import catalogue
from anjia.law.playbooks.mapping import Image
from anjia.law.playbooks.schema import Playbook
from anjia.registry.posts import identities, offices
from anjia.registry.posts.actors import CLOCK, Actor
from anjia.registry.posts.actors import resident as resident_actor
from anjia.registry.posts.models import Account

T = TypeVar("T")
#: What stands in the log of who looked where words were stopped.
STOPPED = "stopped"
MOST_RUNGS = 8
MOST_AT_ONCE = 200
TRIES = 3  # a matter's random number may, once in a million, be taken


def fingerprint_of(*parts: Any) -> bytes:
    """The content of a submission, for telling a double click from another act under the same key."""
    return json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False).encode()


def open_matter(
    *,
    playbook: str,
    actor: Actor,
    now: datetime,
    channel: str,
    parties: Sequence[PartyInput],
    place: str = "",
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    key: str = "",
    with_receipt: bool = False,
    burst: str = "",
    files: Sequence[Any] = (),
    chosen: Mapping[str, UUID] | None = None,
) -> Opened:
    """A call for help becomes an owned, clocked matter. The same `key` twice is one matter (a double click).

    `place` is a division code of any tier, or empty when she cannot or will not say. `at` is when she
    called, if it is written down later. `burst` marks one of many that came from one place at once
    (`limits.burst`), `files` are handed over with it. `chosen`: agencies that are known to play a role, by
    its name (whose paper opens the matter). Raises RuleBroken with messages by field.
    """
    if not catalogue()[playbook].opens_alone:
        raise RuleBroken(_("这类事项只能从另一件事项里办起。"))
    said = fingerprint_of(playbook, channel, place, [asdict(p) for p in parties], data or {})
    opening = Opening(
        playbook=playbook,
        actor=actor,
        now=now,
        at=at or now,
        channel=channel,
        place=place,
        burst=burst,
        parties=parties,
        data=data or {},
        files=tuple(files),
        chosen=chosen or {},
    )

    def begin(batch: Batch) -> tuple[Moving, str]:
        for upload in files:
            upload.seek(0)
        moving = build(batch, opening)
        receipt = new_receipt() if with_receipt else ""
        if receipt:
            vault.add_token(
                batch, kind="receipt", value=receipt, root=moving.matter.root, owner=moving.matter.id
            )
        outbox.put(batch, kind="matters.repeat", body={"matter": str(moving.matter.id)}, now=now)
        return moving, receipt

    return opened_once(begin, key=key, said=said, now=now)


def opened_once(
    begin: Callable[[Batch], tuple[Moving, str]], *, key: str, said: bytes, now: datetime
) -> Opened:
    """What `begin` puts into the batch, in one transaction; the same `key` again is the same matter."""

    def write() -> Opened:
        batch = Batch()
        moving, receipt = begin(batch)
        opened = Opened(moving.matter.id, moving.matter.number, receipt, moving.matter.holder.name)
        keep_reply(batch, key, said, opened, now)
        batch.flush()
        return opened

    return once(write, key=key, said=said, answer=read_opened)


def open_with(
    *,
    step: str,
    answers: Mapping[str, Any],
    on_behalf_of: UUID,
    files: Sequence[Any],
    actor: Actor,
    now: datetime,
    **opening: Any,
) -> Moved:
    """A paper of another office opens a matter and is its first step, in one act of whoever took the paper in.

    Also where the matter then is led by another office than hers: she need not see it to hand the paper on.
    `opening` is what `open_matter` takes.
    """
    with transaction.atomic():
        opened = open_matter(actor=actor, now=now, **opening)
        request = Request(
            matter=opened.matter,
            name=step,
            actor=actor,
            now=now,
            data=answers,
            on_behalf_of=on_behalf_of,
            files=tuple(files),
            same_act=True,
            opens=True,
        )
        return outcome(perform(request, Batch()))


def open_office_work(
    *,
    playbook: str,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any],
    files: Sequence[Any] = (),
    key: str = "",
) -> Opened:
    """A piece of the house's own work, in which no person is recorded: an instruction with its scan, a monthly page."""
    said = fingerprint_of(playbook, data)

    def begin(batch: Batch) -> tuple[Moving, str]:
        for upload in files:
            upload.seek(0)
        work = office_work.begin(batch, playbook=playbook, actor=actor, now=now, data=data, files=files)
        return work, ""

    return opened_once(begin, key=key, said=said, now=now)


def hand_over_shift(
    *,
    notes: Mapping[UUID, str],
    general: str,
    next_post: str,
    actor: Actor,
    now: datetime,
    key: str = "",
) -> Opened:
    """交班: a note in each matter that goes on, and one matter that the next shift takes over or that climbs."""
    said = fingerprint_of({str(k): v for k, v in notes.items()}, general, next_post)

    def begin(batch: Batch) -> tuple[Moving, str]:
        moving = office_work.hand_over(
            batch, notes=notes, general=general, next_post=next_post, actor=actor, now=now
        )
        return moving, ""

    return opened_once(begin, key=key, said=said, now=now)


def move(
    *,
    matter_id: UUID,
    name: str,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | Form | None = None,
    ver: int | None = None,
    key: str = "",
    on_behalf_of: UUID | None = None,
    files: Sequence[Any] = (),
) -> Moved:
    """One step of one matter (下一步). `ver` is the version the form was made from; Stale if it has changed.

    `on_behalf_of` records what another agency did (代录), with the paper in `files`; it stays 待确认 until
    that agency confirms. Raises NotFound, NotAllowed, RuleBroken, Stale; nothing is written then.
    """
    typed = data.posted if isinstance(data, Form) else data or {}
    said = fingerprint_of(str(matter_id), name, typed, str(on_behalf_of))
    request = Request(
        matter=matter_id,
        name=name,
        actor=actor,
        now=now,
        data=data or {},
        ver=ver,
        on_behalf_of=on_behalf_of,
        files=tuple(files),
    )

    def write() -> Moved:
        batch = Batch()
        for upload in files:
            upload.seek(0)
        if key:
            idempotency.keep(batch, key, said, {"matter": str(matter_id)}, now)
        return outcome(perform(request, batch))

    try:
        return once(write, key=key, said=said, answer=moved_before)
    except SaysWhere:  # that words were stopped tells where she is: it is logged, though nothing was done
        access.open_now(
            actor,
            matter=matter_id,
            compartment=Compartment.WHEREABOUTS,
            purpose_code=STOPPED,
            purpose_text=str(_("外发核对:文字里写了她的住处或联系方式,已拦下。")),
            route="desk:do",
            at=now,
        )
        raise


def answer(
    *,
    matter_id: UUID,
    name: str,
    actor: Actor,
    letter: ByLetter,
    now: datetime,
    data: Mapping[str, Any],
    still: Callable[[], None],
    key: str,
    said: bytes,
    files: Sequence[Any] = (),
) -> Moved:
    """An agency's own step, made by the code on a letter (`registry.posts.actors.by_letter` is who acts).

    `said` is what was sent, for telling a double click. `still` is asked once the matter is locked and raises
    NotFound where the code no longer answers: of two answers at the same moment one is taken. What the stage no
    longer allows is kept and told, never refused.
    """
    request = Request(
        matter=matter_id, name=name, actor=actor, now=now, data=data, files=tuple(files), letter=letter
    )

    def write() -> Moved:
        batch = Batch()
        locked(matter_id)
        still()
        for upload in files:
            upload.seek(0)
        idempotency.keep(batch, key, said, {"matter": str(matter_id)}, now)
        return outcome(perform(request, batch))

    return once(write, key=key, said=said, answer=moved_before)


def moved_before(reply: Mapping[str, Any]) -> Moved:
    """The first answer to a step that was sent twice."""
    return Moved(matter=UUID(reply["matter"]), stage="", ver=0, is_repeat=True)


def outcome(moving: Moving) -> Moved:
    """What the caller needs to know of a finished move."""
    matter = moving.matter
    return Moved(
        matter=matter.id,
        stage=matter.stage,
        ver=matter.ver,
        event=moving.event_row.id if moving.event_row else None,
        child=moving.child,
        closed=matter.closed_at is not None,
    )


def once(write: Callable[[], T], *, key: str, said: bytes, answer: Callable[[Mapping[str, Any]], T]) -> T:
    """Run `write` in one transaction; a submission that was already carried out gets its first answer."""
    for left in range(TRIES - 1, -1, -1):
        try:
            with transaction.atomic():
                return write()
        except (IntegrityError, Refused) as fault:
            reply = idempotency.begin(key, said) if key else None
            if reply is not None:
                return answer(reply.value)
            if left == 0 or isinstance(fault, Refused):
                raise
    raise AssertionError("unreachable")


def keep_reply(batch: Batch, key: str, said: bytes, opened: Opened, now: datetime) -> None:
    """Remember the answer to a submission, sealed, for 72 hours."""
    if key:
        body = {
            "matter": str(opened.matter), "number": opened.number, "receipt": opened.receipt, "holder": opened.holder,
        }  # fmt: skip
        idempotency.keep(batch, key, said, body, now)


def read_opened(reply: Mapping[str, Any]) -> Opened:
    """The first answer, said again."""
    return Opened(
        UUID(reply["matter"]), reply["number"], reply["receipt"], reply.get("holder", ""), is_repeat=True
    )


def resident_move(
    *, receipt: str, name: str, now: datetime, data: Mapping[str, Any] | None = None, key: str = ""
) -> Moved:
    """She comes back with her receipt: a message, a change of her decisions, withdrawal, the answer read.

    Unknown, withdrawn and erased receipts raise the same NotFound.
    """
    matter = resident.find(receipt)
    if matter is None:
        raise NotFound
    return move(matter_id=matter.id, name=name, actor=resident_actor(), now=now, data=data, key=key)


#: Duties whose time to climb has come, the longest waiting first.
WAITING = Prepared(
    lambda: (
        Duty.objects.filter(done_at__isnull=True, climbs_at__lte=Slot("now", DateTimeField()))
        .order_by("climbs_at")
        .values_list("id", "matter_id")[:MOST_AT_ONCE]
    )
)


def climb_overdue(*, now: datetime) -> int:
    """Let every overdue duty that nobody has claimed climb; returns how many rungs were climbed."""
    climbed = 0
    for _round in range(MOST_RUNGS):  # after a stand-still a duty climbs all its rungs at once
        due = WAITING.rows(now=now)
        for duty_id, matter_id in due:
            with transaction.atomic():
                climbed += climb(duty_id=duty_id, matter_id=matter_id, now=now)
        if not due:
            break
    return climbed


def migrate_version(
    *, matter_id: UUID, to: Playbook, image: Image, actor: Actor, now: datetime
) -> migrating.Outcome:
    """Move one running matter to a new major version of its procedure; only the system may, by command.

    A stage, open duty, role or required field without an image: the matter stays as it is, and says why.
    """
    require(ALLOW if actor.kind == "system" else deny(_("换版由系统管理员用命令进行。"), "system"))
    with transaction.atomic():
        return migrating.carry_over(matter=locked(matter_id), new=to, image=image, actor=actor, now=now)


def run_out(*, body: Mapping[str, Any], now: datetime) -> None:
    """The time of a duty is over: the clock makes the step that its procedure names, at that very moment.

    Raises `outbox.Later` before then. One that was done or stands still is left alone; resuming asks again.
    """
    matter = UUID(str(body["matter"]))
    duty = Duty.objects.filter(matter=matter, kind=body["duty"], done_at__isnull=True).first()
    if duty is None or duty.paused_at:
        return
    if duty.due_at > now:
        raise outbox.Later(duty.due_at)
    said = {values.HAPPENED_AT: duty.due_at.isoformat()}
    move(matter_id=matter, name=str(body["move"]), actor=CLOCK, now=now, data=said)


def ask_same_case(*, body: Mapping[str, Any], now: datetime) -> None:
    """After a matter was opened: ask its holder whether another one is about the same family."""
    with transaction.atomic():
        repeats.ask(UUID(str(body["matter"])), now=now)


def stand_aside(*, body: Mapping[str, Any], now: datetime) -> None:
    """After a wall went up: nobody has work behind it, no office is left without anybody, and one is told."""
    with transaction.atomic():
        standing_aside.follow_up(UUID(str(body["wall"])), now)


def pass_on(*, body: Mapping[str, Any], now: datetime) -> None:
    """After an office was stopped: its next matters, and a note to go on with those after them."""
    with transaction.atomic():
        passing_on.follow_up(UUID(str(body["agency"])), str(body.get("after") or ""), now)


def link_person(
    *, matter_id: UUID, party: UUID, theirs: UUID, why: str, words: str, actor: Actor, now: datetime
) -> Moved:
    """认定为同一人: somebody here is somebody in another matter that also lies open before the actor."""
    with transaction.atomic():
        batch = Batch()
        two = same_person.both(actor, matter_id, party, theirs)
        moving = same_person.link(batch, two, actor=actor, now=now, why=why, words=words)
        batch.flush()
        return outcome(moving)


def unlink_person(
    *, matter_id: UUID, party: UUID, theirs: UUID, words: str, actor: Actor, now: datetime
) -> Moved:
    """Undo it: the person of this matter leaves the link set; both matters keep the event."""
    with transaction.atomic():
        batch = Batch()
        two = same_person.both(actor, matter_id, party, theirs)
        moving = same_person.unlink(batch, two, actor=actor, now=now, words=words)
        batch.flush()
        return outcome(moving)


def rebuild_tokens(*, after: UUID | None, now: datetime, limit: int = 200) -> tuple[UUID | None, int]:
    """Compute missing search tokens of the next matters behind `after`; the last one looked at, and how many.

    Names no person and decrypts only to compute: it is run by whoever looks after the machine.
    """
    matters = Matter.objects.order_by("id")
    chosen = list((matters.filter(pk__gt=after) if after else matters)[:limit])
    with transaction.atomic():
        batch = Batch()
        added = tokens.add_missing(batch, chosen, now)
        batch.flush()
    return (chosen[-1].id if chosen else None), added


def tell_of_faulty_file(*, matter_id: UUID, notice: UUID, now: datetime) -> None:
    """A line in the in-box of the office that leads: a file of this matter differs from its check value."""
    holder = Matter.objects.filter(pk=matter_id).values_list("holder", flat=True).first()
    if holder is None:
        return  # not of a matter: a paper that is not typed in yet; the administrator's number counts it
    Notice.objects.create(id=notice, agency_id=holder, kind="faulty_file", matter_id=matter_id, at=now)


def compare_walls(*, after: UUID | None, now: datetime, limit: int = 50) -> tuple[UUID | None, int]:
    """Compare the next members of staff behind `after` with everybody in all matters; the last one, and new walls.

    Running it again raises nothing twice; the heads are told as of any wall. It can stop and go on anywhere.
    """
    accounts = Account.objects.order_by("id")
    chosen = list((accounts.filter(pk__gt=after) if after else accounts).values_list("id", flat=True)[:limit])
    before = Wall.objects.count()
    with transaction.atomic():
        batch = Batch()
        for account in chosen:
            identities.compare(batch, account, now)
        batch.flush()
    return (chosen[-1] if chosen else None), Wall.objects.count() - before


def compare_on(*, body: Mapping[str, Any], now: datetime) -> None:
    """One stretch of the comparison of all old data, and a note to go on: matters' tokens first, then the staff."""
    stage, after = str(body["stage"]), UUID(str(body["after"])) if body["after"] else None
    with transaction.atomic():
        if stage == "tokens":
            last, _added = rebuild_tokens(after=after, now=now, limit=50)
            stage = stage if last else "staff"
        else:
            last, _raised = compare_walls(after=after, now=now)
            stage = stage if last else ""
        if stage:
            ask_comparison(stage=stage, after=last, now=now)


def ask_comparison(*, now: datetime, stage: str = "tokens", after: UUID | None = None) -> None:
    """Have the worker compare all old data, stretch by stretch."""
    batch = Batch()
    body = {"stage": stage, "after": str(after) if after else ""}
    with transaction.atomic():
        outbox.put(batch, kind="matters.compare", body=body, now=now)
        batch.flush()


def end_post(*, post_id: UUID, handed: Mapping[UUID, str], actor: Actor, now: datetime) -> int:
    """离岗: a post ends, and all it holds goes to those who were named, in one act."""
    return leaving.end(post=offices.post_of(post_id), handed=handed, actor=actor, now=now)


def clear_ended_posts(*, now: datetime) -> int:
    """What posts held that ended by their date goes to the head of the office."""
    return leaving.clear_ended(now=now)


def compute_unusual(*, now: datetime) -> int:
    """Look through the log of the last days for readings that a head should know of."""
    return unusual.compute(now=now)


def decide_unusual(*, line_id: UUID, state: str, words: str, actor: Actor, now: datetime) -> None:
    """The head has looked into it, or asks for an explanation."""
    unusual.decide(line_id=line_id, state=state, words=words, actor=actor, now=now)


def ask_lift(*, wall_id: UUID, second: str, words: str, actor: Actor, now: datetime) -> None:
    """The head who was told says that a wall was wrong, and asks a second person."""
    lifting.ask(wall_id=wall_id, second=second, words=words, actor=actor, now=now)


def decide_lift(*, lift_id: UUID, agrees: bool, actor: Actor, now: datetime) -> None:
    """The second person's word about a wall."""
    lifting.decide(lift_id=lift_id, agrees=agrees, actor=actor, now=now)


def mark_recusals_seen(*, actor: Actor, now: datetime) -> None:
    """The head has read who was walled off."""
    recusals.told_to(actor).filter(seen_at__isnull=True).update(seen_at=now)


def mark_seen(*, actor: Actor, matter_id: UUID, now: datetime) -> None:
    """The office has opened the matter: its in-box lines about it are read."""
    Notice.objects.filter(agency=actor.agency_id, matter=matter_id, seen_at__isnull=True).update(seen_at=now)
