"""Keyed tokens of matters that were written before a kind of token existed: computed anew, never removed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from anjia.engine.matters import walls
from anjia.engine.matters.models import Matter, Party
from anjia.engine.matters.persons import MESSENGERS, birth_date, tokens_of
from anjia.foundation.core.batch import Batch
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Token
from anjia.registry.posts import identities

SEPARATOR = "、"


def add_missing(batch: Batch, matters: Sequence[Matter], now: datetime, again: Collection[UUID] = ()) -> int:
    """Add what is missing for the people of these matters to the batch; says how many tokens.

    Who is no longer to be found gets none, unless he is named in `again`.
    """
    parties = list(Party.objects.filter(matter__in=matters).order_by("id"))
    keys = vault.keys({m.root for m in matters})
    rows = vault.latest(
        [*(m.id for m in matters), *(p.id for p in parties)], ["label", "identity", "contact"]
    )
    documents = {place: vault.open_sealed(row, keys[row.root]) for place, row in rows.items()}
    known = {
        (owner, kind, bytes(token))
        for owner, kind, token in Token.objects.filter(owner__in=[p.id for p in parties]).values_list(
            "owner", "kind", "token"
        )
    }
    added, recognisable = 0, dict[UUID, set[tuple[str, bytes]]]()
    for party in parties:
        if party.unlisted_at and party.id not in again:
            continue
        for kind, value in sorted(wanted(party, named(party, parties, documents), documents)):
            if vault.normalise(kind, value) and (party.id, kind, vault.token(kind, value)) not in known:
                vault.add_token(batch, kind=kind, value=value, root=party.root, owner=party.id)
                added += 1
                if kind in identities.KINDS and party.role not in MESSENGERS:
                    recognisable.setdefault(party.root, set()).add((kind, vault.token(kind, value)))
    for root, tokens in recognisable.items():
        batch.flush()  # walls that one of them raises on the whole family are seen by the next
        walls.raise_for_people(batch, root, tokens, now)
    return added


def named(party: Party, parties: Sequence[Party], documents: Mapping[Any, Mapping[str, Any]]) -> list[str]:
    """The names of one person: of several in one role (two children) each has her own where they can be told."""
    label = documents.get((party.matter_id, "label"), {})
    names = [n for n in str(label.get(party.role) or "").split(SEPARATOR) if n]
    alike: list[UUID] = [p.id for p in parties if (p.matter_id, p.role) == (party.matter_id, party.role)]
    return [names[alike.index(party.id)]] if len(names) == len(alike) else names


def wanted(
    party: Party, names: Sequence[str], documents: Mapping[Any, Mapping[str, Any]]
) -> set[tuple[str, str]]:
    """Every token this person should have."""
    known = {**documents.get((party.id, "identity"), {}), **documents.get((party.id, "contact"), {})}
    found, born = tokens_of(known), birth_date(known)
    for name in names:
        found |= tokens_of({"name": name})
        if born:
            found.add(("name_birth", f"{name}|{born}"))
    return found
