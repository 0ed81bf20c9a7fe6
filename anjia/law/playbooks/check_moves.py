"""Moves of a playbook: their stages, cards, guards and effects exist and fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from anjia.law.playbooks.check_shared import instead
from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.known import Known
from anjia.law.playbooks.names import GRADES
from anjia.law.playbooks.schema import ANY, END, Effect, Guard, Move, Playbook


def check_moves(pb: Playbook, known: Known, report: Report) -> None:
    """Stages, cards, papers, guards and effects of every move."""
    for move in pb.moves.values():
        _stages_of(pb, move, report)
        _card_of(pb, move, report)
        _on_behalf(pb, move, known, report)
        for call in move.guards:
            _call(pb, move, call, known.guards, "guard", known, report)
        for effect in move.effects:
            _call(pb, move, effect, known.effects, "effect", known, report)
    for key in ("reopens_to", "withdraws_to"):
        stage = getattr(pb, key)
        if stage and stage not in pb.stages:
            _no_stage(pb, report, pb.lines.get(key, 1), key, stage)
    for name in pb.answers:
        if name not in pb.moves and not (name == "withdraw" and pb.withdraws_to):
            report.add(
                pb.lines.get("answers", 1),
                "move.unknown",
                (f"answers 提到的“{name}”不存在", f"answers names no move “{name}”"),
                instead(name, pb.moves),
            )


def _no_stage(pb: Playbook, report: Report, line: int, where: str, stage: str) -> None:
    report.add(
        line,
        "stage.unknown",
        (f"{where} 提到的阶段“{stage}”不存在", f"{where} names a stage “{stage}” that is not there"),
        instead(stage, pb.stages),
    )


def _stages_of(pb: Playbook, move: Move, report: Report) -> None:
    for stage in move.from_:
        if stage not in pb.stages and stage not in (ANY, END):
            _no_stage(pb, report, move.line, f"moves.{move.name}.from", stage)
    if move.to and move.to not in pb.stages:
        _no_stage(pb, report, move.line, f"moves.{move.name}.to", move.to)


def _card_of(pb: Playbook, move: Move, report: Report) -> None:
    if move.card and move.card not in pb.cards:
        report.add(
            move.line,
            "card.unknown",
            (f"{move.name} 的话术卡“{move.card}”不存在", f"{move.name}: no card “{move.card}”"),
            instead(move.card, pb.cards),
        )
    human = set(move.by) - {"clock", "opener"}
    if pb.concerns_violence and human and not move.hidden and not move.card:
        report.add(
            move.line,
            "card.missing",
            (f"{move.name} 没有话术卡", f"{move.name} has no script card"),
            ("加上 card: 并在 cards 里写 say 和 never", "add card: and write say and never under cards"),
        )


def _on_behalf(pb: Playbook, move: Move, known: Known, report: Report) -> None:
    if move.on_behalf or not outside(pb, move, known):
        return
    report.add(
        move.line,
        "move.on-behalf",
        (
            f"{move.name} 由外单位办理，却不能代录：对方不登录就卡住了",
            f"{move.name} is made by an outside agency and cannot be recorded on its behalf",
        ),
        ("删去 on_behalf: false", "delete on_behalf: false"),
    )


def outside(pb: Playbook, move: Move, known: Known) -> bool:
    """Whether an agency outside the federation's line may make the move."""
    roles = [pb.roles[name] for name in move.by if name in pb.roles]
    return any(
        not role.holder_of_parent and (not role.kind or not set(role.kind) <= known.federation_kinds)
        for role in roles
    )


def _call(
    pb: Playbook,
    move: Move,
    call: Guard | Effect,
    registry: Mapping[str, Mapping[str, str]],
    kind: str,
    known: Known,
    report: Report,
) -> None:
    zh = "条件" if kind == "guard" else "效果"
    if call.name not in registry:
        report.add(
            call.line or move.line,
            f"{kind}.unknown",
            (f"{move.name} 的{zh}“{call.name}”不存在", f"{move.name}: no {kind} “{call.name}”"),
            instead(call.name, registry),
        )
        return
    wanted = registry[call.name]
    for name in sorted(set(call.params) - set(wanted)):
        report.add(
            call.line or move.line,
            f"{kind}.param",
            (f"{zh} {call.name} 没有参数“{name}”", f"{kind} {call.name} has no parameter “{name}”"),
            instead(name, wanted),
        )
    for name, type_ in wanted.items():
        if name in call.params:
            _param(pb, move, call, name, type_.rstrip("?"), kind, known, report)
        elif not type_.endswith("?"):
            report.add(
                call.line or move.line,
                f"{kind}.param",
                (f"{zh} {call.name} 缺参数“{name}”", f"{kind} {call.name} lacks parameter “{name}”"),
                (f"补上 {name}:", f"add {name}:"),
            )


def _param(
    pb: Playbook,
    move: Move,
    call: Guard | Effect,
    name: str,
    type_: str,
    kind: str,
    known: Known,
    report: Report,
) -> None:
    value: Any = call.params[name]
    choices: dict[str, Callable[[], Iterable[str]]] = {
        "field": lambda: [f.name for f in move.asks],
        "role": lambda: pb.roles,
        "party": lambda: pb.parties,
        "duty": lambda: pb.duties,
        "grade": lambda: GRADES,
        "instrument": lambda: known.instruments,
        "move": lambda: pb.moves,
        "moves": lambda: pb.moves,
    }
    several = value if type_ == "moves" and isinstance(value, list) else [value]
    if type_ in choices and not set(several) <= set(choices[type_]()):
        report.add(
            call.line or move.line,
            f"{kind}.param",
            (
                f"{call.name} 的参数 {name}“{value}”不是这一步可用的 {type_}",
                f"{call.name}: {name} “{value}” is no {type_} of this move",
            ),
            instead(str(value), choices[type_]()),
        )
    elif type_ == "instrument":
        _items(move, call, known, report)


def _items(move: Move, call: Guard | Effect, known: Known, report: Report) -> None:
    prefix, asked = str(call.params.get("prefix", "")), {f.name for f in move.asks}
    for item in sorted(known.instruments[call.params["instrument"]]):
        if prefix + item not in asked:
            report.add(
                call.line or move.line,
                "instrument.item",
                (
                    f"量表的题“{item}”没有问({prefix}{item})",
                    f"item “{item}” of the scale is not asked ({prefix}{item})",
                ),
                (f"加一个字段 {prefix}{item}", f"add a field {prefix}{item}"),
            )
