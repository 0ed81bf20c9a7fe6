"""Every end: with an answer to whoever asked, a report up, nothing left owed, and a way back that is looked after."""

from __future__ import annotations

from collections.abc import Mapping

from anjia.law.playbooks.check_shared import ends
from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.graph import Graph, Path, every_move
from anjia.law.playbooks.interpreter import allowed, find_move, plan
from anjia.law.playbooks.schema import ALONE, Duty, Move, Playbook

WRITTEN = frozenset({"short_text", "long_text", "file"})


def check_ends(pb: Playbook, graph: Graph, report: Report) -> None:
    """The answer is one, the report is due, and a matter in an end stage can be closed and reopened."""
    for name in pb.answers:
        if name in pb.moves:
            _answer(pb, graph, pb.moves[name], report)
    if not pb.report_up and not pb.counts_only and (not pb.is_child or ALONE in pb.opens_from):
        report.add(
            pb.lines.get("report_up", 1),
            "end.no-report",
            ("办结以后没有上报", "an end is not reported up"),
            ("写 report_up: {default: report.up}", "write report_up: {default: report.up}"),
            _first_end(pb, graph),
        )
    _reopens(pb, graph, report)
    _withdraws(pb, report)
    for duty in pb.duties.values():
        if duty.survives_end and duty.repeats:
            _closes(pb, graph, duty, report)


def _first_end(pb: Playbook, graph: Graph) -> Path:
    found = [path for stage, path in graph.paths.items() if pb.stages[stage].end]
    return min(found, key=len, default=())


def way_to(pb: Playbook, graph: Graph, move: Move) -> Path:
    """The shortest path on which the move is made."""
    ways = [path for stage, path in graph.paths.items() if allowed(pb, move, stage)]
    return (*min(ways, key=len, default=()), move.name)


def _answer(pb: Playbook, graph: Graph, move: Move, report: Report) -> None:
    line = pb.lines.get("answers", 1)
    if not ends(pb, move):
        report.add(
            line,
            "answer.not-end",
            (
                f"{move.name} 没有办结，不能算作最后的答复",
                f"{move.name} does not end the matter, so it cannot be the answer",
            ),
            (
                "从 answers 里删去它：办结后会自动要求答复",
                "take it out of answers: every end asks for a reply",
            ),
        )
        return
    asker = {r.name for r in pb.roles.values() if r.holder_of_parent} | {"opener"}
    written = move.needs_paper or any(f.type in WRITTEN and f.required for f in move.asks)
    if not written and not set(move.by) <= asker:
        report.add(
            move.line,
            "answer.empty",
            (
                f"{move.name} 算作答复，却一个字也不用写",
                f"{move.name} counts as the answer, but nothing has to be written",
            ),
            (
                "给它一个必填的文字，或附纸件，或从 answers 里删去",
                "ask a required text or a paper, or take it out of answers",
            ),
            way_to(pb, graph, move),
        )


def _reopens(pb: Playbook, graph: Graph, report: Report) -> None:
    end = next((s for s in graph.paths if s in pb.stages and pb.stages[s].end), None)
    if end is None or (pb.reopens_to and pb.reopens_to not in pb.stages):
        return
    step = plan(pb, find_move(pb, "reopen"), stage=end, open_duties=())
    line = pb.lines.get("reopens_to", pb.stages[step.stage_after].line)
    path = (*graph.paths[end], "reopen")
    if pb.stages[step.stage_after].end:
        report.add(
            line,
            "reopen.end",
            ("重新办理又回到结束阶段", "reopening leads back into an end"),
            ("让 reopens_to 指向办理中的阶段", "let reopens_to name a stage of work"),
            path,
        )
    elif not step.starts:
        report.add(
            line,
            "reopen.idle",
            (
                f"重新办理回到“{step.stage_after}”后谁都不欠什么",
                f"after reopening into “{step.stage_after}” nobody owes anything",
            ),
            (
                f'给一个责任写 starts: "stage:{step.stage_after}"，或让 reopens_to 指向有责任的阶段',
                f'let a duty start at "stage:{step.stage_after}", or reopen into a stage that starts one',
            ),
            path,
        )


def _withdraws(pb: Playbook, report: Report) -> None:
    stage = pb.stages.get(pb.withdraws_to or "")
    if stage is None or not stage.end:
        return
    line = pb.lines.get("withdraws_to", 1)
    if not any(m.to == stage.name and m.result for m in pb.moves.values()):
        report.add(
            line,
            "end.no-result",
            (f"撤回直接到“{stage.name}”，没有结果", f"withdrawing ends in “{stage.name}” without a result"),
            (
                "给通向它的一步写 result，或让撤回先到办理中的阶段",
                "give a move that leads there a result, or withdraw into a stage of work first",
            ),
            ("withdraw",),
        )
    if pb.concerns_violence:
        report.add(
            line,
            "withdraw.unchecked",
            (
                "一撤回就办结，没有人核实是不是她本人的意思",
                "a withdrawal ends it at once; nobody makes sure that it is her own will",
            ),
            (
                "让 withdraws_to 指向办理中的阶段，并由 withdraw 开始一项核实责任",
                "let withdraws_to name a stage of work, and let withdraw start a duty to check",
            ),
            ("withdraw",),
        )


def _closes(pb: Playbook, graph: Graph, duty: Duty, report: Report) -> None:
    """A duty that outlives the end and keeps coming again must have a last time."""
    moves: Mapping[str, Move] = every_move(pb)
    stops = set(duty.void_by) | (set(duty.repeats.until if duty.repeats else ()) & set(duty.done_by))
    for stage, path in graph.paths.items():
        if not pb.stages[stage].end:
            continue
        if not any(name in moves and allowed(pb, moves[name], stage) for name in stops):
            report.add(
                duty.line,
                "duty.never-closes",
                (
                    f"“{stage}”以后，责任“{duty.name}”会一直重复，事项永远关不掉",
                    f"after “{stage}” duty “{duty.name}” comes again for ever; the matter never closes",
                ),
                (
                    "让 repeats.until 里有一步能在结束阶段做，并写进 done_by",
                    "let a move of repeats.until start in the end stage, and name it in done_by",
                ),
                path,
            )
            return
