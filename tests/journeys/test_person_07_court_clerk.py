"""人物七 · 法院家事庭书记员,1280: a packet she can file without a call.

What makes or breaks it: application, identity, list in the eleven kinds and evidence in one PDF whose page numbers are
true, and where she lives now nowhere in it; then accepted in a few taps.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from person import Desk
from pypdf import PdfReader, PdfWriter
from test_dv_case import WHERE
from test_measures import case
from town import Town
from usability import counted

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ID_NUMBER, HIS_ADDRESS = "999999199001010024", "扬州市邗江区柳浦街道杨林小区九幢"


def scanned(pages: int) -> dict[str, Any]:
    """A scan of some pages."""
    out, made = PdfWriter(), io.BytesIO()
    for _n in range(pages):
        out.add_blank_page(595, 842)
    out.write(made)
    return {"name": "扫描.pdf", "mimeType": "application/pdf", "buffer": made.getvalue()}


def keeps(desk: Desk, matter: str, kind: str, about: str, pages: int) -> None:
    """A paper is added with its kind."""
    desk.move("attach", matter)
    desk.page.locator('input[type="file"][name="papers"]').set_input_files([scanned(pages)])
    desk.fill("file_about", about)
    desk.select("paper_kind", kind)
    desk.record()


def prepared(town: Town, chromium: Any) -> tuple[Desk, str]:
    """The county has filled in the application and added what there is."""
    desk = case(town, chromium)
    desk.move("apply_order")
    desk.choose("urgent", "yes")
    desk.record()
    order = desk.child()
    desk.move("packet", order)
    for name, value in (
        ("urgent", "yes"), ("who_applies", "herself"), ("measures_sought", "no_violence"),
        ("measures_sought", "no_contact"), ("evidence_kinds", "statement"), ("evidence_kinds", "police_record"),
        ("evidence_kinds", "medical"),
    ):  # fmt: skip
        desk.choose(name, value)
    for name, value in (
        ("facts", "多次动手,3月14日夜里掐脖子。"), ("id_number", ID_NUMBER), ("their_name", "林某"),
        ("their_address", HIS_ADDRESS),
    ):  # fmt: skip
        desk.fill(name, value)
    desk.record()
    return desk, order


def handed(desk: Desk, order: str, folder: Path) -> Path:
    """What is missing is named; completed, it is bound into one file."""
    desk.go(f"/desk/m/{order}/packet/")
    desk.sees("还缺这些", "没有申请人身份证明", "出警记录", "诊疗记录")
    keeps(desk, order, "身份证明", "身份证复印件", 1)
    keeps(desk, desk.matter, "出警记录、报警回执", "出警记录", 2)
    keeps(desk, desk.matter, "诊疗记录", "门诊病历", 3)
    desk.go(f"/desk/m/{order}/packet/")
    desk.sees("该有的都有了")
    desk.does_not_see(WHERE)
    desk.page.locator('input[name="seen"]').check(force=True)
    desk.shot("desk-packet")
    with desk.page.expect_download() as taken:
        desk.press("装订成一个 PDF")
    assert re.fullmatch(r"人身安全保护令申请材料_[\d-]+\.pdf", taken.value.suggested_filename)
    path = folder / "packet.pdf"
    taken.value.save_as(path)
    return path


def test_she_files_the_packet_without_a_call(town: Town, chromium: Any, tmp_path: Path) -> None:
    desk, order = prepared(town, chromium)
    packet = handed(desk, order, tmp_path)
    desk.move("file", order)
    desk.select("to_court", "邗江区人民法院")
    desk.record()
    desk.leave()
    reads(packet)
    clerk = Desk(chromium, town, 1280, "court-clerk")
    clerk.go(f"/desk/m/{order}/")
    clerk.does_not_see(WHERE, "昨晚他又摔东西")
    with counted(clerk, 7, who="法院家事庭书记员", thing="收到材料册,受理", taps=4):
        clerk.follow("受理")
        clerk.fill("court_no", "演民保令77号")
        clerk.record()
    clerk.sees("作出裁定")
    clerk.leave()


def reads(packet: Path) -> None:
    """She opens it: every page has its number, the contents and the list say where each piece stands."""
    pages = ["".join(p.extract_text().split()) for p in PdfReader(packet).pages]
    assert all(f"—{n}—" in text for n, text in enumerate(pages, 1))
    lines = dict(re.findall(r"([一二三四]、[^.]+?)\.+(\d+)", pages[0]))
    assert [line[:2] for line in lines] == ["一、", "二、", "三、", "四、", "四、"]
    where = {line: pages[int(page) - 1] for line, page in lines.items()}
    assert "申请人" in where["一、申请书"]
    listed = where["三、证据目录"]
    for line, page in lines.items():
        if line.startswith("四、"):
            name = line.split(":")[1].split("(")[0]
            many = 2 if name == "出警记录" else 3
            assert name in listed
            assert f"{page}–{int(page) + many - 1}" in listed
            assert "第1页·" in where[line] or "第1页" in where[line]
            assert f"第{many}页" in pages[int(page) + many - 2]
    whole = "".join(pages)
    assert all(part in whole for part in (ID_NUMBER, HIS_ADDRESS, "掐脖子"))
    assert WHERE not in whole
    assert WHERE.encode() not in packet.read_bytes()
    assert "保密送达地址确认书" in pages[0]
