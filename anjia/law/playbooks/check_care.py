"""She decides, nobody is exposed, violence is not mediated: what a playbook may never do."""

from __future__ import annotations

from anjia.law.playbooks.check_shared import binds
from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.schema import Move, Playbook

POLICE_KINDS = frozenset({"police_station", "police_bureau"})
NEAR = frozenset({"village", "township"})
DUTY_TO_REPORT = "protected_person"


def check_care(pb: Playbook, report: Report) -> None:
    """Consent guards, no mediation of violence, whereabouts never in what leaves."""
    if pb.concerns_violence and pb.mediates_violence:
        report.add(
            pb.lines.get("mediates_violence", 1),
            "mediation.violence",
            ("暴力本身不调解", "the violence itself is never mediated"),
            ("改成 mediates_violence: false", "write mediates_violence: false"),
        )
    for move in pb.moves.values():
        _whereabouts(move, report)
        if pb.concerns_violence:
            _mediation(move, report)
            _consent(pb, move, report)


def _guards(move: Move) -> set[str]:
    return {g.name for g in move.guards}


def _mediation(move: Move, report: Report) -> None:
    if move.mediates and "no_mediation_of_violence" not in _guards(move):
        report.add(
            move.line,
            "mediation.violence",
            (f"{move.name} 会把暴力拿去调解", f"{move.name} would mediate the violence"),
            (
                "加条件 no_mediation_of_violence，或删去这一步",
                "add the guard no_mediation_of_violence, or delete the move",
            ),
            (move.name,),
        )


def _consent(pb: Playbook, move: Move, report: Report) -> None:
    guards = _guards(move)
    near = [r for r in binds(move) if r in pb.roles and pb.roles[r].tier in NEAR]
    if near and "consent.community" not in guards:
        _add(move, report, "consent.community", "告诉社区", "tells the community")
    police = bool(POLICE_KINDS & set(move.opens_kind))
    if police and not guards & {"consent.police", DUTY_TO_REPORT}:
        _add(move, report, "consent.police", "告诉公安", "tells the police")


def _add(move: Move, report: Report, guard: str, zh: str, en: str) -> None:
    report.add(
        move.line,
        "consent.missing",
        (f"{move.name} 会不经她同意{zh}", f"{move.name} {en} without her word"),
        (f"加条件 {guard}", f"add the guard {guard}"),
        (move.name,),
    )


def _whereabouts(move: Move, report: Report) -> None:
    leaks = [f.name for f in move.asks if f.compartment == "whereabouts"]
    if leaks and (move.opens or move.tells):
        report.add(
            move.line,
            "whereabouts.leaves",
            (
                f"{move.name} 会把住处与去向({leaks[0]})发给别的单位",
                f"{move.name} would send whereabouts ({leaks[0]}) to others",
            ),
            ("另写一步登记住处，不要放在转出的一步里", "record whereabouts in a move of its own"),
            (move.name,),
        )
