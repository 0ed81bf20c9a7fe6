"""An office's own ledger: who stopped it and why, whose post ended, who pledged. Chained like a matter's events."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from anjia.foundation.core.batch import Batch
from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.who import Who
from anjia.foundation.events import events
from anjia.foundation.events.models import Event
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment
from anjia.registry.posts import people
from anjia.registry.posts.models import Agency, Post

SHOWN = 50
STOP, REOPEN, PLEDGED, POST_ENDED = "stop_office", "reopen_office", "give_pledge", "post_ended"
BURDEN_CAP = "cap_burden"
ISSUED = "password_issued"
SWAPPED = "shift_swapped"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: who did what when, and the words he gave."""

    at: datetime
    move: str
    who: str
    office: str
    codes: dict[str, Any]
    words: str


def note(
    agency: UUID,
    *,
    move: str,
    actor: Who,
    now: datetime,
    codes: dict[str, Any] | None = None,
    words: str = "",
) -> Event:
    """Add one entry; call it within a transaction. Words are sealed under the staff key."""
    office = Agency.objects.select_for_update().get(pk=agency)
    batch, head = Batch(), events.Head(agency, office.chain_seq, bytes(office.chain_mac))
    sealed = uuid7() if words else None
    if sealed:
        vault.seal(
            batch,
            vault.staff_key(),
            owner=sealed,
            compartment=Compartment.NARRATIVE,
            value={"words": words.strip()},
        )
    event = events.append(batch, head, at=now, who=actor, move=move, codes=codes or {}, sealed=sealed)
    batch.flush()
    Agency.objects.filter(pk=agency).update(chain_seq=head.seq, chain_mac=head.mac)
    return event


def entries(agency: UUID, moves: Collection[str]) -> list[Entry]:
    """The newest first, of these kinds. Four statements at most."""
    rows = list(Event.objects.filter(matter=agency, move__in=moves).order_by("-seq")[:SHOWN])
    named = people.names({r.actor for r in rows})
    posts = Post.objects.filter(pk__in={r.post for r in rows if r.post}).select_related("agency")
    offices = {p.id: f"{p.agency.name} · {p.title}" for p in posts}
    said = words_of({r.sealed for r in rows if r.sealed})
    return [
        Entry(
            r.at,
            r.move,
            named.get(r.actor, "") if r.actor else "",
            offices.get(r.post, "") if r.post else "",
            r.codes,
            said.get(r.sealed, "") if r.sealed else "",
        )
        for r in rows
    ]


def burden_cap(agency: UUID | None) -> dict[str, int]:
    """What this office allows a form (`form`) and a month (`month`) to ask of a village; {} where it set nothing."""
    last = Event.objects.filter(matter=agency, move=BURDEN_CAP).order_by("-seq").first() if agency else None
    return {name: int(last.codes[name]) for name in ("form", "month")} if last else {}


def lowest_burden_cap() -> tuple[int, str] | None:
    """The lowest cap on a form that a federation has set for itself, and which one; None where none has."""
    newest: dict[UUID, int] = {}
    for agency, codes in Event.objects.filter(move=BURDEN_CAP).order_by("seq").values_list("matter", "codes"):
        newest[agency] = int(codes["form"])
    if not newest:
        return None
    lowest = min(newest, key=lambda agency: (newest[agency], str(agency)))
    return newest[lowest], Agency.objects.values_list("name", flat=True).get(pk=lowest)


def words_of(owners: set[UUID]) -> dict[UUID, str]:
    """The sealed words of entries. One statement."""
    if not owners:
        return {}
    key = vault.staff_key()
    rows = vault.latest(owners, [Compartment.NARRATIVE])
    return {owner: str(vault.open_sealed(row, key).get("words", "")) for (owner, _c), row in rows.items()}
