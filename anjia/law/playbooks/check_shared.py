"""Small words shared by the parts of the checker."""

from __future__ import annotations

from collections.abc import Iterable

from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.known import Known
from anjia.law.playbooks.located import nearest
from anjia.law.playbooks.names import BINDS, RELEASES
from anjia.law.playbooks.schema import Move, Playbook


def instead(word: str, known: Iterable[str]) -> tuple[str, str]:
    """A remedy that names the nearest existing word."""
    hit = nearest(word, known)
    if hit:
        return (f"是否想写“{hit}”？", f"did you mean “{hit}”？")
    return ("先定义它，或改成已有的名称", "define it first, or use a name that exists")


def agency_kinds(where: str, kinds: Iterable[str], line: int, known: Known, report: Report) -> None:
    """Agency kinds that the code list does not have."""
    for kind in kinds:
        if kind not in known.agency_kinds:
            report.add(
                line,
                "agency-kind.unknown",
                (f"{where}：单位类别“{kind}”不存在", f"{where}: no agency kind “{kind}”"),
                instead(kind, known.agency_kinds),
            )


def binds(move: Move) -> set[str]:
    """Roles that the move binds."""
    return {str(e.params.get("role")) for e in move.effects if e.name == BINDS}


def releases(move: Move) -> set[str]:
    """Roles that leave by the move."""
    return {str(e.params.get("role")) for e in move.effects if e.name == RELEASES}


def guards(move: Move) -> set[str]:
    """The names of the move's conditions."""
    return {g.name for g in move.guards}


def leads(pb: Playbook, move: Move) -> str | None:
    """The stage that the move leads to, where it does not stay."""
    return pb.withdraws_to if move.builtin and move.name == "withdraw" else move.to


def ends(pb: Playbook, move: Move) -> bool:
    """Whether the move leads into an end stage."""
    stage = pb.stages.get(leads(pb, move) or "")
    return bool(stage and stage.end)
