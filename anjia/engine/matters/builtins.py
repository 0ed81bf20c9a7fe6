"""What the moves that every matter has do beyond their plan: claim, assign, pause, transfer, reply …"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import corrections, granting, not_alone, records, unlisting, walls
from anjia.engine.matters.handing import give_back, hand_over
from anjia.engine.matters.models import Capacity, Link, Matter, Wall
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.registry import effect
from anjia.engine.matters.safe_contact import LOOK, TEXT
from anjia.engine.matters.times import recount
from anjia.foundation.core.clock import NEVER, SHANGHAI
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.files import files
from anjia.foundation.outbox import outbox
from anjia.registry.posts.models import Post

Handler = Callable[[Moving], None]
BUILT_IN: dict[str, Handler] = {}
#: Kinds of link that say something of two families; "repeat" and "round" say something else.
FAMILY = ("asked", "same", "different")
DECISIONS = ("tell_community", "come_to_door", "tell_police")


def built_in(function: Handler) -> Handler:
    """Register a handler under the move's name (the function's own)."""
    BUILT_IN[function.__name__] = function
    return function


@built_in
def claim(moving: Moving) -> None:
    """A person takes the duty on; it stops climbing. From above, the agency then sees the matter."""
    duty = moving.aimed_duty()
    actor = moving.actor
    mine = actor.agency_id in (duty.agency_id, moving.matter.holder_id)
    if not mine and duty.climbed_agency_id != actor.agency_id:
        raise RuleBroken(_("这一项没有提级到您这里。"), {"duty": _("这一项没有提级到您这里。")})
    moving.change_duty(duty, post_id=actor.post_id, claimed_at=moving.now, climbs_at=NEVER)
    moving.codes["duty"] = {"kind": duty.kind, "id": str(duty.id)}
    from_above = moving.seated is not None and (moving.seated.mask or not moving.seated.capacity)
    if from_above and actor.agency_id is not None:
        moving.give_seat(moving.agency(actor.agency_id), Capacity.SUPERVISOR)


@built_in
def assign(moving: Moving) -> None:
    """The holder says who in the office does it."""
    post = Post.objects.select_related("agency").filter(pk=moving.values["post"]).first()
    today = moving.now.astimezone(SHANGHAI).date()
    if post is None or post.agency_id != moving.matter.holder_id or (post.to_on and post.to_on < today):
        raise RuleBroken(_("请选本单位在任的岗位。"), {"post": _("请选本单位在任的岗位。")})
    if post.account_id in walls.of_root(moving.matter.root):
        raise RuleBroken(
            _("这件事不能派给这位同事,请另派一位。"), {"post": _("这件事不能派给这位同事,请另派一位。")}
        )
    moving.matter.assignee = post
    for duty in moving.duties:
        if duty.agency_id == moving.matter.holder_id:
            moving.change_duty(duty, post_id=post.id)
    moving.codes["post"] = str(post.id)
    if moving.seated and moving.seated.capacity == Capacity.TRAY:
        moving.give_seat(moving.matter.holder, Capacity.HOLDER)


@built_in
def attach(moving: Moving) -> None:
    """Papers and pictures, sealed with the event that brought them."""
    if not moving.files:
        raise RuleBroken(_("请选一个文件。"), {"file": _("请选一个文件。")})


def keep_files(moving: Moving) -> None:
    """Store every file that came with a move (a paper behind what is recorded on behalf, a voice note)."""
    if moving.files:
        rows = [
            files.store(moving.batch, key=moving.key, matter=moving.matter.id, upload=f, now=moving.now)
            for f in moving.files
        ]
        moving.codes["files"] = [str(row.id) for row in rows]


@built_in
def correct(moving: Moving) -> None:
    """Put a record right: a new event that names the one it voids, or a person's details in a new version."""
    if moving.typed.get("party"):
        corrections.correct_party(moving)
    else:
        moving.codes["corrects"] = str(corrections.not_sent(moving, moving.aim("event")))


@built_in
def ask_correction(moving: Moving) -> None:
    """Somebody in the record asks that something about him be put right or marked as disputed."""
    records.ask(moving)


