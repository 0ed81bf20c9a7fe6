"""One event beside the procedure: something that was opened, allowed, given out or ended, on the matter's own chain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from anjia.engine.matters.moving import Moving, step_of
from anjia.engine.matters.seats import Seated
from anjia.engine.matters.settling import settle
from anjia.foundation.core.batch import Batch
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.schema import Move
from anjia.registry.posts.actors import Actor


def record(
    seated: Seated,
    move: Move,
    *,
    actor: Actor,
    now: datetime,
    values: Mapping[str, Any] | None = None,
    codes: Mapping[str, Any] | None = None,
    words: Mapping[str, str] | None = None,
    tells: UUID | None = None,
    also: Callable[[Moving], None] | None = None,
) -> Moving:
    """One event of this matter, which the caller has locked. `also` adds what is written with it."""
    batch = Batch()
    moving = step_of(seated.matter, move, actor=actor, now=now, values=values, batch=batch, seated=seated)
    moving.codes.update(codes or {})
    moving.say("narrative", **dict(words or {}))
    if tells:
        moving.tell(tells)
    if also:
        also(moving)
    settle(moving, interpreter.Plan(stage_after=seated.matter.stage))
    batch.flush()
    return moving
