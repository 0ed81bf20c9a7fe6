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
from anjia.law import rules
from anjia.registry.posts import actions, actors, duty, ledger
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
    shift = duty.last_to_call(county, at(1, 3))
    assert shift is not None
    assert shift.agency == city
    assert duty.last_to_call(county, at(7, 3)) is None
    add(make.post(make.account("罗敏"), county), at(7, 0), at(7, 9))
    own = duty.last_to_call(county, at(7, 3))
    assert own is not None
    assert own.agency == county


def test_the_week_shows_names_numbers_and_the_night_without_anybody(shen: Post) -> None:
    for day in range(7):
        if day != 3:
            add(shen, at(day, 18), at(day + 1, 8))
    with CaptureQueriesContext(connection) as seen:
        week = duty.days(shen.agency_id, MONDAY)
    assert len(seen) == 2
    # … and by day on the weekend, when nobody sits in the office
    assert [d.on for d in week if d.gaps] == [date(2026, 3, 12), date(2026, 3, 14), date(2026, 3, 15)]
    assert week[5].gaps == [duty.Gap(at(5, 8), at(5, 18))]
    assert week[3].gaps == [duty.Gap(at(3, 18), at(4, 8))]
    line = week[0].shifts[0]
    assert (line.name, line.title, line.telephone) == ("沈静", "权益部部长", PHONE)
    assert len(week[1].shifts) == 2, "a night stands on both of its days"


def test_a_gap_of_an_hour_in_the_night_is_a_gap(shen: Post) -> None:
    add(shen, at(0, 17), at(0, 23))
    add(shen, at(1, 0), at(1, 9))
    assert duty.days(shen.agency_id, MONDAY)[0].gaps == [duty.Gap(at(0, 23), at(1, 0))]


def test_overlapping_shifts_leave_no_gap(shen: Post) -> None:
    add(shen, at(0, 12), at(1, 2))
    add(shen, at(0, 20), at(0, 22))
    add(shen, at(1, 1), at(1, 12))
    assert duty.days(shen.agency_id, MONDAY, many=1)[0].gaps == []


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


def test_a_holiday_needs_somebody_by_day_and_a_make_up_day_does_not(shen: Post) -> None:
    """National Day 2026 is a Thursday; Saturday 10 October is worked for it."""
    shown = {d.on: d for d in duty.month(shen.agency_id, date(2026, 10, 1))}
    assert len(shown) == 31
    feast, made_up = shown[date(2026, 10, 1)], shown[date(2026, 10, 10)]
    assert (feast.kind.name["zh"], made_up.kind.works) == ("国庆节", True)
    assert feast.gaps[0].begins.astimezone(SHANGHAI).hour == 8
    assert made_up.gaps[0].begins.astimezone(SHANGHAI).hour == 18


# -- every ladder ends at a telephone, or the city is told where it does not ---------------------------------


def test_at_any_hour_every_ladder_ends_at_a_telephone_or_at_a_finding(make: SimpleNamespace) -> None:
    """Hour by hour, whichever rung a rule ends at: somebody answers, or it is office time, or the gap is shown."""
    city = make.agency(place="321000", name="扬州市妇联")
    county = make.agency()
    chief, clerk = make.post(make.account("高云"), city), make.post(make.account("罗敏"), county)
    for day in (0, 1, 4, 5):
        add(chief, at(day, 18), at(day + 1, 8))
    add(clerk, at(2, 20), at(3, 6))
    found = duty.dark("federation", "321000", MONDAY - timedelta(days=1), 9)
    newest = [rules.book().versions(rule_id)[-1] for rule_id in rules.book().ids()]
    ends = {rule.ladder.rungs[-1].tier for rule in newest if rule.ladder}
    assert ends == {"roster"}, "every ladder ends at the duty roster"
    for office in (city, county):
        shown = [g for d in found if d.agency == office.id for g in d.gaps]
        for hour in range(24 * 7):
            moment = at(0, 0) + timedelta(hours=hour)
            day = moment.date() if moment.hour >= 8 else moment.date() - timedelta(days=1)
            begins, until = duty.to_be_covered(day)
            by_day = not begins <= moment < until
            answered = duty.last_to_call(office, moment) is not None
            told = any(g.begins <= moment < g.ends for g in shown)
            assert answered or by_day or told, (office.name, moment)
            assert not (answered and told), (office.name, moment)


# -- one takes another's shift -------------------------------------------------------------------------------


def test_a_shift_changes_hands_only_when_the_other_agrees(shen: Post, make: SimpleNamespace) -> None:
    other = make.post(make.account("罗敏"), shen.agency)
    shift, back = add(shen, at(0, 18), at(1, 8)), add(other, at(2, 18), at(3, 8))
    before = at(0, 8)
    me, she = actors.for_post(shen.id, before), actors.for_post(other.id, before)
    actions.ask_swap(shift=shift, to=other, in_return=back, actor=me, now=before)
    shift.refresh_from_db()
    assert shift.post_id == shen.id
    with pytest.raises(NotAllowed):  # she who asks does not answer
        actions.answer_swap(shift=shift, agrees=True, telephone="", actor=me, now=before)
    actions.answer_swap(shift=shift, agrees=True, telephone="0514-00000001", actor=she, now=before)
    shift.refresh_from_db()
    back.refresh_from_db()
    assert (shift.post_id, back.post_id, shift.asked_id) == (other.id, shen.id, None)
    assert duty.telephone(shift) == "0514-00000001"
    assert ledger.entries(shen.agency_id, [ledger.SWAPPED])[0].codes["to"] == str(other.id)


def test_a_no_leaves_the_shift_where_it_was(shen: Post, make: SimpleNamespace) -> None:
    other = make.post(make.account("罗敏"), shen.agency)
    shift, before = add(shen, at(0, 18), at(1, 8)), at(0, 8)
    actions.ask_swap(shift=shift, to=other, actor=actors.for_post(shen.id, before), now=before)
    actions.answer_swap(
        shift=shift, agrees=False, telephone="", actor=actors.for_post(other.id, before), now=before
    )
    shift.refresh_from_db()
    assert (shift.post_id, shift.asked_id) == (shen.id, None)


def test_nobody_gives_away_anothers_shift_or_one_that_has_begun(shen: Post, make: SimpleNamespace) -> None:
    other = make.post(make.account("罗敏"), shen.agency, role="officer")
    shift = add(shen, at(0, 18), at(1, 8))
    with pytest.raises(NotAllowed):
        actions.ask_swap(shift=shift, to=other, actor=actors.for_post(other.id, at(0, 8)), now=at(0, 8))
    with pytest.raises(RuleBroken):
        actions.ask_swap(shift=shift, to=other, actor=actors.for_post(shen.id, at(0, 19)), now=at(0, 19))
    court = make.post(make.account(), make.agency("court", name="邗江区人民法院"))
    with pytest.raises(RuleBroken):
        actions.ask_swap(shift=shift, to=court, actor=actors.for_post(shen.id, at(0, 8)), now=at(0, 8))
