"""One answer for the button, the view and the action: may this person do this, and if not, why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Verdict:
    """Truthy when allowed. `reason` is said to the user in her own words when it is not."""

    reason: str | Promise = ""
    code: str = ""

    def __bool__(self) -> bool:
        return not self.code and not self.reason


ALLOW = Verdict()


def deny(reason: str | Promise, code: str = "denied") -> Verdict:
    """A refusal: `reason` is translated text for the screen, `code` is stable for tests and logs."""
    return Verdict(reason, code)


class Refused(Exception):
    """The one family of exceptions a view catches; everything else is a bug."""


@dataclass
class NotAllowed(Refused):
    """The person may not do this (or may not know that it exists)."""

    verdict: Verdict

    def __str__(self) -> str:
        return str(self.verdict.reason)


@dataclass
class NotFound(Refused):
    """There is nothing here for this person; worded the same whether it exists or not."""


@dataclass
class RuleBroken(Refused):
    """The input or the state does not allow it. `fields` maps a field name to its message."""

    reason: str | Promise = ""
    fields: Mapping[str, str | Promise] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.reason) or "; ".join(f"{k}: {v}" for k, v in self.fields.items())


@dataclass
class Stale(Refused):
    """Somebody else changed the same thing in between; nothing was written."""

    current: int = 0


def require(verdict: Verdict) -> None:
    """Raise NotAllowed with the verdict's reason unless it allows."""
    if not verdict:
        raise NotAllowed(verdict)
