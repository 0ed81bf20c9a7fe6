"""办事流程 on the desk: the sheet on its page; 流程体检 says what is proved and shows where it goes wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anjia.doors.desk.tests.conftest import SignIn
from anjia.doors.desk.views import playbooks as views
from anjia.law.playbooks import library
from anjia.law.playbooks.health import examine
from anjia.law.playbooks.properties import PROPERTIES


def test_a_leader_finds_the_sheet_and_the_health_check(signed_in: SignIn) -> None:
    client = signed_in("county")
    assert "/desk/playbooks/health/" in client.get("/desk/playbooks/").content.decode()
    page = client.get("/desk/playbooks/dv-case/").content.decode()
    assert '<title id="dv-case-zh-t">家庭暴力个案</title>' in page
    assert "Domestic violence case</title>" in client.get("/desk/playbooks/dv-case/?lang=en").content.decode()


def test_every_promise_is_said_of_every_procedure(signed_in: SignIn) -> None:
    page = signed_in("county").get("/desk/playbooks/health/").content.decode()
    for promise in PROPERTIES:
        assert page.count(promise.said["zh"]) == len(library.catalogue())
    assert "处需要改</span>" in page
    assert "is-broken" not in page
    assert page.count("全部证明") == len(library.catalogue())


def test_a_fault_is_red_with_the_way_that_leads_to_it(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = library.catalogue()["dv-case"]
    close = replace(book.moves["close_unfounded"], result=None)
    broken = replace(book, moves={**book.moves, "close_unfounded": close})
    monkeypatch.setattr(views, "results", lambda: {"dv-case": examine(broken, library.known())})
    page = signed_in("county").get("/desk/playbooks/health/").content.decode()
    assert "is-broken" in page
    assert "<li>接手</li><li>经核未发现</li>" in page
    assert "写 result: 结果代码" in page
