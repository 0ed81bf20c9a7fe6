"""How one move runs, from lock to commit. `actions` are its only callers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import answering, not_alone, outgoing, values
from anjia.engine.matters.builtins import BUILT_IN, keep_files
from anjia.engine.matters.children import open_child
from anjia.engine.matters.inputs import Form
from anjia.engine.matters.models import Matter
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.policies import can_move, may_open_with
from anjia.engine.matters.registry import check_guards, run_effects
from anjia.engine.matters.seats import Seated, visible_to
from anjia.engine.matters.settling import settle
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.verdict import NotFound, RuleBroken, Stale, require
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.library import definition, listeners
from anjia.law.playbooks.schema import Field, Move, Playbook
from anjia.registry.posts.actors import SYSTEM, Actor
from anjia.registry.posts.models import Agency


@dataclass
class Request:
    """What somebody asks to be done to a matter. `aim` is the duty, event, child or matter it is about."""

    matter: UUID
    name: str
    actor: Actor
    now: datetime
    data: Mapping[str, Any] | Form = field(default_factory=dict)
    ver: int | None = None
    on_behalf_of: UUID | None = None
    files: tuple[Any, ...] = ()
    same_act: bool = False  # of the act by which the matter was opened
    opens: bool = (
        False  # … and it is what opened it: whoever took the paper in, also where another office leads
    )
    letter: answering.ByLetter | None = None  # an agency answers by the code on a letter
    heard: bool = False  # of a child or the parent: what happened there is recorded here, whatever the stage


def locked(matter_id: UUID) -> Matter:
    """The matter row, locked until commit; the only row that a move ever locks."""
    try:
        return Matter.objects.select_for_update(of=("self",)).select_related("holder").get(pk=matter_id)
    except Matter.DoesNotExist:
        raise NotFound from None


def find_move(request: Request, matter: Matter) -> Move:
    """The move by name; an unknown name is a rule broken, not a crash."""
    try:
        return interpreter.find_move(definition(matter.playbook, matter.version), request.name)
    except KeyError:
        raise RuleBroken(_("没有这一步。")) from None


def begin(request: Request, batch: Batch) -> Moving:
    """Lock, check who, read what was typed. Nothing is written yet."""
    seated = None
    if request.actor.kind == "post" and not request.opens:
        seated = visible_to(request.actor).find(request.matter, lock=True)
    matter = seated.matter if seated else locked(request.matter)
    playbook, move = definition(matter.playbook, matter.version), find_move(request, matter)
    on_behalf = Agency.objects.filter(pk=request.on_behalf_of).first() if request.on_behalf_of else None
    if request.on_behalf_of and on_behalf is None:
        raise RuleBroken(_("请选代哪个单位记录。"), {"on_behalf_of": _("请从列表中选择。")})
    if request.heard:
        move = as_heard(playbook, move, matter)
    elif request.letter:
        answering.check(request.actor, matter, move)
    else:
        check_actor(request, matter, move, seated, on_behalf)
        move = not_alone.asking(move, matter)
    fields = asked(move, on_behalf.kind if on_behalf else request.actor.agency_kind)
    typed = request.data.read(fields) if isinstance(request.data, Form) else request.data
    at = values.when_it_happened(typed, request.now)
    answers = values.clean(fields, typed, now=request.now)
    moving = Moving(
        matter=matter,
        playbook=playbook,
        move=interpreter.turned(playbook, move, answers),
        actor=request.actor,
        now=request.now,
        at=at,
        values=answers,
        batch=batch,
        seated=seated,
        on_behalf_of=on_behalf,
        typed=typed,
        files=request.files,
        is_same_act=request.same_act,
    )
    return moving


def as_heard(playbook: Playbook, move: Move, matter: Matter) -> Move:
    """The move where the stage allows it, else the same word without a change of stage: never lost, never refused."""
    if interpreter.allowed(playbook, move, matter.stage):
        return move
    return replace(move, to=None, result=None)


def asked(move: Move, kind: str) -> list[Field]:
    """The fields this kind of agency is asked (police outcomes only of police). Files come beside them."""
    return [f for f in move.asks if f.type != "file" and (not f.asked_of or kind in f.asked_of)]


def check_actor(
    request: Request, matter: Matter, move: Move, seated: Seated | None, on_behalf: Agency | None
) -> None:
    """Who may: a post through its seat, a resident through her receipt, the clock and the system by name."""
    playbook = definition(matter.playbook, matter.version)
    if seated is not None:
        require(
            can_move(
                playbook=playbook,
                move=move,
                seated=seated,
                actor=request.actor,
                on_behalf_of=on_behalf,
            )
        )
    elif not interpreter.allowed(playbook, move, matter.stage):
        raise RuleBroken(_("现在的阶段不能做这一步。"))
    elif request.actor.kind == "resident" and "opener" not in move.by:
        raise NotFound
    elif request.opens:
        require(may_open_with(playbook, move, matter, on_behalf))
    if request.ver is not None and request.ver != matter.ver:
        raise Stale(current=matter.ver)


def perform(request: Request, batch: Batch) -> Moving:
    """Run one move; everything is in the batch and flushed when this returns."""
    moving = begin(request, batch)
    if request.letter:
        answering.begin(moving, request.letter)
    if not request.heard:
        require(check_guards(moving))
        outgoing.check(moving)
    run_effects(moving)
    handler: Callable[[Moving], None] | None = BUILT_IN.get(moving.move.name) if moving.move.builtin else None
    if handler:
        handler(moving)
    if moving.move.opens:
        open_child(moving)
    begun = begun_with(request, moving)
    for role in moving.move.tells:
        if role in moving.matter.roles:
            moving.tell(UUID(moving.matter.roles[role]["agency"]))
    if request.letter:
        answering.tell_leaders(moving)
    plan = plan_of(moving)
    keep_files(moving)
    settle(moving, plan)
    batch.flush()
    if begun:
        perform(begun, batch)
        moving.matter.refresh_from_db(fields=["stage", "ver", "closed_at"])
    report_to_parent(moving, plan)
    if not request.heard:
        report_to_children(moving)
    return moving


def plan_of(moving: Moving) -> interpreter.Plan:
    """What follows; a matter that has ended owes nothing new because of what is heard from elsewhere."""
    plan = interpreter.plan(
        moving.playbook,
        moving.move,
        stage=moving.matter.stage,
        open_duties=[(d.kind, d.round) for d in moving.duties if d.done_at is None],
        values=moving.said_now(),
        is_child=moving.matter.depth > 0,
        kept=moving.kept_owed,
    )
    if moving.move.hidden and moving.playbook.stages[moving.matter.stage].end:
        return replace(plan, starts=[d for d in plan.starts if d.survives_end])
    return plan


def begun_with(request: Request, moving: Moving) -> Request | None:
    """The child's own first move with the same answers: the act, the paper and who did it stand with the child."""
    name = moving.move.opens_with
    if name is None or moving.child is None:
        return None
    behalf, files = moving.on_behalf_of, moving.files
    moving.on_behalf_of, moving.files = None, ()
    return Request(
        matter=moving.child,
        name=name,
        actor=request.actor,
        now=request.now,
        data=request.data,
        on_behalf_of=behalf.id if behalf else None,
        files=files,
        same_act=moving.opened is not None,
    )


