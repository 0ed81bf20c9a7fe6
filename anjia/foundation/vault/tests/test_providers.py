"""The master key: made once, never readable by others, renewable, and clear about what is wrong."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from django.db import connection

from anjia.foundation.vault import checks, providers
from anjia.foundation.vault.errors import KeyMissing, KeyProblem
from anjia.foundation.vault.models import DataKey
from anjia.foundation.vault.providers import EnvironmentProvider, FileProvider, Keyring


def test_a_key_file_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master"
    first = FileProvider(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert FileProvider(path).current_id == first.current_id
    assert [p.name for p in path.parent.iterdir()] == ["master"]


def test_many_processes_starting_at_once_agree_on_one_key(tmp_path: Path) -> None:
    found: list[str] = []
    start = threading.Barrier(8)

    def begin() -> None:
        start.wait()
        found.append(FileProvider(tmp_path / "master").current_id)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master"
    FileProvider(path)
    path.chmod(0o440)
    with pytest.raises(KeyProblem, match="chmod 0400"):
        FileProvider(path)


@pytest.mark.parametrize("text", ["", "abc", "g" * 64, "00" * 31])
def test_a_malformed_file_says_so_and_not_what_it_holds(tmp_path: Path, text: str) -> None:
    path = tmp_path / "master"
    path.write_text(text)
    path.chmod(0o400)
    with pytest.raises(KeyProblem) as refused:
        FileProvider(path)
    assert str(path) in str(refused.value)
    assert not text or text not in str(refused.value)


def test_the_environment_variable_is_named_when_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(providers.VARIABLE, raising=False)
    with pytest.raises(KeyProblem, match="openssl rand -hex 32"):
        EnvironmentProvider()
    monkeypatch.setenv(providers.VARIABLE, "11" * 32)
    assert EnvironmentProvider().current_id == Keyring([b"\x11" * 32]).current_id


def test_a_renewed_master_key_still_opens_and_derives_what_the_old_one_did() -> None:
    old = Keyring([b"\x01" * 32])
    wrapped = old.wrap(old.current_id, b"root key", b"aad")
    new = Keyring([b"\x02" * 32, b"\x01" * 32])
    assert new.current_id != old.current_id
    assert new.unwrap(old.current_id, wrapped, b"aad") == b"root key"
    assert new.derive("token phone") == old.derive("token phone")
    with pytest.raises(KeyMissing, match="older key"):
        Keyring([b"\x02" * 32]).unwrap(old.current_id, wrapped, b"aad")


def test_a_provider_is_not_printed() -> None:
    assert repr(Keyring([b"\x01" * 32])) == "<Keyring>"


def test_the_check_reports_an_unknown_provider(settings: pytest.FixtureRequest) -> None:
    assert checks.master_key_works() == []
    settings.KEY_PROVIDER = "paper"  # type: ignore[attr-defined]
    found = checks.master_key_works()
    assert [e.id for e in found] == ["vault.E001"]


@pytest.mark.django_db
def test_the_check_notices_a_database_sealed_under_another_key() -> None:
    from uuid import uuid4

    assert checks.master_key_fits([connection.alias]) == []
    DataKey.objects.create(root=uuid4(), master_id="0" * 16, wrapped=b"x" * 60)
    assert [e.id for e in checks.master_key_fits([connection.alias])] == ["vault.E003"]
