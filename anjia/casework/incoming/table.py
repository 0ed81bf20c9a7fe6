"""Reading a table that came from elsewhere: CSV in whatever letters, Excel as people really save it.

Only what is on the list of columns is read: a file that brings more is refused before a single row of it is kept.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zipfile import BadZipFile, ZipFile

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from anjia.engine.letters.spreadsheet import harmless, saved
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.files.kinds import kind_of
from anjia.law.playbooks.schema import Text

MOST_ROWS = 2000
MOST_COLUMNS = 60
LAST_ROW = 20_000  # blank rows between do no harm, a sheet without end does
MOST_UNPACKED = 40 * 1024 * 1024
MOST_TAGS = 300_000  # of an Excel file: 2,000 rows have a sixth of it, a million cells drawn for nothing more
HEADER_WITHIN = 8  # a title and a note may stand above the names of the columns
ENCODINGS = ("utf-8-sig", "gb18030")
BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DELIMITERS = ",\t;，"
EXPLANATION = "填写说明"
#: Days since 1899-12-30, as Excel counts them: 2009 to 2063. A year or a number of four digits is no day.
SERIALS = range(40_000, 60_000)
EPOCH = date(1899, 12, 30)
#: What people write where there is nothing.
BLANKS = frozenset({"-", "--", "—", "——", "/", "无", "空"})
DAY = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d{1,2}[::时]\d{1,2}(?:[::分]\d{1,2}秒?)?分?)?"
)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
FAULTS = (
    InvalidFileException,
    BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    OSError,
    EOFError,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the list: what it is called, what is to be put there."""

    name: str
    label: Text
    about: Text
    required: bool = False


@dataclass(slots=True)
class Line:
    """One row as it came: its number in the file, the words of each cell, and what cannot be read."""

    number: int
    cells: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)  # column → what is wrong with it


def cannot_open() -> RuleBroken:
    """What to do with a file that is no table."""
    return RuleBroken(_("这个文件打不开。请在 Excel 里另存为 .xlsx(不带宏、不带密码)或 CSV 再传。"))


def plain(value: Any) -> str:
    """The words of a cell: full width made half, blanks at the ends gone."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFKC", str(value)).replace("\u200b", "").replace("\ufeff", "").strip()
    return "" if text in BLANKS else text


def heading(value: Any) -> str:
    """The name of a column without blanks, stars and what stands in brackets behind it."""
    return re.sub(r"\(.*?\)|[\s*:]", "", plain(value))


def as_day(value: Any) -> date | None:
    """A day however it was written, or as the number Excel keeps. None: it is no day."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = plain(int(value) if isinstance(value, float) else value)
    if text.isascii() and text.isdigit() and int(text) in SERIALS:
        return EPOCH + timedelta(days=int(text))
    found = DAY.fullmatch(text) or COMPACT.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def read(data: bytes, columns: Sequence[Column]) -> list[Line]:
    """Every row below the names of the columns. RuleBroken says what is wrong with the file as a whole."""
    kind = kind_of(data) if data.startswith(b"PK") else None
    if kind is not None and kind.name == "xlsx":
        rows, merged = from_excel(data)
    elif data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise cannot_open()
    else:
        rows, merged = from_csv(data), frozenset()
    at, places = header(rows, columns)
    only_the_list(rows, at, places, columns)
    lines = list(below(rows, at, places, merged))
    if not lines:
        raise RuleBroken(_("文件里没有可以导入的行。"))
    if len(lines) > MOST_ROWS:
        raise RuleBroken(
            _("一次最多 %(most)s 行，这个文件有 %(n)s 行，请分几个文件。")
            % {"most": MOST_ROWS, "n": len(lines)}
        )
    return lines


def below(rows: list[list[Any]], at: int, places: dict[int, str], merged: frozenset[int]) -> Iterator[Line]:
    """The rows with something in them."""
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        cells = {name: row[place] if place < len(row) else None for place, name in places.items()}
        if not any(plain(v) for v in cells.values()):
            continue
        line = Line(number, cells)
        if number in merged:
            line.faults[""] = _("这一行有合并单元格，请取消合并，每行写全。")
        for name, value in cells.items():
            if (isinstance(value, str) and plain(value)[:1] in ("=", "@")) or is_formula(value):
                line.faults[name] = _("这一格是公式，请改成文字或日期。")
        yield line


def is_formula(value: Any) -> bool:
    """Something Excel would compute."""
    return type(value).__name__ in ("ArrayFormula", "DataTableFormula")


def from_csv(data: bytes) -> list[list[Any]]:
    """Rows of a text table, in UTF-8, UTF-16 or GB 18030, whatever parts the cells."""
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RuleBroken(_("这个文件打不开。可以传 .xlsx 或 CSV。"))
    text = decoded(data)
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count) if any(d in first for d in DELIMITERS) else ","
    rows: list[list[Any]] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            while row and not row[-1].strip():
                row.pop()
            if len(row) > MOST_COLUMNS or len(rows) >= LAST_ROW:
                raise too_large()
            rows.append(list(row))
    except csv.Error:
        raise RuleBroken(_("这个文件打不开。可以传 .xlsx 或 CSV。")) from None
    return rows


