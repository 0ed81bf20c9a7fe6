"""From the answers of the four steps to what the engine opens: who is in it and what is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anjia.doors.portal.steps import DECISIONS, REPORTERS, is_helper
from anjia.engine.matters.inputs import Decisions, PartyInput
from anjia.law import codes

PLAYBOOK = "dv-case"
URGENT = "very_urgent"


def people(data: Mapping[str, Any]) -> list[PartyInput]:
    """The person asking, the one complained of if anything is said of him, and who reports it for her."""
    found = [for_her(data) if is_helper(data) else herself(data)]
    if other := complained(data):
        found.append(other)
    if is_helper(data):
        found.append(helper(data))
    return found


def herself(data: Mapping[str, Any]) -> PartyInput:
    """She reports it herself: her decisions, her safe contact."""
    return PartyInput(
        role="asking",
        sealed=filled({"label": {"name": data.get("name")}, "contact": own_contact(data, "phone")}),
        decisions=Decisions(*(bool(data.get(name)) for name in DECISIONS)),
        residence=str(data.get("place") or ""),
    )


def for_her(data: Mapping[str, Any]) -> PartyInput:
    """Somebody reports it for her: she has not been asked, so nothing is decided yet."""
    contact = {
        "phone": data.get("her_phone"),
        "safe_when": data.get("her_when"),
        "do_not_contact": data.get("her_not"),
    }
    return PartyInput(
        role="asking",
        sealed=filled({"label": {"name": data.get("her_name")}, "contact": contact}),
        decisions=Decisions(None, None, None),
        residence=str(data.get("place") or ""),
    )


def helper(data: Mapping[str, Any]) -> PartyInput:
    """Who reports it for her, with a safe contact of her own. By law her name is kept secret (art. 14)."""
    sealed = {"label": {"helper_name": data.get("name")}, "contact": own_contact(data, "helper_phone")}
    return PartyInput(role="helper", sealed=filled(sealed))


def complained(data: Mapping[str, Any]) -> PartyInput | None:
    """The other person, if anything was said of who it is."""
    relation = str(data.get("relation") or "")
    if relation not in codes.book()["relation"]:
        relation = ""
    sealed = filled(
        {
            "label": {"their_name": data.get("their_name")},
            "identity": {"their_workplace": data.get("their_workplace")},
        }
    )
    if not (relation or sealed):
        return None
    return PartyInput(role="complained", relation=relation, sealed=sealed)


def own_contact(data: Mapping[str, Any], phone: str) -> dict[str, Any]:
    """Empty when the writer comes back with the receipt: then nobody may call, not even by mistake."""
    if data.get("way") != "phone":
        return {}
    return {
        phone: data.get("phone"),
        "safe_when": safe_when(data),
        "safe_as": data.get("safe_as"),
        "do_not_contact": data.get("do_not"),
    }


def safe_when(data: Mapping[str, Any]) -> str:
    """Her hours in words that the desk reads and the engine holds everyone to.

    An exact hour that she wrote narrows what she ticked, so it stands alone beside the days.
    """
    bands = codes.book()["time-band"]
    days = [bands.label(data["days"], "zh")] if data.get("days") else []
    hours = [data["exact"]] if data.get("exact") else [bands.label(b, "zh") for b in data.get("bands", [])]
    return " ".join([*days, "、".join(hours)]).strip()


def filled(sealed: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Only what was said."""
    kept = {name: {k: v for k, v in document.items() if v} for name, document in sealed.items()}
    return {name: document for name, document in kept.items() if document}


def facts(data: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of the case itself. Her words are sealed; how it was reported is counted."""
    said = {"facts": str(data.get("facts") or ""), "reporter": REPORTERS[str(data.get("who") or "self")]}
    return {**said, "urgency": URGENT} if data.get("now") else said
