"""The matter page and everything one may do there."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from anjia.doors.desk import forms
from anjia.doors.desk.story import story
from anjia.doors.desk.views import village
from anjia.engine.letters.policies import can_open_whereabouts
from anjia.engine.matters import actions, filing
from anjia.engine.matters.corrections import EDITABLE, EditedMeanwhile, differing
from anjia.engine.matters.inputs import Form
from anjia.engine.matters.pages import MatterPage, Step, matter_page
from anjia.engine.matters.seats import Seated
from anjia.engine.matters.values import HAPPENED_AT
from anjia.foundation.core.verdict import NotAllowed, NotFound, Refused, RuleBroken, Stale
from anjia.law.playbooks.library import find_duty
from anjia.law.playbooks.schema import AIMS, Field
from anjia.prevention.honours import rounds
from anjia.registry.places import places
from anjia.registry.posts import agencies, people, who_may
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms as ui_forms
from anjia.ui import page as ui_page

read_or_send = require_http_methods(["GET", "HEAD", "POST"])
PARTNER_STEPS = (
    "accept", "return_back", "give_reply", "ask_more", "confirm", "recuse", "note", "attach", "not_alone",
)  # fmt: skip


@require_GET
@signed_in
def matter(request: SignedInRequest, matter_id: UUID) -> HttpResponse:
    """Who by when, her word, next steps, the story, people, referrals, papers."""
    shown = matter_page(request.actor, matter_id, request.now)
    if request.actor.tier == "village":
        return village.card(request, shown)
    steps = shown.steps
    if request.actor.line != "federation":
        steps = [s for s in steps if s.name in PARTNER_STEPS or is_own(s)]
    openers = people.names({r.account for r in shown.rights if r.account})
    context = {
        "page": shown,
        "may_be_written_down": may_be_written_down,
        "story": story(shown),
        "groups": grouped(shown, steps),
        "asking": next((p for p in shown.people if p.role == "asking"), None),
        "editable": shown.capacity in ("holder", "tray"),
        "may_ask_where": may_ask_where(request, shown),
        "openers": openers,
        "households": rounds.rows(request.actor, shown.matter),
        "tab": request.GET.get("tab", ""),
        "done": request.GET.get("done", ""),
    }
    return render(request, "desk/matter.html", context)


def is_own(step: Step) -> bool:
    """A step of the procedure that is this office's to make, now or once its condition holds."""
    return not step.is_built_in and step.verdict.code not in ("role", "stage", "masked", "hidden")


def may_ask_where(request: SignedInRequest, shown: MatterPage) -> bool:
    """Whether this office may ask where she is, and somebody else decides; says nothing of whether it is recorded."""
    seated = Seated(shown.matter, shown.capacity, shown.is_masked)
    if shown.parent:  # who sees the case asks there
        return False
    return can_open_whereabouts(request.actor, seated).code == "second"


def grouped(shown: MatterPage, steps: list[Step]) -> dict[str, list[Step]]:
    """What would do an open duty comes first; then whom one may ask; what one may write down; how it may end;
    what every matter can."""
    owed = [find_duty(shown.playbook, d.kind) for d in shown.duties]
    done_by = [(*d.done_by, *d.tried_by) for d in owed]
    due = {name: at for at, names in reversed(list(enumerate(done_by))) for name in names}
    ends = {stage.name for stage in shown.playbook.stages.values() if stage.end}
    groups: dict[str, list[Step]] = {"now": [], "ask": [], "record": [], "finish": [], "more": []}
    for step in steps:
        if step.name in due and (step.verdict or may_be_written_down(step)):
            groups["now"].append(step)
        elif step.is_built_in:
            groups["more"].append(step)
        elif step.move.opens:
            groups["ask"].append(step)
        elif step.move.to in ends:
            groups["finish"].append(step)
        else:
            groups["record"].append(step)
    groups["now"].sort(key=lambda step: due[step.name])  # as the duties stand: the first due first
    return groups


def may_be_written_down(step: Step) -> bool:
    """Another office's act, which this reader may record on its behalf."""
    return step.verdict.code == "role" and bool(step.recordable or step.joining_kinds)


def step_of(shown: MatterPage, name: str) -> Step:
    """The step, if this reader is offered it at all."""
    step = next((s for s in shown.steps if s.name == name), None)
    if step is None:
        raise NotFound
    return step


