"""What a thief of the database, a swapped row or a careless print could get from the vault: nothing."""

from __future__ import annotations

import itertools
import pickle
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from anjia.foundation.core.batch import Batch
from anjia.foundation.vault import vault
from anjia.foundation.vault.errors import KeyMissing, SealBroken
from anjia.foundation.vault.models import DataKey, Sealed, Token
from anjia.foundation.vault.providers import Keyring

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=["aes", "sm"])
def suite(request: pytest.FixtureRequest, settings: Any) -> str:
    """Everything here holds with either family of algorithms."""
    settings.SUITE = settings.TOKEN_SUITE = request.param
    return str(request.param)


STORY = {"name": "周晓兰", "phone": "13900000001", "hours": ["周三下午"]}


def a_root(root: UUID | None = None) -> vault.RootKey:
    with transaction.atomic():
        batch = Batch()
        key = vault.new_root(batch, root or uuid4())
        batch.flush()
    return key


def put(key: vault.RootKey, owner: UUID, compartment: str, value: dict[str, Any], version: int = 1) -> Sealed:
    with transaction.atomic():
        batch = Batch()
        vault.seal(batch, key, owner=owner, compartment=compartment, value=value, version=version)
        batch.flush()
    return Sealed.objects.get(owner=owner, compartment=compartment, version=version)


def test_what_is_sealed_opens_again_with_a_key_read_from_the_database() -> None:
    made = a_root()
    row = put(made, uuid4(), "identity", STORY)
    assert vault.open_sealed(row, vault.key(made.root)) == STORY


def test_nothing_of_the_value_stands_in_the_row_not_even_its_length() -> None:
    key = a_root()
    short = put(key, uuid4(), "label", {"n": "王一"})
    long = put(key, uuid4(), "label", {"n": "欧阳晓兰"})
    assert len(bytes(short.body)) == len(bytes(long.body))
    assert "王一".encode() not in bytes(short.body)


def test_a_ciphertext_opens_only_in_its_own_place() -> None:
    """Any two ciphertexts that differ in owner, compartment, root or version are swapped: both refused."""
    keys = [a_root(), a_root()]
    owners = [uuid4(), uuid4()]
    rows = [
        put(key, owner, compartment, {"n": i}, version)
        for i, (key, owner, compartment, version) in enumerate(
            [
                (keys[0], owners[0], "identity", 1),
                (keys[0], owners[0], "identity", 2),
                (keys[0], owners[0], "contact", 1),
                (keys[0], owners[1], "identity", 1),
                (keys[1], uuid4(), "identity", 1),
            ]
        )
    ]
    by_root = {key.root: key for key in keys}
    for one, other in itertools.permutations(rows, 2):
        moved = Sealed(
            root=one.root, owner=one.owner, compartment=one.compartment, version=one.version, body=other.body
        )
        for key in keys:
            with pytest.raises(SealBroken):
                vault.open_sealed(moved, key)
        moved.root = other.root
        with pytest.raises(SealBroken):
            vault.open_sealed(moved, by_root[other.root])


def test_the_database_without_the_master_key_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    key = a_root()
    row = put(key, uuid4(), "whereabouts", STORY)
    stranger = Keyring([b"x" * 32])
    monkeypatch.setattr(vault, "provider", lambda: stranger)
    with pytest.raises(KeyMissing):
        vault.key(key.root)
    DataKey.objects.update(master_id=stranger.current_id)
    with pytest.raises(SealBroken):
        vault.key(key.root)
    with pytest.raises(SealBroken):
        vault.open_sealed(row, vault.RootKey(key.root, b"\0" * 32))


def test_a_wrapped_key_moved_to_another_root_is_refused() -> None:
    one, other = a_root(), a_root()
    wrapped = DataKey.objects.get(root=one.root).wrapped
    DataKey.objects.filter(root=other.root).update(wrapped=wrapped)
    with pytest.raises(SealBroken):
        vault.key(other.root)


def test_an_erased_key_leaves_its_matter_unreadable() -> None:
    key = a_root()
    DataKey.objects.filter(root=key.root).delete()
    with pytest.raises(KeyMissing):
        vault.keys([key.root, a_root().root])


def test_many_keys_and_many_documents_take_one_statement_each() -> None:
    keys = [a_root() for _ in range(3)]
    owners = [uuid4() for _ in keys]
    for key, owner in zip(keys, owners, strict=True):
        put(key, owner, "label", {"v": 1})
        put(key, owner, "label", {"v": 2}, version=2)
        put(key, owner, "contact", {"v": 3})
    with CaptureQueriesContext(connection) as queries:
        opened = vault.keys([k.root for k in keys] + [vault.STAFF_ROOT])
        found = vault.latest(owners, ["label"])
    assert len(queries) == 2
    assert len(opened) == 4
    assert {k: r.version for k, r in found.items()} == {(o, "label"): 2 for o in owners}
    assert [r.version for r in vault.history(owners[0], "label")] == [1, 2]


