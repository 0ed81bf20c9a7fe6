"""登记来电来访 for every procedure that may be opened on its own: the form is made from its playbook."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anjia.casework.counter import drafts
from anjia.doors.desk.forms import Options, near
from anjia.doors.desk.views.drafts import as_posted
from anjia.engine.matters import actions, office_work, values
from anjia.engine.matters.inputs import Opened, PartyInput, party_input
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.law.playbooks.library import catalogue
from anjia.law.playbooks.schema import Field, Party, Playbook
from anjia.registry.places import places
from anjia.registry.posts.gate import SignedInRequest, signed_in
from anjia.ui import forms, page

#: The one kind of call with a form of its own, short enough to be filled while listening.
QUICK = "dv-case"
CHANNELS = ("call", "visit", "letter", "online", "transfer", "outreach")
DECISIONS = frozenset({"tell_community", "come_to_door", "tell_police"})
Errors = dict[str, Any]


def procedures() -> list[tuple[str, dict[str, str], str]]:
    """(name, label, address) of what may be opened on its own; a new playbook appears here by itself."""
    alone = [book for book in catalogue().values() if book.opens_alone and not book.from_phone]
    alone.sort(key=lambda book: (book.name != QUICK, book.name))
    return [(book.name, book.label, address(book.name)) for book in alone]


def address(name: str) -> str:
    """Where a procedure is registered."""
    return page.link("desk:intake") if name == QUICK else page.link("desk:intake-of", name)


def channel(request: SignedInRequest) -> str:
    """How it came in; a channel that is not offered counts as a call."""
    given = request.POST.get("channel", "call")
    return given if given in CHANNELS else "call"


def came_by(request: SignedInRequest, book: Playbook) -> str:
    """How a matter of this procedure came in; what an office begins of itself, nobody called about."""
    return channel(request) if book.parties else office_work.CHANNEL


@dataclass
class Form:
    """The blocks of one procedure's form, and what was typed into them."""

    book: Playbook
    got: forms.Gathered = field(default_factory=forms.Gathered)
    left: Mapping[str, list[str]] = field(default_factory=dict)  # a draft that is gone on with

    @property
    def about(self) -> list[Field]:
        """What happened: the playbook's opening, without what is asked beside a person."""
        beside = {f.name for party in self.book.parties.values() for f in party.fields}
        return [f for f in self.book.opening if f.type != "file" and f.name not in beside]

    @property
    def people(self) -> list[tuple[Party, list[Field]]]:
        """Each party with its fields, the person asking first, as the file has them."""
        return [
            (p, [f for f in p.fields if f.name not in DECISIONS])
            for p in self.book.parties.values()
            if p.fields
        ]

    @property
    def word(self) -> list[Field]:
        """由本人决定, where the procedure asks it."""
        return [f for p in self.book.parties.values() for f in p.fields if f.name in DECISIONS]

    @property
    def every(self) -> list[Field]:
        """All fields of the page."""
        return [*self.about, *(f for _party, fields in self.people for f in fields), *self.word]

    def counted(self) -> list[Field]:
        """What is checked: somebody optional of whom nothing is said is not asked for anything."""
        left_out = {
            f.name
            for party, fields in self.people
            if party.optional and not any(self.got.values.get(f.name) for f in fields)
            for f in fields
        }
        return [f for f in self.every if f.name not in left_out]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def opening(request: SignedInRequest, name: str) -> HttpResponse:
    """Blank on GET; on POST the matter is opened, or everything typed comes back with its errors."""
    book = catalogue().get(name)
    if book is None or not book.opens_alone or book.from_phone:
        raise NotFound
    if name == QUICK:
        return HttpResponseRedirect(address(name))
    form = Form(book)
    if request.method != "POST":
        key = request.GET.get("draft", "")
        if key:
            form.left = drafts.read(key, request.actor)[1]
            form.got = forms.gather(form.every, as_posted(form.left))
        return form_page(request, form, {}, key or uuid.uuid4().hex)
    form.got = forms.gather(form.every, request.POST)
    key = request.POST.get("key") or uuid.uuid4().hex
    try:
        opened = save(request, form, key)
    except RuleBroken as broken:
        return form_page(request, form, forms.shown_errors(broken.fields), key, str(broken.reason))
    if request.POST.get("kept"):
        drafts.end(key=key, actor=request.actor)
    if opened.receipt:
        return render(request, "desk/received.html", {"opened": opened, "book": book})
    return HttpResponseRedirect(page.link("desk:matter", opened.matter))