@read_or_send
@signed_in
def do(request: SignedInRequest, matter_id: UUID, name: str) -> HttpResponse:
    """One move as a form; on POST it is made, or comes back with what was typed and what is wrong."""
    if request.method != "POST":
        shown = matter_page(request.actor, matter_id, request.now)
        return move_page(request, shown, step_of(shown, name), {}, {})
    try:
        moved = make(request, matter_id, name)
    except (RuleBroken, NotAllowed, Stale) as refused:
        return again(request, matter_id, name, refused)
    if name == "recuse":
        return HttpResponseRedirect(ui_page.link("desk:home", query={"done": name}))
    return HttpResponseRedirect(ui_page.link("desk:matter", moved.matter, query={"done": name}))


def again(request: SignedInRequest, matter_id: UUID, name: str, refused: Refused) -> HttpResponse:
    """The form once more, as it was typed, with what was wrong. Only now is the matter's page read."""
    shown = matter_page(request.actor, matter_id, request.now)
    step = step_of(shown, name)
    got = ui_forms.gather(forms.asked(shown, step, acting_kind(request, step)), request.POST)
    typed = {**got.typed, **got.values, **beside(request)}
    if isinstance(refused, Stale):
        return stale_page(request, matter_id, name, typed)
    if isinstance(refused, RuleBroken):
        errors = ui_forms.shown_errors(refused.fields)
        return move_page(request, shown, step, typed, errors, str(refused.reason))
    reason = refused.verdict.reason if isinstance(refused, NotAllowed) else ""
    return move_page(request, shown, step, typed, {}, str(reason))


def beside(request: SignedInRequest) -> dict[str, Any]:
    """What every form carries beside its fields: when it happened, and which duty, event … it is about."""
    return {HAPPENED_AT: request.POST.get(HAPPENED_AT, "")} | {
        aim: request.POST[aim] for aim in sorted(AIMS) if aim in request.POST
    }


def make(request: SignedInRequest, matter_id: UUID, name: str) -> Any:
    """Hand the form to the engine, which knows what the move asks."""
    files = forms.handed_in(request)
    behalf = request.POST.get("on_behalf_of", "")
    ver = request.POST.get("ver", "")

    def read(fields: Sequence[Field]) -> dict[str, Any]:
        return ui_forms.gather(fields, request.POST).values | beside(request)

    posted = {n: v for n, v in request.POST.lists() if n != "csrfmiddlewaretoken"}
    return actions.move(
        matter_id=matter_id,
        name=name,
        actor=request.actor,
        now=request.now,
        data=Form(posted, read),
        ver=int(ver) if ver.isdigit() else None,
        key=request.POST.get("key", ""),
        on_behalf_of=office_of(behalf),
        files=files,
    )


def office_of(text: str) -> UUID | None:
    """The office that a form names. NotFound for what no form of ours says."""
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def acting_kind(request: SignedInRequest, step: Step) -> str:
    """The kind of office that acts: the one recorded for, else the reader's own."""
    behalf = request.POST.get("on_behalf_of") or request.GET.get("for") or ""
    if not behalf and step.recordable and not step.verdict:
        behalf = str(step.recordable[0][0])
    office = office_of(behalf)
    return agencies.kind_of(office) if office else request.actor.agency_kind


def move_page(
    request: SignedInRequest,
    shown: MatterPage,
    step: Step,
    typed: dict[str, Any],
    errors: dict[str, Any],
    reason: str = "",
) -> HttpResponse:
    """The form of one move, with the script card beside it."""
    if request.actor.tier == "village":
        context = village.card_context(request, shown, step, typed, errors) | {"reason": reason}
        return render(request, "desk/village_matter.html", context, status=422 if errors or reason else 200)
    fields = forms.asked(shown, step, acting_kind(request, step))
    aim, rows = forms.aims(shown, step, typed)
    behalf = forms.on_behalf(shown, step, request.actor, request.now)
    known = {**forms.initial(shown, step, fields), **{k: v for k, v in typed.items() if v not in (None, "")}}
    context = {
        "page": shown,
        "step": step,
        "fields": fields,
        "values": known if not typed else {**known, **typed},
        "errors": errors,
        "reason": reason,
        "labels": {f.name: f.label for f in fields} | {aim: forms.aim_label(aim, step)},
        "options": forms.options(shown, step, request.actor, request.now),
        "places": {f.name: place_extras(known.get(f.name)) for f in fields if f.type == "place"},
        "aim": aim,
        "aim_label": forms.aim_label(aim, step),
        "aim_rows": rows,
        "aim_value": typed.get(aim) or request.GET.get(aim, "") or (rows[0][0] if len(rows) == 1 else ""),
        "behalf": behalf,
        "behalf_value": request.POST.get("on_behalf_of", "") or (behalf[0][0] if len(behalf) == 1 else ""),
        "must_record": bool(behalf) and step.verdict.code == "role",
        "takes_papers": bool(behalf)
        or step.move.needs_paper
        or any(f.type == "file" for f in step.move.asks),
        "happened_at": typed.get(HAPPENED_AT, ""),
        "card": shown.playbook.cards.get(step.move.card or ""),
        "key": request.POST.get("key") or uuid.uuid4().hex,
    }
    return render(request, "desk/move.html", context, status=422 if errors or reason else 200)


