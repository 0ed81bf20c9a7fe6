"""公安数据文件 on the screen: tried, carried out, taken back; the template that goes out is the one that comes in."""

from __future__ import annotations

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from anjia.casework.incoming.models import Batch
from anjia.casework.incoming.tests.test_police import as_csv, letter
from anjia.doors.desk.tests.conftest import SignIn
from anjia.engine.matters.tests.world import HIS_NAME, NAME, PHONE, World


def test_from_the_empty_template_to_the_results(world: World, signed_in: SignIn) -> None:
    held, client = letter(world), signed_in("county")
    template = client.get(reverse("desk:police-template"))
    book = openpyxl.load_workbook(io.BytesIO(template.content))
    sheet = book.worksheets[0]
    assert [c.value for c in sheet[1]] == [
        "对应编号",
        "处理结果",
        "文书号",
        "出具日期",
        "送达日期",
        "查访日期",
    ]
    sheet.append([held.number, None, None, None, None, "2026-03-13"])
    sheet.append([held.number, "批评教育", "演教1号", "2026-03-13", None, None])
    out = io.BytesIO()
    book.save(out)
    tried = client.post(
        reverse("desk:police-files"), {"file": SimpleUploadedFile("公安.xlsx", out.getvalue())}
    )
    assert tried.status_code == 302
    page = client.get(tried["Location"]).content.decode()
    for words in ("现在什么都没有改", "可以办 1 行", "公安报来：双方已查访", "处理结果：这件已有告诫书"):
        assert words in page
    assert world.row(held.id).stage == "first_visit"
    assert client.post(tried["Location"], {"do": "carry_out"}).status_code == 302
    done = client.get(tried["Location"]).content.decode()
    assert f'href="/desk/m/{held.id}/"' in done
    assert world.row(held.id).stage == "visiting"
    answer = client.get(reverse("desk:police-results", args=[Batch.objects.get().id]))
    rows = [
        [c.value for c in r]
        for r in openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows()
    ]
    assert [r[0] for r in rows] == ["行号", "2", "3"]
    assert [r[7] for r in rows[1:]] == ["办成", "有问题"]
    for words in (NAME, HIS_NAME, PHONE):
        assert words not in str(rows)
    assert client.post(tried["Location"], {"do": "undo", "why": ""}).status_code == 422
    assert client.post(tried["Location"], {"do": "undo", "why": "发错了文件"}).status_code == 302
    assert "已撤回 1 行" in client.get(tried["Location"]).content.decode()


def test_a_file_with_names_is_refused_and_says_which_columns(world: World, signed_in: SignIn) -> None:
    upload = as_csv(
        ["x"] + [""] * 6,
        head=["对应编号", "处理结果", "文书号", "出具日期", "送达日期", "查访日期", "受害人"],
    )
    answer = signed_in("county").post(reverse("desk:police-files"), {"file": upload})
    assert answer.status_code == 422
    assert "多了这些列：受害人" in answer.content.decode()
    assert not Batch.objects.exists()
