"""A file of police: refused where it brings too much, tried before anything is done, the same again changes nothing."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anjia.casework.incoming import batches, importing, jobs, police, table, undoing
from anjia.casework.incoming.models import Batch, Row
from anjia.casework.incoming.tests.test_papers import MONDAY
from anjia.engine.matters.models import Duty, Matter, Wall
from anjia.engine.matters.tests.world import World, at, paper
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotAllowed, NotFound, RuleBroken
from anjia.foundation.events.models import Event
from anjia.foundation.outbox import worker
from anjia.foundation.vault.models import DataKey

HEAD = ["对应编号", "处理结果", "文书号", "出具日期", "送达日期", "查访日期"]
Cells = list[Any]


def as_csv(
    *rows: Cells, head: Cells = HEAD, encoding: str = "utf-8-sig", delimiter: str = ","
) -> SimpleUploadedFile:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([head, *rows])
    return SimpleUploadedFile("公安.csv", out.getvalue().encode(encoding), "text/csv")


def as_excel(
    *rows: Cells, head: Cells = HEAD, above: tuple[Cells, ...] = (), merge: str = ""
) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    for row in (*above, head, *rows):
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("公安.xlsx", out.getvalue())


def read(world: World, upload: SimpleUploadedFile, who: str = "county") -> Batch:
    return importing.read_file(upload=upload, actor=world.actor(who, MONDAY), now=at(MONDAY))


def carry_out(world: World, batch: Batch) -> Batch:
    importing.carry_out(batch_id=batch.id, actor=world.actor("county", MONDAY), now=at(MONDAY))
    worker.drain(at(MONDAY))
    batch.refresh_from_db()
    return batch


def said(world: World, batch: Batch) -> list[tuple[str, str]]:
    return [(s.row.state, s.sentence) for s in batches.sheets(world.actor("county", MONDAY), batch)]


def letter(world: World, number: str = "演告9号") -> Matter:
    """A case whose letter is in force since 11 March."""
    m = world.responding()
    child = world.does(
        "county", "record_warning", m, "03-12 10:00", behalf="police", letter_no=number, letter_at="2026-03-11",
        files=[paper()],
    ).child  # fmt: skip
    assert child
    return world.row(child)


def reported(world: World) -> Matter:
    """A case in which police took the report and have not decided."""
    m = world.responding()
    child = world.does(
        "county", "record_police_report", m, "03-12 10:00", behalf="police", reported_at="2026-03-12T08:00"
    ).child
    assert child
    return world.row(child)


def test_a_trial_changes_nothing_and_then_each_row_is_a_step_of_the_police(world: World) -> None:
    waiting = reported(world)
    case = world.help_wanted("03-09 10:00", name="别人", phone="10013500777").matter
    events = Event.objects.filter(matter__in=[waiting.id, case]).count()
    batch = read(
        world,
        as_csv(
            [waiting.number, "出具告诫书", "演告21号", "2026-03-13", "2026-03-14", "2026-03-15"],
            [world.row(case).number, "批评教育", "演教5号", "2026年3月12日", "", ""],
        ),
    )
    assert [state for state, _words in said(world, batch)] == ["ready", "ready"]
    assert "将记：收到告诫书(纸质)、" in said(world, batch)[0][1]
    assert Event.objects.filter(matter__in=[waiting.id, case]).count() == events
    carry_out(world, batch)
    assert [state for state, _words in said(world, batch)] == ["done", "done"]
    assert world.row(waiting.id).stage == "visiting"
    visit = world.duty(waiting.id, "visit")
    assert visit.round == 2
    assert visit.due_at.astimezone(SHANGHAI).date() == date(2026, 6, 15)
    event = Event.objects.get(matter=waiting.id, move="record_letter")
    assert event.codes["on_behalf_of"] == str(world.offices["police"].id)
    assert len(event.codes["files"]) == 1  # the row as it came
    ended = Matter.objects.get(parent=case, playbook="warning-letter")
    assert ended.result == "no_letter"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_table_is_read_in_every_writing(encoding: str, delimiter: str) -> None:
    upload = as_csv(
        ["3210032025482915７", "批评教育", "演１号", "20260313", "", "无"],
        encoding=encoding,
        delimiter=delimiter,
    )
    lines = table.read(upload.read(), police.COLUMNS)
    assert [line.number for line in lines] == [2]
    assert table.plain(lines[0].cells["document_no"]) == "演1号"
    assert table.plain(lines[0].cells["visited_on"]) == ""


@pytest.mark.parametrize(
    "written",
    ["2026-11-20", "2026/11/20", "2026.11.20", "2026年11月20日", "20261120", "２０２６-１１-２０", " 2026-11-20 ", 46346,
     "46346",
     46346.5, date(2026, 11, 20), datetime(2026, 11, 20, 9, 30, tzinfo=SHANGHAI), "2026-11-20 09:30", "2026-11-20 09:30:00"],
)  # fmt: skip
def test_a_day_is_read_however_it_was_written(written: Any) -> None:
    assert table.as_day(written) == date(2026, 11, 20)


@pytest.mark.parametrize(
    "written", ["11/20/2026", "昨天", "2026-02-30", "2026", "123", "=TODAY()", "20-11-2026", True]
)
def test_what_is_no_day_is_not_guessed(written: Any) -> None:
    assert table.as_day(written) is None


def test_more_than_the_list_is_refused_by_name_and_nothing_is_kept(world: World) -> None:
    number = letter(world).number
    for head, row in (
        ([*HEAD, "受害人姓名", "简要案情"], [number, "", "", "", "", "2026-03-13", "某某", "经过"]),
        (HEAD, [number, "", "", "", "", "2026-03-13", "没有列名的话"]),
    ):
        with pytest.raises(RuleBroken) as broken:
            read(world, as_excel(row, head=head))
        assert "多了这些列" in str(broken.value)
    assert "受害人姓名、简要案情" in refusal(
        world, as_csv([number] + [""] * 7, head=[*HEAD, "受害人姓名", "简要案情"])
    )
    assert not Batch.objects.exists()


def refusal(world: World, upload: SimpleUploadedFile) -> str:
    with pytest.raises(RuleBroken) as broken:
        read(world, upload)
    return str(broken.value)


def test_files_that_are_no_tables_say_what_to_do(world: World) -> None:
    assert "另存为" in refusal(
        world, SimpleUploadedFile("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)
    )
    assert "打不开" in refusal(world, SimpleUploadedFile("a.csv", b"\x00\x01\x02\x03"))
    assert "对应编号" in refusal(world, as_csv(["a", "b"], head=["编码", "结果"]))
    assert "没有可以导入的行" in refusal(world, as_csv())
    assert "打不开" in refusal(world, SimpleUploadedFile("a.xlsx", b"PK\x03\x04 broken"))
    many = as_csv(*[["x"] + [""] * 5 for _n in range(table.MOST_ROWS + 1)])
    assert "2000" in refusal(world, many)


def test_a_sheet_without_end_is_neither_walked_nor_unpacked(world: World) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.append(HEAD)
    sheet.append([letter(world).number, "", "", "", "", "2026-03-13"])
    sheet.cell(row=1_000_000, column=3).number_format = "@"  # only drawn, holds nothing
    drawn = io.BytesIO()
    book.save(drawn)
    batch = read(world, SimpleUploadedFile("a.xlsx", drawn.getvalue()))
    assert said(world, batch)[0][0] == "ready"
    sheet.cell(row=1_000_000, column=3).value = "演1号"
    far = io.BytesIO()
    book.save(far)
    assert "太大" in refusal(world, SimpleUploadedFile("a.xlsx", far.getvalue()))
    bomb = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(drawn.getvalue())) as old,
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part, old.read(part))
        new.writestr("xl/worksheets/more.xml", b" " * (table.MOST_UNPACKED + 1))
    assert refusal(world, SimpleUploadedFile("a.xlsx", bomb.getvalue()))


@pytest.mark.parametrize(
    "text",
    ["\n" * 400_000, "x" + "," * 400_000 + "x", "\n" * 20_000 + "," * 20_000 + "x"],
    ids=["rows without end", "a row without end", "both"],
)
def test_a_text_table_without_end_is_not_walked(
    world: World, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve seconds and half a gigabyte it took, for whoever waits behind it."""
    walked: list[int] = []
    real = table.header
    monkeypatch.setattr(
        table, "header", lambda rows, columns: walked.append(len(rows)) or real(rows, columns)
    )
    whole = ",".join(HEAD) + "\n" + text
    assert "太大" in refusal(world, SimpleUploadedFile("a.csv", whole.encode()))
    assert not walked


