"""The house's own work, in which no person is recorded: instructions, monthly pages, hand-overs of a shift.

They are matters like any other (a holder, duties that climb, an event for each step), but nobody calls in with one:
`open_matter` does not offer them, and a leader may begin or answer those that are his.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.engine_moves import SHIFT_LIST, SHIFT_NOTE
from anjia.engine.matters.models import Matter
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.opening import Opening, build
from anjia.engine.matters.policies import can_begin
from anjia.engine.matters.reading import Reading
from anjia.engine.matters.record import record
from anjia.engine.matters.seats import Seated, visible_to
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.verdict import NotFound, RuleBroken, require
from anjia.foundation.events.models import Event
from anjia.registry.posts import offices
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import PostRole

HANDOVER = "shift-handover"
MOST_ITEMS = 60
OFFICE = "office"
LONGEST_NOTE = 500
#: How what an office begins of itself is said to have come in: nobody called, wrote or stood at the counter.
CHANNEL = "transfer"


def begin(
    batch: Batch,
    *,
    playbook: str,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any],
    files: Sequence[Any] = (),
) -> Moving:
    """Put it into the batch. `office` in the data names the office that the role of that field is bound to; `files`
    are the paper itself.
    """
    require(can_begin(playbook, actor))
    office = office_of(playbook, actor, now, str(data.get(OFFICE) or ""))
    place = actor.city if actor.tier == "city" else actor.county or actor.city
    opening = Opening(
        playbook=playbook,
        actor=actor,
        now=now,
        at=now,
        channel=CHANNEL,
        place=place,
        data=data,
        chosen={OFFICE: office},
        partial=False,
        files=tuple(files),
    )
    return build(batch, opening)


def office_of(playbook: str, actor: Actor, now: datetime, given: str) -> UUID:
    """The office it is written to or spoken by: one that a leader of one's own city or county sits in. A shift, and what
    a leader says himself, is his own office's. Any other office is none.
    """
    if not given:
        raise RuleBroken(_("有几处需要改一下。"), {OFFICE: _("这一项要填。")})
    own = playbook == HANDOVER or actor.role == PostRole.LEADER
    known = [actor.agency_id] if own else [o.id for o in offices.with_leaders(actor, now)]
    found = next((o for o in known if str(o) == given), None)
    if found is None:
        raise RuleBroken(_("有几处需要改一下。"), {OFFICE: _("请从列表中选择。")})
    return found


def hand_over(
    batch: Batch,
    *,
    notes: Mapping[UUID, str],
    general: str,
    next_post: str,
    actor: Actor,
    now: datetime,
) -> Moving:
    """One hand-over: a note in each matter, the matter of the hand-over itself, and in it which matters were named.

    A note that is too long, or a matter the giver does not see, refuses all of it.
    """
    if len(notes) > MOST_ITEMS:
        raise RuleBroken(_("一次最多交接%(n)s件。") % {"n": MOST_ITEMS})
    long = {str(m): _("最多500字。") for m, words in notes.items() if len(words) > LONGEST_NOTE}
    if long:
        raise RuleBroken(_("有几处需要改一下。"), long)
    if not notes and not general.strip():
        raise RuleBroken(_("请选要交接的事项,或写总的交代。"), {"general": _("请选事项,或写总的交代。")})
    noted: list[list[str]] = []
    for matter, words in sorted(
        notes.items()
    ):  # always in one order, so that two shifts never wait for each other
        seated = visible_to(actor).find(matter, lock=True)
        if seated.mask or not seated.capacity:
            raise NotFound
        said = {"words": words.strip()} if words.strip() else {}
        note = record(seated, SHIFT_NOTE, actor=actor, now=now, words=said)
        assert note.event_row is not None
        noted.append([str(matter), str(note.event_row.id)])
    data = {OFFICE: str(actor.agency_id), "general": general.strip(), "next_post": next_post}
    moving = begin(batch, playbook=HANDOVER, actor=actor, now=now, data={k: v for k, v in data.items() if v})
    batch.flush()
    seated = visible_to(actor).find(moving.matter.id, lock=True)
    record(seated, SHIFT_LIST, actor=actor, now=now, codes={"items": noted})
    return moving


# -- reading a hand-over -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """One matter of a hand-over as its reader may see it."""

    matter: UUID
    number: str
    names: str
    note: str
    is_open: bool


def items(actor: Actor, handover: UUID, now: datetime) -> Iterator[Item]:
    """The matters that were handed over, without those that do not exist for this reader: not even as a number."""
    listed = Event.objects.filter(matter=handover, move=SHIFT_LIST.name).order_by("-seq").first()
    named = [(UUID(m), UUID(e)) for m, e in (listed.codes.get("items") or [])] if listed else []
    scope = visible_to(actor)
    for matter, event in named:
        try:
            seated = scope.find(matter)
        except NotFound:
            continue
        read = Reading(seated=seated, actor=actor, now=now)
        said = next((e for e in read.events if e.id == event), None)
        words = read.words(said)[0].get("words", "") if said else ""
        yield Item(
            matter,
            seated.matter.number,
            " · ".join(read.names().values()),
            str(words),
            is_running(seated.matter),
        )


def is_running(matter: Matter) -> bool:
    """Whether something is still to be done in it."""
    return matter.closed_at is None


@dataclass(frozen=True)
class Told:
    """What was said of the hand-over as a whole."""

    general: str
    taken: str
    giver: UUID | None  # whose shift it was


def told(actor: Actor, seated: Seated, now: datetime) -> Told:
    """The words of whoever gave it, and of whoever took it over."""
    read = Reading(seated=seated, actor=actor, now=now)
    words: dict[str, str] = {}
    for event in read.events:
        words |= {k: str(v) for k, v in read.words(event)[0].items()}
    giver = read.events[0].actor if read.events else None
    return Told(words.get("general", ""), words.get("taken", "") or words.get("why", ""), giver)
