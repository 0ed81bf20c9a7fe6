"""Nobody falls through: proofs over every path of a playbook, each with its counter-example."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from anjia.law.playbooks.check_shared import binds, ends, leads
from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.graph import Graph, Path, State, every_move
from anjia.law.playbooks.interpreter import allowed, open_plan, plan, target
from anjia.law.playbooks.known import Known
from anjia.law.playbooks.names import FOLLOWING, RUN_OUT
from anjia.law.playbooks.schema import OPEN, Duty, Field, Move, Playbook, Stage


def check_stages(pb: Playbook, graph: Graph, report: Report) -> None:
    """Every stage is reachable, has a holder, and leads to an end; every end carries a result."""
    for stage in pb.stages.values():
        if stage.name not in graph.paths:
            code = "end.unreachable" if stage.end else "stage.unreachable"
            report.add(
                stage.line,
                code,
                (f"没有一步能走到“{stage.name}”", f"no move ever reaches “{stage.name}”"),
                ("给某一步写 to，或删去这个阶段", "let a move lead there, or delete the stage"),
            )
            continue
        if not stage.end and not stage.holder:
            report.add(
                stage.line,
                "holder.missing",
                (f"阶段“{stage.name}”没有人负责", f"nobody holds stage “{stage.name}”"),
                ("写 holder: 角色", "write holder: role"),
                graph.paths[stage.name],
            )
        _no_way_out(stage, graph, report)
    if not any(stage.end for stage in pb.stages.values()):
        report.add(
            pb.lines.get("stages", 1),
            "stage.no-end",
            ("没有任何结束阶段", "there is no end stage"),
            ("加一个 end: true 的阶段", "add a stage with end: true"),
        )


def _no_way_out(stage: Stage, graph: Graph, report: Report) -> None:
    """A point of this stage from which nobody who has joined by then can come to an end."""
    states = graph.states
    stuck = next((s for s in states.paths if s[0] == stage.name and s not in states.ending), None)
    if stuck is None:
        return
    absent = "、".join(sorted(states.invited - stuck[1]))
    who = (f"(“{absent}”还没有加入)", f" (“{absent}” has not joined)") if absent else ("", "")
    report.add(
        stage.line,
        "stage.no-end",
        (f"到了“{stage.name}”就再也办不结{who[0]}", f"from “{stage.name}” no end can be reached{who[1]}"),
        (
            "加一步通向结束阶段，由已经在场的单位办",
            "add a move that leads to an end stage, made by an agency that is already in",
        ),
        states.paths[stuck],
    )


def check_results(pb: Playbook, graph: Graph, report: Report) -> None:
    """A move into an end has a result; only such a move has one."""
    for move in pb.moves.values():
        leads_to_end = ends(pb, move)
        if leads_to_end and not move.result:
            report.add(
                move.line,
                "end.no-result",
                (f"{move.name} 办结了，却没有结果", f"{move.name} ends the matter without a result"),
                ("写 result: 结果代码", "write result: code"),
                (*_way(pb, graph, move), move.name),
            )
        if move.result and not leads_to_end:
            report.add(
                move.line,
                "result.misplaced",
                (f"{move.name} 有结果，却没有办结", f"{move.name} has a result but does not end the matter"),
                ("删去 result，或让 to 指向结束阶段", "delete result, or lead to an end stage"),
            )


def _way(pb: Playbook, graph: Graph, move: Move) -> Path:
    ways = [path for stage, path in graph.paths.items() if allowed(pb, move, stage)]
    return min(ways, key=len, default=())


def check_roles_bound(pb: Playbook, graph: Graph, report: Report) -> None:
    """A role that joins by invitation is bound before it must act, hold or owe."""
    for role in pb.roles.values():
        if not role.optional:
            continue
        acts = [m for m in pb.moves.values() if m.opens_with and role.name in m.by]  # into a child of its own
        binders = [m for m in pb.moves.values() if role.name in binds(m)] or acts
        if not binders:
            report.add(
                role.line,
                "role.never-bound",
                (f"没有一步请“{role.name}”加入", f"no move ever binds role “{role.name}”"),
                ("给某一步加效果 role.bind", "add the effect role.bind to a move"),
            )
            continue
        if all(set(m.by) <= {role.name} for m in binders):
            report.add(
                binders[0].line,
                "role.binds-itself",
                (
                    f"“{role.name}”要先加入，才能做让自己加入的一步",
                    f"“{role.name}” would have to be in before it can join",
                ),
                ("让承办单位也能做这一步", "let the holder make this move too"),
            )
        _hold_or_owe_unbound(pb, graph, report, role.name)


def _hold_or_owe_unbound(pb: Playbook, graph: Graph, report: Report, role: str) -> None:
    absent = {state: path for state, path in graph.states.paths.items() if role not in state[1]}
    for stage in pb.stages.values():
        ways = [path for (at, _), path in absent.items() if at == stage.name]
        if stage.holder == role and ways:
            report.add(
                stage.line,
                "holder.unbound",
                (
                    f"走到“{stage.name}”时，负责的“{role}”还没有加入",
                    f"“{stage.name}” is held by “{role}”, which is not bound yet",
                ),
                (
                    "让前面的一步绑定它，或由承办单位负责",
                    "bind it in a move before, or let the holder keep it",
                ),
                min(ways, key=len),
            )
    for duty in pb.duties.values():
        if duty.of == role:
            _owes_unbound(graph, report, duty, absent)


def _owes_unbound(graph: Graph, report: Report, duty: Duty, absent: Mapping[State, Path]) -> None:
    """The shortest way on which the duty starts while its owner has not joined, or has left again."""
    ways: list[Path] = []
    if set(duty.starts) & {OPEN, f"stage:{graph.first}"}:
        ways.append((OPEN,))
    for state, path in absent.items():
        for move, (stage, bound) in graph.states.steps(state):
            entered = stage != state[0] and f"stage:{stage}" in duty.starts
            if duty.of not in bound and (move.name in duty.starts or entered):
                ways.append((*path, move.name))
    if ways:
        report.add(
            duty.line,
            "duty.owner-unbound",
            (
                f"责任“{duty.name}”会落到还没有加入的“{duty.of}”头上",
                f"duty “{duty.name}” can start before “{duty.of}” is bound",
            ),
            (
                "在开始它的一步加 role.bind，或加条件 role.bound",
                "add the effect role.bind or the guard role.bound to the move that starts it",
            ),
            min(ways, key=len),
        )


def by_itself(pb: Playbook) -> frozenset[str]:
    """Moves that the clock makes when a duty's time is over, or the house because of a matter beside this one."""
    effects = [e for move in pb.moves.values() for e in move.effects if e.name in RUN_OUT]
    return FOLLOWING.get(pb.name, frozenset()) | {str(e.params.get("move")) for e in effects}


