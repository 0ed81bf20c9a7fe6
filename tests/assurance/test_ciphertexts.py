"""A stored ciphertext that was changed in one bit, or put into another place, is never opened."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

import pytest
from report import row

from anjia.foundation.core.batch import Batch
from anjia.foundation.vault import suites, vault
from anjia.foundation.vault.errors import SealBroken
from anjia.foundation.vault.models import Compartment, DataKey, Sealed
from anjia.foundation.vault.providers import provider

pytestmark = pytest.mark.assurance
SEED, TIMES = 20260309, 10_000
ROOTS, OWNERS, VERSIONS = 4, 3, 2


class Store:
    """What a stolen database holds: wrapped root keys and sealed documents, in memory."""

    def __init__(self, rng: random.Random) -> None:
        self.keys: dict[UUID, vault.RootKey] = {}
        self.rows: list[Sealed] = []
        self.wraps: list[DataKey] = []
        for _ in range(ROOTS):
            batch = Keeping()
            key = vault.new_root(batch, UUID(int=rng.getrandbits(128)))
            self.keys[key.root] = key
            for _ in range(OWNERS):
                owner = UUID(int=rng.getrandbits(128))
                for name in Compartment.values:
                    for version in range(1, VERSIONS + 1):
                        value = {"n": "王小兰" * rng.randrange(9)}
                        vault.seal(batch, key, owner=owner, compartment=name, value=value, version=version)
            self.wraps += [o for o in batch.kept if isinstance(o, DataKey)]
            self.rows += [o for o in batch.kept if isinstance(o, Sealed)]

    def opens(self, sealed: Sealed, body: bytes) -> bool:
        """Whether these bytes open in that row's place."""
        place = {n: getattr(sealed, n) for n in ("root", "owner", "compartment", "version")}
        try:
            vault.open_sealed(Sealed(**place, body=body), self.keys[sealed.root])
        except SealBroken:
            return False
        return True

    def unwraps(self, wrap: DataKey, wrapped: bytes) -> bool:
        """Whether these bytes unwrap as that root's key."""
        try:
            provider().unwrap(wrap.master_id, wrapped, vault.wrap_aad(wrap.root, wrap.master_id))
        except SealBroken:
            return False
        return True


class Keeping(Batch):
    """A batch that keeps its rows instead of writing them."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[Any] = []

    def insert(self, obj: Any) -> None:
        self.kept.append(obj)


@pytest.mark.parametrize("suite", sorted(suites.NAMES))
def test_flipped_bits_and_swapped_ciphertexts_are_refused(suite: str, settings: Any) -> None:
    settings.SUITE = suite
    rng = random.Random(SEED)
    store = Store(rng)
    assert all(store.opens(r, r.body) for r in store.rows), "the control: untouched, every one opens"
    assert all(store.unwraps(w, w.wrapped) for w in store.wraps)
    opened_flipped = opened_swapped = 0
    for _ in range(TIMES):
        if rng.random() < 0.1:
            wrap = rng.choice(store.wraps)
            opened_flipped += store.unwraps(wrap, flipped(rng, wrap.wrapped))
        else:
            sealed = rng.choice(store.rows)
            opened_flipped += store.opens(sealed, flipped(rng, sealed.body))
    for _ in range(TIMES):
        if rng.random() < 0.1:
            wrap, wrong = rng.sample(store.wraps, 2)
            opened_swapped += store.unwraps(wrap, wrong.wrapped)
        else:
            one, other = rng.sample(store.rows, 2)
            opened_swapped += store.opens(one, other.body)
    row(13, f"single bits flipped in stored ciphertexts and wrapped keys ({suite})", TIMES, opened_flipped)
    row(13, f"stored ciphertexts put in another's place ({suite})", TIMES, opened_swapped)
    assert (opened_flipped, opened_swapped) == (0, 0), f"seed {SEED}"


def flipped(rng: random.Random, body: bytes) -> bytes:
    """One bit changed."""
    changed = bytearray(body)
    position = rng.randrange(len(changed) * 8)
    changed[position // 8] ^= 1 << position % 8
    return bytes(changed)
