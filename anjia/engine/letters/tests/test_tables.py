"""A ledger holds what its reader sees, only the columns of its recipient, nobody's name where none may be, no formula."""

from __future__ import annotations

import io
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook

from anjia.casework.mediation.tests.disputes import FIRST, SECOND, dispute
from anjia.engine.letters import layouts, spreadsheet, tables
from anjia.engine.letters.layouts import Column, Layout, ledgers
from anjia.engine.matters.inputs import Decisions
from anjia.engine.matters.tests.world import HIS_NAME, NAME, PHONE, STORY, VILLAGE, WHERE, World, at
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.events import access
from anjia.foundation.events.models import Access, Event

YEAR = tables.Period(date(2026, 1, 1), date(2026, 12, 31))
WHEN = "06-01 09:00"


def made(world: World, name: str, who: str = "county", **more: Any) -> tables.Table:
    actor = world.actor(who, WHEN)
    with access.reading(actor, route="t"):
        return tables.table(actor=actor, layout=ledgers()[name], period=YEAR, **more)


def sheet(world: World, table: tables.Table, who: str = "county") -> list[list[Any]]:
    copy = tables.release(actor=world.actor(who, WHEN), made=table, now=at(WHEN))
    book = load_workbook(io.BytesIO(spreadsheet.workbook(copy)))
    return [[c.value for c in row] for row in book.active.iter_rows()]


def text_of(rows: list[list[Any]]) -> str:
    return "\n".join(str(v) for row in rows for v in row if v is not None)


@pytest.mark.parametrize("to", layouts.FOR)
def test_the_ledger_of_cases_names_nobody_and_says_nothing_that_was_told(world: World, to: str) -> None:
    world.responding(decisions=Decisions(tell_community=True, come_to_door=True, tell_police=True))
    text = text_of(sheet(world, made(world, "cases", to=to)))
    assert "家庭暴力" not in text or "个案台账" in text
    for secret in (NAME, HIS_NAME, PHONE, STORY, WHERE, "柳浦", "杨林", VILLAGE):
        assert secret not in text


def test_another_office_gets_fewer_columns_and_no_number_to_ask_about(world: World) -> None:
    m = world.responding()
    own = text_of(sheet(world, made(world, "cases", to="own_file")))
    out = text_of(sheet(world, made(world, "cases", to="other_office")))
    assert world.row(m).number in own
    assert world.row(m).number not in out
    assert "求助人年龄段" in own
    assert "求助人年龄段" not in out


def test_names_only_where_they_were_asked_for_and_only_for_the_own_file(world: World) -> None:
    dispute(world)
    plain = text_of(sheet(world, made(world, "disputes", "street"), "street"))
    named = text_of(sheet(world, made(world, "disputes", "street", names=True), "street"))
    assert FIRST not in plain
    assert f"{FIRST} · {SECOND}" in named
    for wrong in ({"to": "other_office", "names": True}, {"to": "federation", "names": True}):
        with pytest.raises(RuleBroken):
            made(world, "disputes", "street", **wrong)
    with pytest.raises(RuleBroken):
        made(world, "cases", names=True)


def test_names_that_go_out_are_logged_as_handed_out(world: World) -> None:
    m = dispute(world)
    made(world, "disputes", "street", names=True)
    assert [a.matters for a in Access.objects.filter(how="file")] == [[str(m)]]


def test_a_ledger_holds_only_what_its_reader_sees(world: World) -> None:
    m = world.responding()
    assert [r.matter for r in made(world, "cases").rows] == [m]
    for who in ("other", "street", "village", "mediators", "leader"):
        assert made(world, "cases", who).rows == ()


def test_the_line_above_gets_the_progress_of_a_masked_row_and_nothing_of_a_person(world: World) -> None:
    m = world.responding()
    table = made(world, "cases", "city", below=True)
    assert [r.matter for r in table.rows] == [m]
    cells = dict(zip([c.value for c in table.columns], table.rows[0].cells, strict=True))
    assert cells["matter.number"] == world.row(m).number
    assert cells["party.complained.relation"] == cells["data.dv_forms"] == ""


def test_somebody_walled_off_gets_the_ledger_as_if_the_matter_were_not_there(world: World) -> None:
    m = world.responding()
    world.does("county", "recuse", m, "03-12 09:00")
    assert made(world, "cases").rows == ()


def test_no_sheet_lies_open_on_the_disk_while_it_is_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library writes each sheet into the temporary folder first; killed then, a ledger with names would stay there."""
    from openpyxl.worksheet import _writer

    world.responding()
    copy = tables.release(actor=world.actor("county", WHEN), made=made(world, "cases"), now=at(WHEN))

    def refused(*_a: object, **_k: object) -> None:
        raise AssertionError("a file in the temporary folder")

    monkeypatch.setattr(_writer, "NamedTemporaryFile", refused)
    assert load_workbook(io.BytesIO(spreadsheet.workbook(copy))).active


def test_every_copy_has_its_number_and_the_office_remembers_what_stood_in_it(world: World) -> None:
    m = world.responding()
    copies = [
        tables.release(actor=world.actor("county", WHEN), made=made(world, "cases"), now=at(WHEN))
        for _ in range(2)
    ]
    assert [c.number for c in copies] == ["TZ2026-0001", "TZ2026-0002"]
    assert copies[0].mark != copies[1].mark
    kept = Event.objects.get(matter=world.offices["county"].id, move=tables.GIVEN, codes__no=copies[0].number)
    assert kept.codes["matters"] == [str(m)]
    assert NAME not in str(kept.codes)


@pytest.mark.parametrize("typed", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "=CMD|' /C calc'!A0", "＝1"])
def test_what_somebody_typed_is_never_carried_out(world: World, typed: str) -> None:
    dispute(world, first=typed)
    rows = sheet(world, made(world, "disputes", "street", names=True), "street")
    book_text = next(v for row in rows for v in row if isinstance(v, str) and SECOND in v)
    assert book_text.startswith("'")


def test_figures_are_the_rows_behind_them(world: World) -> None:
    world.responding()
    table = made(world, "cases")
    assert {name: n for name, _label, n in table.figures} == {"all": 1, "open": 1, "closed": 0, "late": 0}
    for name, _label, n in table.figures:
        assert len(table.only(name)) == n


BAD = {
    "names where violence is reported": ("dv-case", "names", "own_file"),
    "names to another office": ("dispute-mediation", "names", "federation"),
    "a township where violence is reported": ("dv-case", "matter.township", "any"),
    "her words": ("petition", "data.request", "own_file"),
    "an identity number": ("petition", "identity.asking.id_number", "own_file"),
    "where she is": ("dv-case", "whereabouts.now_at", "own_file"),
    "a field nobody knows": ("petition", "data.nothing", "any"),
}


@pytest.mark.parametrize("why", BAD)
def test_a_layout_that_could_name_somebody_is_refused(why: str) -> None:
    playbook, value, to = BAD[why]
    column = Column(value, frozenset([to]), {"zh": "栏", "en": "Column"})
    one = Layout("bad", {"zh": "台账", "en": "Ledger"}, (playbook,), (column,))
    assert layouts.fault_of(one, column)
    assert not [f for good in ledgers().values() for f in layouts.faults(good)]


def test_a_matter_of_another_year_is_not_in_this_one(world: World) -> None:
    m: UUID = world.responding()
    before = tables.Period(date(2025, 1, 1), date(2025, 12, 31))
    actor = world.actor("county", WHEN)
    with access.reading(actor, route="t"):
        assert tables.table(actor=actor, layout=ledgers()["cases"], period=before).rows == ()
    assert m
