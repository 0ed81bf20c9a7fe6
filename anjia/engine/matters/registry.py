"""Named guards and effects: the only places where a playbook reaches code.

A playbook may name them, never define them. A guard answers with a Verdict. An effect runs inside the
move's transaction, adds to its batch, may refuse, and may not call a move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anjia.foundation.core.verdict import Verdict
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.schema import Effect, Guard

if TYPE_CHECKING:
    from anjia.engine.matters.moving import Moving

GuardFunction = Callable[..., Verdict]
EffectFunction = Callable[..., None]


@dataclass(frozen=True)
class Named:
    """A registered function, the parameters it takes, and what it means for the people."""

    function: Callable[..., Any]
    params: frozenset[str]
    meaning: str


GUARDS: dict[str, Named] = {}
EFFECTS: dict[str, Named] = {}


def _named(function: Callable[..., Any]) -> Named:
    code = function.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return Named(function, frozenset(names) - {"moving"}, (function.__doc__ or "").strip())


def guard(name: str) -> Callable[[GuardFunction], GuardFunction]:
    """Register `def f(moving, *, …) -> Verdict` under the name that playbooks use."""

    def register(function: GuardFunction) -> GuardFunction:
        GUARDS[name] = _named(function)
        return function

    return register


def effect(name: str) -> Callable[[EffectFunction], EffectFunction]:
    """Register `def f(moving, *, …) -> None` under the name that playbooks use."""

    def register(function: EffectFunction) -> EffectFunction:
        EFFECTS[name] = _named(function)
        return function

    return register


#: Every end waits for the matter's children, whether its playbook says so or not.
WAITS = Guard("children.ended")
#: Only what has to stop in that moment does not wait: its referrals go on for themselves.
LETS_GO = Effect("children.let_go")


def conditions(moving: Moving) -> tuple[Guard, ...]:
    """The move's guards, and that no referral is left behind where it ends the matter."""
    stages, here = moving.playbook.stages, moving.matter.stage
    after = interpreter.target(moving.playbook, moving.move, here)
    ends = stages[after].end and not stages[here].end
    waits = ends and WAITS not in moving.move.guards and LETS_GO not in moving.move.effects
    return (*moving.move.guards, WAITS) if waits else moving.move.guards


def check_guards(moving: Moving) -> Verdict:
    """The first refusal of the move's guards, else ALLOW."""
    for g in conditions(moving):
        verdict: Verdict = GUARDS[g.name].function(moving, **g.params)
        if not verdict:
            return verdict
    return Verdict()


def run_effects(moving: Moving) -> None:
    """Run the move's effects in order."""
    for e in moving.move.effects:
        EFFECTS[e.name].function(moving, **e.params)
