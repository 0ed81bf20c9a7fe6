"""How it was handled, said by whoever asked: once, when there is a result, where the procedure asks it."""

from __future__ import annotations

from anjia.engine.matters.models import Matter
from anjia.foundation.events.models import Event
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.schema import Playbook

RATE = "rate"


def may_rate(matter: Matter, playbook: Playbook) -> bool:
    """Whether she may still say how it was handled."""
    move = playbook.moves.get(RATE)
    if move is None or "opener" not in move.by or not interpreter.allowed(playbook, move, matter.stage):
        return False
    return not Event.objects.filter(matter=matter.id, move=RATE).exists()


def asks_decisions(playbook: Playbook) -> bool:
    """Whether the procedure asks her three decisions."""
    return any(f.name == "tell_community" for p in playbook.parties.values() for f in p.fields)
