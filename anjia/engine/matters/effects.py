"""The engine's named effects: what a playbook may let a move do beyond stage and duties."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.binding import Ways, by_place
from anjia.engine.matters.language import language
from anjia.engine.matters.models import Wall
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.registry import effect
from anjia.engine.matters.safe_contact import CALL, Contact, decide
from anjia.engine.matters.times import frozen_rule, recount
from anjia.foundation.core.clock import NEVER, SHANGHAI
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.events.models import Event
from anjia.foundation.outbox import outbox
from anjia.law.codes import book as code_book
from anjia.law.playbooks.schema import Move, Role
from anjia.registry.posts.models import Agency, Post

#: Why she was not to be rung at that moment: outside her hours, or not at all.
AGAINST_HER_WORD = ("hours", "never", "unclear")
#: The outbox row by which the clock looks whether the time of a duty is over.
RUN_OUT = "matters.run-out"


@effect("grade.set")
def set_grade(moving: Moving, *, grade: str = "", field: str = "") -> None:
    """Set the response grade (一级/二级/三级响应); open duties carry it so that lists can filter on it."""
    moving.matter.grade = str(moving.values.get(field)) if field else grade
    moving.codes.setdefault("facts", {})["grade"] = moving.matter.grade
    for duty in moving.duties:
        moving.change_duty(duty, grade=moving.matter.grade)


@effect("role.bind")
def bind_role(moving: Moving, *, role: str, field: str = "") -> None:
    """Let an agency join: the one named, the one on whose behalf this is recorded, else the nearest.

    Whoever holds the matter already sees all of it; a part that it takes besides does not lessen that.
    """
    if role in moving.matter.roles:
        return
    definition = moving.playbook.roles[role]
    agency, why = chosen_agency(moving, definition, field)
    moving.matter.roles = {**moving.matter.roles, role: {"agency": str(agency.id), "why": why, "place": ""}}
    if agency.id != moving.matter.holder_id:
        moving.give_seat(agency, definition.capacity)
        moving.tell(agency.id, "invited")


def chosen_agency(moving: Moving, role: Role, field: str) -> tuple[Agency, str]:
    """Which agency joins, and the reason that is shown."""
    named = moving.values.get(field) if field else None
    if named:
        return moving.agency(UUID(str(named))), "chosen"
    if moving.on_behalf_of is not None:
        return moving.on_behalf_of, "recorded"
    actor = moving.actor
    if actor.agency_id and actor.agency_kind in role.kind and actor.agency_id != moving.matter.holder_id:
        return moving.agency(actor.agency_id), "itself"
    ways = Ways(moving.playbook, on=moving.now.astimezone(SHANGHAI).date(), mark=moving.actor.mark)
    for code, why in ((residence_of(moving, role), "residence"), (moving.matter.township, "event")):
        bound = by_place(role, code, why, ways) if code else None
        if bound and (role.tier is None or bound.agency.tier == role.tier):
            return bound.agency, why
    raise RuleBroken(
        _("不知道是哪个%(role)s。请先在“补登记表”里登记她的常住地。") % {"role": role.label[language()]}
    )


def residence_of(moving: Moving, role: Role) -> str:
    """The sealed residence of the person the role goes by; opened to bind, shown to nobody."""
    refs = [role.at] if role.at else list(role.choose_from)
    for kind, party in [r for r in refs if r]:
        if kind == "residence_of":
            code = str(moving.document(party, "identity").get("residence") or "")
            if code:
                return code
    return ""


@effect("children.let_go")
def let_children_go(moving: Moving) -> None:
    """Referrals go on for themselves: what has to stop at once does not wait for their answers."""
    for child in moving.children:
        if not child.ended_at and not child.detached_at:
            child.detached_at = moving.now
            moving.batch.update(child, ["detached_at"])


@effect("role.release")
def release_role(moving: Moving, *, role: str) -> None:
    """The agency leaves; what it still owed goes back to the holder."""
    bound = moving.matter.roles.get(role)
    if bound is None:
        return
    agency = UUID(bound["agency"])
    moving.matter.roles = {name: b for name, b in moving.matter.roles.items() if name != role}
    holder = moving.matter.holder
    for duty in [d for d in moving.duties if d.agency_id == agency]:
        moving.change_duty(
            duty,
            agency=holder,
            post_id=None,
            line=holder.line,
            village=holder.village,
            township=holder.township,
            county=holder.county,
            city=holder.city,
        )
    moving.end_seat(agency)
    moving.tell(agency, "released")


@effect("duty.until_all")
def until_all(moving: Moving, *, duty: str, field: str, mark: str) -> None:
    """The duty stays owed until every code that has the mark was named by this step, now or before (逐个送达)."""
    events = list(Event.objects.filter(matter=moving.matter.id))
    if left_over(events, moving.move, field, mark, moving.values.get(field) or ()):
        moving.kept_owed.add(duty)


@effect("contact.attempt")
def attempt(moving: Moving, *, duty: str) -> None:
    """Only a try in her hours, by a way she left open, counts; any other is written down and changes no clock."""
    contact = Contact.of(moving.document("asking", "contact"))
    if decide(contact, CALL, moving.at).why in AGAINST_HER_WORD:
        moving.kept_owed.add(duty)


def left_over(
    events: Collection[Event], move: Move, field: str, mark: str, now: Collection[str] = ()
) -> list[str]:
    """The codes that this step still has to name. A record that was corrected does not count."""
    asked = move.ask(field)
    if asked is None or asked.list is None:
        return []
    void = {str(e.codes["corrects"]) for e in events if e.codes.get("corrects")}
    named = set(now)
    for event in events:
        if event.move == move.name and str(event.id) not in void:
            named |= set((event.codes.get("facts") or {}).get(field) or ())
    return [code for code in code_book()[asked.list].having(**{mark: True}) if code not in named]


@effect("duty.extend")
def extend_duty(moving: Moving, *, duty: str, ground: str) -> None:
    """A longer time for one duty, where the law asks for more than a ground (approval, the reason told)."""
    open_duty = moving.open_duty(duty)
    if open_duty is None:
        raise RuleBroken(_("这一项已经办完了。"))
    if ground not in frozen_rule(open_duty).extension_grounds:
        raise RuleBroken(_("这一项不能延长。"))
    entry = {"ground": ground, "at": moving.at.isoformat()}
    recount(moving, open_duty, extensions=[*open_duty.extensions, entry])


@effect("duty.pause")
def pause_duty(moving: Moving, *, duty: str, ground: str) -> None:
    """Its time stands still while something is looked into; what stands still already goes on standing."""
    open_duty = moving.open_duty(duty)
    if open_duty is None or open_duty.paused_at:
        return
    entry = {"from": moving.at.isoformat(), "to": None, "ground": ground}
    moving.change_duty(open_duty, paused_at=moving.at, pauses=[*open_duty.pauses, entry], climbs_at=NEVER)


@effect("duty.resume")
def resume_duty(moving: Moving, *, duty: str, move: str) -> None:
    """Its time goes on, with what was left of it."""
    open_duty = moving.open_duty(duty)
    if open_duty is None or not open_duty.paused_at:
        return
    pauses = [*open_duty.pauses[:-1], {**open_duty.pauses[-1], "to": moving.at.isoformat()}]
    recount(moving, open_duty, pauses=pauses, paused_at=None)
    runs_out(moving, duty=duty, move=move)


@effect("duty.runs_out")
def runs_out(moving: Moving, *, duty: str, move: str) -> None:
    """When its time is over the clock makes that move; not earlier, and not while it stands still."""
    body = {"matter": str(moving.matter.id), "duty": duty, "move": move}
    outbox.put(moving.batch, kind=RUN_OUT, body=body, now=moving.now)


@effect("staff.recuse")
def recuse_staff(moving: Moving, *, field: str) -> None:
    """Somebody of the office with an interest in it steps back: this family's matters leave their pages."""
    post = Post.objects.filter(pk=str(moving.values[field]), agency=moving.matter.holder_id).first()
    if post is None:
        raise RuleBroken(_("请选本单位的岗位。"), {field: _("请选本单位的岗位。")})
    if post.id == moving.actor.post_id:
        raise RuleBroken(_("自己回避请用“我要回避”。"), {field: _("自己回避请用“我要回避”。")})
    moving.batch.insert(
        Wall(account_id=post.account_id, root=moving.matter.root, cause="recused", since=moving.now)
    )
    if moving.matter.assignee_id == post.id:
        moving.matter.assignee = None
    for duty in [d for d in moving.duties if d.post_id == post.id]:
        moving.change_duty(duty, post_id=None, claimed_at=None)


@effect("report.number")
def number_report(moving: Moving, *, stage: str, corrects: str = "") -> None:
    """A report that was sent has its number; it is never reworded, a correction is a new report that names it."""
    sent = [
        e.codes["report"]["no"]
        for e in Event.objects.filter(matter=moving.matter.id)
        if e.codes.get("report")
    ]
    report = {"no": len(sent) + 1, "stage": stage}
    if corrects:
        if moving.values[corrects] not in sent:
            raise RuleBroken(_("没有第这么多次报告。"), {corrects: _("没有第这么多次报告。")})
        report["corrects"] = moving.values[corrects]
    moving.codes["report"] = report