def check_dead_moves(pb: Playbook, graph: Graph, report: Report) -> None:
    """Every move can happen: its stage is reached, by somebody who may make it there."""
    hears = (*pb.on_child.values(), *pb.on_parent.values())
    heard = {name for answers in hears for name in answers.values()}
    for move in pb.moves.values():
        states = graph.states
        if not any(allowed(pb, move, stage) and states.able(move, in_) for stage, in_ in states.paths):
            report.add(
                move.line,
                "move.dead",
                (
                    f"{move.name} 永远用不上：它的起点都走不到",
                    f"{move.name} can never happen: none of its stages is reached",
                ),
                ("改 from 或 by，或删去这一步", "change from or by, or delete the move"),
            )
        elif move.hidden and set(move.by) <= {"clock"} and move.name not in heard | by_itself(pb):
            report.add(
                move.line,
                "move.unheard",
                (
                    f"{move.name} 由系统来做，却没有什么会引起它",
                    f"nothing ever makes the system do {move.name}",
                ),
                (
                    "在 on_child 或 on_parent 里写上它，或删去这一步",
                    "name it under on_child or on_parent, or delete it",
                ),
            )


def check_duties(pb: Playbook, graph: Graph, report: Report, builtin: Mapping[str, Move]) -> None:
    """Every duty can start, names what fulfils it, and can be fulfilled wherever it may be open."""
    moves = {**builtin, **pb.moves}
    for duty in pb.duties.values():
        if not duty.done_by:
            report.add(
                duty.line,
                "duty.no-done-by",
                (
                    f"责任“{duty.name}”没有说做什么才算完成",
                    f"duty “{duty.name}” does not say what fulfils it",
                ),
                ("写 done_by: [步骤]", "write done_by: [move]"),
            )
            continue
        _theirs(pb, duty, moves, report)
        origins = _origins(pb, graph, duty, moves)
        if not origins:
            report.add(
                duty.line,
                "duty.never-starts",
                (f"责任“{duty.name}”永远不会开始", f"duty “{duty.name}” never starts"),
                ("检查 starts", "check starts"),
            )
            continue
        _nobody(pb, graph, report, duty, origins, moves)


