"""The disclosure gate for whereabouts: reason first, log row first, value last, shown once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.letters.policies import can_open_whereabouts
from anjia.engine.matters.models import Party
from anjia.engine.matters.seats import visible_to
from anjia.foundation.core.verdict import NotFound, RuleBroken, require
from anjia.foundation.events import access
from anjia.foundation.vault import vault
from anjia.law import codes
from anjia.registry.posts.actors import Actor

PURPOSES = "whereabouts-purpose"
SHOWN_SECONDS = 60
ROUTE = "desk:whereabouts"


def open_whereabouts(
    *, actor: Actor, matter_id: UUID, party_id: UUID, purpose: str, words: str, now: datetime
) -> dict[str, Any]:
    """Where she is, for one purpose. The log row is committed before anything is decrypted.

    Returns the document by field name ({} when nothing is recorded). Raises NotFound outside the
    actor's scope, NotAllowed with the reason, RuleBroken when purpose or words are missing.
    """
    seated = visible_to(actor).find(matter_id)
    require(can_open_whereabouts(actor, seated))
    errors = {}
    if purpose not in codes.book()[PURPOSES].codes:
        errors["purpose"] = _("请选用途。")
    if len(words.strip()) < 4:
        errors["words"] = _("请写明为什么现在需要。")
    if errors:
        raise RuleBroken(_("有几处需要改一下。"), errors)
    party = Party.objects.filter(pk=party_id, matter=matter_id).first()
    if party is None:
        raise NotFound
    access.open_now(
        actor,
        matter=matter_id,
        compartment="whereabouts",
        purpose_code=purpose,
        purpose_text=words.strip(),
        route=ROUTE,
        at=now,
    )
    row = vault.latest([party.id], ["whereabouts"]).get((party.id, "whereabouts"))
    return vault.open_sealed(row, vault.key(seated.matter.root)) if row else {}
