"""The page on which an officer says that two are one person, and takes it back."""

from __future__ import annotations

from uuid import UUID

import pytest

from anjia.doors.desk.tests.conftest import SignIn
from anjia.engine.matters.models import Party
from anjia.engine.matters.tests.world import OTHER, World


def her(m: UUID) -> UUID:
    return Party.objects.get(matter=m, role="asking").id


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_link_and_undo(world: World, signed_in: SignIn, lang: str) -> None:
    first = world.help_wanted(when="03-09 08:00").matter
    second = world.help_wanted(when="03-10 08:00", name="小兰").matter
    hidden = world.help_wanted(when="03-10 09:00", name="小兰", place=OTHER).matter
    client, url = signed_in("county"), f"/desk/m/{first}/same-person/"
    numbers = {m: world.row(m).number for m in (first, second, hidden)}
    text = client.get(f"{url}?lang={lang}").content.decode()
    assert numbers[second] in text
    assert numbers[hidden] not in text
    assert f"|{her(hidden)}" not in client.get(url, {"q": numbers[hidden]}).content.decode()
    pair = text.split('name="pair" value="')[1].split('"')[0]
    assert client.post(url, {"pair": pair}).status_code == 422  # the ground is asked for
    assert client.post(url, {"pair": "x", "link_why": "she_said"}).status_code == 422
    assert client.post(url, {"pair": pair, "link_why": "she_said"}).status_code == 302
    page = client.get(f"/desk/m/{first}/").content.decode()
    assert "同一人的其他事项" in page
    assert numbers[second] in page
    assert client.post(url, {"pair": pair, "undo": "1", "reason": "看错了"}).status_code == 302
    assert "同一人的其他事项" not in client.get(f"/desk/m/{first}/").content.decode()


def test_who_does_not_lead_finds_no_such_page(world: World, signed_in: SignIn) -> None:
    m = world.help_wanted().matter
    for who in ("city", "other", "police"):
        assert signed_in(who).get(f"/desk/m/{m}/same-person/").status_code == 404
