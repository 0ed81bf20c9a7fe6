"""A day that nobody can mean is an error beside its field, or the present; never a page that breaks."""

from __future__ import annotations

import pytest

from anjia.doors.desk.tests.conftest import SignIn
from anjia.engine.letters import layouts
from anjia.engine.matters import figures
from anjia.engine.matters.tests.world import World

ODD = ("0001-01-01", "9999-12-31", "2026-02-30", "x", "１")
MONTHS = ("000001", "999912", "202600", "0001-01", "9999-12", "abcdef", "２０２６０３")
LEDGER = next(iter(layouts.ledgers()))
FIGURE = next(iter(figures.declared()))


@pytest.mark.parametrize("odd", ODD)
def test_no_page_breaks_at_a_day_nobody_can_mean(signed_in: SignIn, odd: str) -> None:
    client = signed_in("county")
    for path in (
        f"/desk/week/?on={odd}",
        f"/desk/ledgers/{LEDGER}/?from={odd}&until={odd}",
        f"/desk/ledgers/{LEDGER}/?until={odd}",
        f"/desk/rules/referral.accept/?start={odd}T00:00",
    ):
        assert client.get(path).status_code in (200, 422), path
    sent = client.post("/desk/books/", {"checklist": "x", "from": odd, "until": odd})
    assert sent.status_code == 422


@pytest.mark.parametrize("odd", MONTHS)
def test_no_page_breaks_at_a_month_nobody_can_mean(signed_in: SignIn, odd: str) -> None:
    client = signed_in("city")
    for path in (
        f"/desk/duty/?month={odd}",
        f"/desk/figures/{FIGURE}/?month={odd}",
        f"/desk/burden/?month={odd}",
    ):
        assert client.get(path).status_code == 200, path


def test_a_move_says_so_beside_the_field(signed_in: SignIn, world: World) -> None:
    matter = world.help_wanted().matter
    sent = signed_in("county").post(
        f"/desk/m/{matter}/do/record_police_report/",
        {"reported_at": "0001-01-01T00:00", "ver": 1, "key": "0" * 32},
    )
    assert sent.status_code == 422
    assert "年-月-日" in sent.content.decode()
