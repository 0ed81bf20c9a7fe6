"""The national algorithms give what their standards say; a database may hold both families."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection

from anjia.foundation.events import events
from anjia.foundation.events.tests.ledger import AT, build, faults
from anjia.foundation.vault import checks, suites, vault
from anjia.foundation.vault.models import Token

RFC_8998_KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
RFC_8998_NONCE = bytes.fromhex("00001234567800000000abcd")
RFC_8998_AAD = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
RFC_8998_TEXT = bytes.fromhex("".join(c * 16 for c in "abcdefea"))
RFC_8998_BODY = bytes.fromhex(
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    "83de3541e4c2b58177e065a9bf7b62ec"
)


def test_sm4_gcm_is_that_of_rfc_8998(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suites, "_short", lambda key: key)
    body = suites.seal(suites.SM, RFC_8998_KEY, RFC_8998_NONCE, RFC_8998_TEXT, RFC_8998_AAD)
    assert body == RFC_8998_BODY
    opened = suites.unseal(suites.SM, RFC_8998_KEY, RFC_8998_NONCE, RFC_8998_BODY, RFC_8998_AAD)
    assert opened == RFC_8998_TEXT
    with pytest.raises(InvalidTag):
        suites.unseal(suites.SM, RFC_8998_KEY, RFC_8998_NONCE, RFC_8998_BODY, b"")


def test_sums_are_those_of_the_standards() -> None:
    """SM3: the example of GM/T 0004 A.1; SHA-256: of FIPS 180; the keyed ones by RFC 2104 over both."""
    assert suites.digest(suites.SM, b"abc").hex() == (
        "0266c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )
    assert suites.digest(suites.AES, b"abc").hex() == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    for suite in suites.NAMES.values():
        inner = suites.digest(suite, b"\x36" * 64 + b"abc")[-32:]
        assert suites.mac(suite, b"", b"abc")[-32:] == suites.digest(suite, b"\x5c" * 64 + inner)[-32:]
        assert suites.of(suites.mac(suite, b"key", b"abc")) == suite


@pytest.mark.django_db
def test_a_ledger_that_changed_its_suite_is_verified_throughout(settings: Any) -> None:
    heads = build()
    settings.SUITE = "sm"
    from anjia.foundation.events.tests.ledger import add

    add(heads[0], minutes=50)
    events.seal_now(AT)
    settings.SUITE = "aes"
    add(heads[0], minutes=51)
    events.seal_now(AT)
    assert faults(heads) == []


@pytest.mark.django_db
def test_an_instance_that_would_find_nobody_does_not_start(settings: Any) -> None:
    assert checks.tokens_fit([connection.alias]) == []
    Token.objects.create(kind="name", token=vault.token("name", "王小兰"), root=uuid4(), owner=uuid4())
    assert checks.tokens_fit([connection.alias]) == []
    settings.TOKEN_SUITE = "sm"
    assert [e.id for e in checks.tokens_fit([connection.alias])] == ["vault.E004"]