def test_a_sheet_of_cells_that_hold_nothing_is_not_opened(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.append(HEAD)
    cells = b"".join(b'<row r="%d">%s</row>' % (n, b"<c/>" * 100) for n in range(2, 4000))
    whole, bomb = io.BytesIO(), io.BytesIO()
    book.save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part, old.read(part).replace(b"</sheetData>", cells + b"</sheetData>"))
    opened: list[object] = []
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *a, **k: opened.append(a))
    assert "太大" in refusal(world, SimpleUploadedFile("a.xlsx", bomb.getvalue()))
    assert not opened


def test_every_row_names_line_and_column(world: World) -> None:
    held = letter(world)
    other = world.help_wanted("03-09 10:00", place="321084", name="祁向晚", phone="10013500888").matter
    wrong = [
        (["", "批评教育", "演1号", "", "", ""], "对应编号：这一项要填"),
        (["321003-2026-482915-8", "批评教育", "演1号", "", "", ""], "对应编号：编号不对"),
        ([held.number, "口头警告", "演1号", "", "", ""], "处理结果：“口头警告”不在代码表里"),
        ([held.number, "出具告诫书", "", "2026-03-10", "2026-03-11", ""], "文书号：这一项要填"),
        ([held.number, "", "", "", "", "三月十三"], "查访日期：“三月十三”不是日期"),
        ([held.number, "", "", "", "", "2026-03-17"], "查访日期：这个日子还没有到"),
        ([held.number, "", "", "", "", "2026-03-10"], "查访日期：早于告诫书送达日期"),
        ([held.number, "出具告诫书", "演告22号", "2026-03-13", "2026-03-12", ""], "送达日期：早于出具日期"),
        ([held.number, "出具告诫书", "演告22号", "2026-03-13", "2026-03-14", ""], "文书号：这件已有另一份告诫书"),
        ([held.number, "批评教育", "演1号", "2026-03-13", "", ""], "处理结果：这件已有告诫书"),
        ([held.number, "", "她丈夫又打了她", "", "", "2026-03-13"], "文书号：这不像文书号"),
        ([held.number, "", "", "", "", ""], "既没有处理结果"),
        ([world.row(other).number, "批评教育", "演11号", "", "", ""], "对应编号：没有这个编号"),
        (["321003-2025-482915-7", "批评教育", "演2号", "", "", ""], "对应编号：没有这个编号"),
        (["=1+1", "批评教育", "演3号", "", "", ""], "对应编号：这一格是公式"),
        ([held.number, "=cmd|' /C calc'!A0", "演4号", "", "", ""], "处理结果：这一格是公式"),
    ]  # fmt: skip
    batch = read(world, as_csv(*[cells for cells, _words in wrong]))
    for (cells, words), (state, sentence) in zip(wrong, said(world, batch), strict=True):
        assert (state, sentence[: len(words)]) == ("refused", words), cells
    assert carry_out(world, batch).state == Batch.State.DONE
    assert world.row(held.id).stage == "first_visit"


