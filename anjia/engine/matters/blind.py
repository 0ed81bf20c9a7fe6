"""盲核: whether a case stands in the way of naming a household, said as yes, no or “ask the county”, and nothing more.

Whoever asks is given the one word for a household and no matter, number, office or reason; nothing is written into the
household's own matter, and looking decrypts nothing, so that no log there tells of it. Where there is an open case the
question goes into the case: the county that leads it asks her when it speaks to her anyway. Unasked counts as no.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import IntEnum
from uuid import UUID

from anjia.engine.matters import actions
from anjia.engine.matters.models import Matter, Party
from anjia.foundation.events.models import Event
from anjia.foundation.vault.models import Token
from anjia.law.playbooks.library import definition
from anjia.registry.posts.actors import CLOCK

NAME = "name"
#: Those a case is about; who only brought word of it is in many families' matters.
CONCERNED = ("asking", "complained")
ASKED, WORD, AS_USUAL = "recognition_asked", "recognition_word", "as_usual"
#: A case that ended so long ago stands in nobody's way, nor does one in which nothing was found.
LONG_AGO = timedelta(days=365)
NOTHING_FOUND = "unfounded"


class Answer(IntEnum):
    """Nothing stands in the way; she is to be asked; it does not go."""

    YES = 0
    ASK = 1
    NO = 2


def answer(household: UUID, *, since: datetime, now: datetime) -> Answer:
    """The one word for a household, by the matter in which it applied. Her own word counts from `since` on."""
    found = (of_family(matters, since, now) for matters in families(household).values())
    return max(found, default=Answer.YES)


def ask(household: UUID, *, since: datetime, now: datetime) -> None:
    """Where she is to be asked: the question goes into her case, once."""
    for matters in families(household).values():
        if of_family(matters, since, now) is Answer.ASK:
            for case in asked_in(matters):
                if not Event.objects.filter(matter=case.id, move=ASKED, at__gte=since).exists():
                    actions.move(matter_id=case.id, name=ASKED, actor=CLOCK, now=now)


def of_family(matters: Iterable[Matter], since: datetime, now: datetime) -> Answer:
    """One family's matters: a measure in force says no; an open case has her asked, and her word stands."""
    found = Answer.YES
    for matter in matters:
        playbook = definition(matter.playbook, matter.version)
        if matter.ended_at is None and playbook.bars_mediation:
            return Answer.NO
        if matter.ended_at is None:
            found = max(found, her_word(matter, since) if ASKED in playbook.moves else Answer.NO)
        elif matter.result != NOTHING_FOUND and matter.ended_at > now - LONG_AGO:
            found = Answer.NO
    return found


def her_word(case: Matter, since: datetime) -> Answer:
    """What she said since then; nothing yet: she is to be asked."""
    said = newest(case.id, WORD)
    if said is None or said.at < since:
        return Answer.ASK
    return Answer.YES if said.codes.get("facts", {}).get(WORD) == AS_USUAL else Answer.NO


def newest(matter: UUID, move: str) -> Event | None:
    """The last record of that step; one that was corrected does not count."""
    events = list(Event.objects.filter(matter=matter).order_by("-seq"))
    void = {str(e.codes["corrects"]) for e in events if e.codes.get("corrects")}
    return next((e for e in events if e.move == move and str(e.id) not in void), None)


def asked_in(matters: Iterable[Matter]) -> list[Matter]:
    """The open cases in which the question can be put."""
    return [m for m in matters if m.ended_at is None and ASKED in definition(m.playbook, m.version).moves]


def families(household: UUID) -> dict[UUID, list[Matter]]:
    """Matters concerning violence that may be this household's, by root: one of its adults by name in the same
    township, or two in the same county (or where it is not known where). Not beyond: else applying in every county
    would tell what one application does not. A name is weak proof; whoever leads the case says “as usual” where it is
    another family.
    """
    applied = Matter.objects.only("root", "township", "county").get(pk=household)
    adults = Party.objects.filter(matter=household).values("id")
    names = [
        bytes(t) for t in Token.objects.filter(kind=NAME, owner__in=adults).values_list("token", flat=True)
    ]
    alike = Token.objects.filter(kind=NAME, token__in=names).exclude(root=applied.root)
    called: dict[UUID, set[bytes]] = {}
    for owner, token in alike.values_list("owner", "token"):
        called.setdefault(owner, set()).add(bytes(token))
    known: dict[UUID, set[bytes]] = {}
    for party in Party.objects.filter(pk__in=called, role__in=CONCERNED, unlisted_at__isnull=True):
        known.setdefault(party.root, set()).update(called[party.id])
    found: dict[UUID, list[Matter]] = {}
    for matter in Matter.objects.filter(root__in=known).order_by("id"):
        near = bool(applied.township) and matter.township == applied.township
        here = matter.county in ("", applied.county)
        is_theirs = near or (here and len(known[matter.root]) > 1)
        if is_theirs and definition(matter.playbook, matter.version).concerns_violence:
            found.setdefault(matter.root, []).append(matter)
    return found