def report_to_parent(moving: Moving, plan: interpreter.Plan) -> None:
    """The parent hears in the same transaction: of this move where its playbook names it, else of the result; with
    the answers that the parent's own step asks for."""
    parent = moving.matter.parent
    if parent is None or moving.matter.detached_at:
        return
    playbook = definition(parent.playbook, parent.version)
    hears = playbook.on_child.get(moving.matter.playbook, {})
    name = hears.get(moving.move.name) or hears.get(plan.result or "")
    if name:
        asked = {f.name for f in interpreter.find_move(playbook, name).asks}
        said = {k: v for k, v in moving.values.items() if k in asked}
        hear(moving, parent.id, name, {**said, "child": str(moving.matter.id), "child_result": plan.result})


def report_to_children(moving: Moving) -> None:
    """Measures that still run hear what happened in their case (it happened again), where their playbook says so."""
    parent, move = moving.matter.playbook, moving.move.name
    hears = listeners(parent, move)
    for child in moving.children if hears else ():
        if child.playbook in hears and not child.ended_at and not child.detached_at:
            name = definition(child.playbook, child.version).on_parent.get(parent, {}).get(move)
            if name:
                hear(moving, child.id, name, {})


def hear(moving: Moving, matter: UUID, name: str, data: Mapping[str, Any]) -> None:
    """Record at another matter what was done at this one, as the system, when it happened."""
    stamp = {values.HAPPENED_AT: moving.at} if moving.at != moving.now else {}
    request = Request(
        matter=matter, name=name, actor=SYSTEM, now=moving.now, data={**data, **stamp}, heard=True
    )
    perform(request, moving.batch)
