"""The ends of all chains of events: of every matter, and of the offices' own ledgers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from uuid import UUID

from anjia.engine.matters.models import Matter
from anjia.registry.posts.models import Agency


def heads() -> Iterator[tuple[UUID, int, bytes]]:
    """(whose chain, number of its last event, sum of its last event), for `ledger verify`."""
    matters = Matter.objects.values_list("id", "chain_seq", "chain_mac")
    offices = Agency.objects.filter(chain_seq__gt=0).values_list("id", "chain_seq", "chain_mac")
    for owner, seq, mac in chain(matters.iterator(), offices.iterator()):
        yield owner, seq, bytes(mac)
