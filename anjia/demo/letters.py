"""Letters that leave with a code, and agencies that answer by it: by the same actions as on paper and on the phone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from anjia.engine.letters import disclosure, replying
from anjia.engine.letters.reply_codes import Reply
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.core.verdict import NotFound
from anjia.foundation.events import access
from anjia.registry.posts.actors import Actor

SITE = "https://demo.invalid/"
STATION = "192.0.2.1"  # an address that nobody has


def send(actor: Actor, matter: UUID, paper: str, now: datetime) -> Reply | None:
    """One numbered copy; what stands on it by which it is answered."""
    with access.reading(actor, route="desk:letter", how="open", at=now):
        copy = disclosure.release(
            actor=actor, matter_id=matter, paper=paper, now=now, checked=True, site=SITE
        )
    return copy.reply


def answer(reply: Reply | None, move: str, given: Mapping[str, Any], now: datetime) -> None:
    """The first answer of that move this agency has, with number and date as it would fill them in."""
    found = (
        replying.look(code=reply.code, number=reply.letter, address=STATION, now=now).letter
        if reply
        else None
    )
    if found is None or reply is None:
        raise NotFound
    offered = replying.standing(found).answers
    chosen = next(a for a in offered if a.move == move and a.key.endswith(given.get("choice", "")))
    typed = {f.name: filled(f.type, now) for f in chosen.fields if f.type in FILLED}
    replying.answer(event=found.event, choice=chosen.key, typed=typed, now=now, key=f"{reply.letter} {move}")


FILLED = {"short_text": "演〔2026〕12号", "date": ""}


def filled(kind: str, now: datetime) -> str:
    """A document number, or the day."""
    return FILLED[kind] or now.astimezone(SHANGHAI).date().isoformat()
