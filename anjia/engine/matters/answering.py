"""An agency answers by the code on a letter: its own act, without an account and without a seat's eyes.

The same move as the one that is recorded on its behalf, made by the agency itself at the time of the answer. What the
stage (or a guard) no longer allows is kept all the same: as a line of its own that changes nothing, and whoever leads
is told. The caller (engine/letters) has found the letter; that its code still answers is looked at under the lock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.engine_moves import ANSWER_HELD
from anjia.engine.matters.models import Matter
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.policies import RECORDERS, RECORDING_LINE, parts
from anjia.engine.matters.registry import GUARDS, check_guards
from anjia.foundation.core.verdict import ALLOW, NotFound, RuleBroken
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.schema import Move
from anjia.registry.posts.actors import Actor

#: Guards that look at what was filled in and at nothing else: what they refuse can be put right by whoever fills it in,
#: and says nothing of the case.
OF_ANSWERS = frozenset({"codes.include", "answer.yes", "code.fits"})
#: In-box lines of whoever leads or asked.
ANSWERED, HELD = "answered", "answer_held"


@dataclass(frozen=True, slots=True)
class ByLetter:
    """Which letter (its event) is answered. `more`: the code goes on, this was only a first word."""

    event: UUID
    more: bool = False


def check(actor: Actor, matter: Matter, move: Move) -> None:
    """The agency answers where it plays a part that may make this move; for everybody else there is nothing."""
    own = parts(matter, actor.agency_id)
    if move.hidden or move.right or not own or not ("any_seat" in move.by or own & set(move.by)):
        raise NotFound


def begin(moving: Moving, letter: ByLetter) -> None:
    """Say by which letter; what cannot be done any more is only written down."""
    moving.codes["by_letter"] = {"event": str(letter.event), "more": letter.more}
    if not interpreter.allowed(moving.playbook, moving.move, moving.matter.stage):
        hold(moving)
        return
    for g in moving.move.guards:
        verdict = GUARDS[g.name].function(moving, **g.params) if g.name in OF_ANSWERS else ALLOW
        if not verdict:
            raise RuleBroken(_("有几处需要改一下。"), {str(g.params.get("field", "")): verdict.reason})
    if not check_guards(moving):
        hold(moving)


def hold(moving: Moving) -> None:
    """The answer as it was given, beside the procedure: no stage, no duty and no value of the matter changes."""
    out = interpreter.split(moving.move, moving.values)
    moving.codes["answer"] = moving.move.name
    moving.codes["facts"] = {**out.open, **out.facts}
    for compartment, words in out.sealed.items():
        moving.say(compartment, **words)
    moving.move, moving.values = ANSWER_HELD, {}


def tell_leaders(moving: Moving) -> None:
    """Whoever leads the matter or asked for help hears of it at once."""
    kind = HELD if moving.move is ANSWER_HELD else ANSWERED
    for seat in moving.seats:
        leads = seat.line == RECORDING_LINE and seat.capacity in RECORDERS
        if leads and seat.agency_id != moving.actor.agency_id:
            moving.tell(seat.agency_id, kind)


def as_answered(held: Move, answered: Move) -> Move:
    """How a held answer reads: what was answered, and that it is only kept."""
    label = {lang: f"{held.label[lang]}{answered.label[lang]}" for lang in ("zh", "en")}
    return replace(answered, label=label)
