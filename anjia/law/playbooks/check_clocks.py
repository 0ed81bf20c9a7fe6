"""Duties and rules: every clock has a duty, every duty a rule and moves that start and stop it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from anjia.law.playbooks.check_shared import instead
from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.known import Known
from anjia.law.playbooks.schema import OPEN, Duty, Move, Playbook


def check_clocks(pb: Playbook, known: Known, report: Report, builtin: Mapping[str, Move]) -> None:
    """Rules exist, every promised rule has a duty, and duties start and stop by moves that exist."""
    moves, stages = {*pb.moves, *builtin}, {f"stage:{s}" for s in pb.stages}
    asked = {f.name for m in pb.moves.values() for f in m.asks} | {f.name for f in pb.opening}
    fields = asked | {"grade", "urgency"}
    for duty in pb.duties.values():
        for rule in duty.rules():
            _rule(rule, f"duties.{duty.name}", duty.line, known, report)
        until = duty.repeats.until if duty.repeats else ()
        _names(duty, "starts", duty.starts, moves | stages | {OPEN}, report)
        _names(duty, "done_by", duty.done_by, moves, report)
        _names(duty, "void_by", duty.void_by, moves | stages, report)
        _names(duty, "repeats.until", until, moves | set(pb.stages), report)
        _fields(duty, fields, report)
        _variants(duty, known, report)
    _promised(pb, known, report)


def _names(duty: Duty, where: str, names: Iterable[str], allowed: set[str], report: Report) -> None:
    for name in names:
        if name not in allowed:
            report.add(
                duty.line,
                "move.unknown",
                (
                    f"责任 {duty.name} 的 {where} 提到的“{name}”不存在",
                    f"duty {duty.name}: {where} names no “{name}”",
                ),
                instead(name, allowed),
            )


def _fields(duty: Duty, fields: set[str], report: Report) -> None:
    read = [
        *duty.variants_from,
        duty.rule_by and duty.rule_by[0],
        duty.start_from,
        duty.ends_on,
        duty.when and duty.when[0],
    ]
    for name in read:
        if name and name not in fields:
            report.add(
                duty.line,
                "field.unknown",
                (
                    f"责任 {duty.name} 用到的字段“{name}”没有人填",
                    f"duty {duty.name} reads field “{name}”, which nobody asks",
                ),
                instead(name, fields),
            )


def _variants(duty: Duty, known: Known, report: Report) -> None:
    wanted = {variant for by in duty.variants_from.values() for variant in by.values()}
    for variant in sorted(wanted - known.variants.get(duty.rule, frozenset(wanted))):
        report.add(
            duty.line,
            "rule.variant",
            (
                f"期限规则 {duty.rule} 没有“{variant}”这一档(责任 {duty.name})",
                f"rule {duty.rule} has no variant “{variant}” (duty {duty.name})",
            ),
            instead(variant, known.variants[duty.rule]),
        )


def _promised(pb: Playbook, known: Known, report: Report) -> None:
    line = pb.lines.get("rules", 1)
    covered = {rule for d in pb.duties.values() for rule in d.rules()} | set(pb.report_up.values())
    for rule in pb.rules:
        _rule(rule, "rules", line, known, report)
        if rule not in covered:
            report.add(
                line,
                "clock.no-duty",
                (
                    f"期限“{rule}”没有对应的责任：谁也不会被提醒",
                    f"time limit “{rule}” has no duty: nobody is reminded",
                ),
                (f"加一个 duties 项，rule: {rule}", f"add a duty with rule: {rule}"),
            )
    for rule in pb.report_up.values():
        _rule(rule, "report_up", pb.lines.get("report_up", 1), known, report)


def _rule(rule: str, where: str, line: int, known: Known, report: Report) -> None:
    if rule not in known.rules:
        report.add(
            line,
            "rule.unknown",
            (f"{where} 的期限规则“{rule}”不存在", f"{where}: no rule “{rule}”"),
            instead(rule, known.rules),
        )
