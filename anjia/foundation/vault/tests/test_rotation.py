"""A renewed master key: everything opens as before, also when it was interrupted, also for who is serving."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from django.db import transaction

from anjia.cli.main import main
from anjia.foundation.core.batch import Batch
from anjia.foundation.vault import providers, rotation, vault
from anjia.foundation.vault.errors import KeyMissing, KeyProblem
from anjia.foundation.vault.models import DataKey
from anjia.foundation.vault.providers import FileProvider, Keyring

pytestmark = pytest.mark.django_db


@pytest.fixture
def master(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileProvider:
    """A key file of our own, in use everywhere."""
    one = FileProvider(tmp_path / "master")
    monkeypatch.setitem(providers.PROVIDERS, "file", lambda: one)
    providers._provider.cache_clear()
    yield one
    monkeypatch.undo()
    providers._provider.cache_clear()


def a_root() -> UUID:
    root = uuid4()
    with transaction.atomic():
        batch = Batch()
        key = vault.new_root(batch, root)
        vault.seal(batch, key, owner=root, compartment="label", value={"n": "王小兰"})
        batch.flush()
    return root


def opens(root: UUID) -> bool:
    row = vault.newest(root, "label")
    assert row is not None
    return vault.open_sealed(row, vault.key(root)) == {"n": "王小兰"}


def test_after_a_rotation_every_root_stands_under_the_new_key_and_opens(master: FileProvider) -> None:
    roots, before = [a_root() for _ in range(7)], master.current_id
    done = rotation.rotate(page=3, pause=0)
    assert (done.renewed, done.broken) == (7, [])
    assert done.master_id == master.current_id != before
    assert rotation.under() == {master.current_id: 7}
    assert all(opens(root) for root in roots)


def test_an_interrupted_rotation_is_finished_and_not_begun_anew(master: FileProvider) -> None:
    roots = [a_root() for _ in range(5)]
    new = master.renew()
    with transaction.atomic():
        rotation._rewrap(roots[:2], master, rotation.Rotated(new))
    assert all(opens(root) for root in roots)
    assert rotation.rotate(pause=0).master_id == new
    assert rotation.under() == {new: 5}


def test_a_process_that_is_serving_takes_up_the_new_key_by_itself(
    master: FileProvider, tmp_path: Path
) -> None:
    serving = FileProvider(tmp_path / "master")
    new = master.renew()
    wrapped = master.wrap(new, b"secret", b"")
    assert serving.unwrap(new, wrapped, b"") == b"secret"
    assert serving.current_id == new
    assert serving.derive("token phone") == master.derive("token phone")


def test_a_key_file_that_cannot_be_read_for_a_while_stops_nobody(
    master: FileProvider, tmp_path: Path
) -> None:
    name = master.current_id
    (tmp_path / "master").rename(tmp_path / "away")
    assert master.current_id == name
    with pytest.raises(KeyMissing):
        master.unwrap("0" * 16, b"", b"")


def test_a_key_file_without_the_oldest_key_is_not_taken_up(master: FileProvider, tmp_path: Path) -> None:
    name = master.current_id
    (tmp_path / "other").write_text("11" * 32)
    (tmp_path / "other").chmod(0o400)
    (tmp_path / "other").rename(tmp_path / "master")
    assert master.current_id == name


def test_a_wrap_that_was_damaged_is_named_and_stops_no_other(master: FileProvider) -> None:
    good, bad = a_root(), a_root()
    DataKey.objects.filter(root=bad).update(wrapped=b"\1\1" + b"0" * 60)
    done = rotation.rotate(pause=0)
    assert (done.renewed, done.broken) == (1, [bad])
    assert opens(good)


def test_a_root_that_is_erased_meanwhile_stays_erased(
    master: FileProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = a_root()
    unwrap = FileProvider.unwrap

    def erased_meanwhile(self: FileProvider, *parts: object) -> bytes:
        secret = unwrap(self, *parts)  # type: ignore[arg-type]
        DataKey.objects.filter(root=root).delete()
        return secret

    monkeypatch.setattr(FileProvider, "unwrap", erased_meanwhile)
    rotation.rotate(pause=0)
    assert not DataKey.objects.exists()


def test_a_key_kept_elsewhere_says_how_it_is_renewed() -> None:
    with pytest.raises(KeyProblem, match="openssl rand"):
        Keyring([b"\x01" * 32]).renew()


def test_the_command_says_what_it_did_and_names_keys_without_showing_them(master: FileProvider) -> None:
    root = a_root()
    told = CliRunner().invoke(main, ["keys", "rotate"])
    assert told.exit_code == 0, told.output
    assert f"✓ {master.current_id}: 1" in told.output
    assert "备份密钥文件" in told.output
    status = CliRunner().invoke(main, ["keys", "status"])
    assert f"→ {master.current_id}  1" in status.output
    DataKey.objects.filter(root=root).update(master_id="0" * 16)
    assert CliRunner().invoke(main, ["keys", "rotate"]).exit_code == 1
