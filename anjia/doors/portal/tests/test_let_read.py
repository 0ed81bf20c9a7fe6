"""At her receipt she sees who else was let to read, and ends it there, without leaving a trace on the telephone."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from anjia.doors.portal import slowly
from anjia.engine.matters.inputs import Opened
from anjia.engine.matters.models import Grant, Party
from anjia.engine.matters.tests.world import World, at, build
from anjia.foundation.core import clock

pytestmark = pytest.mark.django_db
NOON = at("03-13 12:00")
CONSENT = {
    "grant_ground": "consent",
    "consent_by": "herself",
    "consent_on": "2026-03-12",
    "consent_way": "face",
}
HEADING = "还有谁能看"


@pytest.fixture
def world(monkeypatch: Any) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    monkeypatch.setattr(slowly, "SECONDS", 0)
    return build()


def lets(world: World, m: UUID, to: str, **more: str) -> UUID:
    given = {
        "agency": str(world.offices[to].id), "grant_opens": ["label"], "grant_purpose": "legal",
        "grant_until": "2026-04-01", "grant_ground": "statute_duty", "reason": "代理", **more,
    }  # fmt: skip
    world.does("county", "grant_access", m, "03-12 09:00", **given)
    return Grant.objects.filter(matter=m).latest("from_at", "id").id


def comes(client: Client, opened: Opened) -> str:
    return html.unescape(client.post("/", {"to": "c", "receipt": opened.receipt}).content.decode())


def ends(client: Client, page: str, grant: object) -> Any:
    ticket = re.search(r'name="ticket" value="([^"]*)"', page)
    assert ticket
    form = {"to": "c", "ticket": ticket[1], "do": "end-access", "grant": str(grant)}
    return client.post("/", form)


def test_nothing_is_said_where_nobody_was_let_in(world: World) -> None:
    assert HEADING not in comes(Client(), world.help_wanted())


def test_she_sees_the_kind_of_office_and_the_day_and_ends_it(world: World) -> None:
    opened = world.help_wanted()
    one = lets(world, opened.matter, "aid", **CONSENT)
    client = Client()
    page = comes(client, opened)
    assert HEADING in page
    assert "4月1日" in page
    assert "法律援助" in page
    assert world.offices["aid"].name not in page  # no office by name on a telephone that others may look at
    answer = ends(client, page, one)
    assert answer.status_code == 200  # the page itself: no address of its own to go Back to
    assert HEADING not in answer.content.decode()
    assert Grant.objects.get(pk=one).ended_at == NOON
    assert comes(client, opened).count("p-line") == 1
    assert not answer.cookies


def test_what_the_law_lets_others_read_is_shown_and_not_hers_to_end(world: World) -> None:
    """Nor by a form made by hand."""
    opened = world.help_wanted()
    one = lets(world, opened.matter, "court")
    client = Client()
    page = comes(client, opened)
    assert "按法律规定可以看" in page
    assert 'value="end-access"' not in page
    assert ends(client, page, one).status_code == 422
    assert Grant.objects.get(pk=one).ended_at is None


def test_a_place_that_hides_people_is_not_told_by_its_kind(world: World) -> None:
    opened = world.help_wanted()
    lets(world, opened.matter, "shelter", **CONSENT)
    page = comes(Client(), opened)
    assert "协助单位" in page
    assert "安置" not in page
    assert "庇护" not in page


def test_whoever_reported_for_her_neither_sees_nor_ends_it(world: World) -> None:
    opened = world.help_wanted()
    one = lets(world, opened.matter, "aid", **CONSENT)
    root = Party.objects.filter(matter=opened.matter).first()
    assert root is not None
    Party.objects.create(matter_id=opened.matter, root=root.root, role="helper")
    client = Client()
    page = comes(client, opened)
    assert HEADING not in page
    assert ends(client, page, one).status_code == 422
    assert Grant.objects.get(pk=one).ended_at is None


def test_of_another_family_or_of_nobody_nothing_ends(world: World) -> None:
    mine, other = world.help_wanted(key="a"), world.help_wanted(key="b", name="陈杏", phone="10022220000")
    one = lets(world, other.matter, "aid", **CONSENT)
    client = Client()
    page = comes(client, mine)
    for typed in (one, "x", ""):
        assert ends(client, page, typed).status_code == 422
    assert Grant.objects.get(pk=one).ended_at is None