def _theirs(pb: Playbook, duty: Duty, moves: Mapping[str, Move], report: Report) -> None:
    """Whoever owes it may make one of the moves that fulfil it."""
    holders = {s.holder for s in pb.stages.values() if s.holder}
    mine = {duty.of, "any_seat"} | ({"holder"} if duty.of in holders else set())
    mine |= holders if duty.of == "holder" else set()
    role = pb.roles.get(duty.of)
    mine |= {"opener"} if role and role.holder_of_parent else set()
    fulfilling = [moves[name] for name in duty.done_by if name in moves]
    itself = by_itself(pb)
    if fulfilling and not any(mine & set(move.by) or move.name in itself for move in fulfilling):
        report.add(
            duty.line,
            "duty.not-theirs",
            (
                f"责任“{duty.name}”要“{duty.of}”来尽，能完成它的步骤却只有别人能做",
                f"“{duty.of}” owes duty “{duty.name}”, but only others may make the moves that fulfil it",
            ),
            (
                f"让 {fulfilling[0].name} 的 by 也有 {duty.of}，或把责任交给能办的单位",
                f"add {duty.of} to by of {fulfilling[0].name}, or let whoever can do it owe it",
            ),
        )


def _origins(pb: Playbook, graph: Graph, duty: Duty, moves: Mapping[str, Move]) -> dict[str, Path]:
    """Stages in which the duty stands open right after it started, with the way there."""
    found: dict[str, Path] = {}
    for stage, path in graph.paths.items():
        if stage == graph.first and set(duty.starts) & {OPEN, f"stage:{stage}"}:
            found.setdefault(stage, path)
        for move, there in _all_steps(pb, stage, moves):
            entered = there != stage and f"stage:{there}" in duty.starts
            if (move.name in duty.starts or entered) and (duty.survives_end or not pb.stages[there].end):
                found.setdefault(there, (*path, move.name))
    return found


def _all_steps(pb: Playbook, stage: str, moves: Mapping[str, Move]) -> list[tuple[Move, str]]:
    out = []
    for move in moves.values():
        there = target(pb, move, stage)
        if allowed(pb, move, stage) and there in pb.stages:
            out.append((move, there))
    return out


def _nobody(
    pb: Playbook,
    graph: Graph,
    report: Report,
    duty: Duty,
    origins: Mapping[str, Path],
    moves: Mapping[str, Move],
) -> None:
    stopped = set(duty.done_by) | set(duty.void_by)
    only_ends = all(ends(pb, moves[m]) for m in duty.done_by if m in moves)

    def stop(move: Move) -> bool:
        ended = ends(pb, move) and not duty.survives_end
        kept = any(g.name == "duty.settled" and g.params.get("duty") == duty.name for g in move.guards)
        return move.name in stopped or f"stage:{leads(pb, move)}" in duty.void_by or ended or kept

    for origin, way in sorted(origins.items(), key=lambda item: len(item[1])):
        for stage, path in graph.walk(origin, stop).items():
            if not _doable(pb, duty, stage, moves, only_ends):
                report.add(
                    duty.line,
                    "duty.nobody",
                    (
                        f"责任“{duty.name}”在阶段“{stage}”还开着，却没有人能完成",
                        f"duty “{duty.name}” is still open in “{stage}”, where nobody can fulfil it",
                    ),
                    (
                        "让 done_by 的某一步能从这里做，或在走到这里的一步写进 void_by",
                        "let a move of done_by start here, or void it by the move that leads here",
                    ),
                    (*way, *path),
                )
                return


