"""Capability 41 · 平安家庭示范户 · Recognised households.

Works when: a household applies in a round that has its basis document, the notice of five working days cannot end early
whatever anybody presses, an objection stops it until it was checked, and one that stands ends it with the sentence that
everybody who is not listed gets.
Screen: /h/, /n/, /desk/m/<id>/
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from anjia.engine.matters.tests.world import COUNTY, World, at
from anjia.foundation.core import clock
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, RuleBroken
from anjia.prevention.honours.tests.yearly import begun, listed, many, registered, until


def test_the_notice_runs_its_five_days_and_an_objection_stops_it(
    world: World, monkeypatch: pytest.MonkeyPatch, signed_in: Callable[[str], Client]
) -> None:
    round_ = begun(world)
    crowd = many(6)
    listed(world, round_)
    noticed = [m for m in crowd.values() if world.row(m).stage == "noticed"]
    for when in ("04-28 10:00", "05-08 18:00"):  # whatever is pressed meanwhile
        world.does("county", "announce", round_, when)
        until(when)
        assert {world.row(m).stage for m in noticed} == {"noticed"}
    assert {world.duty(m, "notice").due_at.astimezone(SHANGHAI).date() for m in noticed} == {date(2026, 5, 8)}
    for by_hand in ("publish", "leave_out", "notice_over"):
        with pytest.raises(NotAllowed, match="系统"):
            world.does("county", by_hand, noticed[0], "05-08 18:01", result_words="x")
    world.does("county", "object", noticed[0], "05-08 18:02", objection="楼道停三轮。")
    until("05-09 00:10")
    assert [world.row(m).stage for m in noticed] == ["noticed", "after_notice", "after_notice"]
    world.does("county", "announce", round_, "05-11 09:00")
    until("05-11 09:01")
    assert [world.row(m).stage for m in noticed] == ["noticed", "listed", "listed"]
    world.does("county", "settle_objection", noticed[0], "05-12 09:00", finding="stands", checked="没有改。")
    until("05-13 00:10")
    world.does("county", "announce", round_, "05-13 09:00")
    until("05-13 09:01")
    assert world.row(noticed[0]).stage == "not_listed"
    moment = at("05-13 10:00")
    monkeypatch.setattr(clock, "now", lambda: moment)
    page = Client().get("/n/", {"at": COUNTY}).content.decode()
    assert not [name for name in crowd if name in page]
    desk = signed_in("county").get(f"/desk/m/{noticed[0]}/").content.decode()
    assert "本轮未列入" in desk


def test_without_its_basis_there_is_no_round(world: World, signed_in: Callable[[str], Client]) -> None:
    form = signed_in("county").get(f"/desk/m/{registered(world)}/do/open_round/").content.decode()
    assert 'type="file"' in form
    with pytest.raises(RuleBroken):
        begun(world, basis_until="2026-03-01")
