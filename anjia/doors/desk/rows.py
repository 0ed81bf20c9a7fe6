"""Many things done at once: what became of each row, in one shape for every page that does so.

Each row is an act of its own: what one is refused keeps none of the others from being done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from anjia.foundation.core.verdict import NotAllowed, NotFound, Refused, RuleBroken, Stale

OK, REFUSED, SKIPPED = "ok", "refused", "skipped"


@dataclass(frozen=True, slots=True)
class PerRow:
    """What became of one row. `label` tells which row it is, `link` leads to what came of it or to mend it."""

    label: str
    result: str  # ok | refused | skipped; ready: it would be done, and is not yet
    sentence: str
    link: str = ""
    kept: bool = False  # written down when it was done, in the words of that time: not translated any more


def attempt(label: str, act: Callable[[], tuple[str, str]], link: str = "") -> PerRow:
    """Do one row. `act` makes its own transaction and says what was done and where that is to be seen;
    refused, the row says why, in the words its single form would say it, and leads to `link`.
    """
    try:
        sentence, leads_to = act()
    except Refused as refused:
        return PerRow(label, REFUSED, why(refused), link)
    return PerRow(label, OK, sentence, leads_to)


def why(refused: Refused) -> str:
    """The reason of a refusal in one line, with what is said of each field."""
    if isinstance(refused, NotFound):
        return _("没有找到这件事项。")
    if isinstance(refused, Stale):
        return _("刚才有人改过这一件，请打开看过再办。")
    if isinstance(refused, NotAllowed):
        return str(refused.verdict.reason)
    if isinstance(refused, RuleBroken):
        fields = dict.fromkeys(str(m) for m in refused.fields.values())
        return " ".join(fields) if fields else str(refused.reason)
    return str(refused)


def counted(rows: Iterable[PerRow]) -> dict[str, int]:
    """How many of each result, for the line above the table."""
    out = {OK: 0, REFUSED: 0, SKIPPED: 0}
    for row in rows:
        out[row.result] += 1
    return out
