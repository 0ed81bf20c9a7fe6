"""The ledger on the screen and as a file, and the sheet for another system, as somebody in a township uses them."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any
from urllib.parse import unquote

from openpyxl import load_workbook

from anjia.casework.mediation.tests.disputes import FIRST, dispute
from anjia.doors.desk.tests.conftest import SignIn
from anjia.engine.letters import books, layouts, tables
from anjia.engine.letters.tests.test_copies import SYSTEM, petition
from anjia.engine.matters.tests.world import NAME, World
from anjia.foundation.events.models import Event

TIME = {"from": "2026-01-01", "until": "2026-12-31"}


def test_the_file_is_the_rows_on_the_screen(world: World, signed_in: SignIn) -> None:
    m = dispute(world)
    client = signed_in("street")
    page = client.get("/desk/ledgers/disputes/", TIME).content.decode()
    assert f"/desk/m/{m}/" in page
    assert FIRST not in page
    got = client.post("/desk/ledgers/disputes/", {**TIME, "to": "own_file", "names": "yes"})
    assert "乡镇矛盾纠纷台账 TZ2026-0001.xlsx" in unquote(got["Content-Disposition"])
    values = [c.value for row in load_workbook(io.BytesIO(got.content)).active.iter_rows() for c in row]
    assert world.row(m).number in values
    assert any(FIRST in str(v) for v in values)
    assert "TZ2026-0001" in client.get("/desk/ledgers/").content.decode()


def test_a_wrong_wish_is_said_beside_its_field_and_nothing_leaves(world: World, signed_in: SignIn) -> None:
    dispute(world)
    client = signed_in("street")
    for typed, words in (
        ({**TIME, "to": "other_office", "names": "yes"}, "姓名只能放在本单位存档的一份里"),
        ({**TIME}, "请选给谁"),
        ({"from": "2026-05-01", "until": "2026-04-01", "to": "own_file"}, "结束日期在开始日期之前"),
        ({"from": "五月", "until": "2026-04-01", "to": "own_file"}, "请按“年-月-日”填写"),
    ):
        page = client.post("/desk/ledgers/disputes/", typed)
        assert page.status_code == 422
        assert words in page.content.decode()
    assert not Event.objects.filter(move=tables.GIVEN).exists()


def test_a_colleagues_copy_counts_for_who_is_walled_off_as_if_the_matter_were_not_there(
    world: World, signed_in: SignIn
) -> None:
    first = world.responding()
    world.responding(name="别人", phone="10013500777")
    signed_in("county").post("/desk/ledgers/cases/", {**TIME, "to": "own_file"})
    colleague = signed_in("officer")

    def rows() -> Any:
        page = colleague.get("/desk/ledgers/").content.decode()
        return re.findall(r'TZ2026-0001</th>.*?data-label="几行">(\d+)<', page)[0]

    assert rows() == "2"
    world.does("officer", "recuse", first, "03-12 09:00")
    assert rows() == "1"


def test_what_a_book_says_of_its_figures_opens_their_rows(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    period = tables.Period(date(2026, 1, 1), date(2026, 12, 31))
    where = books.opens_at(layouts.ledgers()["cases"], period)
    page = signed_in("city").get(f"{where}&only=open").content.decode()
    assert world.row(m).number in page


def test_a_figure_leads_to_its_rows(world: World, signed_in: SignIn) -> None:
    m = world.responding()
    client = signed_in("county")
    running = client.get("/desk/ledgers/cases/", {**TIME, "only": "open"}).content.decode()
    closed = client.get("/desk/ledgers/cases/", {**TIME, "only": "closed"}).content.decode()
    assert f"/desk/m/{m}/" in running
    assert f"/desk/m/{m}/" not in closed
    assert NAME not in running


def test_the_sheet_works_without_script_and_keeps_what_was_ticked(world: World, signed_in: SignIn) -> None:
    m = petition(world)
    client, page = signed_in("county"), f"/desk/m/{m}/copies/{SYSTEM}/"
    assert "要求补发三期工资" in client.get(page).content.decode()
    assert page in client.get("/desk/copies/").content.decode()
    back = client.post(page, {"state": "part", "ticked": ["matter.number", "words.request"]}, follow=True)
    assert back.content.decode().count(" checked") == 2
    wrong = client.post(page, {"state": "done", "ticked": ["matter.number"], "their_number": ""})
    assert wrong.status_code == 422
    assert "请填那边的编号" in wrong.content.decode()
    assert wrong.content.decode().count(" checked") == 1
    done = {"state": "done", "ticked": ["matter.number"], "their_number": "A1", "copied_on": "2026-05-19"}
    after = client.post(page, done, follow=True).content.decode()
    assert page not in after
    assert "已记下：全国妇联信访信息系统" in after


def test_an_empty_list_says_so(signed_in: SignIn) -> None:
    assert "没有需要再报到其他系统的内容。" in signed_in("street").get("/desk/copies/").content.decode()
