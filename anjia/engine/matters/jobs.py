"""What the worker does for the engine: in-box lines, escalation, the same-case question, walls."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from anjia.engine.matters import actions, grants
from anjia.engine.matters.effects import RUN_OUT
from anjia.foundation.files import rechecking
from anjia.foundation.outbox import outbox
from anjia.registry.posts import identities
from anjia.registry.posts.actions.stopping import STOPPED


@outbox.scheduled("matters.climb", every=timedelta(minutes=1))
def climb_job(*, now: datetime) -> None:
    """Escalation, once a minute."""
    actions.climb_overdue(now=now)


@outbox.scheduled("matters.clear-ended", every=timedelta(hours=1))
def clear_job(*, now: datetime) -> None:
    """What a post held that ended by its date goes to the head of the office."""
    actions.clear_ended_posts(now=now)


@outbox.scheduled("matters.unusual", every=timedelta(days=1))
def unusual_job(*, now: datetime) -> None:
    """Once a day: readings that a head should know of."""
    actions.compute_unusual(now=now)


@outbox.scheduled("matters.grants", every=timedelta(minutes=5))
def grants_job(*, now: datetime) -> None:
    """What other offices were let to read until now is put away."""
    grants.end_what_ran_out(now=now)


@outbox.handler("matters.walled")
def walled_job(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
    """Seconds after a wall went up: work goes back to the office, and whoever supervises is told."""
    actions.stand_aside(body=body, now=now)


@outbox.handler(STOPPED)
def stopped_job(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
    """Seconds after an office was stopped: what it owes goes to the next."""
    actions.pass_on(body=body, now=now)


@outbox.handler(RUN_OUT)
def run_out_job(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
    """The time of a duty is over and its procedure says what follows of itself."""
    actions.run_out(body=body, now=now)


@outbox.handler("matters.repeat", together=True)
def repeat_job(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
    """Look for other matters of the same family, seconds after a matter was opened."""
    actions.ask_same_case(body=body, now=now)


@outbox.handler(rechecking.FAULTY)
def faulty_file_job(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
    """A stored file is no longer what came in: whoever leads the matter finds it in the in-box."""
    actions.tell_of_faulty_file(matter_id=UUID(body["matter"]), notice=outbox_id, now=now)


#: Named by the kinds of token: with a new kind the job is new, so it runs once as soon as the new program does.
COMPARISON = f"walls.{'.'.join(k[:5] for k in identities.KINDS)}.kin"


@outbox.scheduled(COMPARISON, every=timedelta(days=7))
def compare_job(*, now: datetime) -> None:
    """Once a week, and once after an upgrade: all old data against all staff."""
    actions.ask_comparison(now=now)


@outbox.handler("matters.compare")
def comparing_job(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
    """The next stretch of it."""
    actions.compare_on(body=body, now=now)
