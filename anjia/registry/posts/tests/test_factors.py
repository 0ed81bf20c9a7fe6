"""A second factor is asked of whom it must be, and counts as fresh for a few minutes only."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.http import HttpRequest

from anjia.registry.posts import actions, actors, factors, sessions
from anjia.registry.posts.models import Post, Session
from anjia.registry.posts.tests.conftest import NOW


def request_at(cookie: str, minutes: float) -> HttpRequest:
    """A page asked for by that browser so many minutes after signing in."""
    request, now = HttpRequest(), NOW + timedelta(minutes=minutes)
    request.now = now  # type: ignore[attr-defined]
    request.signed_in = sessions.look_up(cookie, now)  # type: ignore[attr-defined]
    return request


@pytest.mark.parametrize(
    ("proved_by", "minutes", "fresh"),
    [
        ("totp", 0, True),
        ("totp", 4.9, True),
        ("totp", 5, False),
        ("totp", -1, False),
        ("", 0, False),
        (factors.ONE_CLICK, 0, False),
        (factors.DEMO_CODE, 1, True),
    ],
)
def test_a_factor_is_fresh_for_five_minutes(shen: Post, proved_by: str, minutes: float, fresh: bool) -> None:
    cookie = actions.sign_in(account=shen.account, post=shen, now=NOW, proved_by=proved_by)
    assert factors.is_fresh(request_at(cookie, minutes)) is fresh


def test_nobody_signed_in_is_never_fresh() -> None:
    assert not factors.is_fresh(HttpRequest())


def test_the_proof_stays_when_the_post_changes(make: SimpleNamespace, shen: Post) -> None:
    other = make.post(shen.account, make.agency(place="321003001", name="邗上街道妇联"))
    cookie = actions.sign_in(account=shen.account, post=shen, now=NOW, proved_by="totp")
    found = sessions.look_up(cookie, NOW)
    assert found is not None
    again = actions.switch_post(session=found.key, post=other.id, actor=found.actor, now=NOW)
    assert factors.is_fresh(request_at(again, 1))


def test_federations_above_the_village_must_show_one(make: SimpleNamespace, shen: Post) -> None:
    court = make.post(make.account(), make.agency(kind="court", name="邗江区人民法院"))
    village = make.post(
        make.account(), make.agency(place="321003001001", name="社区妇联"), role="volunteer", title="志愿者"
    )
    admin = make.post(make.account(), court.agency, role="sysadmin", title="管理员")
    assert [factors.must_have(p) for p in (shen, court, village, admin)] == [True, False, False, True]
    assert factors.must_have(actors.for_post(shen.id, NOW))


def test_a_browser_that_was_shown_sealed_data_rests_ten_minutes_at_most(shen: Post) -> None:
    cookie = actions.sign_in(account=shen.account, post=shen, now=NOW)
    found = sessions.look_up(cookie, NOW)
    assert found is not None
    sessions.seen(found, NOW, is_sealed_open=True)
    assert sessions.look_up(cookie, NOW + timedelta(minutes=9)) is not None
    assert sessions.look_up(cookie, NOW + timedelta(minutes=10)) is None
    Session.objects.update(last_seen_at=NOW + timedelta(minutes=30))
    assert sessions.look_up(cookie, NOW + timedelta(minutes=59)) is not None, "it has long left the screen"
