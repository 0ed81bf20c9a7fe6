"""Answers on which something depends: they can be given, where and when they are needed, and are not sealed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from anjia.law.playbooks.check_shared import instead
from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.known import Known
from anjia.law.playbooks.schema import Duty, Field, Playbook

MOMENTS = frozenset({"date", "datetime"})
WARNING = re.compile(r"[1-9]\d*[dh]")


def check_values(pb: Playbook, known: Known, report: Report) -> None:
    """Conditions can come true, clocks start from what the move asks, nothing sealed shows in a duty."""
    for line, asks in _forms(pb):
        for field in asks:
            _shown(field, line, asks, known, report)
    for duty in pb.duties.values():
        _conditions(pb, duty, known, report)
        _clock(pb, duty, report)
        for warning in duty.warn:
            if not WARNING.fullmatch(warning):
                report.add(
                    duty.line,
                    "duty.warn",
                    (
                        f"责任 {duty.name} 的提醒“{warning}”写法不对",
                        f"duty {duty.name}: bad warning “{warning}”",
                    ),
                    ("写成 7d(天)或 2h(小时)", "write 7d (days) or 2h (hours)"),
                )


def _forms(pb: Playbook) -> Iterator[tuple[int, tuple[Field, ...]]]:
    yield pb.lines.get("opening", 1), (*pb.opening, *(f for p in pb.parties.values() for f in p.fields))
    for move in pb.moves.values():
        yield move.line, move.asks


def _shown(field: Field, line: int, asks: tuple[Field, ...], known: Known, report: Report) -> None:
    if field.show_when is None:
        return
    name, wanted = field.show_when
    other = next((f for f in asks if f.name == name), None)
    if other is None:
        report.add(
            line,
            "field.never-shown",
            (
                f"“{field.name}”要看“{name}”怎样填才出现，而这里没有问“{name}”",
                f"“{field.name}” appears only by the answer to “{name}”, which is not asked here",
            ),
            (f"在同一处也问 {name}", f"ask {name} in the same place"),
        )
        return
    codes_answerable(other, wanted, f"{field.name}.show_when", field.line, known, report)


def codes_answerable(
    field: Field, wanted: Iterable[Any], where: str, line: int, known: Known, report: Report
) -> None:
    """Every value that a condition waits for is one that can be answered."""
    can: Iterable[Any] = known.codes.get(field.list or "", ()) if field.list else ()
    if field.type == "yes_no":
        can = (True, False)
    for value in wanted:
        if can and value not in can:
            report.add(
                line,
                "code.unknown",
                (
                    f"{where} 等的“{value}”没有人答得出来",
                    f"{where} waits for “{value}”, which nobody can answer",
                ),
                instead(str(value), [str(c) for c in can]),
            )


def _conditions(pb: Playbook, duty: Duty, known: Known, report: Report) -> None:
    """When it is owed, under which rule, in which variant: by answers that exist and are not sealed."""
    reads: dict[str, list[Any]] = {name: list(by) for name, by in duty.variants_from.items()}
    if duty.rule_by:
        reads.setdefault(duty.rule_by[0], []).extend(duty.rule_by[1])
    if duty.when:
        reads.setdefault(duty.when[0], []).extend(duty.when[1])
    for name in (*reads, duty.start_from, duty.ends_on):
        field = pb.fields.get(name or "")
        if field and field.compartment:
            report.add(
                duty.line,
                "sealed.in-a-duty",
                (
                    f"责任 {duty.name} 依“{name}”而定，而它是密封的：期限会把它说出来",
                    f"duty {duty.name} depends on “{name}”, which is sealed: the due date would give it away",
                ),
                (
                    "换一个不密封的字段，或不让责任依它而定",
                    "use a field that is not sealed, or let the duty not depend on it",
                ),
            )
    for name, wanted in reads.items():
        if name in pb.fields:
            codes_answerable(pb.fields[name], wanted, f"duties.{duty.name}", duty.line, known, report)


def _clock(pb: Playbook, duty: Duty, report: Report) -> None:
    """A clock that starts or ends on a stated day: that day is asked by the move that starts it."""
    for name in (duty.start_from, duty.ends_on):
        field = pb.fields.get(name or "")
        if field is None:
            continue
        if field.type not in MOMENTS:
            report.add(
                duty.line,
                "duty.not-a-date",
                (
                    f"责任 {duty.name} 从“{field.name}”起算，而它不是日期",
                    f"duty {duty.name}: “{field.name}” is no date",
                ),
                ("用 date 或 datetime 的字段", "use a field of type date or datetime"),
            )
        for move in (pb.moves[m] for m in duty.starts if m in pb.moves):
            if move.ask(field.name) is None:
                report.add(
                    duty.line,
                    "duty.start-unasked",
                    (
                        f"责任 {duty.name} 从“{field.name}”起算，而开始它的 {move.name} 没有问",
                        f"duty {duty.name} counts from “{field.name}”, which {move.name} does not ask",
                    ),
                    (
                        f"在 {move.name} 的 asks 里加上 {field.name}",
                        f"add {field.name} to asks of {move.name}",
                    ),
                    (move.name,),
                )
