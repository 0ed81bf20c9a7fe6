"""值班: who answers the telephone now, the week's roster, and the nights nobody does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.vault import vault
from anjia.registry.posts import agencies, people
from anjia.registry.posts.models import Agency, Shift

#: A night runs from six in the evening to eight in the morning, Shanghai time: outside office hours.
NIGHT_BEGINS, NIGHT_ENDS = time(18), time(8)
DAYS = 7
SEAL = "duty-roster"


@dataclass(frozen=True)
class Gap:
    """A stretch of time in which nobody is on duty."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class OnDuty:
    """One shift as the roster shows it."""

    shift: UUID
    agency: UUID
    title: str  # of the post
    name: str  # of the person
    telephone: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Day:
    """One day of the roster; `night_gaps` are the parts of the night that begins on this day."""

    on: date
    shifts: list[OnDuty]
    night_gaps: list[Gap]


def on_duty(agency_id: UUID, now: datetime) -> Shift | None:
    """The shift that answers for an agency at this moment; the one begun last if several. One statement."""
    return (
        Shift.objects.filter(agency=agency_id, starts_at__lte=now, ends_at__gt=now)
        .select_related("post", "agency")
        .order_by("-starts_at", "id")
        .first()
    )


def answering(agency: Agency, now: datetime) -> Shift | None:
    """The shift that answers for an agency or, where nobody does, for the next one above in its line."""
    for each in (agency, *agencies.superiors(agency)):
        if shift := on_duty(each.id, now):
            return shift
    return None


def telephone(shift: Shift) -> str:
    """The number of a shift, opened from its sealed form."""
    return vault.unbox(SEAL, bytes(shift.telephone), aad=shift.id.bytes).decode()


def midnight(on: date) -> datetime:
    """When a day begins in Shanghai."""
    return datetime.combine(on, time(), SHANGHAI)


def week(agency_id: UUID, first: date) -> list[Day]:
    """Seven days of an agency's roster from `first`, with names, numbers and uncovered nights.

    Two statements, however many shifts.
    """
    days = [first + timedelta(days=n) for n in range(DAYS)]
    shifts = between(agency_id, midnight(first), midnight(first + timedelta(days=DAYS + 1)))
    named = people.names(shift.post.account_id for shift in shifts)
    return [
        Day(
            on=day,
            shifts=[
                as_on_duty(s, named)
                for s in shifts
                if s.starts_at < midnight(day + timedelta(days=1)) and s.ends_at > midnight(day)
            ],
            night_gaps=gaps(shifts, *night(day)),
        )
        for day in days
    ]


def night(on: date) -> tuple[datetime, datetime]:
    """Beginning and end of the night that begins on a day."""
    return (
        datetime.combine(on, NIGHT_BEGINS, SHANGHAI),
        datetime.combine(on + timedelta(days=1), NIGHT_ENDS, SHANGHAI),
    )


def between(agency_id: UUID, begins: datetime, ends: datetime) -> list[Shift]:
    """Shifts that touch a stretch of time, earliest first. One statement."""
    touching = Shift.objects.filter(agency=agency_id, starts_at__lt=ends, ends_at__gt=begins)
    return list(touching.select_related("post").order_by("starts_at", "id"))


def as_on_duty(shift: Shift, named: dict[UUID, str]) -> OnDuty:
    """One line of the roster."""
    return OnDuty(
        shift=shift.id,
        agency=shift.agency_id,
        title=shift.post.title,
        name=named.get(shift.post.account_id, ""),
        telephone=telephone(shift),
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
    )


def gaps(shifts: Sequence[Shift], begins: datetime, ends: datetime) -> list[Gap]:
    """Stretches between two moments that no shift covers; shifts sorted by their start."""
    found = []
    covered = begins
    for shift in shifts:
        if shift.ends_at <= covered or shift.starts_at >= ends:
            continue
        if shift.starts_at > covered:
            found.append(Gap(covered, shift.starts_at))
        covered = max(covered, shift.ends_at)
    if covered < ends:
        found.append(Gap(covered, ends))
    return found


def nights_without(agency_id: UUID, first: date, days: int = DAYS) -> list[date]:
    """Days whose night has a stretch without anybody. One statement."""
    wanted = [first + timedelta(days=n) for n in range(days)]
    shifts = between(agency_id, midnight(first), midnight(first + timedelta(days=days + 1)))
    return [day for day in wanted if gaps(shifts, *night(day))]
