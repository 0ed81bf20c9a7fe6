"""Capability 55 · 信访维权辖区管理和层级负责 · Petitions by district and tier.

Works when: a case goes to the federation that manages her village, and what nobody there takes up climbs to the
tier above on time, until a person claims it.
Screen: /desk/new/petition/, /desk/duties/?which=climbed
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.test import Client

from anjia.engine.matters import actions
from anjia.engine.matters.models import Matter
from anjia.engine.matters.tests.world import COUNTY, FOUNDED, OTHER, STREET, VILLAGE, World
from anjia.foundation.core.clock import now
from anjia.registry.places.actions import set_management
from anjia.registry.posts import actors
from anjia.registry.posts.actions.agencies import follow_management

SignIn = Callable[[str], Client]


def registered(client: Client, place: str) -> Matter:
    """A petition typed at a counter, wherever that counter is."""
    typed = {
        "key": uuid.uuid4().hex,
        "channel": "visit",
        "name": "钱玉珍",
        "residence": place,
        "request": "要回承包地",
    }
    response = client.post("/desk/new/petition/", typed)
    assert response.status_code == 302, response.content.decode()[:3000]
    return Matter.objects.get(pk=response["Location"].rstrip("/").rsplit("/", 1)[-1])


def test_her_village_decides_who_holds_it_and_time_who_hears_of_it(world: World, signed_in: SignIn) -> None:
    # typed at another county's counter: it goes where she lives, and the counter does not keep it
    m = registered(signed_in("other"), VILLAGE)
    assert m.holder == world.offices["county"]
    assert signed_in("other").get(f"/desk/m/{m.id}/").status_code == 404
    entry = m.duties.get(kind="system_entry")
    due = entry.due_at
    # nobody acts: one working day after it was due it stands with the county's own line, then with the city
    rungs = []
    for _step in range(3):
        entry.refresh_from_db()
        actions.climb_overdue(now=entry.climbs_at)
        entry.refresh_from_db()
        rungs.append((entry.climbed_to, entry.climbed_agency_id))
    assert due < entry.climbs_at
    assert rungs[:2] == [("county", world.offices["county"].id), ("city", world.offices["city"].id)]
    climbed = signed_in("city").get("/desk/duties/?which=climbed").content.decode()
    assert str(m.id) in climbed
    assert "钱玉珍" not in climbed  # the tier above sees that it is late, not whose it is


def test_who_manages_the_street_in_practice_holds_what_comes_from_it(world: World, signed_in: SignIn) -> None:
    set_management(
        place=STREET,
        managed_by=OTHER,
        from_on=FOUNDED.date(),
        basis="扬政发〔2026〕1号",
        now=now(),
        actor=actors.SYSTEM,
    )
    follow_management(place=STREET, now=now(), actor=actors.SYSTEM)
    assert registered(signed_in("county"), VILLAGE).holder == world.offices["other"]
    assert registered(signed_in("county"), COUNTY).holder == world.offices["county"]
