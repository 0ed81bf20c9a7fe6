"""Nobody falls through: proofs over every path of a playbook, each with its counter-example."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from anjia.law.playbooks.check_shared import binds
from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.graph import Graph, Path
from anjia.law.playbooks.interpreter import allowed, open_plan, plan
from anjia.law.playbooks.known import Known
from anjia.law.playbooks.schema import OPEN, Duty, Move, Playbook

MAX_DEPTH = 4


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
        if not stage.end and not graph.ends_from(stage.name):
            report.add(
                stage.line,
                "stage.no-end",
                (f"到了“{stage.name}”就再也办不结", f"from “{stage.name}” no end can be reached"),
                ("加一步通向结束阶段", "add a move that leads to an end stage"),
                graph.paths[stage.name],
            )
    if not any(stage.end for stage in pb.stages.values()):
        report.add(
            pb.lines.get("stages", 1),
            "stage.no-end",
            ("没有任何结束阶段", "there is no end stage"),
            ("加一个 end: true 的阶段", "add a stage with end: true"),
        )


def check_results(pb: Playbook, graph: Graph, report: Report) -> None:
    """A move into an end has a result; only such a move has one; the end is reported up."""
    for move in pb.moves.values():
        leads_to_end = bool(move.to and move.to in pb.stages and pb.stages[move.to].end)
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
    if not pb.report_up and not pb.is_child:
        report.add(
            pb.lines.get("report_up", 1),
            "end.no-report",
            ("办结以后没有上报", "an end is not reported up"),
            ("写 report_up: {default: report.up}", "write report_up: {default: report.up}"),
        )


def _way(pb: Playbook, graph: Graph, move: Move) -> Path:
    ways = [path for stage, path in graph.paths.items() if allowed(pb, move, stage)]
    return min(ways, key=len, default=())


def check_roles_bound(pb: Playbook, graph: Graph, report: Report) -> None:
    """A role that joins by invitation is bound before it must act, hold or owe."""
    for role in pb.roles.values():
        if not role.optional:
            continue
        binders = [m for m in pb.moves.values() if role.name in binds(m)]
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
    unbound = graph.without(role)
    for stage in pb.stages.values():
        if stage.holder == role and stage.name in unbound:
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
                unbound[stage.name],
            )
    for duty in pb.duties.values():
        if duty.of == role:
            _owes_unbound(pb, report, duty, role, unbound)


def _owes_unbound(pb: Playbook, report: Report, duty: Duty, role: str, unbound: Mapping[str, Path]) -> None:
    for name in duty.starts:
        move = pb.moves.get(name)
        if move and (role in binds(move) or _needs(move, role)):
            continue
        stages = [s for s in unbound if (move and allowed(pb, move, s)) or name in (OPEN, f"stage:{s}")]
        if stages:
            first = min(stages, key=lambda s: len(unbound[s]))
            report.add(
                duty.line,
                "duty.owner-unbound",
                (
                    f"责任“{duty.name}”会落到还没有加入的“{role}”头上",
                    f"duty “{duty.name}” can start before “{role}” is bound",
                ),
                (
                    "在开始它的一步加 role.bind，或加条件 role.bound",
                    "add the effect role.bind or the guard role.bound to the move that starts it",
                ),
                (*unbound[first], name),
            )
            return


def _needs(move: Move, role: str) -> bool:
    return any(g.name == "role.bound" and g.params.get("role") == role for g in move.guards)


def check_dead_moves(pb: Playbook, graph: Graph, report: Report) -> None:
    """Every move can happen."""
    for move in pb.moves.values():
        if not any(allowed(pb, move, stage) for stage in graph.paths):
            report.add(
                move.line,
                "move.dead",
                (
                    f"{move.name} 永远用不上：它的起点都走不到",
                    f"{move.name} can never happen: none of its stages is reached",
                ),
                ("改 from，或删去这一步", "change from, or delete the move"),
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


def _origins(pb: Playbook, graph: Graph, duty: Duty, moves: Mapping[str, Move]) -> dict[str, Path]:
    """Stages in which the duty stands open right after it started, with the way there."""
    found: dict[str, Path] = {}
    for stage, path in graph.paths.items():
        if stage == graph.first and set(duty.starts) & {OPEN, f"stage:{stage}"}:
            found.setdefault(stage, path)
        for move, there in _all_steps(pb, stage, moves):
            entered = there != stage and f"stage:{there}" in duty.starts
            if (move.name in duty.starts or entered) and not pb.stages[there].end:
                found.setdefault(there, (*path, move.name))
    return found


def _all_steps(pb: Playbook, stage: str, moves: Mapping[str, Move]) -> list[tuple[Move, str]]:
    out = []
    for move in moves.values():
        target = move.to or stage
        if allowed(pb, move, stage) and target in pb.stages:
            out.append((move, target))
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
    only_ends = all(_ends(pb, moves[m]) for m in duty.done_by if m in moves)

    def stop(move: Move) -> bool:
        ended = _ends(pb, move) and not duty.survives_end
        return move.name in stopped or f"stage:{move.to}" in duty.void_by or ended

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


def _ends(pb: Playbook, move: Move) -> bool:
    return bool(move.to and move.to in pb.stages and pb.stages[move.to].end)


def _doable(pb: Playbook, duty: Duty, stage: str, moves: Mapping[str, Move], only_ends: bool) -> bool:
    for name in duty.done_by:
        move = moves.get(name)
        if move and allowed(pb, move, stage) and (only_ends or not _ends(pb, move)):
            return True
    return False


def check_idle(pb: Playbook, graph: Graph, report: Report) -> None:
    """A matter that has not ended always has an open duty: otherwise no worklist would show it any more.

    Fewer open duties now means fewer later, so it is enough to follow the smallest sets of each stage.
    """
    start = open_plan(pb)
    first = (pb.first_stage.name, frozenset(d.name for d in start.starts))
    smallest: dict[str, list[frozenset[str]]] = {first[0]: [first[1]]}
    queue: deque[tuple[str, frozenset[str], Path]] = deque([(*first, ())])
    told: set[str] = set()
    while queue:
        stage, owed, path = queue.popleft()
        if not owed and stage not in told:
            told.add(stage)
            _idle(pb, report, stage, path)
        for move, there in graph.steps(stage):
            if pb.stages[there].end:
                continue
            after = _owed(pb, move, stage, owed)
            known = smallest.setdefault(there, [])
            if not any(small <= after for small in known):
                known[:] = [small for small in known if not after <= small] + [after]
                queue.append((there, after, (*path, move.name)))


def _owed(pb: Playbook, move: Move, stage: str, owed: frozenset[str]) -> frozenset[str]:
    step = plan(pb, move, stage=stage, open_duties=[(kind, 1) for kind in sorted(owed)])
    return (owed - set(step.done) - set(step.voided)) | {d.name for d in step.starts}


def _idle(pb: Playbook, report: Report, stage: str, path: Path) -> None:
    report.add(
        pb.stages[stage].line,
        "matter.idle",
        (f"在“{stage}”会出现谁都不欠什么的时候", f"in “{stage}” nobody may owe anything any more"),
        ("给这个阶段一个会重复的责任", "give the stage a duty that repeats"),
        path,
    )


def check_depth(pb: Playbook, known: Known, report: Report) -> None:
    """Children of children end after four."""
    opens = {**known.opens, pb.name: frozenset(m.opens for m in pb.moves.values() if m.opens)}
    chain = _longest(pb.name, opens, (pb.name,))
    if len(chain) - 1 > MAX_DEPTH:
        move = next((m for m in pb.moves.values() if m.opens == chain[1]), None)
        report.add(
            move.line if move else 1,
            "child.depth",
            (
                f"子流程套了 {len(chain) - 1} 层以上，最多 {MAX_DEPTH} 层",
                f"children nest deeper than {MAX_DEPTH}",
            ),
            ("断开循环，改由上一级开", "break the circle, or open it from further up"),
            chain,
        )


def _longest(name: str, opens: Mapping[str, frozenset[str]], chain: Path) -> Path:
    if len(chain) > MAX_DEPTH + 1:
        return chain
    ways = [_longest(child, opens, (*chain, child)) for child in sorted(opens.get(name, ()))]
    return max(ways, key=len, default=chain)
