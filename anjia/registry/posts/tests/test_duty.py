"""Somebody always answers the telephone, and a night without anybody is seen beforehand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, RuleBroken
from anjia.foundation.core.who import Who
from anjia.registry.posts import actions, actors, duty
from anjia.registry.posts.actors import SYSTEM, Actor
from anjia.registry.posts.models import Post, Shift
from anjia.registry.posts.tests.conftest import NOW

MONDAY = date(2026, 3, 9)
PHONE = "0514-00000000"


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 3, 9 + day, hour, tzinfo=SHANGHAI)


def add(post: Post, starts: datetime, ends: datetime, actor: Who = SYSTEM) -> Shift:
    return actions.add_shift(
        agency=post.agency, post=post, telephone=PHONE, starts_at=starts, ends_at=ends, actor=actor, now=NOW
    )


def test_the_shift_of_the_moment_answers_from_its_first_to_before_its_last(shen: Post) -> None:
    add(shen, at(0, 18), at(1, 8))
    agency = shen.agency_id
    assert duty.on_duty(agency, at(0, 17)) is None
    shift = duty.on_duty(agency, at(0, 18))
    assert shift is not None
    assert duty.telephone(shift) == PHONE
    assert duty.on_duty(agency, at(1, 7)) == shift
    assert duty.on_duty(agency, at(1, 8)) is None


def test_the_telephone_is_sealed_and_bound_to_its_shift(shen: Post) -> None:
    first, second = add(shen, at(0, 18), at(1, 8)), add(shen, at(1, 18), at(2, 8))
    assert PHONE.encode() not in bytes(first.telephone)
    first.telephone = second.telephone
    with pytest.raises(Exception, match="sealed value"):
        duty.telephone(first)


def test_where_nobody_is_on_duty_the_line_above_answers(make: SimpleNamespace) -> None:
    city = make.agency(place="321000", name="扬州市妇联")
    county = make.agency()
    add(make.post(make.account("高云"), city), at(0, 0), at(6, 0))
    shift = duty.answering(county, at(1, 3))
    assert shift is not None
    assert shift.agency == city
    assert duty.answering(county, at(7, 3)) is None


def test_the_week_shows_names_numbers_and_the_night_without_anybody(shen: Post) -> None:
    for day in range(7):
        if day != 3:
            add(shen, at(day, 18), at(day + 1, 8))
    with CaptureQueriesContext(connection) as seen:
        week = duty.week(shen.agency_id, MONDAY)
    assert len(seen) == 2
    assert (
        [d.on for d in week if d.night_gaps]
        == [date(2026, 3, 12)]
        == duty.nights_without(shen.agency_id, MONDAY)
    )
    assert week[3].night_gaps == [duty.Gap(at(3, 18), at(4, 8))]
    line = week[0].shifts[0]
    assert (line.name, line.title, line.telephone) == ("沈静", "权益部部长", PHONE)
    assert len(week[1].shifts) == 2, "a night stands on both of its days"


def test_a_gap_of_an_hour_in_the_night_is_a_gap(shen: Post) -> None:
    add(shen, at(0, 17), at(0, 23))
    add(shen, at(1, 0), at(1, 9))
    assert duty.week(shen.agency_id, MONDAY)[0].night_gaps == [duty.Gap(at(0, 23), at(1, 0))]


def test_overlapping_shifts_leave_no_gap(shen: Post) -> None:
    add(shen, at(0, 12), at(1, 2))
    add(shen, at(0, 20), at(0, 22))
    add(shen, at(1, 1), at(1, 12))
    assert duty.nights_without(shen.agency_id, MONDAY, days=1) == []


def test_a_shift_that_nobody_can_keep_is_refused(shen: Post, make: SimpleNamespace) -> None:
    for starts, ends in ((at(1, 8), at(0, 18)), (at(0, 8), at(0, 8)), (at(0, 8), at(8, 8))):
        with pytest.raises(RuleBroken):
            add(shen, starts, ends)
    ended = make.post(make.account(), shen.agency, to_on=date(2026, 3, 10))
    with pytest.raises(RuleBroken):
        add(ended, at(0, 18), at(1, 8))
    court = make.post(make.account(), make.agency("court", name="邗江区人民法院"))
    with pytest.raises(RuleBroken):
        actions.add_shift(
            agency=shen.agency,
            post=court,
            telephone=PHONE,
            starts_at=at(0, 8),
            ends_at=at(0, 9),
            actor=SYSTEM,
            now=NOW,
        )
    with pytest.raises(RuleBroken):
        actions.add_shift(
            agency=shen.agency,
            post=shen,
            telephone="–",
            starts_at=at(0, 8),
            ends_at=at(0, 9),
            actor=SYSTEM,
            now=NOW,
        )


def test_the_triage_desk_keeps_its_own_roster_officers_and_strangers_do_not(
    shen: Post, make: SimpleNamespace
) -> None:
    triage = make.post(make.account("陈璐"), shen.agency, role="triage")
    assert add(shen, at(0, 18), at(1, 8), actors.for_post(triage.id, NOW))
    for actor in (actors.for_post(shen.id, NOW), Actor("resident")):
        with pytest.raises(NotAllowed):
            add(shen, at(1, 18), at(2, 8), actor)


def test_who_was_on_duty_is_not_rewritten(shen: Post) -> None:
    shift = add(shen, at(0, 8), at(0, 18))
    with pytest.raises(RuleBroken):
        actions.remove_shift(shift=shift, actor=SYSTEM, now=at(0, 9))
    actions.remove_shift(shift=shift, actor=SYSTEM, now=at(0, 8) - timedelta(hours=1))
    assert not Shift.objects.exists()
