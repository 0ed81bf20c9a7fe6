"""A move as a form: what is asked, what is already known, what may be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from anjia.engine.matters import not_alone
from anjia.engine.matters.granting import REVIEW
from anjia.engine.matters.pages import Entry, MatterPage, Step
from anjia.engine.matters.records import ANSWERED_BY
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.limits import limits
from anjia.law.playbooks.library import catalogue
from anjia.law.playbooks.schema import Field
from anjia.registry.posts import actors, agencies, people
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.gate import SignedInRequest
from anjia.ui import formats

#: Steps that answer a request, and the step that made it.
REQUESTS = {answer: ask for ask, answer in ANSWERED_BY.items()}
Options = dict[str, list[tuple[str, Any]]]
#: Whom one may ask where a move names no kind.
PARTNERS = (
    "federation", "police_station", "police_bureau", "court", "procuratorate", "justice_bureau", "legal_aid_center",
    "civil_affairs", "shelter", "hospital", "appraisal_center", "counselling", "mediation_committee", "labour_bureau",
    "education_bureau", "school", "governance_center", "village_committee", "media", "petition_office", "government",
)  # fmt: skip


def handed_in(request: SignedInRequest) -> tuple[Any, ...]:
    """The files of a form. RuleBroken where this account has sent too many of late."""
    sent = tuple(f for name in request.FILES for f in request.FILES.getlist(name))
    if sent and not (verdict := limits.take("upload.account", str(request.actor.account_id), request.now)):
        raise RuleBroken(verdict.reason)
    return sent


def asked(page: MatterPage, step: Step, kind: str) -> list[Field]:
    """The fields this office is asked; files are taken by the paper box below the form.

    What the matter that will be opened cannot do without is marked as such here, not refused afterwards.
    """
    opened = catalogue()[step.move.opens].opening if step.move.opens else ()
    needed = {f.name for f in opened if f.required}
    return [
        replace(f, required=True) if f.name in needed else f
        for f in (*step.move.asks, *not_alone.questions(step.move, page.matter))
        if f.type != "file" and (not f.asked_of or kind in f.asked_of)
    ]


def initial(page: MatterPage, step: Step, fields: list[Field]) -> dict[str, Any]:
    """What is already known, so that nothing is typed twice."""
    values: dict[str, Any] = {}
    people_by_role = {p.role: p for p in reversed(page.people)}
    for f in fields:
        person = people_by_role.get(f.of or "")
        if f.compartment and person:
            document = {"identity": person.identity, "contact": person.contact}.get(f.compartment, {})
            values[f.name] = person.name if f.compartment == "label" else document.get(f.name)
            if f.type == "agency":
                values[f.name] = page.his_office[0]
        elif person and f.name in person.decisions:
            values[f.name] = person.decisions[f.name]
        elif not f.compartment and f.type not in ("datetime", "date", "post", "agency"):
            values[f.name] = page.matter.data.get(f.name) if f.of or step.move.opens else None
    return {k: v for k, v in values.items() if v not in (None, "")}


def options(page: MatterPage, step: Step, actor: Actor, now: Any) -> Options:
    """Choices of agency, post and party fields."""
    on = now.astimezone(SHANGHAI).date()
    out: Options = {}
    for f in step.move.asks:
        if f.type == "agency":
            kinds = step.move.opens_kind or f.kinds
            out[f.name] = near(kinds, actor, page.matter.county or actor.county, on)
        elif f.type == "post":
            posts = actors.of_agency(page.matter.holder_id, now)
            names = people.names([p.account_id for p in posts])
            out[f.name] = [(str(p.id), f"{names.get(p.account_id, '')} · {p.title}") for p in posts]
        elif f.type == "party":
            out[f.name] = [(str(p.id), f"{formats.text(p.called)} {p.name}") for p in page.people]
    return out


def near(kinds: tuple[str, ...], actor: Actor, county: str, on: Any) -> list[tuple[str, Any]]:
    """Offices of these kinds (any partner where none is named), the county's own first, then the city's."""
    kinds = kinds or PARTNERS
    own = agencies.choices(kinds, county, on) if county else []
    upper = [a for a in agencies.choices(kinds, actor.city, on) if a.tier in ("city", "county")]
    seen: dict[UUID, str] = {}
    for agency in [*own, *upper]:
        if agency.id != actor.agency_id:
            seen.setdefault(agency.id, agency.name)
    return [(str(k), v) for k, v in seen.items()]


def aims(page: MatterPage, step: Step, given: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    """What the move is about: (field name, choices); ("", []) when it is about the matter itself."""
    aim = step.move.aims
    if aim == "duty":
        rows = [
            (str(d.id), f"{formats.text(d.label)} · {d.agency} · {formats.when(d.due_at)}")
            for d in page.duties
            if step.name != "review_emergency" or (d.kind == REVIEW and d.is_mine)
        ]
    elif aim == "event" and step.name in REQUESTS:
        answered = {e.codes.get("answers") for e in page.entries}
        asked = [e for e in page.entries if e.move == REQUESTS[step.name] and str(e.event) not in answered]
        rows = [(str(e.event), f"{formats.when(e.at)} {said(e)}") for e in asked]
    elif aim == "event":
        entries = [
            e
            for e in page.entries
            if not e.is_void and not e.is_of_rights and (step.name != "confirm" or e.is_confirmed is False)
        ]
        rows = [(str(e.event), f"{formats.when(e.at)} {formats.text(e.label)}") for e in reversed(entries)]
        if step.name == "ask_correction":  # … or what is kept of somebody
            people_here = [(str(p.id), f"{formats.text(p.called)} {p.name}".strip()) for p in page.people]
            rows = [(key, _("人员信息:%(who)s") % {"who": who}) for key, who in people_here] + rows
    elif aim == "child":
        rows = [(str(c.id), f"{c.agency} · {formats.text(c.stage)}") for c in page.children if not c.is_over]
    elif aim == "matter":
        rows = [(str(m), number) for m, number, kind in page.same_case if kind == "asked"]
    elif aim == "grant":
        live = [r for r in page.rights if r.is_live and r.kind == "grant"]
        rows = [(str(r.id), f"{r.agency} · {formats.when(r.until)}") for r in live]
    else:
        return "", []
    return aim, rows


def said(entry: Entry) -> str:
    """A request as it is told apart from another: who asks, and what."""
    return " · ".join(formats.text(value) for _label, value in entry.lines) or formats.text(entry.label)


def on_behalf(page: MatterPage, step: Step, actor: Actor, now: Any) -> list[tuple[str, Any]]:
    """Offices whose act this reader may write down."""
    bound = [(str(a), name) for a, name in step.recordable]
    if step.joining_kinds:
        county = page.matter.county or actor.county
        bound += near(step.joining_kinds, actor, county, now.astimezone(SHANGHAI).date())
    return bound


def aim_label(aim: str, step: Step) -> str:
    if step.name in REQUESTS:
        return _("哪一项请求")
    return {
        "duty": _("哪一项"),
        "event": _("哪一条经过"),
        "child": _("哪一项协办"),
        "matter": _("和哪件事项"),
        "grant": _("哪一项授权"),
    }.get(aim, "")