def save(request: SignedInRequest, form: Form, key: str) -> Opened:
    """One action; her place, else that of the event, else the office's own decides where it goes."""
    unclear = forms.unresolved_places(form.got, form.every)
    if unclear:
        raise RuleBroken(_("有几处需要改一下。"), dict.fromkeys(unclear, _("请从找到的地点里选一个。")))
    clean = values.clean(form.counted(), form.got.values, now=request.now)
    people = [party_input(form.book, role, clean) for role in form.book.parties]
    return actions.open_matter(
        playbook=form.book.name,
        actor=request.actor,
        now=request.now,
        at=values.when_it_happened(request.POST, request.now),
        channel=came_by(request, form.book),
        place=place_of(form, clean) or request.actor.county or settings.CITY,
        parties=[p for p in people if p.role == "asking" or mentioned(p)],
        data={f.name: clean[f.name] for f in form.book.opening if f.name in clean},
        key=key,
        with_receipt=bool(request.POST.get("receipt")) and answers_back(form.book),
    )


def place_of(form: Form, clean: Mapping[str, Any]) -> str:
    """Where the matter belongs: residence first, then any other place that was given."""
    wanted = sorted((f for f in form.every if f.type == "place"), key=lambda f: f.name != "residence")
    return next((str(clean[f.name]) for f in wanted if clean.get(f.name)), "")


def mentioned(party: PartyInput) -> bool:
    """Whether anything at all was said of somebody."""
    return bool(party.sealed or party.sex or party.age_band or party.relation or party.protection)


def answers_back(book: Playbook) -> bool:
    """Whether who asked has steps of their own later (rating, …), for which a receipt is handed over."""
    return any("opener" in move.by for move in book.moves.values())


def form_page(
    request: SignedInRequest, form: Form, errors: Errors, key: str, reason: str = ""
) -> HttpResponse:
    """The form as it stands."""
    context = {
        "book": form.book,
        "form": form,
        "procedures": procedures(),
        "values": form.got.typed,
        "errors": errors,
        "reason": reason,
        "labels": {f.name: f.label for f in form.every},
        "options": options(request, form.every),
        "places": {f.name: place_extras(f.name, form.got.typed) for f in form.every if f.type == "place"},
        "key": key,
        "channels": CHANNELS if form.book.parties else (),
        "channel": (form.left.get("channel") or [""])[0] or came_by(request, form.book),
        "went_on": bool(form.left),
        "happened_at": request.POST.get("happened_at", ""),
        "answers_back": answers_back(form.book),
        "receipt": request.POST.get("receipt", ""),
        "card": next(iter(form.book.cards.values()), None),
    }
    return render(request, "desk/opening.html", context, status=422 if errors or reason else 200)


def options(request: SignedInRequest, fields: Iterable[Field]) -> Options:
    """Offices that may be named, those of the reader's county first."""
    on = request.now.astimezone(SHANGHAI).date()
    return {
        f.name: near(f.kinds, request.actor, request.actor.county, on) for f in fields if f.type == "agency"
    }


def place_extras(name: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What the place box needs; letters that were typed without choosing are looked up, also without script."""
    code, words = str(typed.get(name) or ""), str(typed.get(name + forms.WORDS) or "")
    return {
        "lookup": page.link("desk:places"),
        "shown": places.display(code) if code else "",
        "words": words,
        "found": places.find(words, within=settings.CITY) if words and not code else [],
        "choices": [(p.code, p.name) for p in places.children(settings.CITY)],
    }
