"""一起办: many rows, one answer, each its own act; what one row is refused keeps none of the others from being done."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client

from anjia.casework.mediation.tests.disputes import AGREED, dispute, screened
from anjia.doors.desk.tests.conftest import SignIn
from anjia.engine.matters import together
from anjia.engine.matters.tests.world import World
from anjia.foundation.events.models import Event

STEP = "dispute-mediation.visit_performance"
PAGE = "/desk/together/"


def promised(world: World, name: str) -> UUID:
    m = screened(world, first=name)
    world.does("mediators", "agree_oral", m, "04-20 10:00", in_force_at="2026-04-20T10:00", **AGREED)
    return m


@pytest.fixture
def three(world: World) -> list[UUID]:
    return [promised(world, name) for name in ("许长富", "何静", "林玉芳")]


def form(client: Client) -> dict[str, str]:
    """What the page hands back beside the answers: versions and the key made with the form."""
    text = client.get(f"{PAGE}?step={STEP}").content.decode()
    return dict(re.findall(r'type="hidden" name="(ver-[^"]+|key|step)" value="([^"]+)"', text))


def visits(m: UUID) -> int:
    return Event.objects.filter(matter=m, move="visit_performance").count()


def test_rows_are_done_each_by_itself_and_those_refused_say_why(
    world: World, three: list[UUID], signed_in: SignIn
) -> None:
    client = signed_in("street")
    typed = form(client) | {
        "performance": "full",
        "m": [str(m) for m in three],
        f"own-{three[1]}-performance": "partial",
    }
    world.does("mediators", "close_oral", three[2], "05-20 10:00", performance="full")
    text = client.post(PAGE, typed).content.decode()
    assert "办成 2 行，没办成 1 行" in text
    assert [visits(m) for m in three] == [1, 1, 0]
    said = [
        Event.objects.get(matter=m, move="visit_performance").codes["facts"]["performance"] for m in three[:2]
    ]
    assert said == ["full", "partial"]
    assert "林玉芳" in text
    assert f"/desk/m/{three[2]}/do/visit_performance/" in text


def test_the_same_form_sent_twice_is_done_once(three: list[UUID], signed_in: SignIn) -> None:
    client = signed_in("street")
    typed = form(client) | {"performance": "full", "m": [str(m) for m in three]}
    for _time in range(2):
        assert "办成 3 行，没办成 0 行" in client.post(PAGE, typed).content.decode()
    assert [visits(m) for m in three] == [1, 1, 1]


def test_somebody_elses_change_in_between_is_not_overwritten(
    world: World, three: list[UUID], signed_in: SignIn
) -> None:
    client = signed_in("street")
    typed = form(client) | {"performance": "full", "m": [str(m) for m in three]}
    world.does("mediators", "note", three[0], "05-02 10:00", words="老人住院了")
    assert "刚才有人改过这一件" in client.post(PAGE, typed).content.decode()
    assert [visits(m) for m in three] == [0, 1, 1]


def test_nothing_is_done_where_the_answer_for_all_is_missing_and_the_ticks_stay(
    three: list[UUID], signed_in: SignIn
) -> None:
    client = signed_in("street")
    page = client.post(PAGE, form(client) | {"m": str(three[0])})
    assert page.status_code == 422
    assert "这一项要填" in page.content.decode()
    assert re.search(rf'value="{three[0]}" checked', page.content.decode())
    assert visits(three[0]) == 0


def test_more_than_fifty_at_once_are_refused(three: list[UUID], signed_in: SignIn) -> None:
    client = signed_in("street")
    many = [str(three[0]), *(f"00000000-0000-7000-8000-{n:012}" for n in range(together.MOST))]
    page = client.post(PAGE, form(client) | {"performance": "full", "m": many})
    assert page.status_code == 422
    assert visits(three[0]) == 0


def test_a_row_that_is_not_theirs_is_one_that_does_not_exist(
    world: World, three: list[UUID], signed_in: SignIn
) -> None:
    other = world.responding()
    client = signed_in("street")
    text = client.post(PAGE, form(client) | {"performance": "full", "m": [str(other)]}).content.decode()
    assert "没有找到这件事项" in text
    assert "周晓兰" not in text


def test_only_what_a_procedure_marks_is_offered(world: World, signed_in: SignIn) -> None:
    dispute(world)
    client = signed_in("mediators")
    assert (
        client.get(f"{PAGE}?step=dispute-mediation.close_oral").content.decode().count("请先选要办哪一步")
        == 1
    )
    page = client.post(PAGE, {"step": "dispute-mediation.accept", "m": "x", "key": "k"})
    assert "请先选要办哪一步" in page.content.decode()
