"""找: matters by number, or by the telephone, identity number, name or pinyin of somebody in them.

Only what the reader's own office may open answers: a kind of identifier is looked up only where this
capacity may read it, so that a search never tells what the page would not. Each look-up is one index range
over keyed tokens, newest first, and stops after a thousand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anjia.engine.matters.models import Party
from anjia.engine.matters.seats import MAY_OPEN, Scope
from anjia.engine.matters.worklists import MatterRow, matter_rows
from anjia.foundation.events import access
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment
from anjia.registry.posts.actors import Actor

LIMIT = 20
SHORTEST = 2  # a single letter or character would only be a way to leaf through everybody
CANDIDATES = 1_000
#: Where each kind of identifier is sealed: who may not open that compartment does not find by it.
SEALED_IN: dict[str, Compartment] = {
    "phone": Compartment.CONTACT,
    "id_number": Compartment.IDENTITY,
    "name": Compartment.LABEL,
    "pinyin": Compartment.LABEL,
    "initials": Compartment.LABEL,
}
#: What may be a whole person's: two characters or more, or all digits of a telephone.
WHOLE_NAME = re.compile(r"[\u4e00-\u9fff·]{2,12}")
WHOLE_NUMBER = 7
NUMBER = re.compile(r"(\d{6})\D?(20\d\d)\D?(\d{6})\D?(\d)")


@dataclass(frozen=True)
class Found:
    """Matters, newest first, and whether there may be more among those not looked at."""

    rows: list[MatterRow]
    is_capped: bool = False


def matter_number(text: str) -> str:
    """321003-2026-482915-7, however it was typed; "" when it is none."""
    found = NUMBER.fullmatch(text.replace(" ", ""))
    return "-".join(found.groups()) if found else ""


def kinds_of(text: str) -> tuple[str, ...]:
    """What the typed words may be: digits a number, letters pinyin (or a foreign name), the rest a name."""
    if re.fullmatch(r"[\d\s+()-]*\d[\d\s+()-]*[xX]?", text):
        return ("phone", "id_number")
    if re.fullmatch(r"[A-Za-zÀ-ɏ\s'’:·-]+", text):
        return ("pinyin", "initials", "name")
    return ("name",)


def note(actor: Actor, text: str) -> None:
    """Put into the log that somebody was looked for, by a keyed mark; a part of a name or number is nobody yet."""
    text = text.strip()
    kind = "name" if WHOLE_NAME.fullmatch(text) else kinds_of(text)[0] if text else ""
    whole = kind == "name" or (kind == "phone" and sum(c.isdigit() for c in text) >= WHOLE_NUMBER)
    if whole and actor.account_id is not None and not matter_number(text):
        access.current().searched(actor.account_id, kind, text)


def search(scope: Scope, text: str, *, limit: int = LIMIT) -> Found:
    """Matters in scope; one row a family, the topmost matter the reader sees."""
    text = text.strip()
    if len(text) < SHORTEST:
        return Found([])
    if by_number := numbered(scope, text):
        return Found(by_number)
    people, is_capped = called(text)
    matters = open_to(scope, people, limit)
    rows = {r.id: r for r in matter_rows(scope.own().filter(matter__in=matters), scope)} if matters else {}
    return Found([rows[m] for m in matters if m in rows], is_capped)


def numbered(scope: Scope, text: str) -> list[MatterRow]:
    """The matter of that number: one's own, else one of the line below (masked there as everywhere)."""
    number = matter_number(text) or text
    if not re.search(r"\d", number):
        return []
    own = matter_rows(scope.own().filter(matter__number=number)[:1], scope)
    if own or not scope.tier:
        return own
    return matter_rows(scope.below().filter(matter__number=number)[:1], scope)


def called(text: str) -> tuple[dict[str, set[UUID]], bool]:
    """Parties by kind of identifier, newest first; shown to nobody before the scope has narrowed them."""
    found: dict[str, set[UUID]] = {}
    is_capped = False
    for kind in kinds_of(text):
        tokens = vault.find(kind, text).order_by("-owner").values_list("owner", flat=True)
        owners = set(tokens[:CANDIDATES])
        is_capped |= len(owners) >= CANDIDATES
        if owners:
            found[kind] = owners
    return found, is_capped


def open_to(scope: Scope, people: Mapping[str, set[UUID]], limit: int) -> list[UUID]:
    """The matters of these people in which the reader's seat may open what they were found by."""
    owners = set().union(*people.values())
    matter_of = dict(Party.objects.filter(pk__in=owners).values_list("id", "matter_id")) if owners else {}
    kinds: dict[UUID, set[str]] = {}
    for kind, parties in people.items():
        for party in parties & matter_of.keys():
            kinds.setdefault(matter_of[party], set()).add(kind)
    seats = scope.own().filter(mask=False, matter__in=list(kinds)).order_by("matter__depth", "-opened_at")
    shown: dict[UUID, tuple[datetime, UUID]] = {}
    for matter, root, capacity, opened in seats.values_list("matter_id", "root", "capacity", "opened_at"):
        if any(SEALED_IN[k] in MAY_OPEN.get(capacity, frozenset()) for k in kinds[matter]):
            shown.setdefault(root, (opened, matter))
    newest = sorted(shown.values(), reverse=True)
    return [matter for _opened, matter in newest[:limit]]
