"""一起办: one step of many matters with the same answers, each a move of its own in its own transaction.

Only steps that their procedure marks as fit for it (`batch: true`) are offered; what is one person's story is not asked
here. Whoever may not make the step in one of them hears why in that row, and the others are done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import actions, not_alone, values, worklists
from anjia.engine.matters.inputs import Moved
from anjia.engine.matters.models import Capacity, Matter
from anjia.engine.matters.policies import can_move
from anjia.engine.matters.seats import Scope, Seated, visible_to
from anjia.foundation.core.verdict import NotFound, RuleBroken, Verdict, deny
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.builtin import BUILT_IN_MOVES
from anjia.law.playbooks.library import catalogue, definition
from anjia.law.playbooks.schema import Field, Move, Playbook, Text
from anjia.registry.posts.actors import Actor

MOST = 50
#: Capacities of whoever can do something in a matter.
WORKING = (Capacity.HOLDER, Capacity.TRAY, Capacity.REFERRER, Capacity.PARTNER, Capacity.VILLAGE)


@dataclass(frozen=True)
class Step:
    """One step that may be made in many matters at once. `playbook` None: a step that every matter has."""

    move: Move
    playbook: Playbook | None
    count: int = 0  # running matters in whose stage it may be made; whose turn it is, is asked row by row

    @property
    def name(self) -> str:
        """How an address names it."""
        return f"{self.playbook.name}.{self.move.name}" if self.playbook else self.move.name

    @property
    def label(self) -> Text:
        """What its tab says."""
        if self.playbook is None:
            return dict(self.move.label)
        return {k: f"{self.playbook.label[k]} · {self.move.label[k]}" for k in self.move.label}

    @property
    def fields(self) -> list[Field]:
        """What is answered once for all: never words about one person."""
        return shared(self.move)


@dataclass(frozen=True)
class Row:
    """One matter in which it may be made, or why not."""

    shown: worklists.MatterRow
    ver: int
    verdict: Verdict


def shared(move: Move) -> list[Field]:
    """The answers that are no words about one person."""
    return [f for f in move.asks if not f.compartment and f.type != "file"]


def steps(scope: Scope) -> list[Step]:
    """Every step this office may make in many matters, the one with most of them first. One statement."""
    seats = scope.own().filter(is_open=True, mask=False, capacity__in=WORKING)
    rows = list(seats.values_list("playbook", "matter__stage").annotate(n=Count("id")).order_by())
    found: dict[str, Step] = {}
    for name, stage, n in rows:
        book = catalogue().get(name)
        if book is None:
            continue
        own = [Step(m, book) for m in book.moves.values() if m.batch]
        for step in (*own, *(Step(m, None) for m in BUILT_IN_MOVES.values() if m.batch)):
            if stage in book.stages and interpreter.allowed(book, step.move, stage):
                found[step.name] = replace(step, count=found.get(step.name, step).count + n)
    return sorted(found.values(), key=lambda s: (s.playbook is None, -s.count, s.name))


def rows(actor: Actor, step: Step) -> list[Row]:
    """The matters in which it may be made, earliest due first; those where it may not, with the reason, last."""
    scope = visible_to(actor)
    seats = scope.own().filter(is_open=True, mask=False, capacity__in=WORKING)
    if step.playbook:
        seats = seats.filter(
            playbook=step.playbook.name, matter__stage__in=stages_of(step.playbook, step.move)
        )
    else:
        seats = seats.filter(capacity__in=(Capacity.HOLDER, Capacity.TRAY))
    shown = worklists.matter_rows(seats.order_by("sort_due", "matter_id")[:MOST], scope)
    matters = Matter.objects.select_related("holder").in_bulk([r.id for r in shown])
    found = [Row(r, matters[r.id].ver, may(actor, matters[r.id], r.capacity, step.move.name)) for r in shown]
    return sorted(found, key=lambda r: not r.verdict)


def stages_of(playbook: Playbook, move: Move) -> list[str]:
    """The stages in which it may be made."""
    return [name for name in playbook.stages if interpreter.allowed(playbook, move, name)]


def may(actor: Actor, matter: Matter, capacity: str, name: str) -> Verdict:
    """Whether this office may make the step in this matter now, together with others."""
    playbook = definition(matter.playbook, matter.version)
    try:
        move = interpreter.find_move(playbook, name)
    except KeyError:
        return deny(_("没有这一步。"), "unknown")
    if not move.batch:
        return deny(_("这一件要单独办。"), "alone")
    if not_alone.stands(matter) and not_alone.is_visit(move):
        return deny(_("不得单独上门的，要单独办：写明几个人去的。"), "alone")
    return can_move(playbook=playbook, move=move, seated=Seated(matter, capacity, False, actor), actor=actor)


def check(step: Step, chosen: Sequence[UUID], typed: Mapping[str, Any], now: datetime) -> None:
    """What is the same for all is looked at before anything is done. RuleBroken names what is wrong."""
    if not chosen:
        raise RuleBroken(_("还没有选事项。"), {"m": _("请至少选一行。")})
    if len(chosen) > MOST:
        raise RuleBroken(_("一次最多办 %(most)s 件。") % {"most": MOST}, {"m": _("请少选几行。")})
    values.clean(step.fields, typed, now=now)
    values.when_it_happened(typed, now)


def do(
    *,
    actor: Actor,
    matter: UUID,
    step: Step,
    answers: Mapping[str, Any],
    ver: int | None,
    key: str,
    now: datetime,
) -> Moved:
    """The step in one of them. The same `key` twice is done once. Raises what `actions.move` raises."""
    seated = visible_to(actor).find(matter)
    playbook = definition(seated.matter.playbook, seated.matter.version)
    if step.playbook and playbook.name != step.playbook.name:
        raise NotFound
    if not interpreter.find_move(playbook, step.move.name).batch:
        raise RuleBroken(_("这一件要单独办。"))
    return actions.move(
        matter_id=matter,
        name=step.move.name,
        actor=actor,
        now=now,
        data=dict(answers),
        ver=ver,
        key=f"{key}:{matter}" if key else "",
    )
