"""Answers “why this date?”: the deadline with every step of the count and its legal source, zh or en."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from anjia.law.calendar import shanghai
from anjia.law.rules.book import RuleBook, book
from anjia.law.rules.deadline import due
from anjia.law.rules.lawful import as_pause
from anjia.law.rules.schema import Deadline, Extended, Pause, Rule, RuleError, Stored

KIND_WORDS = {
    "statutory": {"zh": "法定", "en": "statutory"},
    "policy": {"zh": "规范性文件规定", "en": "set by policy document"},
    "local": {"zh": "地方性法规规定", "en": "set by local law"},
    "house": {"zh": "本机构自定", "en": "set by this house"},
}


def parse_pause(text: str, rule: Rule | None = None) -> Pause:
    """A pause as it is typed: FROM..TO, or FROM..TO=ground (dates or date-times, Beijing time).

    Without a ground the first one the rule lists is supposed, because the question is only “what if”.
    """
    times, _, ground = text.partition("=")
    first, dots, last = times.partition("..")
    if not ground:
        ground = rule.pause_grounds[0] if rule and rule.pause_grounds else "other"
    try:
        end = shanghai(datetime.fromisoformat(last)) if last else None
        start = shanghai(datetime.fromisoformat(first))
    except ValueError:
        dots = ""
    if not dots:
        raise RuleError(f"看不懂“{text}”，请写 开始..结束", f"cannot read “{text}”; write FROM..TO")
    return as_pause(Pause(start, end, ground))


def explain(
    rule_id: str,
    start: datetime,
    place: str = "",
    variants: Sequence[str] = (),
    pauses: Iterable[Pause | Stored | str] = (),
    extensions: Iterable[Extended | Stored] = (),
    lang: str = "zh",
    *,
    amount: int | None = None,
    rules: RuleBook | None = None,
) -> dict[str, Any]:
    """Everything somebody needs to check a deadline by hand, as plain JSON values.

    Keys: rule, name, start, due (ISO 8601, +08:00), last_day, law, article, document, kind, place, version,
    provisional, paused, verified, steps (sentences in `lang`), text (all of it to read). Raises RuleError.
    """
    moment = shanghai(start)
    rule = (rules or book()).get(rule_id, moment.date(), place)
    stops = [parse_pause(p, rule) if isinstance(p, str) else p for p in pauses]
    deadline = due(rule, moment, variants, stops, extensions, amount=amount)
    return {
        "rule": rule.id,
        "name": rule.name[lang],
        "start": moment.isoformat(),
        "due": deadline.due.isoformat(),
        "last_day": deadline.last_day.isoformat(),
        "law": rule.law_name[lang],
        "article": rule.article,
        "document": rule.document,
        "kind": rule.kind,
        "place": place,
        "version": rule.version,
        "provisional": deadline.provisional,
        "paused": deadline.paused,
        "verified": rule.verified,
        "steps": [step.say(lang) for step in deadline.steps],
        "text": rendering(rule, moment, deadline, lang),
    }


def rendering(rule: Rule, start: datetime, deadline: Deadline, lang: str) -> str:
    """The explanation as lines to read on a screen or a terminal."""
    zh = lang == "zh"
    lines = [
        f"{rule.name[lang]}（{rule.id}）" if zh else f"{rule.name[lang]} ({rule.id})",
        f"{'依据：' if zh else 'Source: '}{rule.cite(lang)}"
        + (f"（{KIND_WORDS[rule.kind]['zh']}）" if zh else f" ({KIND_WORDS[rule.kind]['en']})"),
        rule.summary[lang],
        f"{'起算：' if zh else 'Starts: '}{rule.trigger[lang]}{'，' if zh else ', '}{start:%Y-%m-%d %H:%M}",
        *(f"  {n}. {step.say(lang)}" for n, step in enumerate(deadline.steps, 1)),
    ]
    if not rule.verified:
        lines.append("依据的条文待再次核对。" if zh else "The text of the source is still to be read again.")
    return "\n".join(lines)