def place_extras(code: Any) -> dict[str, Any]:
    return {"lookup": ui_page.link("desk:places"), "shown": places.display(str(code)) if code else ""}


def stale_page(request: SignedInRequest, matter_id: UUID, name: str, typed: dict[str, Any]) -> HttpResponse:
    """刚才 … 也改了这一页: what the other did, what I typed, and three ways on."""
    shown = matter_page(request.actor, matter_id, request.now)
    step = next((s for s in shown.steps if s.name == name), None)
    labels = {f.name: f.label for f in (step.move.asks if step else ())}
    mine = [(labels.get(k, k), v) for k, v in typed.items() if v and k != HAPPENED_AT]
    context = {
        "page": shown,
        "step": step,
        "other": shown.entries[-1],
        "mine": mine,
        "posted": [(k, v) for k in request.POST for v in request.POST.getlist(k)
                   if k not in ("ver", "csrfmiddlewaretoken")],
        "as_note": "\n".join(str(v) for _label, v in mine),
        "key": uuid.uuid4().hex,
    }  # fmt: skip
    return render(request, "desk/stale.html", context, status=409)


@read_or_send
@signed_in
def person(request: SignedInRequest, matter_id: UUID, party_id: UUID, compartment: str) -> HttpResponse:
    """更正: one person's details; two people at once choose, nothing is overwritten."""
    shown = matter_page(request.actor, matter_id, request.now)
    who = next((p for p in shown.people if p.id == party_id), None)
    if who is None or compartment not in EDITABLE[:2] or not who_may.opens("desk:person", shown.relation):
        raise NotFound
    book = shown.playbook
    # a referral has copies of the people; they are put right where they come from
    if who.role not in book.parties or book.names_only:
        raise NotFound
    fields = [f for f in book.parties[who.role].fields if f.compartment in (compartment, "label")
              and (f.compartment == compartment or compartment == "identity") and f.type != "agency"]  # fmt: skip
    document = {"identity": who.identity, "contact": who.contact}[compartment]
    context: dict[str, Any] = {
        "page": shown,
        "who": who,
        "compartment": compartment,
        "fields": fields,
        "values": {**document, **{f.name: who.name for f in fields if f.compartment == "label"}},
        "base": who.versions[compartment],
        "errors": {},
        "reason": "",
        "places": {f.name: place_extras(document.get(f.name)) for f in fields if f.type == "place"},
    }
    if request.method != "POST":
        return render(request, "desk/person.html", context)
    got = ui_forms.gather(fields, request.POST)
    try:
        actions.move(
            matter_id=matter_id,
            name="correct",
            actor=request.actor,
            now=request.now,
            data={
                "party": str(party_id),
                "compartment": compartment,
                "base": request.POST.get("base", ""),
                "choice": request.POST.get("choice", ""),
                "reason": request.POST.get("reason", ""),
                **{f"party-{n}": v for n, v in got.typed.items() if not n.endswith("__words")},
            },
        )
    except EditedMeanwhile as meanwhile:
        labels = {f.name: f.label for f in fields}
        rows = [(labels.get(n, n), a, b) for n, (a, b) in differing(meanwhile.mine, meanwhile.theirs).items()]
        context |= {
            "values": got.typed,
            "base": meanwhile.version,
            "rows": rows,
            "reason_typed": request.POST.get("reason"),
        }
        return render(request, "desk/person_conflict.html", context, status=409)
    except RuleBroken as broken:
        context |= {
            "values": got.typed,
            "base": request.POST.get("base", ""),
            "errors": ui_forms.shown_errors(broken.fields),
            "reason": str(broken.reason),
        }
        return render(request, "desk/person.html", context, status=422)
    return HttpResponseRedirect(ui_page.link("desk:matter", matter_id, query={"done": "correct"}))


@require_GET
@signed_in
def paper(request: SignedInRequest, matter_id: UUID, file_id: UUID) -> HttpResponse:
    """One paper, to be saved: never shown inside the page."""
    try:
        name, mime, body = filing.read(actor=request.actor, matter=matter_id, file=file_id)
    except Refused:
        raise NotFound from None
    response = HttpResponse(body, content_type=mime)
    kept = filing.quoted(filing.saved_as(name, file_id))
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{kept}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