def test_a_title_above_full_width_and_merged_cells(world: World) -> None:
    held = letter(world)
    wide = held.number.translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))
    batch = read(
        world, as_excel([wide, "", "", "", "", date(2026, 3, 13)], above=(["三月数据"] + [None] * 5, []))
    )
    assert said(world, batch)[0][0] == "ready"
    batch = read(
        world, as_excel([held.number, "", "", "", "", 46094], [None, "", "", "", "", 46094], merge="A2:A3")
    )
    assert [state for state, _words in said(world, batch)] == ["refused", "refused"]
    assert "合并单元格" in said(world, batch)[0][1]


def test_the_same_row_again_changes_nothing(world: World) -> None:
    held = letter(world)
    row = [held.number, "", "", "", "", "2026-03-13"]
    carry_out(world, read(world, as_csv(row, row)))
    events = Event.objects.filter(matter=held.id).count()
    again = carry_out(world, read(world, as_excel([held.number, None, None, None, None, date(2026, 3, 13)])))
    assert [state for state, _words in said(world, again)] == ["skipped"]
    assert Event.objects.filter(matter=held.id).count() == events
    by_hand = read(world, as_csv([held.number, "出具告诫书", "演告(9)号", "", "2026-03-11", ""]))
    assert said(world, by_hand)[0][0] == "skipped" or "另一份" in said(world, by_hand)[0][1]


