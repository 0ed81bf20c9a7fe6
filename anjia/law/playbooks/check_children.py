"""Child matters: they exist, may be opened from here, get what they need, and are heard of again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from anjia.law.playbooks.check_shared import agency_kinds, ends, instead
from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.graph import Graph, Path
from anjia.law.playbooks.interpreter import allowed
from anjia.law.playbooks.known import Known
from anjia.law.playbooks.schema import ALONE, ANY, Move, Playbook

MAX_DEPTH = 4


def check_children(pb: Playbook, known: Known, report: Report, builtin: Mapping[str, Move]) -> None:
    """Every child a move opens, and every result of it."""
    known_ = {**known.books, pb.name: pb}
    for move in pb.moves.values():
        agency_kinds(move.name, move.opens_kind, move.line, known, report)
        if move.opens and move.opens not in known_:
            report.add(
                move.line,
                "playbook.unknown",
                (
                    f"{move.name} 要开的流程“{move.opens}”不存在",
                    f"{move.name} opens no playbook “{move.opens}”",
                ),
                instead(move.opens, known_),
            )
        elif move.opens:
            _opened(pb, move, known_[move.opens], report)
    _parents(pb, known, report)
    _depth(pb, known, report)
    _on_child(pb, known_, report, builtin)
    _on_parent(pb, known_, report)


def _opened(pb: Playbook, move: Move, child: Playbook, report: Report) -> None:
    """The child lets itself be opened from here, and gets what it must have."""
    if not {ANY, pb.name} & set(child.opens_from):
        report.add(
            move.line,
            "child.refused",
            (
                f"{move.name} 要开“{child.name}”，而它不能从“{pb.name}”里开",
                f"{move.name} opens “{child.name}”, which may not be opened from “{pb.name}”",
            ),
            (
                f"在 {child.file or child.name} 的 opens_from 里加上 {pb.name}",
                f"add {pb.name} to opens_from of {child.file or child.name}",
            ),
            (move.name,),
        )
    first = child.moves.get(move.opens_with or "")
    if move.opens_with and first is None:
        report.add(
            move.line,
            "move.unknown",
            (
                f"{move.name} 的 opens_with：“{child.name}”没有“{move.opens_with}”这一步",
                f"{move.name}: opens_with names no move “{move.opens_with}” of “{child.name}”",
            ),
            instead(move.opens_with, child.moves),
        )
    _given(pb, move, child, report)
    asked = {f.name for f in move.asks}
    for field in (*child.opening, *(first.asks if first else ())):
        if field.required and not field.show_when and field.name not in asked:
            report.add(
                move.line,
                "child.unfilled",
                (
                    f"“{child.name}”一开就要填“{field.name}”，而 {move.name} 没有问",
                    f"“{child.name}” must have “{field.name}” when it opens; {move.name} does not ask it",
                ),
                (f"在 {move.name} 的 asks 里加上 {field.name}", f"add {field.name} to asks of {move.name}"),
                (move.name,),
            )


def _given(pb: Playbook, move: Move, child: Playbook, report: Report) -> None:
    """Whoever is handed over exists here and has a part there."""
    wrong = [(name, child.parties) for name in move.gives if name not in child.parties]
    wrong += [(name, pb.parties) for name in move.gives.values() if name not in pb.parties]
    for name, there in wrong:
        report.add(
            move.line,
            "party.unknown",
            (
                f"{move.name} 的 gives 提到的当事人“{name}”不存在",
                f"{move.name}: gives names no party “{name}”",
            ),
            instead(name, there),
        )


def _parents(pb: Playbook, known: Known, report: Report) -> None:
    """A procedure that only opens inside another is opened by some other."""
    line = pb.lines.get("opens_from", 1)
    for parent in pb.opens_from:
        if parent not in (ANY, ALONE, pb.name) and parent not in known.books:
            report.add(
                line,
                "playbook.unknown",
                (f"opens_from 提到的流程“{parent}”不存在", f"opens_from names no playbook “{parent}”"),
                instead(parent, known.books),
            )
    if not pb.is_child or {ANY, ALONE} & set(pb.opens_from):
        return
    if not any(pb.name in known.opens(parent) for parent in pb.opens_from):
        report.add(
            line,
            "child.never-opened",
            (
                f"“{pb.name}”只能从别的事项里开，却没有一步开它",
                f"“{pb.name}” opens only inside another matter, but no move opens it",
            ),
            (
                f"在 {'、'.join(pb.opens_from)} 里写一步 opens: {pb.name}",
                f"let a move of {', '.join(pb.opens_from)} say opens: {pb.name}",
            ),
        )


def _on_child(
    pb: Playbook, books: Mapping[str, Playbook], report: Report, builtin: Mapping[str, Move]
) -> None:
    line = pb.lines.get("on_child", 1)
    graph = Graph(pb) if pb.stages else None
    for child, mapping in pb.on_child.items():
        if child not in books:
            report.add(
                line,
                "playbook.unknown",
                (f"on_child 提到的流程“{child}”不存在", f"on_child names no playbook “{child}”"),
                instead(child, books),
            )
            continue
        for result, move in mapping.items():
            if move not in pb.moves and move not in builtin:
                report.add(
                    line,
                    "on-child.move",
                    (
                        f"on_child.{child}.{result} 指向的“{move}”不存在",
                        f"on_child.{child}.{result}: no move “{move}”",
                    ),
                    instead(move, pb.moves),
                )
            elif graph:
                _heard(pb, graph, child, result, pb.moves.get(move) or builtin[move], report)
        _results(books[child], mapping, report, line)
    for opened in sorted({m.opens for m in pb.moves.values() if m.opens and not m.apart} - set(pb.on_child)):
        report.add(
            line,
            "on-child.unheard",
            (f"开了子流程“{opened}”，却没有写怎样听回音", f"child “{opened}” is opened but never heard of"),
            (f"在 on_child 里写 {opened}: {{结果: 步骤}}", f"add {opened}: {{result: move}} under on_child"),
        )


def _on_parent(pb: Playbook, books: Mapping[str, Playbook], report: Report) -> None:
    """What is heard of the parent: its moves and one's own, which nothing may refuse."""
    line = pb.lines.get("on_parent", 1)
    for parent, mapping in pb.on_parent.items():
        theirs = books[parent].moves if parent in books else {}
        wrong = [(move, theirs) for move in mapping if move not in theirs]
        wrong += [(move, pb.moves) for move in mapping.values() if move not in pb.moves]
        for name, there in wrong:
            report.add(
                line,
                "on-parent.move",
                (f"on_parent.{parent} 提到的“{name}”不存在", f"on_parent.{parent} names no move “{name}”"),
                instead(name, there),
            )
        for name in mapping.values():
            if name in pb.moves and (pb.moves[name].guards or ends(pb, pb.moves[name])):
                _refusable(f"on_parent.{parent}", pb.moves[name], report)


