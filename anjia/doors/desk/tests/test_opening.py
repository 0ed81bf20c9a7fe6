"""Every procedure that may be opened alone is registered on one page made from its playbook."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client

from anjia.doors.desk.tests.conftest import SignIn
from anjia.engine.matters.models import Matter, Party
from anjia.engine.matters.tests.world import VILLAGE, World
from anjia.law.playbooks.library import catalogue

ALONE = sorted(name for name, book in catalogue().items() if book.opens_alone and not book.from_phone)
TYPED = {
    "channel": "visit",
    "name": "钱玉珍",
    "phone": "10055500001",
    "request": "要回承包地",
    "residence": VILLAGE,
}


@pytest.mark.parametrize("name", ALONE)
@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_each_has_its_form_and_stands_among_the_choices(signed_in: SignIn, name: str, lang: str) -> None:
    page = signed_in("county").get(f"/desk/new/{name}/?lang={lang}", follow=True)
    assert page.status_code == 200
    text = page.content.decode()
    label = catalogue()[name].label["en" if lang == "en" else "zh"]
    assert text.count(label) >= 1
    for other in ALONE:
        assert ("/desk/new/" if other == "dv-case" else f"/desk/new/{other}/") in text


def test_what_only_opens_inside_another_has_none(signed_in: SignIn) -> None:
    client = signed_in("county")
    for name in ("petition-review", "referral", "lead", "walk-round", "nothing"):
        assert client.get(f"/desk/new/{name}/").status_code == 404


def test_petition_is_saved_once_and_its_receipt_is_shown_once(world: World, signed_in: SignIn) -> None:
    client = signed_in("county")
    typed = {**TYPED, "key": uuid.uuid4().hex, "receipt": "yes"}
    first = client.post("/desk/new/petition/", typed).content.decode()
    second = client.post("/desk/new/petition/", typed).content.decode()
    m = Matter.objects.get()
    assert (m.playbook, m.holder, m.channel) == ("petition", world.offices["county"], "visit")
    shown = [re.search(r"data-receipt>([\d ]+)<", page) for page in (first, second)]
    assert shown[0]
    assert shown[1]
    assert shown[0][1] == shown[1][1]
    assert not Party.objects.filter(role="complained").exists()  # of whom nothing was said
    back = Client().post("/c/", {"receipt": shown[0][1]}).content.decode()
    assert "已收到" in back


def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(signed_in: SignIn) -> None:
    typed = {**TYPED, "key": uuid.uuid4().hex, "collective": "yes", "visitors": "30", "representatives": "9"}
    page = signed_in("county").post("/desk/new/petition/", typed)
    text = page.content.decode()
    assert page.status_code == 422
    assert "不能大于 5" in text
    assert "f-representatives-error" in text
    for words in ("钱玉珍", "要回承包地", "10055500001"):
        assert words in text
    assert not Matter.objects.exists()


def test_what_must_be_known_is_asked_for(signed_in: SignIn) -> None:
    page = signed_in("county").post(
        "/desk/new/serious-incident/", {"key": uuid.uuid4().hex, "brief": "一人重伤"}
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert "f-incident-kind-error" in text
    assert "一人重伤" in text


def test_a_place_typed_in_letters_is_found_without_script(signed_in: SignIn) -> None:
    typed = {**TYPED, "key": uuid.uuid4().hex, "residence": "", "residence__words": "yanglin"}
    page = signed_in("county").post("/desk/new/petition/", typed)
    text = page.content.decode()
    assert page.status_code == 422
    assert VILLAGE in text
    assert "请从找到的地点里选一个" in text


def test_somebody_known_here_is_shown_while_typing(world: World, signed_in: SignIn) -> None:
    client = signed_in("county")
    client.post("/desk/new/petition/", {**TYPED, "key": uuid.uuid4().hex})
    assert "钱玉珍" in client.post("/desk/new/same/", {"phone": TYPED["phone"]}).content.decode()
    assert (
        "钱玉珍" not in signed_in("other").post("/desk/new/same/", {"phone": TYPED["phone"]}).content.decode()
    )


def test_what_an_office_begins_of_itself_is_no_call(signed_in: SignIn) -> None:
    """A round stood in the ledger as a telephone call, and was asked how it came in."""
    client = signed_in("county")
    form = client.get("/desk/new/recognition-round/").content.decode()
    assert 'name="channel"' not in form
    assert "<h1>登记来电来访" not in form
    client.post("/desk/new/recognition-round/", {"round_year": "2026", "key": uuid.uuid4().hex})
    assert Matter.objects.get().channel == "transfer"
