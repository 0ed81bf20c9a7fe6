"""公安数据文件: over the boundary by hand, looked through first, carried out row by row, undone as a whole."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anjia.casework.incoming import batches, importing, police, table, undoing
from anjia.casework.incoming.batches import Sheet
from anjia.casework.incoming.models import Batch, Row
from anjia.doors.desk import rows
from anjia.engine.matters import filing
from anjia.engine.matters.language import language
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.limits import limits
from anjia.law import codes
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms, page

form = require_http_methods(["GET", "HEAD", "POST"])
FILE = Batch.Kind.FILE
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (26, 18, 30, 14, 14, 14)
SHOWN = 200  # rows on one page; the rest are in the result file
RESULTS = {
    Row.State.READY: "ready", Row.State.REFUSED: rows.REFUSED, Row.State.DONE: rows.OK, Row.State.SKIPPED: rows.SKIPPED,
    Row.State.UNDONE: rows.OK, Row.State.LEFT: rows.REFUSED,
}  # fmt: skip


@form
@signed_in
def files(request: SignedInRequest) -> HttpResponse:
    """Earlier files, the template, and a box for the next; on POST every row is looked through, nothing done."""
    error = ""
    if request.method == "POST":
        try:
            batch = read(request)
            return HttpResponseRedirect(page.link("desk:police-file", batch.id))
        except RuleBroken as broken:
            error = str(broken)
    context = {
        "batches": batches.listed(request.actor, FILE),
        "error": error,
        "columns": police.COLUMNS,
        "outcomes": outcomes(),
        "most": table.MOST_ROWS,
    }
    return render(request, "desk/police_files.html", context, status=422 if error else 200)


def read(request: SignedInRequest) -> Batch:
    upload = request.FILES.get("file")
    if upload is None:
        raise RuleBroken(_("请选一个文件。"))
    verdict = limits.take("upload.account", str(request.actor.account_id), request.now)
    if not verdict:
        raise RuleBroken(verdict.reason)
    return importing.read_file(upload=upload, actor=request.actor, now=request.now)


def outcomes() -> list[tuple[str, str]]:
    """Code and words of every outcome (公通字〔2024〕34号 21)."""
    book = codes.book()[police.OUTCOMES]
    return [(code, book.label(code, language())) for code in book.codes]


@form
@signed_in
def file(request: SignedInRequest, batch_id: UUID) -> HttpResponse:
    """What each row would do, or did; carried out, given up or taken back from here."""
    errors: dict[str, list[str]] = {}
    reason = ""
    batches.find(request.actor, FILE, batch_id)
    if request.method == "POST":
        try:
            act(request, batch_id)
            return HttpResponseRedirect(page.link("desk:police-file", batch_id))
        except RuleBroken as broken:
            errors, reason = forms.shown_errors(broken.fields), str(broken.reason)
    found = batches.find(request.actor, FILE, batch_id)
    sheets = batches.sheets(request.actor, found)
    per_row = [as_row(s) for s in sheets]
    context = {
        "batch": found,
        "rows": per_row[:SHOWN],
        "more": max(0, len(per_row) - SHOWN),
        "count": len(per_row),
        "counts": batches.states(sheets),
        "can_fetch": any(s.cells for s in sheets),
        "errors": errors,
        "reason": reason,
        "why": request.POST.get("why", ""),
    }
    return render(request, "desk/police_file.html", context, status=422 if errors or reason else 200)


def act(request: SignedInRequest, batch_id: UUID) -> None:
    do = request.POST.get("do", "")
    if do == "carry_out":
        importing.carry_out(batch_id=batch_id, actor=request.actor, now=request.now)
    elif do == "give_up":
        importing.give_up(batch_id=batch_id, actor=request.actor, now=request.now)
    elif do == "undo":
        undoing.undo(batch_id=batch_id, why=request.POST.get("why", ""), actor=request.actor, now=request.now)
    else:
        raise RuleBroken(_("请选一项再继续。"))


def as_row(sheet: Sheet) -> rows.PerRow:
    """One row of the file: its number there, our number, what became of it."""
    line = sheet.line or sheet.row.seq
    label = _("第 %(n)s 行") % {"n": line}
    if sheet.cells.get("reference"):
        label += f" · {sheet.cells['reference']}"
    link = page.link("desk:matter", sheet.row.matter_id) if sheet.number else ""
    return rows.PerRow(
        label, RESULTS.get(Row.State(sheet.row.state), rows.SKIPPED), sheet.sentence, link, kept=True
    )


@require_GET
@signed_in
def template(request: SignedInRequest) -> HttpResponse:
    """The empty table with its six columns, and a sheet that explains them."""
    about = [(_("列名"), _("怎么填"), "")]
    about += [
        (c.label[language()], c.about[language()], _("必填") if c.required else "") for c in police.COLUMNS
    ]
    about += [("", "", ""), (_("代码"), _("处理结果"), _("公通字〔2024〕34号第21条"))]
    about += [(code, words, "") for code, words in outcomes()]
    about += [("", "", ""), (_("只要这六列。姓名、身份证号、电话、住址、经过一律不要。"), "", "")]
    body = table.workbook([[c.label[language()] for c in police.COLUMNS]], WIDTHS, about)
    return handed(body, _("公安数据模板.xlsx"))


@require_GET
@signed_in
def results(request: SignedInRequest, batch_id: UUID) -> HttpResponse:
    """What became of each row, for whoever sent the file: as the file had it, our sentence beside it, nothing of anybody."""
    found = batches.find(request.actor, FILE, batch_id)
    sheets = batches.sheets(request.actor, found)
    if not any(s.cells for s in sheets):
        raise NotFound
    head = [_("行号"), *(c.label[language()] for c in police.COLUMNS), _("结果"), _("说明")]
    body = [
        [
            str(s.line),
            *(s.cells.get(c.name, "") for c in police.COLUMNS),
            in_words(s.row.state),
            s.sentence,
        ]
        for s in sheets
    ]
    day = found.at.astimezone(SHANGHAI).strftime("%Y%m%d")
    return handed(
        table.workbook([head, *body], (8, *WIDTHS, 12, 60)), _("导入结果%(day)s.xlsx") % {"day": day}
    )


def in_words(state: str) -> str:
    """How a row stands, for whoever reads the file."""
    words = {
        Row.State.READY: _("可以办"), Row.State.REFUSED: _("有问题"), Row.State.DONE: _("办成"),
        Row.State.SKIPPED: _("不用办"),
        Row.State.UNDONE: _("已撤回"), Row.State.LEFT: _("已有后续，没有撤回"),
    }  # fmt: skip
    return words.get(Row.State(state), "")


def handed(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=EXCEL)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{filing.quoted(name)}"
    return response
