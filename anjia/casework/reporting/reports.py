"""From the answers of the page to what the engine opens: who is in it, what is said, who reported under protection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anjia.casework.reporting.models import ReportPoint
from anjia.casework.reporting.points import REPORTERS
from anjia.engine.matters import actions
from anjia.engine.matters.inputs import Decisions, Opened, PartyInput
from anjia.foundation.core.clock import SHANGHAI
from anjia.law import codes
from anjia.registry.posts import actors

PLAYBOOK = "referral-in"
#: Who it is about: special protection, and how it was brought. An adult decides herself (妇女权益保障法, 反家庭暴力法 5).
ABOUT = {
    "child": (("minor",), "mandatory_report"),
    "unable": (("limited_capacity",), "mandatory_report"),
    "adult": ((), "other_body"),
}
LONGEST = {"facts": 2000, "reporter_name": 40, "reporter_phone": 40, "reporter_post": 40, "name": 40, "police_receipt": 60,
           "phone": 40, "safe_when": 120}  # fmt: skip
CODED = {
    "report_class": "mandatory-report-class",
    "police_told": "yes-no-unknown",
    "relation": "relation",
    "sex": "sex",
}
NOW, SOON = "very_urgent", "urgent"
Words = str | Promise


def read(
    posted: Mapping[str, str], shields: list[str], parts: Sequence[str] = ()
) -> tuple[dict[str, Any], dict[str, Words]]:
    """What was answered, and what is wrong with it. Where somebody is in danger nothing is: it is taken as it is."""
    data: dict[str, Any] = {name: posted.get(name, "").strip()[:longest] for name, longest in LONGEST.items()}
    data["about"] = posted.get("about", "") if posted.get("about", "") in ABOUT else ""
    data["now"] = posted.get("now") == "yes"
    for name, book in CODED.items():
        value = posted.get(name, "")
        data[name] = value if value in codes.book()[book] else ""
    data["shield"] = [s for s in shields if s in codes.book()["report-shield"]]
    data["injured_parts"] = [p for p in parts if p in codes.book()["injury-part"]]
    errors: dict[str, Words] = {}
    if not data["about"] and not data["now"]:
        errors["about"] = _("请选说的是谁。")
    too_long = [n for n, longest in LONGEST.items() if len(posted.get(n, "").strip()) > longest]
    if not data["now"]:
        errors |= {n: _("太长了,最多 %(n)s 个字。") % {"n": LONGEST[n]} for n in too_long}
    return data, errors


def send(point: ReportPoint, data: Mapping[str, Any], *, now: datetime, key: str, burst: str) -> Opened:
    """The report becomes a matter of the county federation, by the same action as any other; RuleBroken by field."""
    protection, brought = ABOUT[str(data["about"]) or "child"]
    facts = {
        "source_kind": brought,
        "reporter": REPORTERS[point.agency.kind],
        "urgency": NOW if data["now"] else SOON,
        "found_at": now.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M"),
        "facts": data["facts"],
        **{
            name: data[name]
            for name in ("report_class", "police_told", "police_receipt", "shield", "injured_parts")
            if data[name]
        },
    }
    return actions.open_matter(
        playbook=PLAYBOOK,
        actor=actors.resident(),
        now=now,
        channel="online",
        place=point.agency.place_id,
        parties=people(point, data, protection if data["about"] else ()),
        data={name: value for name, value in facts.items() if value},
        key=key,
        with_receipt=True,
        burst=burst,
    )


def people(point: ReportPoint, data: Mapping[str, Any], protection: tuple[str, ...]) -> list[PartyInput]:
    """Whom it is about, the other side if anything was said of it, and the reporter, whom only the desk may know."""
    contact = {n: data[n] for n in ("phone", "safe_when") if data[n]}
    sealed = {"label": {"name": data["name"]} if data["name"] else {}, "contact": contact}
    asking = PartyInput(
        role="asking",
        sex=data["sex"],
        protection=protection,
        sealed={c: d for c, d in sealed.items() if d},
        decisions=Decisions(None, None, None),
    )
    found = [asking]
    if data["relation"]:
        found.append(PartyInput(role="complained", relation=data["relation"]))
    unit = f"{point.agency.name} {point.name} {data['reporter_post']}".strip()
    reporter = {
        "reporter_name": data["reporter_name"],
        "reporter_phone": data["reporter_phone"],
        "reporter_unit": unit,
    }
    found.append(PartyInput(role="reporting", sealed={"reporter": {n: v for n, v in reporter.items() if v}}))
    return found


def must_call_police(data: Mapping[str, Any]) -> bool:
    """Whether the law asks the reporter's own office to report to the police as well, and it was not done yet."""
    return data["about"] in ("child", "unable") and data["police_told"] != "yes"
