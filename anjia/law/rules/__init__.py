"""Rules (期限规则): time limits with their legal source, and the clocks that follow from them.

>>> from datetime import date, datetime
>>> from anjia.law import rules
>>> rule = rules.book().get("order.decide", date(2026, 3, 18), "321003")
>>> rules.due(rule, datetime(2026, 3, 18, 10, 5), variants=["urgent"]).due.isoformat()
'2026-03-19T10:05:00+08:00'

A clock freezes `rule.id` and `rule.version` when it starts; `book().version(id, version)` finds the very same
rule again, so that a later change of law never moves a clock that already runs, unless the change says so.
Rule ids are a public interface.
"""

from anjia.law.codes.reading import Finding, LawFileError
from anjia.law.rules.book import RuleBook, book, check, load
from anjia.law.rules.deadline import due, warnings
from anjia.law.rules.explain import explain, parse_pause
from anjia.law.rules.ladders import climbs
from anjia.law.rules.schema import (
    Deadline,
    Extended,
    Extension,
    Ladder,
    Pause,
    Rule,
    RuleError,
    Rung,
    Span,
    Step,
    Variant,
)

__all__ = [
    "Deadline",
    "Extended",
    "Extension",
    "Finding",
    "Ladder",
    "LawFileError",
    "Pause",
    "Rule",
    "RuleBook",
    "RuleError",
    "Rung",
    "Span",
    "Step",
    "Variant",
    "book",
    "check",
    "climbs",
    "due",
    "explain",
    "load",
    "parse_pause",
    "warnings",
]