def test_a_key_is_not_printed_and_does_not_leave_the_process() -> None:
    key = vault.RootKey(uuid4(), b"secret-secret-secret-secret-secr")
    assert "secret" not in repr(key) + str(key)
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_a_value_that_json_does_not_know_is_refused_without_saying_it() -> None:
    with pytest.raises(TypeError) as refused:
        vault.seal(Batch(), a_root(), owner=uuid4(), compartment="label", value={"name": {"周晓兰"}})
    assert "周晓兰" not in str(refused.value)


def test_staff_are_sealed_under_a_key_that_needs_no_row() -> None:
    row = put(vault.ensure_staff_key(), uuid4(), "identity", STORY)
    assert vault.open_sealed(row, vault.staff_key()) == STORY
    assert not DataKey.objects.exists()


# -- tokens -----------------------------------------------------------------------------------------------


def test_tokens_are_equal_only_within_one_kind(settings: Any) -> None:
    assert vault.token("phone", "13900000001") == vault.token("phone", "+86 139-0000-0001")
    kinds = ("phone", "id_number", "receipt")
    assert len({vault.token(kind, "13900000001") for kind in kinds}) == len(kinds)
    assert len(vault.token("name", "周晓兰")) == (16 if settings.SUITE == "aes" else 17)


def test_an_empty_identifier_is_neither_kept_nor_found() -> None:
    with transaction.atomic():
        batch = Batch()
        vault.add_token(batch, kind="phone", value="没有", root=uuid4(), owner=uuid4())
        batch.flush()
    assert not Token.objects.exists()
    assert not vault.find("phone", " - ").exists()
    with pytest.raises(ValueError, match="empty"):
        vault.token("phone", "")


def test_what_was_remembered_is_found_however_it_is_typed() -> None:
    owner = uuid4()
    with transaction.atomic():
        batch = Batch()
        vault.add_token(batch, kind="phone", value="139 0000 0001", root=uuid4(), owner=owner)
        batch.flush()
    assert [t.owner for t in vault.find("phone", "００８６ １３９ ００００ ０００１")] == [owner]
    assert not vault.find("phone", "13900000002").exists()


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("phone", "＋８６　１３９－００００－０００１", "13900000001"),
        ("phone", "0086 13900000001", "13900000001"),
        ("phone", "8613900000001", "13900000001"),
        ("phone", "013900000001", "13900000001"),
        ("phone", "+86 514 8000 0001", "051480000001"),
        ("phone", "0514-80000001", "051480000001"),
        ("phone", "80000001", "80000001"),
        ("id_number", "99999919900101001x", "99999919900101001X"),
        ("id_number", "９９９９９９ 19900101 001Ｘ", "99999919900101001X"),
        ("name", " 周 晓　兰 ", "周晓兰"),
        ("name", "阿依古丽•买买提", "阿依古丽·买买提"),
        ("name", "Ａnna", "anna"),
        ("pinyin", "Lǚ Xiǎo'lán", "lvxiaolan"),
        ("receipt", "1234 5678-9012 3456 7890", "12345678901234567890"),
        ("login", " Wang.Fang ", "wang.fang"),
    ],
)
def test_one_spelling(kind: str, typed: str, kept: str) -> None:
    assert vault.normalise(kind, typed) == kept
    assert vault.normalise(kind, kept) == kept


def test_an_old_identity_number_is_the_new_one() -> None:
    assert vault.normalise("id_number", "999999900101001") == vault.normalise(
        "id_number", "999999199001010016"
    )


# -- boxes --------------------------------------------------------------------------------------------------


def test_a_box_opens_for_its_purpose_and_row_only() -> None:
    sealed = vault.box("session", b"text", aad=b"row 1")
    assert vault.unbox("session", sealed, aad=b"row 1") == b"text"
    assert vault.unbox("session", memoryview(sealed), aad=b"row 1") == b"text"
    for purpose, aad in (("outbox", b"row 1"), ("session", b"row 2"), ("session", b"")):
        with pytest.raises(SealBroken):
            vault.unbox(purpose, sealed, aad=aad)


def test_fingerprints_differ_by_purpose() -> None:
    assert vault.fingerprint("a", b"x") != vault.fingerprint("b", b"x")
    assert len(vault.fingerprint("a", b"x")) == 32
