"""What the rule allows: its variants, and the pauses and extensions that may move its end. Else it
refuses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from anjia.law.calendar import shanghai
from anjia.law.codes.book import book as code_book
from anjia.law.rules.schema import Extended, Pause, Rule, RuleError, Span, Stored


def spans(rule: Rule, variants: Sequence[str] = (), amount: int | None = None) -> list[Span]:
    """The lengths that come into question: the variants named, or what the decision set, or the plain
    limit."""
    for name in variants:
        if name not in rule.variants:
            known = "、".join(rule.variants) or "无"
            raise RuleError(
                f"{rule.id} 没有“{name}”这种情形（有：{known}）", f"{rule.id} has no variant “{name}”"
            )
    if amount is not None:
        if not rule.takes_amount or not 1 <= amount <= rule.amount:
            raise RuleError(
                f"{rule.id} 的长度不能是 {amount}(最多 {rule.span.say('zh')})",
                f"{rule.id} cannot last {amount} (at most {rule.span.say('en')})",
            )
        return [Span(amount, rule.unit)]
    return [rule.variants[name].span for name in variants] or [rule.span]


def as_pause(pause: Pause | Stored) -> Pause:
    """A pause as a value, whether it comes as one or as stored JSON."""
    if isinstance(pause, Pause):
        end = shanghai(pause.end) if pause.end else None
        result = Pause(shanghai(pause.start), end, pause.ground)
    else:
        end = _moment(pause["to"]) if pause.get("to") else None
        result = Pause(_moment(pause["from"]), end, str(pause["ground"]))
    if result.end and result.end < result.start:
        raise RuleError("恢复计时早于中止计时", "the pause ends before it begins")
    return result


def as_extended(extension: Extended | Stored) -> Extended:
    """An extension as a value, whether it comes as one or as stored JSON."""
    if isinstance(extension, Extended):
        return extension
    amount, at = extension.get("amount"), extension.get("at")
    return Extended(
        str(extension["ground"]), int(amount) if amount is not None else None, _moment(at) if at else None
    )


def _moment(raw: object) -> datetime:
    return shanghai(raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw)))


def allow_pause(rule: Rule, pause: Pause) -> None:
    """Refuse a pause on a ground the rule does not list."""
    if rule.pause_grounds is None or pause.ground in rule.pause_grounds:
        return
    labels = code_book()["pause-ground"]
    grounds = [g for g in rule.pause_grounds if g in labels]
    zh = "、".join(labels.label(g, "zh") for g in grounds) or "法律没有规定可以中止的情形"
    en = ", ".join(labels.label(g, "en") for g in grounds) or "the law lists none"
    raise RuleError(
        f"{rule.cite('zh')}：不能因“{pause.ground}”中止计时；可以中止的情形：{zh}",
        f"{rule.cite('en')}: the clock cannot be paused for “{pause.ground}”; grounds: {en}",
    )


def allow_extensions(rule: Rule, extensions: Sequence[Extended]) -> None:
    """Refuse an extension that is not on a listed ground, too long, or one too many."""
    if not extensions:
        return
    allowed = rule.extension
    if allowed is None:
        raise RuleError(
            f"{rule.cite('zh')}：该期限不能延长", f"{rule.cite('en')}: this limit cannot be extended"
        )
    if allowed.max_times is not None and len(extensions) > allowed.max_times:
        raise RuleError(
            f"{rule.cite('zh')}：最多延长 {allowed.max_times} 次",
            f"{rule.cite('en')}: at most {allowed.max_times} extension(s)",
        )
    for extension in extensions:
        _allow_extension(rule, extension)


def _allow_extension(rule: Rule, extension: Extended) -> None:
    allowed = rule.extension
    assert allowed is not None
    if extension.ground not in allowed.grounds:
        labels = code_book()["extension-ground"]
        zh = "、".join(labels.label(g, "zh") for g in allowed.grounds)
        en = ", ".join(labels.label(g, "en") for g in allowed.grounds)
        raise RuleError(
            f"{rule.cite('zh')}：不能因“{extension.ground}”延长；可以延长的情形：{zh}",
            f"{rule.cite('en')}: it cannot be extended for “{extension.ground}”; grounds: {en}",
        )
    amount = extension.amount if extension.amount is not None else allowed.amount
    if amount is None or amount < 1 or (allowed.amount is not None and amount > allowed.amount):
        most = Span(allowed.amount, allowed.unit) if allowed.amount is not None else None
        raise RuleError(
            f"{rule.cite('zh')}：请写明延长多久" + (f"，不超过 {most.say('zh')}" if most else ""),
            f"{rule.cite('en')}: say how long" + (f", at most {most.say('en')}" if most else ""),
        )


def merged(pauses: Sequence[Pause]) -> list[Pause]:
    """Overlapping pauses count once; one that has not ended comes after them and moves nothing yet."""
    result: list[Pause] = []
    still = [p for p in pauses if p.end is None]
    for pause in sorted((p for p in pauses if p.end is not None), key=lambda p: p.start):
        before = result[-1] if result else None
        if before is None or before.end is None or pause.start > before.end:
            result.append(pause)
        elif pause.end is not None and pause.end > before.end:
            result[-1] = Pause(before.start, pause.end, before.ground)
    return result + still[:1]