@built_in
def decide_correction(moving: Moving) -> None:
    """Put right (what it voids is named), marked as disputed, or refused, with the reason and the answer."""
    records.decide(moving)


@built_in
def answer_access(moving: Moving) -> None:
    """Somebody asked what the record says of him: it is given, or kept secret as the law says."""
    records.answered(moving, "ask_access")


@built_in
def change_decisions(moving: Moving) -> None:
    """Her word changes; what was planned against it is voided by the guards from now on."""
    asking = moving.party("asking")
    if asking is None:
        raise RuleBroken(_("这件事项没有登记求助人。"))
    given = {name: moving.values[name] for name in DECISIONS if name in moving.values}
    for name, value in given.items():
        setattr(asking, name, value)
    if given:
        moving.batch.update(asking, sorted(given))
        if False in given.values():
            granting.end_by_her_word(moving, granting.to_whom_she_says_no(moving))


@built_in
def change_contact(moving: Moving) -> None:
    """What she says of text messages and of being left alone stands with her contact; whatever is sent reads it then."""
    if moving.party("asking") is None:
        raise RuleBroken(_("这件事项没有登记求助人。"))


@built_in
def withdraw(moving: Moving) -> None:
    """She takes her report back, and with it what others were let to read because she agreed."""
    granting.end_by_her_word(moving)


@built_in
def grant_access(moving: Moving) -> None:
    """Another office may read part of the matter, until a day."""
    granting.give(moving)


@built_in
def end_access(moving: Moving) -> None:
    """It may no longer."""
    granting.take_back(moving)


@built_in
def review_emergency(moving: Moving) -> None:
    """Whether an emergency opening had a good reason."""
    granting.review(moving)


@built_in
def transfer(moving: Moving) -> None:
    """The holder changes; history stays, partners stay, what the old holder owed the new one owes."""
    agency, old = moving.agency(UUID(str(moving.values["agency"]))), moving.matter.holder
    if agency.id == old.id:
        raise RuleBroken(
            _("请选另一个单位。"), {"agency": _("这件事项本来就由这个单位承办,请选另一个单位。")}
        )
    if agency.line != old.line:
        raise RuleBroken(_("只能移交给同一系统的单位。"), {"agency": _("只能移交给同一系统的单位。")})
    if agency.stopped_at:
        raise RuleBroken(_("请选另一个单位。"), {"agency": _("这个单位已停用,请选另一个单位。")})
    if walls.emptied({agency.id}, walls.of_root(moving.matter.root), moving.now.astimezone(SHANGHAI).date()):
        raise RuleBroken(_("请选另一个单位。"), {"agency": _("这件事不能交给这个单位,请选另一个单位。")})
    hand_over(moving, old, agency, "transfer")
    moving.tell(agency.id, "holds")


@built_in
def pause(moving: Moving) -> None:
    """中止计时, on a ground that the rule itself lists."""
    duty = moving.aimed_duty()
    if duty.paused_at:
        raise RuleBroken(_("已经中止计时了。"), {"duty": _("已经中止计时了。")})
    entry = {"from": moving.at.isoformat(), "to": None, "ground": moving.values["pause_ground"]}
    moving.change_duty(duty, paused_at=moving.at, pauses=[*duty.pauses, entry], climbs_at=NEVER)
    moving.codes["duty"] = {"kind": duty.kind, "id": str(duty.id)}


@built_in
def resume(moving: Moving) -> None:
    """恢复计时: the paused time is added to the due date."""
    duty = moving.aimed_duty()
    if not duty.paused_at:
        raise RuleBroken(_("没有在中止计时。"), {"duty": _("没有在中止计时。")})
    pauses = [*duty.pauses[:-1], {**duty.pauses[-1], "to": moving.at.isoformat()}]
    recount(moving, duty, pauses=pauses, paused_at=None)


@built_in
def extend(moving: Moving) -> None:
    """延长期限, as often and as long as the rule allows."""
    duty = moving.aimed_duty()
    entry = {"ground": moving.values["extend_ground"], "at": moving.at.isoformat()}
    recount(moving, duty, extensions=[*duty.extensions, entry])


@built_in
def late(moving: Moving) -> None:
    """Why it is late: a code on the duty, the words in the event."""
    duty = moving.aimed_duty()
    moving.change_duty(duty, late_reason=moving.values["late_reason"])
    moving.codes["duty"] = {"kind": duty.kind, "id": str(duty.id)}