def _doable(pb: Playbook, duty: Duty, stage: str, moves: Mapping[str, Move], only_ends: bool) -> bool:
    for name in duty.done_by:
        move = moves.get(name)
        if move and allowed(pb, move, stage) and (only_ends or not ends(pb, move)):
            return True
    return False


def check_idle(pb: Playbook, graph: Graph, known: Known, report: Report) -> None:
    """A matter that has not ended always has an open duty: otherwise no worklist would show it any more.

    Fewer open duties now means fewer later, so it is enough to follow the smallest sets of each stage.
    """
    first = pb.first_stage.name
    smallest: dict[str, list[frozenset[str]]] = {}
    queue: deque[tuple[str, frozenset[str], Path]] = deque()

    def come(stage: str, owed: frozenset[str], path: Path) -> None:
        seen = smallest.setdefault(stage, [])
        if not any(small <= owed for small in seen):
            seen[:] = [small for small in seen if not owed <= small] + [owed]
            queue.append((stage, owed, path))

    for values in answers(pb, {OPEN, f"stage:{first}"}, pb.opening, known):
        come(first, frozenset(d.name for d in open_plan(pb, values).starts), ())
    told: set[str] = set()
    while queue:
        stage, owed, path = queue.popleft()
        if not owed and stage not in told:
            told.add(stage)
            _idle(pb, report, stage, path)
        for move, there in _all_steps(pb, stage, every_move(pb)):
            if move.aims or pb.stages[there].end:
                continue
            for values in answers(pb, {move.name, f"stage:{there}"}, move.asks, known):
                come(there, _owed(pb, move, stage, owed, values), (*path, move.name))


def answers(pb: Playbook, keys: set[str], asks: Iterable[Field], known: Known) -> list[dict[str, Any]]:
    """What may have been answered to the questions on which a duty depends that these keys start."""
    wanted = {d.when[0] for d in pb.duties.values() if d.when and keys & set(d.starts)}
    asked = {f.name: f for f in asks}
    choices = [
        [(name, value) for value in _values(pb, name, asked.get(name), known)] for name in sorted(wanted)
    ]
    return [dict(pairs) for pairs in product(*choices)]


def _values(pb: Playbook, name: str, asked: Field | None, known: Known) -> list[Any]:
    """Every answer that may be given; where the list is not known, those that duties wait for, or none."""
    none = [] if asked and asked.required and not asked.show_when else [None]
    codes = known.codes.get(asked.list or "") if asked else None
    if asked and asked.type == "yes_no":
        return [True, False, *none]
    if codes:
        return [*sorted(codes), *none]
    waited = {v for d in pb.duties.values() if d.when and d.when[0] == name for v in d.when[1]}
    return [*sorted(waited, key=str), *none] if asked else [None, *sorted(waited, key=str)]


def _owed(
    pb: Playbook, move: Move, stage: str, owed: frozenset[str], values: Mapping[str, Any]
) -> frozenset[str]:
    step = plan(pb, move, stage=stage, open_duties=[(kind, 1) for kind in sorted(owed)], values=values)
    return (owed - set(step.done) - set(step.voided)) | {d.name for d in step.starts}


def _idle(pb: Playbook, report: Report, stage: str, path: Path) -> None:
    report.add(
        pb.stages[stage].line,
        "matter.idle",
        (f"在“{stage}”会出现谁都不欠什么的时候", f"in “{stage}” nobody may owe anything any more"),
        ("给这个阶段一个会重复的责任", "give the stage a duty that repeats"),
        path,
    )
