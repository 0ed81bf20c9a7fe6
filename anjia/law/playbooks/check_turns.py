"""A move that an answer turns into another one: the other may be made here, by the same people, with the same answers."""

from __future__ import annotations

from anjia.law.playbooks.check_shared import instead
from anjia.law.playbooks.check_values import codes_answerable
from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.interpreter import allowed
from anjia.law.playbooks.known import Known
from anjia.law.playbooks.schema import Move, Playbook


def check_turns(pb: Playbook, known: Known, report: Report) -> None:
    """Nobody is left with a form that can neither be kept nor turned."""
    for move in pb.moves.values():
        if move.turns is None:
            continue
        into, when = move.turns
        other = pb.moves.get(into)
        if other is None:
            report.add(
                move.line,
                "move.unknown",
                (f"{move.name} 的 turns 提到的“{into}”不存在", f"turns of {move.name} names no “{into}”"),
                instead(into, pb.moves),
            )
            continue
        _asked(move, when, known, report)
        _fits(pb, move, other, report)


def _asked(
    move: Move, when: tuple[tuple[str, tuple[object, ...]], ...], known: Known, report: Report
) -> None:
    for name, wanted in when:
        field = move.ask(name)
        if field is None:
            report.add(
                move.line,
                "field.unknown",
                (
                    f"{move.name} 的 turns 看“{name}”，而它没有问",
                    f"turns of {move.name}: “{name}” is not asked",
                ),
                instead(name, [f.name for f in move.asks]),
            )
        else:
            codes_answerable(field, wanted, f"moves.{move.name}.turns", move.line, known, report)


def _fits(pb: Playbook, move: Move, other: Move, report: Report) -> None:
    """Same stages, same people, every answer has its place, and nothing more has to be answered."""
    stages = [s for s in pb.stages if allowed(pb, move, s) and not allowed(pb, other, s)]
    people = sorted(set(move.by) - set(other.by))
    lost = [f.name for f in move.asks if other.ask(f.name) is None]
    wanting = [f.name for f in other.asks if f.required and move.ask(f.name) is None]
    for missing, zh, en in (
        (stages, "不能从这些阶段做", "may not start in"),
        (people, "这些单位不能做", "may not be made by"),
        (lost, "没有地方放这些答案", "has no place for"),
        (wanting, "还要填", "still needs"),
    ):
        if missing:
            names = "、".join(missing)
            report.add(
                move.line,
                "turns.unfit",
                (
                    f"{move.name} 会变成 {other.name}，而 {other.name} {zh}:{names}",
                    f"{move.name} turns into {other.name}, which {en}: {', '.join(missing)}",
                ),
                (
                    f"改 {other.name} 的 from、by 或 asks，使它接得住",
                    f"change from, by or asks of {other.name} so that it can take over",
                ),
                (move.name,),
            )