@built_in
def reply(moving: Moving) -> None:
    """The answer is a record: text, to whom, by which channel, within her hours, delivered or laid ready."""
    asking = moving.party("asking")
    channel = moving.values["reply_channel"]
    answer: dict[str, Any] = {"channel": channel, "to": str(asking.id) if asking else None}
    if channel in ("receipt", TEXT):  # a text message only says: please look
        answer["laid_ready"] = True
    else:
        answer["delivered_at"] = str(
            moving.values.get("reply_at") or moving.at.astimezone(SHANGHAI).isoformat()
        )
    if channel == TEXT:
        body = {"matter": str(moving.matter.id), "event": str(moving.words_id)}
        outbox.put(moving.batch, kind=LOOK, body=body, now=moving.now)
    moving.codes["reply"] = answer
    hours = contact_hours(moving)
    if hours:
        moving.say("narrative", allowed_hours=hours)


@effect("resident.lay_ready")
def lay_ready(moving: Moving) -> None:
    """A step by which she is told something on the way, under the same conditions as an answer."""
    reply(moving)


def contact_hours(moving: Moving) -> str:
    """The hours in which she may be reached, as she gave them; sealed, so it stays with the words."""
    return str(moving.document("asking", "contact").get("safe_when") or "")


@built_in
def seen(moving: Moving) -> None:
    """She has read the answer that was laid ready."""
    moving.codes["seen"] = str(moving.aim("event"))


@built_in
def link_same(moving: Moving) -> None:
    """Same family or not: joined matters become parent and child, their clocks run on."""
    other = Matter.objects.filter(pk=moving.aim("matter")).first()
    link = (
        Link.objects.filter(first__in=[moving.matter.id, moving.aim("matter")])
        .filter(second__in=[moving.matter.id, moving.aim("matter")])
        .first()
    )
    if other is None or link is None or link.kind not in FAMILY:
        raise RuleBroken(_("没有找到这件事项。"), {"matter": _("没有找到这件事项。")})
    link.kind = "same" if moving.values["same_case"] == "same" else "different"
    moving.batch.update(link, ["kind"])
    moving.codes["linked"] = {"matter": str(other.id), "kind": link.kind}
    if link.kind == "same" and moving.matter.parent_id is None and other.depth == 0:
        moving.matter.parent = other
    if link.kind == "same":
        walls.share(moving.batch, {moving.matter.root, other.root}, moving.now)
        not_alone.share(moving.batch, moving.matter, other)


@built_in
def recuse(moving: Moving) -> None:
    """One tap, no reason asked: the matter leaves this person's pages and goes back to the office."""
    actor = moving.actor
    if actor.account_id is None:
        raise NotFound
    moving.batch.insert(
        Wall(account_id=actor.account_id, root=moving.matter.root, cause="recused", since=moving.now)
    )
    if moving.matter.assignee_id == actor.post_id:
        moving.matter.assignee = None
    for duty in [d for d in moving.duties if d.post_id == actor.post_id]:
        give_back(moving, duty)
    moving.tell(moving.matter.holder_id, "recused")


@built_in
def reopen(moving: Moving) -> None:
    """重新办理: every seat is open again; the holder starts anew."""
    unlisting.list_again(moving)
    moving.tell(moving.matter.holder_id, "reopened")


@built_in
def detach(moving: Moving) -> None:
    """The parent no longer waits for a child; the child goes on for itself."""
    child = next((c for c in moving.children if c.id == moving.aim("child")), None)
    if child is None or child.ended_at:
        raise RuleBroken(_("没有这项协办,或已经办完。"), {"child": _("没有这项协办,或已经办完。")})
    child.detached_at = moving.now
    moving.batch.update(child, ["detached_at"])
    moving.codes["child"] = str(child.id)


@built_in
def confirm(moving: Moving) -> None:
    """The agency says whether what was recorded on its behalf is right (代录·待确认 → 已确认)."""
    moving.codes["confirms"] = {
        "event": str(moving.aim("event")),
        "confirmed": bool(moving.values["confirmed"]),
    }
