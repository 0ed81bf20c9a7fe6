"""表单减负自检: a sum over all villages that opens what it counts, a cap of one's own, and no village's name."""

from __future__ import annotations

import uuid

import pytest
from click.testing import CliRunner

from anjia.cli.playbooks import playbooks as commands
from anjia.doors.desk.tests.conftest import SignIn
from anjia.engine.matters import burdens
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.tests.world import VILLAGE, World, at
from anjia.foundation.events.models import Event
from anjia.registry.posts import ledger


@pytest.fixture
def visited(world: World) -> uuid.UUID:
    """A case in which the village was asked to look in, twice."""
    m = world.responding(decisions=Decisions(tell_community=True))
    world.does("county", "invite_village", m, "03-11 09:00")
    for when in ("03-11 09:10", "03-12 09:10"):
        world.does(
            "county",
            "plan_visit",
            m,
            when,
            visit_whom="complained",
            visit_way="agreed_place",
            visit_task="讲法",
        )
        world.does("village", "village_visit_done", m, when.replace("09:10", "16:00"), visit_found="safe")
    return m


def test_the_figure_counts_duties_times_fields_and_opens_them(world: World, visited: uuid.UUID) -> None:
    march = burdens.month_of(at("03-20 09:00"), "2026-03")
    for who in ("county", "city"):
        asked = burdens.asked(world.actor(who, "03-20 09:00"), march)
        assert [(line.kind, line.times, line.each, line.fields) for line in asked.lines] == [
            ("village_visit", 2, 2, 4)
        ]
        assert (asked.fields, asked.villages, asked.average) == (4, 1, 4)
        records = burdens.records(world.actor(who, "03-20 09:00"), march, "dv-case", "village_visit")
        assert [r.matter for r in records] == [visited, visited]
    assert burdens.asked(world.actor("other", "03-20 09:00"), march).fields == 0
    assert (
        burdens.asked(
            world.actor("county", "03-20 09:00"), burdens.month_of(at("03-20 09:00"), "2026-02")
        ).fields
        == 0
    )


def test_no_village_stands_on_the_page(visited: uuid.UUID, signed_in: SignIn) -> None:
    page = signed_in("city").get("/desk/burden/?month=2026-03&of=dv-case.village_visit").content.decode()
    assert "2 件 × 每件 2 个字段" in page
    for words in ("杨林社区妇联", VILLAGE, "排名" + "第"):
        assert words not in page.replace("不排名", "")
    for who in ("street", "village", "police", "leader", "sysadmin"):
        assert signed_in(who).get("/desk/burden/").status_code == 403


def test_a_county_sets_a_lower_cap_and_never_a_higher(world: World, signed_in: SignIn) -> None:
    client = signed_in("county")
    back = client.post("/desk/burden/", {"form": "99", "month": "x", "words": "村里忙"})
    assert back.status_code == 422
    text = back.content.decode()
    assert 'value="99"' in text
    assert "村里忙" in text
    assert client.post("/desk/burden/", {"form": "2", "month": "20", "words": "村里忙"}).status_code == 302
    assert ledger.burden_cap(world.offices["county"].id) == {"form": 2, "month": 20}
    assert ledger.lowest_burden_cap() == (2, "邗江区妇联")
    assert Event.objects.filter(matter=world.offices["county"].id, move=ledger.BURDEN_CAP).count() == 1
    assert "超过上限,不能再公布" in client.get("/desk/burden/").content.decode()


def test_what_is_over_a_countys_cap_is_not_published(world: World, signed_in: SignIn) -> None:
    signed_in("county").post("/desk/burden/", {"form": "1", "month": "20"})
    done = CliRunner().invoke(commands, ["publish", "dv-case"])
    assert done.exit_code == 1
    for words in ("邗江区妇联", "village_visit_done", "上限 1 个"):
        assert words in done.output