def test_what_was_recorded_meanwhile_is_seen_when_it_is_carried_out(world: World) -> None:
    waiting = reported(world)
    batch = read(world, as_csv([waiting.number, "出具告诫书", "演告21号", "2026-03-13", "2026-03-14", ""]))
    world.does(
        "county", "record_letter", waiting.id, "03-15 10:00", behalf="police", letter_no="演告 21号", letter_at="2026-03-14",
        files=[paper()],
    )  # fmt: skip
    carry_out(world, batch)
    assert said(world, batch) == [("skipped", "已经记过，没有要改的。")]


def test_a_letter_number_leads_to_its_case(world: World) -> None:
    case = world.responding()
    number = world.row(case).number.replace("-", "") + "02"  # the second copy of a letter
    batch = carry_out(
        world, read(world, as_csv([number, "warning_letter", "演告31号", "2026-03-13", "2026-03-14", ""]))
    )
    child = Matter.objects.get(parent=case, playbook="warning-letter")
    assert child.stage == "first_visit"
    assert world.row(case).stage == "supervised"
    assert batch.rows.get().matter_id == child.id


def undo(world: World, batch: Batch) -> list[tuple[str, str]]:
    undoing.undo(
        batch_id=batch.id, why="发错了文件", actor=world.actor("county", "03-16 15:00"), now=at("03-16 15:00")
    )
    worker.drain(at("03-16 15:00"))
    batch.refresh_from_db()
    assert batch.state == Batch.State.UNDONE
    return said(world, batch)


def test_undone_the_visit_is_owed_again_and_every_record_says_so(world: World) -> None:
    held = letter(world)
    batch = carry_out(world, read(world, as_csv([held.number, "", "", "", "", "2026-03-13"])))
    assert world.duty(held.id, "visit").round == 2
    assert undo(world, batch)[0][0] == "undone"
    assert world.row(held.id).stage == "first_visit"
    visit = world.duty(held.id, "visit")
    assert visit.round == 1
    assert visit.due_at.astimezone(SHANGHAI).date() == date(2026, 3, 18)
    assert Duty.objects.filter(matter=held.id, kind="visit", done_at=None).count() == 1
    told = Event.objects.get(matter=held.id, move="visit_told")
    page = world.page("county", held.id, "03-16 16:00")
    assert next(e for e in page.entries if e.event == told.id).is_void
    again = carry_out(world, read(world, as_csv([held.number, "", "", "", "", "2026-03-13"])))
    assert said(world, again)[0][0] == "done"  # it may be imported again


