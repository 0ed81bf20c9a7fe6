"""The gate for whereabouts: second factor just now, reason, log row, then the value, shown once.

Nothing else in the product decrypts whereabouts for anybody's eyes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.letters import asked, recording
from anjia.engine.letters.policies import can_open_whereabouts, shown_just_now
from anjia.engine.matters.engine_moves import SHOWN_ONCE
from anjia.engine.matters.models import Matter, Party
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.verdict import NotFound, RuleBroken, require
from anjia.foundation.events import access
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment
from anjia.law import codes
from anjia.registry.posts.actors import Actor

PURPOSES = "whereabouts-purpose"
SHOWN_SECONDS = 60
ROUTE = "desk:whereabouts"
FOR_COURT = "serve_court"
#: Whose whereabouts are kept.
HIDDEN_ROLE = "asking"


def open_whereabouts(
    *, actor: Actor, matter_id: UUID, party_id: UUID, purpose: str, words: str, fresh: bool, now: datetime
) -> dict[str, Any]:
    """Where she is, for one purpose. The log row is committed before anything is decrypted.

    Returns the document by field name ({} when nothing is recorded). Raises NotFound outside the
    actor's scope, NotAllowed with the reason (code "fresh" without a second factor shown just now, "second"
    while no second person has agreed), RuleBroken when purpose or words are missing.
    """
    seated = visible_to(actor).find(matter_id)
    verdict = can_open_whereabouts(actor, seated)
    party = Party.objects.filter(pk=party_id, matter=matter_id).first()
    yes = allowed(actor, matter_id, party_id, now) if verdict.code == "second" else None
    if yes is None:
        require(verdict)
    require(shown_just_now(fresh))
    check_reason(purpose, words)
    if party is None:
        raise NotFound
    if yes is None:
        return opened(actor, seated.matter, party, purpose, words, now)
    recording.use(actor=actor, matter_id=matter_id, move=SHOWN_ONCE, uses=yes, now=now)
    case, her = hidden_in(seated.matter) or (seated.matter, party)
    return opened(actor, case, her, purpose, words, now)


def allowed(actor: Actor, matter_id: UUID, party_id: UUID, now: datetime) -> asked.Asked | None:
    """This person's question about her that a second person has allowed just now."""
    one = asked.mine(
        matter_id, what=asked.WHEREABOUTS, account=actor.account_id, party=str(party_id), now=now
    )
    return one if one and one.holds(now) else None


def ask_for_whereabouts(
    *, actor: Actor, matter_id: UUID, party_id: UUID, purpose: str, words: str, now: datetime
) -> None:
    """An office that helps without leading asks where she is; a second person of the office that leads decides."""
    seated = visible_to(actor).find(matter_id)
    verdict = can_open_whereabouts(actor, seated)
    if verdict.code != "second":
        require(verdict)
        raise NotFound
    check_reason(purpose, words)
    if not Party.objects.filter(pk=party_id, matter=matter_id, role=HIDDEN_ROLE).exists():
        raise NotFound
    recording.ask(
        actor=actor,
        seated=seated,
        what=asked.WHEREABOUTS,
        purpose=purpose,
        words=words,
        now=now,
        party=str(party_id),
    )


def check_reason(purpose: str, words: str) -> None:
    """A purpose from the list and a few words of one's own."""
    errors = {}
    if purpose not in codes.book()[PURPOSES].codes:
        errors["purpose"] = _("请选用途。")
    if len(words.strip()) < 4:
        errors["words"] = _("请写明为什么现在需要。")
    if errors:
        raise RuleBroken(_("有几处需要改一下。"), errors)


def opened(
    actor: Actor, matter: Matter, party: Party, purpose: str, words: str, now: datetime
) -> dict[str, Any]:
    """Log first, then decrypt."""
    access.open_now(
        actor,
        matter=matter.id,
        compartment=Compartment.WHEREABOUTS,
        purpose_code=purpose,
        purpose_text=words.strip(),
        route=ROUTE,
        at=now,
    )
    row = vault.newest(party.id, Compartment.WHEREABOUTS)
    return vault.open_sealed(row, vault.key(matter.root)) if row else {}


def for_the_court(
    *, actor: Actor, matter: Matter, words: str, fresh: bool, now: datetime
) -> Mapping[str, Any]:
    """Where she is, for the one paper that says it. It stands with her case, which the same office leads."""
    require(shown_just_now(fresh))
    found = hidden_in(matter)
    if found is None:
        return {}
    case, party = found
    seated = visible_to(actor).find(case.id)
    require(can_open_whereabouts(actor, seated))
    return opened(actor, case, party, FOR_COURT, words, now)


def hidden_in(matter: Matter) -> tuple[Matter, Party] | None:
    """The person asking whose whereabouts are recorded, in this matter or the one it was opened in."""
    at: Matter | None = matter
    while at is not None:
        people = {p.id: p for p in Party.objects.filter(matter=at, role=HIDDEN_ROLE)}
        known = vault.latest(people, [Compartment.WHEREABOUTS]) if people else {}
        for owner, _compartment in known:
            return at, people[owner]
        at = at.parent
    return None
