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
        _names(duty, "tried_by", duty.tried_by, moves, report)
        _names(duty, "repeats.until", until, moves | set(pb.stages), report)
        _fields(duty, fields, report)
        _variants(duty, known, report)
        _tries(pb, duty, report)
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


def _tries(pb: Playbook, duty: Duty, report: Report) -> None:
    """An attempt is not the thing itself, and whatever follows so many of them counts attempts at something."""
    for name in sorted(set(duty.tried_by) & set(duty.done_by)):
        report.add(
            duty.line,
            "duty.tried-is-done",
            (
                f"“{name}”是没做成的一次，不能又算责任“{duty.name}”已完成",
                f"“{name}” is an attempt in vain; it cannot fulfil duty “{duty.name}” as well",
            ),
            (f"从 done_by 里去掉 {name}", f"take {name} out of done_by"),
        )
    if duty.tried_by and duty.repeats:
        report.add(
            duty.line,
            "duty.tried-repeats",
            (
                f"责任“{duty.name}”又重复、又数没做成的次数，第几次就说不清了",
                f"duty “{duty.name}” repeats and counts attempts: which one it is cannot be told",
            ),
            ("repeats 和 tried_by 只留一个", "keep either repeats or tried_by"),
        )
    of, times = duty.after_tries or ("", 1)
    known = pb.duties.get(of)
    if of and (known is None or not set(duty.starts) <= set(known.tried_by) or times < 1):
        report.add(
            duty.line,
            "duty.tries-unknown",
            (
                f"责任“{duty.name}”要等“{of}”没做成几次，却不是由那一步开始",
                f"duty “{duty.name}” waits for attempts at “{of}”, but is not started by them",
            ),
            ("starts 只写那项责任的 tried_by", "let starts name moves of that duty's tried_by"),
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