def too_large() -> RuleBroken:
    """More than an honest file has; nothing is walked through to find out how much more."""
    return RuleBroken(_("文件太大了，请只留要导入的行和列。"))


def decoded(data: bytes) -> str:
    """The text, whichever of the three writings it is in."""
    wanted = [name for bom, name in BOMS if data.startswith(bom)] or ENCODINGS
    for encoding in wanted:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RuleBroken(_("认不出这个文件的文字编码。请在 Excel 里另存为 .xlsx 再传。"))


def from_excel(data: bytes) -> tuple[list[list[Any]], frozenset[int]]:
    """Rows of the one sheet that holds something, and the numbers of those with merged cells."""
    try:
        with warnings.catch_warnings(), ZipFile(io.BytesIO(data)) as package:
            warnings.simplefilter("ignore")
            parts = package.infolist()
            if sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise too_large()
            if sum(package.read(part).count(b"<") for part in parts) > MOST_TAGS:
                raise too_large()
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=False)
    except FAULTS:
        raise cannot_open() from None
    sheets = {s: filled(s) for s in book.worksheets if s.title != EXPLANATION}
    full = [(sheet, cells) for sheet, cells in sheets.items() if cells]
    if len(full) != 1:
        raise RuleBroken(_("请只留一张有内容的工作表。") if full else _("文件里没有可以导入的行。"))
    sheet, cells = full[0]
    last, widest = max(row for row, _column in cells), max(column for _row, column in cells)
    if widest > MOST_COLUMNS or last > LAST_ROW:
        raise too_large()
    merged = frozenset(
        n for r in sheet.merged_cells.ranges for n in range(r.min_row, min(r.max_row, last) + 1)
    )
    return [[cells.get((y, x)) for x in range(1, widest + 1)] for y in range(1, last + 1)], merged


def filled(sheet: Any) -> dict[tuple[int, int], Any]:
    """The cells that hold something, by row and column. Walking the sheet would make a cell for each that was only
    drawn a line around, a million rows of them."""
    return {place: cell.value for place, cell in sheet._cells.items() if plain(cell.value)}


def header(rows: list[list[Any]], columns: Sequence[Column]) -> tuple[int, dict[int, str]]:
    """Which row names the columns, and where each of the list stands."""
    names = {heading(words): c.name for c in columns for words in c.label.values()}
    best: tuple[int, dict[int, str]] = (0, {})
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        found = {place: names[heading(v)] for place, v in enumerate(row) if heading(v) in names}
        if len(found) > len(best[1]):
            best = at, found
    missing = [c.label["zh"] for c in columns if c.required and c.name not in best[1].values()]
    if missing:
        raise RuleBroken(_("没有找到这些列：%(names)s。请用模板里的列名。") % {"names": "、".join(missing)})
    if len(set(best[1].values())) < len(best[1]):
        raise RuleBroken(_("有一列出现了两次，请只留一列。"))
    return best


def only_the_list(rows: list[list[Any]], at: int, places: dict[int, str], columns: Sequence[Column]) -> None:
    """Whoever gets less than the list loses nothing; whoever gets more has what nobody needed to send."""
    more: list[str] = []
    for place in range(max(len(row) for row in rows)):
        if place in places:
            continue
        named = plain(rows[at][place]) if place < len(rows[at]) else ""
        if named or any(plain(row[place]) for row in rows[at + 1 :] if place < len(row)):
            more.append(named or _("第 %(letter)s 列") % {"letter": get_column_letter(place + 1)})
    if more:
        raise RuleBroken(
            _("多了这些列：%(names)s。只收清单里的 %(n)s 列，请删去后重新导出；文件没有保存。")
            % {"names": "、".join(more[:12]), "n": len(columns)}
        )


# -- what goes back ---------------------------------------------------------------------------------------


def workbook(
    rows: Sequence[Sequence[str]], widths: Sequence[int], explanation: Sequence[Sequence[str]] = ()
) -> bytes:
    """A table of words: every cell is text, also one that begins like a formula."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    write(sheet, rows, widths)
    if explanation:
        write(book.create_sheet(EXPLANATION), explanation, (18, 60, 40))
    return saved(book)


def write(sheet: Any, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    """Rows as text; what a program might take for a formula is none, also after the file went through another one."""
    for y, row in enumerate(rows, start=1):
        for x, words in enumerate(row, start=1):
            cell = sheet.cell(row=y, column=x)
            cell.value = harmless(words)
            cell.data_type, cell.number_format = "s", "@"
    for x, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(x)].width = width
    sheet.freeze_panes = "A2"
