"""What may be done to many matters at once with the same answers: nothing that ends, tells, sends, or is one person's story.

`batch: true` on a move offers it on the page where many are done together (一起办). Each is still a move of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from anjia.law.playbooks.check_shared import binds, guards
from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.schema import Move, Playbook

Why = tuple[str, str]


def check_batch(pb: Playbook, report: Report) -> None:
    """Every move that is marked for many at once is fit for it."""
    for move in pb.moves.values():
        for zh, en in unfit(pb, move) if move.batch else ():
            report.add(
                move.line,
                "move.batch",
                (f"{move.name} 不能一起办：{zh}", f"{move.name} may not be done to many at once: {en}"),
                ("删去 batch: true", "delete batch: true"),
                (move.name,),
            )


def unfit(pb: Playbook, move: Move) -> Iterator[Why]:
    """Why a move must be made one matter at a time."""
    ends = move.to in pb.stages and pb.stages[move.to].end
    if ends or move.result:
        yield ("会办结", "it ends the matter")
    if move.opens or move.tells or binds(move) or asks_for(move, "agency"):
        yield ("会告诉别的单位", "it tells another office")
    if move.needs_paper or "paper.attached" in guards(move) or asks_for(move, "file"):
        yield ("要附各自的材料", "each needs its own paper")
    if any(name.startswith("consent.") for name in guards(move)):
        yield ("要看各人自己的意思", "each person decides for herself")
    if move.aims or move.hidden or move.mediates or move.turns:
        yield ("要一件一件看", "each has to be looked at")
    if any(f.required and f.compartment for f in move.asks):
        yield ("要写一个人的情况", "it asks for one person's story")


def asks_for(move: Move, kind: str) -> bool:
    """Whether a field of that type is asked."""
    return any(f.type == kind for f in move.asks)
