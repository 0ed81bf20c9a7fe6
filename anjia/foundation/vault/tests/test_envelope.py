"""The envelope's bytes are a public format: they must open in ten years, and nowhere but in their place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from anjia.foundation.vault import envelope, suites
from anjia.foundation.vault.errors import SealBroken

KEY = bytes(range(32))
NONCE = bytes(range(100, 112))


@pytest.fixture(autouse=True, params=["aes", "sm"])
def suite(request: pytest.FixtureRequest, settings: Any) -> str:
    """Everything here holds with either family of algorithms."""
    settings.SUITE = request.param
    return str(request.param)


def test_known_answer(monkeypatch: pytest.MonkeyPatch, suite: str) -> None:
    """Computed apart with the plain GCM mode of the cipher, and HKDF by hand from RFC 5869."""
    monkeypatch.setattr(envelope, "new_nonce", lambda: NONCE)
    aad = envelope.associated("vault_sealed", "label")
    assert aad.hex() == "0000000c" + b"vault_sealed".hex() + "00000005" + b"label".hex()
    body = envelope.encrypt(KEY, b"text", aad)
    assert body[:14] == bytes((1, suites.NAMES[suite])) + NONCE
    assert body.hex() == KNOWN_BODIES[suite]


@pytest.mark.parametrize("made_with", ["aes", "sm"])
def test_what_was_sealed_with_either_suite_opens_whichever_is_in_use(made_with: str) -> None:
    """These bytes are kept for ever: what was sealed in the first version must open in every later one."""
    aad = envelope.associated("vault_sealed", "label")
    assert envelope.decrypt(KEY, bytes.fromhex(KNOWN_BODIES[made_with]), aad) == b"text"


def test_a_ciphertext_cannot_be_passed_off_as_one_of_the_other_suite() -> None:
    for made_with, other in (("aes", b"\1\2"), ("sm", b"\1\1"), ("aes", b"\1\3"), ("sm", b"\2\2")):
        body = bytes.fromhex(KNOWN_BODIES[made_with])
        with pytest.raises(SealBroken):
            envelope.decrypt(KEY, other + body[2:], envelope.associated("vault_sealed", "label"))


def test_derived_keys_are_known() -> None:
    assert envelope.derive(KEY, "compartment label").hex() == KNOWN_DERIVED
    assert envelope.derive(KEY, "compartment contact").hex() != KNOWN_DERIVED


@given(st.binary(max_size=40), st.integers(0, 10_000))
@limits(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


KNOWN_BODIES = {
    "aes": "01016465666768696a6b6c6d6e6f3c7ea612f8317633bcea6c6359a717d278e5e2d1",
    "sm": "01026465666768696a6b6c6d6e6fd291ceeb5f2dae0c69f0c88bebe28b7cc8d5cb25",
}
KNOWN_DERIVED = "861880814dde77752aa7d7cecd51555d95195da0ef2bd14ad03c1fb52a5c4402"


def test_no_nonce_comes_twice() -> None:
    """Equal values sealed again look like nothing they looked like before."""
    sealed = [envelope.encrypt(KEY, b"same", b"place") for _ in range(5_000)]
    nonces = {body[envelope.HEADER_BYTES :][: envelope.NONCE_BYTES] for body in sealed}
    assert len(nonces) == len(set(sealed)) == 5_000
