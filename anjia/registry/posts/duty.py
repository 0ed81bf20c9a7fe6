"""值班: who answers the telephone now, the roster of a month, and the hours in which nobody does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotFound
from anjia.foundation.vault import vault
from anjia.law import calendar
from anjia.registry.posts import agencies, people
from anjia.registry.posts.models import Agency, Post, Shift

#: A night runs from six in the evening to eight in the morning, Shanghai time: outside office hours.
NIGHT_BEGINS, NIGHT_ENDS = time(18), time(8)
DAYS = 7
LONGEST_MONTH = 31
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
    post: UUID
    asked: UUID | None  # the post that was asked to take it


@dataclass(frozen=True)
class Day:
    """One day of the roster. `gaps`: when nobody answers, of the night that begins on it and, where no work goes on
    that day, of the whole day and night.
    """

    on: date
    kind: calendar.Day
    shifts: list[OnDuty]
    gaps: list[Gap]

    @property
    def feast(self) -> dict[str, str] | None:
        """What the day is called where it is neither an ordinary working day nor a weekend."""
        plain = (calendar.days.ORDINARY, calendar.days.WEEKEND)
        return None if self.kind.name in plain else self.kind.name


@dataclass(frozen=True)
class Dark:
    """An office at whose telephone nobody answers for a while, nor at any above it: where a ladder would end."""

    agency: UUID
    name: str
    gaps: list[Gap]


def on_duty(agency_id: UUID, now: datetime) -> Shift | None:
    """The shift that answers for an agency at this moment; the one begun last if several. One statement."""
    return (
        Shift.objects.filter(agency=agency_id, starts_at__lte=now, ends_at__gt=now)
        .select_related("post", "agency")
        .order_by("-starts_at", "id")
        .first()
    )


def telephone(shift: Shift) -> str:
    """The number of a shift, opened from its sealed form."""
    return vault.unbox(SEAL, bytes(shift.telephone), aad=shift.id.bytes).decode()


def midnight(on: date) -> datetime:
    """When a day begins in Shanghai."""
    return datetime.combine(on, time(), SHANGHAI)


def days(agency_id: UUID, first: date, many: int = DAYS) -> list[Day]:
    """So many days of an agency's roster from `first`, with names, numbers and gaps.

    Two statements, however many shifts.
    """
    wanted = [first + timedelta(days=n) for n in range(many)]
    shifts = between(agency_id, midnight(first), midnight(first + timedelta(days=many + 1)))
    named = people.names(shift.post.account_id for shift in shifts)
    return [
        Day(
            on=day,
            kind=calendar.calendar().day(day),
            shifts=[
                as_on_duty(s, named)
                for s in shifts
                if s.starts_at < midnight(day + timedelta(days=1)) and s.ends_at > midnight(day)
            ],
            gaps=gaps(shifts, *to_be_covered(day)),
        )
        for day in wanted
    ]


def night(on: date) -> tuple[datetime, datetime]:
    """Beginning and end of the night that begins on a day."""
    return (
        datetime.combine(on, NIGHT_BEGINS, SHANGHAI),
        datetime.combine(on + timedelta(days=1), NIGHT_ENDS, SHANGHAI),
    )


def month(agency_id: UUID, begins: date) -> list[Day]:
    """The roster of the month that begins on that day."""
    following = (begins + timedelta(days=LONGEST_MONTH)).replace(day=1)
    return days(agency_id, begins, (following - begins).days)


def asked_of(post_ids: Collection[UUID], now: datetime) -> list[Shift]:
    """Shifts that somebody is asked to take and that have not begun, the next first."""
    waiting = Shift.objects.filter(asked__in=post_ids, starts_at__gt=now)
    return list(waiting.select_related("post", "agency", "in_return").order_by("starts_at", "id"))


def following(agency_id: UUID, now: datetime) -> Shift | None:
    """Who comes on next."""
    coming = Shift.objects.filter(agency=agency_id, starts_at__gt=now).order_by("starts_at", "id")
    return coming.select_related("post").first()


def office(agency_id: UUID | None) -> Agency | None:
    """The office whose roster is shown."""
    return Agency.objects.filter(pk=agency_id).first() if agency_id else None


def shift_of(agency_id: UUID | None, shift_id: UUID) -> Shift:
    """A shift of that office. Raises NotFound for any other."""
    found = Shift.objects.filter(pk=shift_id, agency=agency_id).select_related("agency", "post").first()
    if found is None:
        raise NotFound
    return found


def post(post_id: UUID) -> Post | None:
    """The post that was chosen from a list."""
    return Post.objects.filter(pk=post_id).select_related("agency").first()


def to_be_covered(on: date) -> tuple[datetime, datetime]:
    """When the roster answers for a day: its night, and from the morning on where no work goes on."""
    begins, ends = night(on)
    return (begins if calendar.is_working_day(on) else datetime.combine(on, NIGHT_ENDS, SHANGHAI)), ends


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
        post=shift.post_id,
        asked=shift.asked_id,
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


def dark(line: str, city: str, first: date, many: int = DAYS) -> list[Dark]:
    """Where a ladder would end at a telephone that nobody answers: hours outside the office in which nobody is on duty
    in an office of the line, nor anywhere above it. Nothing here: at any hour of these days somebody answers.
    """
    offices = list(agencies.working(first).filter(line=line, city=city, tier__in=("city", "county")))
    chains = {office.id: [office, *agencies.superiors(office)] for office in offices}
    wanted = {each.id for chain in chains.values() for each in chain}
    begins, ends = midnight(first), midnight(first + timedelta(days=many + 1))
    touching = Shift.objects.filter(agency__in=wanted, starts_at__lt=ends, ends_at__gt=begins)
    shifts = list(touching.order_by("starts_at", "id"))
    found = []
    for office in sorted(offices, key=lambda a: (a.place_id, a.name)):
        ids = {each.id for each in chains[office.id]}
        theirs = [s for s in shifts if s.agency_id in ids]
        left = [gap for n in range(many) for gap in gaps(theirs, *to_be_covered(first + timedelta(days=n)))]
        if left:
            found.append(Dark(office.id, office.name, left))
    return found


def last_to_call(agency: Agency, now: datetime) -> Shift | None:
    """Who answers where a ladder ends: on duty at the top of the line or, while nobody is, in the next office below."""
    for each in reversed([agency, *agencies.superiors(agency)]):
        if shift := on_duty(each.id, now):
            return shift
    return None
