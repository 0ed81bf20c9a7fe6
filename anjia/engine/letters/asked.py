"""Two persons for one opening: asked by one, allowed by another, used once. It stands in the matter's own events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from anjia.engine.matters.engine_moves import ALLOW_OPEN, ASK_OPEN
from anjia.foundation.events.models import Event

#: What is asked for, where it is not a paper.
WHEREABOUTS = "whereabouts"
#: How long a question waits for the second person, and how long her yes holds.
WAITS = timedelta(hours=24)
HOLDS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: what, for whom, by whom; who allowed it and whether it was used."""

    id: UUID
    what: str
    party: str
    purpose: str
    account: UUID | None
    agency: UUID | None
    at: datetime
    allowed_by: UUID | None = None
    allowed_at: datetime | None = None
    used: bool = False

    def waits(self, now: datetime) -> bool:
        """Whether a second person may still say yes."""
        return self.allowed_at is None and now - self.at < WAITS

    def holds(self, now: datetime) -> bool:
        """Whether it was allowed just now and nobody has used it."""
        return self.allowed_at is not None and not self.used and now - self.allowed_at < HOLDS


def in_matter(matter: UUID) -> list[Asked]:
    """Every question asked in a matter, the newest first."""
    found: dict[str, Asked] = {}
    for e in Event.objects.filter(matter=matter).order_by("seq"):
        if e.move == ASK_OPEN.name:
            said = e.codes["asked"]
            found[str(e.id)] = Asked(
                e.id, said["what"], said.get("party", ""), said["purpose"], e.actor, e.agency, e.at
            )
        elif e.move == ALLOW_OPEN.name and e.codes["allows"] in found:
            found[e.codes["allows"]] = replace(found[e.codes["allows"]], allowed_by=e.actor, allowed_at=e.at)
        elif e.codes.get("uses") in found:
            found[e.codes["uses"]] = replace(found[e.codes["uses"]], used=True)
    return list(found.values())[::-1]


def mine(matter: UUID, *, what: str, account: UUID | None, now: datetime, party: str = "") -> Asked | None:
    """This person's question that still waits for a second person, or that one has allowed just now."""
    asked = (a for a in in_matter(matter) if (a.what, a.party, a.account) == (what, party, account))
    return next((a for a in asked if a.waits(now) or a.holds(now)), None)
