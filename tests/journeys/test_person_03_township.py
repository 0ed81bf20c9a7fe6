"""人物三 · 乡镇(街道)妇联干事,办公电脑: thirty visits on one screen, nothing typed twice, the ledger in her own columns.

What makes or breaks it: no double entry with the other systems, and batch work in which a row that is refused keeps none
of the others from being done.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from person import Desk, Person
from town import Town
from usability import counted

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WHO = "乡镇(街道)妇联干事"
STEP = "/desk/together/?step=dispute-mediation.visit_performance"


def names_on(page: Any) -> list[str]:
    """Who the rows are about: “甲 · 乙”."""
    return [str(t) for t in page.locator(".d-tick strong").all_inner_texts()]


def meanwhile(chromium: Any, town: Town, closed: str, noted: str) -> None:
    """The mediator ends one of them and writes a note to another while the list lies open next door."""
    mediator = Desk(chromium, town, 1280, "mediator")
    mediator.move("close_oral", closed)
    mediator.select("performance", "已履行")
    mediator.press("记下")
    mediator.page.wait_for_url(re.compile("done="))
    mediator.move("note", noted)
    mediator.fill("words", "老人住院了,改到下周。")
    mediator.press("记下")
    mediator.page.wait_for_url(re.compile("done="))
    mediator.leave()


def test_thirty_visits_on_one_screen_two_refused_with_the_reason(town: Town, chromium: Any) -> None:
    her = Person(chromium, town, 1280, "street")
    her.go(STEP)
    her.sees("一起办", "履行回访", "这样说")
    her.fits()
    rows = her.page.locator('input[name="m"]:not(:disabled)')
    assert rows.count() >= 30
    closed, noted = rows.nth(0).get_attribute("value"), rows.nth(1).get_attribute("value")
    meanwhile(chromium, town, str(closed), str(noted))
    with counted(her, 3, who=WHO, thing="30 户履行回访一屏记下,两户没办成,写明原因", taps=3):
        her.page.locator("[data-all]").click()
        her.choose("performance", "full")
        her.press("一起记下")
        her.page.wait_for_selector(".a-table")
    text = her.page.inner_text("main")
    done = re.search(r"办成 (\d+) 行，没办成 (\d+) 行", text)
    assert done
    assert int(done[1]) >= 28
    assert int(done[2]) == 2
    assert "刚才有人改过这一件" in text
    assert "现在的阶段不能做这一步" in text
    her.shot("together-done")
    her.page.reload()  # the same form again: nothing is done twice
    again = re.search(r"办成 (\d+) 行，没办成 (\d+) 行", her.page.inner_text("main"))
    assert again
    assert (again[1], again[2]) == (done[1], done[2])
    her.leave()


def test_a_sheet_half_copied_yesterday_is_finished_and_leaves_the_list(town: Town, chromium: Any) -> None:
    her = Person(chromium, town, 1280, "street")
    her.context.grant_permissions(["clipboard-read", "clipboard-write"])
    her.go("/desk/copies/")
    her.shot("copies")
    her.page.get_by_role("link", name="社会治安综合治理信息平台 · 抄了一部分").first.click()
    her.page.wait_for_url(re.compile(r"/copies/governance/"))
    ticked = her.page.locator('input[name="ticked"]:checked').count()
    assert ticked >= 1
    last = her.page.locator("[data-copy]").last
    last.click()
    value = her.page.locator(".d-copy-value").last.inner_text()
    assert her.page.evaluate("navigator.clipboard.readText()") == value
    assert her.page.locator('input[name="ticked"]:checked').count() == ticked + 1
    her.shot("copy-sheet")
    where = her.page.url
    her.press("已报")
    her.sees("请填那边的编号")
    her.fill("their_number", "综治演2026-118")
    her.press("已报")
    her.page.wait_for_url(re.compile(r"/desk/copies/"))
    assert her.page.locator(f'a[href="{where.split(town.url)[1].split("?")[0]}"]').count() == 0
    her.leave()


def test_the_ledger_is_in_her_columns_and_names_nobody(town: Town, chromium: Any, tmp_path: Path) -> None:
    her = Person(chromium, town, 1280, "street")
    her.go(STEP)
    people = {name for pair in names_on(her.page) for name in pair.split(" · ")}
    assert len(people) >= 30
    her.go("/desk/ledgers/disputes/")
    her.fits()
    her.sees("纠纷类别", "履行情况", "登记", "已办结")
    her.shot("ledger")
    her.choose("to", "other_office")
    with her.page.expect_download() as got:
        her.press("下载")
    rows = list(
        load_workbook(io.BytesIO(Path(got.value.path()).read_bytes())).active.iter_rows(values_only=True)
    )
    assert {"序号", "编号", "乡镇(街道)", "纠纷类别", "履行回访"} <= set(rows[2])
    assert len(rows) >= 33
    said = "\n".join(str(v) for row in rows for v in row if v)
    assert not [name for name in people if name in said]
    her.go("/desk/week/")
    her.sees("杨林")
    her.shot("week")
    her.leave()


def test_the_same_list_fits_a_telephone(town: Town, chromium: Any) -> None:
    her = Person(chromium, town, 360, "street")
    for path in (STEP, "/desk/copies/", "/desk/ledgers/disputes/", "/desk/week/"):
        her.go(path)
        her.fits()
    her.go(STEP)
    her.shot("together")
    her.leave()


def test_the_county_finds_its_book_bound(town: Town, chromium: Any) -> None:
    her = Person(chromium, town, 1280, "hanjiang")
    her.go("/desk/books/")
    her.sees("反家庭暴力工作年度检查", "CS")
    with her.page.expect_download() as got:
        her.page.get_by_role("link", name="下载 PDF").first.click()
    assert Path(got.value.path()).read_bytes().startswith(b"%PDF")
    her.shot("books")
    her.leave()
