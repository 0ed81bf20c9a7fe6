"""The envelope's bytes are a public format: they must open in ten years, and nowhere but in their place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anjia.foundation.vault import envelope
from anjia.foundation.vault.errors import SealBroken

KEY = bytes(range(32))
NONCE = bytes(range(100, 112))


def test_known_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Computed apart with the plain GCM mode of the cipher, and HKDF by hand from RFC 5869."""
    monkeypatch.setattr(envelope, "new_nonce", lambda: NONCE)
    aad = envelope.associated("vault_sealed", "label")
    assert aad.hex() == "0101" + "0000000c" + b"vault_sealed".hex() + "00000005" + b"label".hex()
    body = envelope.encrypt(KEY, b"text", aad)
    assert body[:14] == b"\x01\x01" + NONCE
    assert body.hex() == KNOWN_BODY
    assert envelope.decrypt(KEY, bytes.fromhex(KNOWN_BODY), aad) == b"text"


def test_derived_keys_are_known() -> None:
    assert envelope.derive(KEY, "compartment label").hex() == KNOWN_DERIVED
    assert envelope.derive(KEY, "compartment contact").hex() != KNOWN_DERIVED


@given(st.binary(max_size=40), st.integers(0, 10_000))
@settings(max_examples=200, deadline=None)
def test_every_flipped_bit_is_refused(data: bytes, position: int) -> None:
    body = bytearray(envelope.encrypt(KEY, data, b"place"))
    position %= len(body) * 8
    body[position // 8] ^= 1 << position % 8
    with pytest.raises(SealBroken):
        envelope.decrypt(KEY, bytes(body), b"place")


@pytest.mark.parametrize("length", range(30))
def test_a_body_cut_short_is_refused(length: int) -> None:
    with pytest.raises(SealBroken):
        envelope.decrypt(KEY, envelope.encrypt(KEY, b"", b"")[:length], b"")


def test_parts_of_the_place_do_not_run_into_each_other() -> None:
    assert envelope.associated("ab", "c") != envelope.associated("a", "bc")


KNOWN_BODY = "01016465666768696a6b6c6d6e6f3c7ea612f8317633bcea6c6359a717d278e5e2d1"
KNOWN_DERIVED = "861880814dde77752aa7d7cecd51555d95195da0ef2bd14ad03c1fb52a5c4402"