def _results(child: Playbook, mapping: Mapping[str, str], report: Report, line: int) -> None:
    """Every key is a move or a result of the child, not both; every result is heard, one way or the other."""
    can, moves = child.results(), child.moves
    by_move = {r for r in can if all(m.name in mapping for m in moves.values() if m.result == r)}
    both = {name for name in mapping if name in can and name in moves}
    for name in sorted(both):
        report.add(
            line,
            "on-child.ambiguous",
            (
                f"子流程 {child.name} 的“{name}”既是结果又是步骤",
                f"“{name}” of {child.name} is a result and a move",
            ),
            ("给其中一个换个名称", "rename one of them"),
        )
    unknown = {name for name in mapping if name not in can and name not in moves}
    for result in sorted((can - set(mapping) - by_move) | unknown):
        said = ("没有对应的步骤", "has no move") if result in can else ("不会出现", "never happens")
        report.add(
            line,
            "on-child.result",
            (
                f"子流程 {child.name} 的结果“{result}”{said[0]}",
                f"result “{result}” of {child.name} {said[1]}",
            ),
            instead(result, can) if result not in can else ("给它写一个步骤", "give it a move"),
        )


def _heard(pb: Playbook, graph: Graph, child: str, result: str, move: Move, report: Report) -> None:
    """The child's result is heard wherever the parent stands by then: otherwise the child could not end."""
    where = f"on_child.{child}.{result}"
    if move.guards or ends(pb, move):
        _refusable(where, move, report)
    if move.to:
        return  # elsewhere it is recorded and the stage stays: the author says from where it leads on
    for stage, path in _while_open(pb, graph, child):
        if not allowed(pb, move, stage):
            report.add(
                move.line,
                "on-child.stuck",
                (
                    f"子事项“{child}”有了结果时，“{stage}”里听不到({move.name} 不能从这里做)",
                    f"in “{stage}” the result of “{child}” cannot be heard ({move.name} may not start there)",
                ),
                (f"让 {move.name} 的 from 也包括 {stage}", f"add {stage} to from of {move.name}"),
                path,
            )
            return


def _refusable(where: str, move: Move, report: Report) -> None:
    report.add(
        move.line,
        "on-child.refusable",
        (
            f"{where} 指向的 {move.name} 可能被拒绝，那样子事项就办不结",
            f"{where}: {move.name} may be refused, and then the child could not end",
        ),
        (
            "让回音这一步没有条件、也不办结；办结另写一步，由人来做",
            "hear the result in a move without guards that ends nothing; let a person make the end",
        ),
        (move.name,),
    )


def _while_open(pb: Playbook, graph: Graph, child: str) -> Iterator[tuple[str, Path]]:
    """Every stage in which the child may still be open: none of the ends, because an end waits for it."""
    seen: set[str] = set()
    for start, way in graph.paths.items():
        opening = next(((m, there) for m, there in graph.steps(start) if m.opens == child), None)
        if opening is None or opening[1] in seen:
            continue
        seen.add(opening[1])
        for stage, path in graph.walk(opening[1]).items():
            if not pb.stages[stage].end:
                yield stage, (*way, opening[0].name, *path)


def _depth(pb: Playbook, known: Known, report: Report) -> None:
    """Children of children end after four."""
    chain = _longest(pb, known, (pb.name,))
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


def _longest(pb: Playbook, known: Known, chain: Path) -> Path:
    if len(chain) > MAX_DEPTH + 1:
        return chain
    own = frozenset(m.opens for m in pb.moves.values() if m.opens)
    opens = own if chain[-1] == pb.name else known.opens(chain[-1])
    return max((_longest(pb, known, (*chain, child)) for child in sorted(opens)), key=len, default=chain)