def test_undone_a_letter_and_a_decision_are_taken_back(world: World) -> None:
    waiting = reported(world)
    case = world.help_wanted("03-09 10:00", name="别人", phone="10013500777").matter
    batch = carry_out(
        world,
        read(
            world,
            as_csv(
                [waiting.number, "出具告诫书", "演告21号", "2026-03-13", "2026-03-14", ""],
                [world.row(case).number, "行政处罚", "演罚5号", "2026-03-12", "", ""],
            ),
        ),
    )
    assert [state for state, _words in undo(world, batch)] == ["undone", "undone"]
    assert world.row(waiting.id).result == "withdrawn"
    assert Matter.objects.get(parent=case, playbook="warning-letter").result == "withdrawn"
    assert Event.objects.filter(matter=case, move="correct").count() == 1


def test_what_somebody_went_on_with_is_left_and_named(world: World) -> None:
    waiting = reported(world)
    batch = carry_out(
        world, read(world, as_csv([waiting.number, "出具告诫书", "演告21号", "2026-03-13", "2026-03-14", ""]))
    )
    world.does("county", "note", waiting.id, "03-16 10:00", words="已告诉她")
    state, sentence = undo(world, batch)[0]
    assert state == "left"
    assert "备注" in sentence or "“" in sentence
    assert world.row(waiting.id).stage == "first_visit"


def walls_off(world: World, who: str, m: Matter) -> None:
    Wall.objects.create(
        account_id=world.posts[who].account_id, root=m.root, cause="recused", since=at("03-16 09:30")
    )


def test_who_is_walled_off_meanwhile_reads_of_a_number_that_is_none(world: World) -> None:
    """Not that somebody went on with it, nor that a colleague imported the row before."""
    held, other = letter(world), reported(world)
    rows = [[held.number, "", "", "", "", "2026-03-13"]]
    batch = carry_out(
        world, read(world, as_csv(*rows, [other.number, "批评教育", "演8号", "2026-03-13", "", ""]))
    )
    world.does("county", "note", held.id, "03-16 10:00", words="已告诉她")
    walls_off(world, "county", held)
    none = "对应编号：没有这个编号，或不是本单位承办、转出的。"
    assert said(world, batch)[0] == ("refused", none)
    assert batches.states(batches.sheets(world.actor("county", MONDAY), batch))["done"] == 1
    again = read(world, as_csv(*rows))
    assert said(world, again) == [("refused", none)]
    undoing.undo(batch_id=batch.id, why="发错了文件", actor=world.actor("county", MONDAY), now=at(MONDAY))
    sentences = [str(d["sentence"]) for d, _v in batches.documents(batch, batch.rows.all()).values()]
    assert "没有撤回：没有找到这件事项。" in sentences
    assert not [s for s in sentences if "“" in s]


def test_two_thousand_rows_are_looked_through_at_once_and_carried_out_in_stretches(world: World) -> None:
    held = letter(world)
    rows = [[held.number, "", "", "", "", "2026-03-13"]]
    rows += [["321003-2025-482915-7", "批评教育", f"演{n}号", "2026-03-13", "", ""] for n in range(1999)]
    batch = read(world, as_csv(*rows))
    states = batches.states(batches.sheets(world.actor("county", MONDAY), batch))
    assert (states["ready"], states["refused"]) == (1, 1999)


def test_more_than_a_stretch_goes_on_in_the_worker(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "FIRST", 1)
    waiting, held = reported(world), letter(world, "演告90号")
    batch = read(
        world,
        as_csv(
            [held.number, "", "", "", "", "2026-03-13"],
            [waiting.number, "出具告诫书", "演告21号", "2026-03-13", "2026-03-14", ""],
        ),
    )
    importing.carry_out(batch_id=batch.id, actor=world.actor("county", MONDAY), now=at(MONDAY))
    batch.refresh_from_db()
    assert batch.state == Batch.State.RUNNING
    worker.drain(at(MONDAY))
    batch.refresh_from_db()
    assert batch.state == Batch.State.DONE
    assert batch.rows.filter(state=Row.State.DONE).count() == 2


