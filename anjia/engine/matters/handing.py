"""What one office has in a matter goes over to another: its parts, its duties, its seat."""

from __future__ import annotations

from anjia.engine.matters.models import Capacity, Duty
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.times import frozen_rule, next_climb
from anjia.foundation.core.clock import NEVER
from anjia.registry.posts.models import Agency


def hand_over(moving: Moving, old: Agency, new: Agency, why: str) -> None:
    """History stays, partners stay; what the old office owed the new one owes, and the old one's right ends.

    What an office has stays with it when it is handed to itself.
    """
    if old.id == new.id:
        return
    matter = moving.matter
    seat = next((s for s in moving.seats if s.agency_id == old.id), None)
    capacity = seat.capacity if seat else Capacity.PARTNER
    if matter.holder_id == old.id:
        matter.holder, matter.assignee, capacity = new, None, Capacity.HOLDER
    matter.roles = {
        name: {"agency": str(new.id), "why": why, "place": ""} if b["agency"] == str(old.id) else b
        for name, b in matter.roles.items()
    }
    for duty in [d for d in moving.duties if d.agency_id == old.id]:
        moving.change_duty(
            duty,
            agency=new,
            post_id=None,
            line=new.line,
            village=new.village,
            township=new.township,
            county=new.county,
            city=new.city,
        )
        give_back(moving, duty)
    if capacity == Capacity.HOLDER or not sees_by_itself(moving, new):
        moving.give_seat(new, capacity)
    moving.end_seat(old.id)


def sees_by_itself(moving: Moving, office: Agency) -> bool:
    """Whether it sees the matter by a seat of its own; what was only granted ends by itself and is none."""
    seat = moving.seat_of(office.id)
    return seat is not None and seat.capacity != Capacity.GRANTED


def give_back(moving: Moving, duty: Duty) -> None:
    """Whoever had taken a duty on is rid of it; nobody has claimed it any more, so that it climbs again."""
    runs = duty.claimed_at is not None and duty.paused_at is None
    climbs_at = next_climb(frozen_rule(duty), duty.due_at, duty.step) if runs else duty.climbs_at
    moving.change_duty(duty, post_id=None, claimed_at=None, climbs_at=climbs_at or NEVER)
