"""纸件录入: photographs of papers taken in many at once, then typed in one by one beside the picture."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anjia.casework.incoming import actions, alike, batches, papers
from anjia.casework.incoming.batches import Sheet
from anjia.casework.incoming.models import Batch, Row
from anjia.doors.desk import rows
from anjia.doors.desk.forms import near
from anjia.doors.desk.views.opening import place_extras
from anjia.engine.matters import finding
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotFound, Refused, RuleBroken
from anjia.foundation.limits import limits
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms, page

form = require_http_methods(["GET", "HEAD", "POST"])
PAPERS = Batch.Kind.PAPERS
#: Sent by the script that sends one picture at a time, so that a line that breaks loses only one.
PIECE = "X-Piece"


@form
@signed_in
def start(request: SignedInRequest) -> HttpResponse:
    """Batches not finished first; on POST a new one begins with the pictures that were chosen."""
    if request.method == "POST":
        uploads = request.FILES.getlist("papers")
        if not uploads:
            return start_page(request, nothing_came(request))
        return take_in(request, None)
    return start_page(request, "")


def start_page(request: SignedInRequest, error: str) -> HttpResponse:
    context = {"batches": batches.listed(request.actor, PAPERS), "error": error, "most": actions.MOST}
    return render(request, "desk/incoming.html", context, status=422 if error else 200)


def nothing_came(request: SignedInRequest) -> str:
    """No file was chosen, or together they were more than one form can carry."""
    sent = int(request.META.get("CONTENT_LENGTH") or 0)
    if sent > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        return _("一次传的照片太大了(合计超过 20 MB)，请分几次选。")
    return _("请选照片或扫描件。")


def take_in(request: SignedInRequest, batch: Batch | None) -> HttpResponse:
    """Each picture for itself: one that cannot be taken is named, the others are there."""
    verdict = limits.take("upload.account", str(request.actor.account_id), request.now)
    errors = [] if verdict else [str(verdict.reason)]
    first = 0
    for upload in request.FILES.getlist("papers") if verdict else ():
        try:
            batch = batch or actions.begin(actor=request.actor, now=request.now)
            row = actions.add_picture(batch_id=batch.id, upload=upload, actor=request.actor, now=request.now)
            first = first or row.seq
        except RuleBroken as broken:
            errors.append(f"{upload.name}: {broken}")
    if request.headers.get(PIECE):
        to = page.link("desk:incoming-batch", batch.id) if batch else ""
        return JsonResponse({"to": to, "error": " ".join(errors)}, status=422 if errors else 200)
    if batch is None:
        return start_page(request, " ".join(errors))
    if errors:
        return batch_page(request, batch, errors=errors)
    return HttpResponseRedirect(page.link("desk:incoming-sheet", batch.id, first))


@form
@signed_in
def batch(request: SignedInRequest, batch_id: UUID) -> HttpResponse:
    """Every paper of the heap and what became of it; more may be added, the rest given up."""
    found = batches.find(request.actor, PAPERS, batch_id)
    if request.method != "POST":
        return batch_page(request, found)
    try:
        if request.POST.get("do") == "give_up":
            actions.give_up(batch_id=batch_id, seq=None, actor=request.actor, now=request.now)
            return HttpResponseRedirect(page.link("desk:incoming-batch", batch_id))
        if not request.FILES.getlist("papers"):
            raise RuleBroken(nothing_came(request))
        return take_in(request, found)
    except RuleBroken as broken:
        return batch_page(request, found, errors=[str(broken)])


def batch_page(request: SignedInRequest, found: Batch, errors: list[str] | None = None) -> HttpResponse:
    sheets = batches.sheets(request.actor, found)
    shown = [(s, as_row(found, s)) for s in sheets if s.row.state != Row.State.JOINED]
    context = {
        "batch": found,
        "shown": shown,
        "counts": rows.counted(r for _s, r in shown if r.result != WAITING),
        "left": sum(s.row.state == Row.State.DRAFT for s, _r in shown),
        "errors": errors or [],
        "most": actions.MOST,
        "next": next((s.row.seq for s, _r in shown if s.row.state == Row.State.DRAFT), 0),
    }
    return render(request, "desk/incoming_batch.html", context, status=422 if errors else 200)


#: A paper nobody has typed in yet is neither done nor refused.
WAITING = "waiting"


def as_row(found: Batch, sheet: Sheet) -> rows.PerRow:
    """One line of the overview: which paper, how it stands, where it leads."""
    row, label = sheet.row, _("第 %(n)s 张") % {"n": sheet.row.seq}
    if row.state == Row.State.DONE:
        if sheet.number:
            said = _("已存进 %(number)s。") % {"number": sheet.number}
            return rows.PerRow(label, rows.OK, said, page.link("desk:matter", row.matter_id))
        if sheet.holder and sheet.is_mine:
            return rows.PerRow(label, rows.OK, _("已存，由%(office)s办理。") % {"office": sheet.holder})
        said = _("已存，按回避规定由同事办理。") if sheet.is_mine else _("已存。")
        return rows.PerRow(label, rows.OK, said)
    if row.state == Row.State.GIVEN_UP:
        return rows.PerRow(label, rows.SKIPPED, _("没有录，照片已销毁。"))
    link = page.link("desk:incoming-sheet", found.id, row.seq)
    if sheet.sentence:
        return rows.PerRow(label, rows.REFUSED, sheet.sentence, link, kept=True)
    return rows.PerRow(label, WAITING, _("录了一部分。") if sheet.typed else _("还没录。"), link)


@form
@signed_in
def sheet(request: SignedInRequest, batch_id: UUID, seq: int) -> HttpResponse:
    """The picture at the left, what is asked at the right. Whatever is pressed, what was typed is kept."""
    found = batches.find(request.actor, PAPERS, batch_id)
    if request.method == "POST":
        return sheet_sent(request, found, seq)
    shown = sheet_of(request, found, seq)
    return sheet_page(request, found, shown, shown.typed, shown.choice)


def sheet_of(request: SignedInRequest, found: Batch, seq: int) -> Sheet:
    shown = next((s for s in batches.sheets(request.actor, found) if s.row.seq == seq), None)
    if shown is None:
        raise NotFound
    return shown


def typed_in(request: SignedInRequest) -> dict[str, Any]:
    """Everything typed, in order or not, as it is kept."""
    paper = papers.paper_of(request.POST.get("paper"))
    got = forms.gather(paper.fields, request.POST)
    return {**got.typed, "paper": paper.name, papers.OFFICE: request.POST.get(papers.OFFICE, "")}


def sheet_sent(request: SignedInRequest, found: Batch, seq: int) -> HttpResponse:
    """Save and go on; keep and go elsewhere; join to the one before; give up."""
    batches.find_row(found, seq)
    do, typed = request.POST.get("do", "save"), typed_in(request)
    who: dict[str, Any] = {"batch_id": found.id, "actor": request.actor, "now": request.now}
    try:
        if do == "give_up":
            actions.give_up(seq=seq, **who)
        elif do == "join":
            before = actions.join(seq=seq, **who)
            return HttpResponseRedirect(page.link("desk:incoming-sheet", found.id, before.seq))
        elif do == "save":
            finding.note(request.actor, str(typed.get("name") or ""))
            actions.record(seq=seq, typed=typed, choice=request.POST.get("choice", ""), **who)
        else:
            actions.keep_draft(seq=seq, typed=typed, choice=request.POST.get("choice", ""), **who)
    except Refused as refused:
        return sheet_refused(request, found, seq, typed, refused)
    if request.headers.get(PIECE):
        return JsonResponse({"kept": True})
    return HttpResponseRedirect(next_address(found, seq, do))


def sheet_refused(
    request: SignedInRequest, found: Batch, seq: int, typed: dict[str, Any], refused: Refused
) -> HttpResponse:
    """The page once more, with what is wrong; what was typed is kept first, whatever comes then."""
    if isinstance(refused, NotFound):
        raise refused
    sentence = rows.why(refused)
    shown = sheet_of(request, found, seq)
    if shown.row.state == Row.State.DRAFT:
        actions.keep_draft(
            batch_id=found.id, seq=seq, typed=typed, actor=request.actor, now=request.now,
            choice=request.POST.get("choice", ""), sentence=sentence,
        )  # fmt: skip
    fields = refused.fields if isinstance(refused, RuleBroken) else {}
    held = refused.found if isinstance(refused, actions.LooksHeld) else ()
    reason = str(refused.reason) if isinstance(refused, RuleBroken) else sentence
    return sheet_page(request, found, shown, typed, "", forms.shown_errors(fields), reason, held)


def next_address(found: Batch, seq: int, do: str) -> str:
    """Forward to the next that waits, back to the one before, else to the overview."""
    if do == "keep":  # another kind of paper was chosen: other questions beside the same picture
        return page.link("desk:incoming-sheet", found.id, seq)
    place = batches.place_of(found, seq)
    to = (place.before or place.after) if do == "previous" else place.after
    if do == "leave" or not to:
        return page.link("desk:incoming-batch", found.id)
    return page.link("desk:incoming-sheet", found.id, to)


def sheet_page(
    request: SignedInRequest,
    found: Batch,
    shown: Sheet,
    typed: dict[str, Any],
    choice: str,
    errors: dict[str, Any] | None = None,
    reason: str = "",
    held: tuple[alike.Held, ...] = (),
) -> HttpResponse:
    if shown.row.state != Row.State.DRAFT:
        return HttpResponseRedirect(page.link("desk:incoming-batch", found.id))
    known = {**batches.carried(found, shown.row, actions.CARRIED), **typed}
    paper = papers.paper_of(known.get("paper"))
    on = request.now.astimezone(SHANGHAI).date()
    context = {
        "batch": found,
        "sheet": shown,
        "paper": paper,
        "kinds": [(p.name, p.label) for p in papers.PAPERS.values()],
        "fields": paper.fields,
        "values": known,
        "errors": errors or {},
        "reason": reason,
        "labels": {f.name: f.label for f in paper.fields} | {papers.OFFICE: _("出具单位")},
        "places": {f.name: place_extras(f.name, known) for f in paper.fields if f.type == "place"},
        "offices": near(paper.kinds, request.actor, request.actor.county, on),
        "held": held,
        "choice": choice,
        "place": batches.place_of(found, shown.row.seq),
        "pages": batches.scanned_pages(found, shown),
    }
    return render(request, "desk/incoming_sheet.html", context, status=422 if errors or reason else 200)


@require_GET
@signed_in
def picture(request: SignedInRequest, batch_id: UUID, seq: int, file_id: UUID) -> HttpResponse:
    """One page of the paper, to be looked at beside the form; without the place it was taken at."""
    found = batches.find(request.actor, PAPERS, batch_id)
    number = request.GET.get("page", "1")
    mime, body = batches.picture(found, file_id, int(number) if number.isdecimal() and len(number) < 3 else 1)
    response = HttpResponse(body, content_type=mime)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