def test_a_file_is_its_readers_alone_and_no_townships(world: World) -> None:
    batch = read(world, as_csv(["321003-2025-482915-7", "批评教育", "演1号", "", "", ""]))
    for stranger in ("officer", "city", "other"):
        with pytest.raises(NotFound):
            batches.find(world.actor(stranger, MONDAY), Batch.Kind.FILE, batch.id)
    for who in ("street", "police", "leader"):
        with pytest.raises(NotAllowed):
            read(world, as_csv(["x"] + [""] * 5), who)
    importing.give_up(batch_id=batch.id, actor=world.actor("county", MONDAY), now=at(MONDAY))
    assert not DataKey.objects.filter(root=batch.id).exists()


def test_what_was_read_is_destroyed_after_a_season(world: World) -> None:
    batch = carry_out(world, read(world, as_csv(["321003-2025-482915-7", "批评教育", "演1号", "", "", ""])))
    assert jobs.forget_old(now=at("04-16 09:00")) == 0
    assert jobs.forget_old(now=at("08-16 09:00")) == 1
    assert said(world, batch) == [("refused", "")]


def test_what_goes_back_is_words_also_where_it_looks_like_a_formula() -> None:
    body = table.workbook([["a"], ['=HYPERLINK("http://x")'], ["+1"], ["@x"]], (10,))
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert sheet
    cells = [row[0] for row in sheet.iter_rows()]
    assert all(c.data_type == "s" for c in cells)
    assert all(
        str(c.value).startswith("'") for c in cells[1:]
    )  # also once it was saved as CSV and opened again


def test_a_row_may_build_on_one_above_it(world: World) -> None:
    waiting = reported(world)
    batch = read(
        world,
        as_csv(
            [waiting.number, "出具告诫书", "演告21号", "2026-03-12", "2026-03-13", ""],
            [waiting.number, "", "", "", "", "2026-03-15"],
            [waiting.number, "", "演告21号", "", "", "2026-03-15"],
        ),
    )
    assert [state for state, _words in said(world, batch)] == ["ready", "ready", "skipped"]
    carry_out(world, batch)
    assert [state for state, _words in said(world, batch)] == ["done", "done", "skipped"]


def test_two_files_tried_side_by_side_record_a_decision_once(world: World) -> None:
    case = world.help_wanted("03-09 10:00").matter
    row = [world.row(case).number, "批评教育", "演教5号", "2026-03-12", "", ""]
    first, second = read(world, as_csv(row)), read(world, as_csv(row))
    other = read(world, as_csv([row[0], "reprimand", "演教（5）号", "2026-03-13", "", ""]))
    for batch in (first, second, other):
        carry_out(world, batch)
    assert [said(world, b)[0][0] for b in (first, second, other)] == ["done", "skipped", "skipped"]
    assert Matter.objects.filter(parent=case, playbook="warning-letter").count() == 1


def test_what_police_confirmed_by_their_code_is_not_taken_back(world: World) -> None:
    from anjia.engine.letters import disclosure, replying

    held = letter(world)
    batch = carry_out(world, read(world, as_csv([held.number, "", "", "", "", "2026-03-13"])))
    now = at("03-16 10:00")
    copy = disclosure.release(
        actor=world.actor("county", "03-16 10:00"), matter_id=held.id, paper="warning-request", now=now
    )
    assert copy.reply
    found = replying.look(code=copy.reply.code, number="", address="192.0.2.7", now=now).letter
    assert found
    yes = next(a for a in replying.standing(found).answers if a.group["zh"].startswith("公安报来"))
    replying.answer(event=found.event, choice=yes.key, typed={}, now=now, key="k" * 32, files=())
    assert undo(world, batch)[0][0] == "left"
