"""A ledger's copy as an Excel file. No cell is a formula, whatever stands in it; dates and numbers are what they are."""

from __future__ import annotations

import io
from datetime import date
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from anjia.engine.letters.tables import Copy, Value, said
from anjia.foundation.core.clock import SHANGHAI

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What a table program takes for the beginning of a formula, also after the file went through another program.
BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
THIN = Side(style="thin", color="FF999999")
BORDER = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEAD_ROW = 3


def workbook(copy: Copy) -> bytes:
    """The file: title, what it is and for whom, the columns, the rows; A4 across, the head on every page."""
    book = Workbook()
    sheet: Any = book.active  # openpyxl's own types say less than there is
    made = copy.table
    sheet.title = made.layout.label["zh"][:31]
    book.properties.creator, book.properties.title = copy.office, made.layout.label["zh"]
    book.properties.created = book.properties.modified = copy.at.astimezone(SHANGHAI).replace(tzinfo=None)
    put(sheet.cell(1, 1), f"{copy.office} {made.layout.label['zh']}", bold=True, size=16)
    put(sheet.cell(2, 1), about(copy))
    widths = [0] * len(made.columns)
    for n, column in enumerate(made.columns, 1):
        put(sheet.cell(HEAD_ROW, n), column.label["zh"], bold=True, boxed=True)
        widths[n - 1] = wide(column.label["zh"])
    for r, row in enumerate(made.rows, HEAD_ROW + 1):
        for n, value in enumerate(row.cells, 1):
            put(sheet.cell(r, n), value, boxed=True)
            widths[n - 1] = max(widths[n - 1], wide(said(value)))
    for n, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(n)].width = min(max(width + 2, 6), 28)
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 1)
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = f"{copy.number} {copy.mark}", "&P / &N"
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The file. The library would lay every sheet open on the disk for a moment; a server that dies then leaves it there."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        InMemory(book, archive).save()
    return out.getvalue()


class InMemory(ExcelWriter):
    """Writes the sheets where the rest is written."""

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        part = io.BytesIO()
        writer: Any = WorksheetWriter(ws, part)
        writer.write()
        ws._rels = writer._rels
        archive: ZipFile = getattr(self, "_archive")  # noqa: B009  the types know nothing of it
        archive.writestr(ws.path[1:], part.getvalue())
        self.manifest.append(ws)


def about(copy: Copy) -> str:
    """One line: which period, which copy, how many rows, and that nobody can be named from it."""
    made = copy.table
    who = "含当事人姓名,只存本单位" if made.names else "去身份"
    capped = ",只列最早的一部分" if made.is_capped else ""
    return f"{made.period.zh} 共{len(made.rows)}行{capped} {who} 份号 {copy.number}"


def put(cell: Any, value: Value, *, bold: bool = False, size: int = 11, boxed: bool = False) -> None:
    """One value, as text wherever it is not a number or a date."""
    if isinstance(value, int | date):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
    else:
        cell.value = harmless(said(value))
        cell.data_type = "s"
    cell.font = Font(name="宋体", size=size, bold=bold)
    if boxed:
        cell.border, cell.alignment = BORDER, Alignment(wrap_text=True, vertical="center")


def harmless(text: str) -> str:
    """Text that no table program carries out."""
    clean = "".join(c for c in text if c.isprintable() or c in "\t\r\n")
    return f"'{clean}" if clean.startswith(BEGINS) else clean


def wide(text: str) -> int:
    """How wide it is: a Chinese character is two."""
    return sum(2 if c > "\u2e80" else 1 for c in text)
