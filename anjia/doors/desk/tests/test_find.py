"""找 and its palette: what leads on from here, for this reader; nothing that her pages would not show."""

from __future__ import annotations

import pytest
from django.test import Client

from anjia.doors.desk.tests.conftest import SignIn
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.tests.world import HIS_NAME, NAME, PHONE, World


def lines(client: Client, words: str, on: object = "") -> str:
    response = client.post("/desk/find/", {"q": words, "on": str(on)})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def test_steps_of_the_open_matter_lead_to_their_forms(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    for words in ("", "安全计划", "aqjh", "safety"):
        assert f"/desk/m/{m}/do/safety_plan/" in lines(signed_in("county"), words, m)
    assert "/do/" not in lines(signed_in("county"), "安全计划")
    for who in ("other", "city", "police"):
        assert "/do/" not in lines(signed_in(who), "", m)


def test_partner_is_offered_what_the_page_offers(world: World, signed_in: SignIn) -> None:
    m = world.responding(decisions=Decisions(tell_police=True))
    child = world.refers(m, "refer_police", "police", "03-11 09:00")
    text = lines(signed_in("police"), "", child)
    assert f"/desk/m/{child}/do/accept/" in text
    assert "/do/transfer/" not in text


@pytest.mark.parametrize("words", [NAME, "zxl", PHONE])
def test_matters_by_person_within_scope(world: World, signed_in: SignIn, words: str) -> None:
    m = world.responding()
    assert f"/desk/m/{m}/" in lines(signed_in("county"), words)
    for who in ("other", "city", "police", "leader", "sysadmin"):
        text = lines(signed_in(who), words)
        assert str(m) not in text
        assert HIS_NAME not in text


def test_masked_line_is_found_by_number_without_a_name(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    text = lines(signed_in("city"), world.row(m).number)
    assert f"/desk/m/{m}/" in text
    assert NAME not in text


def test_pages_and_places_by_letters(world: World, signed_in: SignIn) -> None:
    client = signed_in("county")
    assert "/desk/duty/" in lines(client, "zbb")
    assert "/desk/duty/" not in lines(signed_in("sysadmin"), "zbb")
    assert "township=321003990" in lines(client, "liupu")
    assert "321084" not in lines(client, "gaoyou")  # another county's place


def test_without_script_the_search_page_says_the_same(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    client = signed_in("county")
    page = client.post("/desk/search/", {"q": "zxl"}).content.decode()
    assert f"/desk/m/{m}/" in page
    assert "/desk/rules/" in client.post("/desk/search/", {"q": "期限规则"}).content.decode()
    assert client.get("/desk/find/").status_code == 405  # words are never part of an address


def test_a_stranger_finds_nothing(db: None) -> None:
    response = Client().post("/desk/find/", {"q": NAME})
    assert response.status_code == 302
