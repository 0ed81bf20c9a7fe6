"""平安家庭推选: whether a round is open, the application of a household, and who stands on the public notice.

Ordinary pages, unlike those on which somebody asks for help: they have addresses of their own, and Back works.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from anjia.doors.portal import receipts, texts
from anjia.doors.portal.choosing import offered
from anjia.doors.portal.tickets import Ticket, new_key, seal, unseal
from anjia.foundation.core.verdict import NotFound, RuleBroken
from anjia.foundation.files.files import MAX_BYTES
from anjia.foundation.files.kinds import kind_of
from anjia.foundation.limits import limits
from anjia.prevention.honours import applying, notice, rounds
from anjia.prevention.honours.applying import MOST_ADULTS, MOST_MINORS, Adult
from anjia.registry.places import places
from anjia.registry.places.models import Place
from anjia.ui import page

Words = str | Promise
TIERS = ("county", "township", "village")
FEWEST_ROWS, LONGEST_NAME, LONGEST_WORDS, LONGEST_OBJECTION = 2, 40, 500, 1000
NOT_SAVED: Words = _("没保存成功。您写的内容还在,请再点一次。")


@dataclass
class Typed:
    """What stands in the form: a row for each adult, typed or empty."""

    rows: list[Adult] = field(default_factory=lambda: [Adult("")] * FEWEST_ROWS)
    minors: str = "0"
    words: str = ""
    key: str = field(default_factory=new_key)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def recognition(request: HttpRequest) -> HttpResponse:
    """County, township, village, then the form; where no round is open the page says so."""
    at = chosen(request.POST.get("at") or request.GET.get("at", ""))
    if request.method != "POST" or at is None or at.tier != "village":
        return form(request, at, Typed(), {})
    typed, errors = read(request.POST)
    if request.POST.get("go") == "more":
        typed.rows = [*typed.rows, Adult("")][:MOST_ADULTS]
        return form(request, at, typed, {})
    if not all(is_photo(upload) for upload in request.FILES.getlist("photo")):
        errors["photo"] = _("这张照片打不开或太大了。可以换一张,也可以不交。")
    if errors:
        return form(request, at, typed, errors, _("有几处需要改一下。"))
    return send(request, at, typed)


def is_photo(upload: UploadedFile[Any]) -> bool:
    """A picture by its content, whatever it is called."""
    if (upload.size or 0) > MAX_BYTES:
        return False
    kind = kind_of(upload.read(MAX_BYTES))
    upload.seek(0)
    return kind is not None and kind.media == "image"


def chosen(code: str) -> Place | None:
    """The place that was chosen, of one of the three tiers."""
    place = places.get(code) if code.isascii() and code.isdigit() else None
    return place if place and place.tier in TIERS else None


def read(post: QueryDict) -> tuple[Typed, dict[str, Words]]:
    """What was typed, kept as it is, and what is wrong with it."""
    rows, errors = [], dict[str, Words]()
    for n in range(MOST_ADULTS):
        name = post.get(f"name-{n}")
        if name is None:
            break
        rows.append(Adult(clean(name), post.get(f"agrees-{n}") == "yes", post.get(f"named-{n}") == "yes"))
        if len(rows[-1].name) > LONGEST_NAME:
            errors[f"name-{n}"] = _("名字太长了,最多40个字。")
    typed = Typed(
        rows or Typed().rows,
        post.get("minors", "0"),
        clean(post.get("words", "")),
        post.get("key") or new_key(),
    )
    if typed.minors not in {str(n) for n in range(MOST_MINORS + 1)}:
        errors["minors"] = _("请从列表中选择。")
    if len(typed.words) > LONGEST_WORDS:
        errors["words"] = _("最多500个字,请缩短一些。")
    return typed, errors


def clean(text: str) -> str:
    return text.replace("\x00", "").strip()


def send(request: HttpRequest, at: Place, typed: Typed) -> HttpResponse:
    """The application, or the form with what was typed and why not. Empty rows are nobody."""
    now = page.now()
    allowed = limits.take("recognition.address", limits.network(request.META.get("REMOTE_ADDR", "")), now)
    if not allowed:
        return form(request, at, typed, {}, allowed.reason, 429)
    there = [n for n, adult in enumerate(typed.rows) if adult.name]
    try:
        opened = applying.apply(
            village=at.code,
            adults=[typed.rows[n] for n in there],
            minors=int(typed.minors),
            words=typed.words,
            files=request.FILES.getlist("photo")[:1],
            key=typed.key,
            now=now,
        )
    except RuleBroken as broken:
        typed.key = new_key()
        return form(request, at, typed, beside(broken.fields, there), broken.reason or NOT_SAVED)
    context = {"lines": receipts.shaped(opened.receipt, "plain"), "village": places.full_name(at)}
    return render(request, "portal/applied.html", context)


def beside(fields: Mapping[str, Words], there: list[int]) -> dict[str, Words]:
    """Messages about the adults that were named, beside the rows they stand in."""
    rows = {f"{what}-{n}": f"{what}-{row}" for n, row in enumerate(there) for what in ("name", "agrees")}
    return {rows.get(name, name): message for name, message in fields.items()}


def form(
    request: HttpRequest,
    at: Place | None,
    typed: Typed,
    errors: Mapping[str, Words],
    reason: Words = "",
    status: int = 422,
) -> HttpResponse:
    """One page: what it is, where one lives, and as soon as that is known the form."""
    now = page.now()
    context = {
        "topic": texts.FAMILIES,
        "lines": [texts.HOTLINES[number] for number in texts.FAMILIES.call],
        **picked(at),
        "standing": rounds.standing(at.code, now) if at else None,
        "typed": typed,
        "errors": {name: str(message) for name, message in errors.items()},
        "reason": str(reason),
        "most": MOST_ADULTS,
        "minors": [(str(n), str(n)) for n in range(MOST_MINORS + 1)],
    }
    return render(request, "portal/recognition.html", context, status=status if errors or reason else 200)


def picked(at: Place | None) -> dict[str, Any]:
    """The lists to choose from, and how the chosen place is called."""
    return {**offered(at.code if at else ""), "place": places.full_name(at) if at else ""}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def on_notice(request: HttpRequest) -> HttpResponse:
    """公示: who stands there now. Anybody may object, without a name."""
    at = chosen(request.POST.get("at") or request.GET.get("at", ""))
    if request.method != "POST":
        return listed(request, at)
    ticket = unseal("notice", request.POST.get("ticket", ""), page.now())
    if ticket is None:
        return listed(request, at, _("这一页放得太久,请再选一次。"), 422)
    if "words" not in request.POST:
        return objecting(request, at, ticket)
    return objected(request, at, ticket)


def objected(request: HttpRequest, at: Place | None, ticket: Ticket) -> HttpResponse:
    """Taken, or the page with what was typed."""
    now, words = page.now(), clean(request.POST["words"])
    if not words or len(words) > LONGEST_OBJECTION:
        error = _("请写是什么事。") if not words else _("最多1000个字,请缩短一些。")
        return objecting(request, at, ticket, words, error)
    allowed = limits.take("objection.address", limits.network(request.META.get("REMOTE_ADDR", "")), now)
    if not allowed:
        return objecting(request, at, ticket, words, allowed.reason, 429)
    try:
        notice.object_to(household=UUID(str(ticket.data["matter"])), words=words, key=ticket.key, now=now)
    except (NotFound, RuleBroken):
        return listed(request, at, _("这一户的公示已经结束。有事请打12338。"), 422)
    return listed(request, at, done=_("收到了。我们会核实,不说是谁提的。"))


def objecting(
    request: HttpRequest,
    at: Place | None,
    ticket: Ticket,
    words: str = "",
    error: Words = "",
    status: int = 422,
) -> HttpResponse:
    """What one has to say about one household."""
    context = {
        "at": at.code if at else "",
        "about": ticket.data["about"],
        "ticket": seal(ticket, page.now()),
        "words": words,
        "error": str(error),
    }
    return render(request, "portal/objecting.html", context, status=status if error else 200)


def listed(
    request: HttpRequest, at: Place | None, problem: Words = "", status: int = 200, done: Words = ""
) -> HttpResponse:
    """The notice of a county, village by village."""
    now = page.now()
    rows = notice.shown(at.code, now) if at else []
    names = notice.village_names(rows)
    context = {
        **picked(at),
        "rows": [(row, names.get(row.village, ""), about(row, names, now)) for row in rows],
        "until": max((row.until for row in rows), default=None),
        "problem": str(problem),
        "done": str(done),
    }
    return render(request, "portal/notice.html", context, status=status)


def about(row: notice.Posted, names: Mapping[str, str], now: Any) -> str:
    """A sealed slip that says which household a button is about."""
    said = {"matter": str(row.matter), "about": f"{names.get(row.village, '')} {row.names}".strip()}
    return seal(Ticket("notice", said), now)
