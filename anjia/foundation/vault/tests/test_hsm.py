"""With a security module the program never holds the master key, and everything else works as before."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from anjia.foundation.core.batch import Batch
from anjia.foundation.vault import checks, keyfile, providers, rotation, vault
from anjia.foundation.vault.errors import KeyMissing, KeyProblem, SealBroken
from anjia.foundation.vault.hsm import HsmProvider, SimulatedDevice
from anjia.foundation.vault.models import DataKey


@pytest.fixture
def device(tmp_path: Path) -> SimulatedDevice:
    return SimulatedDevice(tmp_path / "hsm")


@pytest.fixture
def hsm(device: SimulatedDevice, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[HsmProvider]:
    one = HsmProvider(device)
    monkeypatch.setitem(providers.PROVIDERS, "simulated-hsm", lambda: one)
    settings.KEY_PROVIDER = "simulated-hsm"
    providers._provider.cache_clear()
    yield one
    providers._provider.cache_clear()


def test_the_key_is_nowhere_in_what_the_program_holds(hsm: HsmProvider, tmp_path: Path) -> None:
    wrapped = hsm.wrap(hsm.current_id, b"root key", b"aad")
    assert hsm.unwrap(hsm.current_id, wrapped, b"aad") == b"root key"
    key = keyfile.read(tmp_path / "hsm")[0][0]
    seen, waiting = set(), [hsm]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        assert key not in (one, bytes(one) if isinstance(one, bytearray) else None)
        for part in (getattr(one, "__dict__", {}), one if isinstance(one, dict) else {}):
            waiting += list(part.values())
        waiting += list(one) if isinstance(one, list | tuple | set) else []
    assert key not in (hsm.derive("token phone"), wrapped)
    assert len(seen) > 5, "the control: something was looked at"
    assert repr(hsm) == "<HsmProvider>"


def test_a_restarted_module_and_other_threads_go_on(hsm: HsmProvider, device: SimulatedDevice) -> None:
    wrapped, found = hsm.wrap(hsm.current_id, b"root key", b""), []
    device.restart()
    assert hsm.unwrap(hsm.current_id, wrapped, b"") == b"root key"
    thread = threading.Thread(target=lambda: found.append(hsm.unwrap(hsm.current_id, wrapped, b"")))
    thread.start()
    thread.join()
    assert found == [b"root key"]


def test_another_module_opens_nothing(hsm: HsmProvider, tmp_path: Path) -> None:
    stranger = HsmProvider(SimulatedDevice(tmp_path / "other"))
    wrapped = hsm.wrap(hsm.current_id, b"root key", b"")
    with pytest.raises(KeyMissing):
        stranger.unwrap(hsm.current_id, wrapped, b"")
    with pytest.raises(SealBroken):
        stranger.unwrap(stranger.current_id, wrapped, b"")
    assert stranger.derive("x") != hsm.derive("x")


@pytest.mark.django_db
def test_a_matter_is_sealed_and_the_key_renewed_inside(hsm: HsmProvider) -> None:
    assert checks.master_key_works() == []
    root = uuid4()
    with transaction.atomic():
        batch = Batch()
        key = vault.new_root(batch, root)
        vault.seal(batch, key, owner=root, compartment="label", value={"n": "王小兰"})
        batch.flush()
    before, name = hsm.derive("token phone"), hsm.current_id
    assert rotation.rotate(pause=0).renewed == 1
    assert hsm.current_id != name
    assert DataKey.objects.get(root=root).master_id == hsm.current_id
    row = vault.newest(root, "label")
    assert row is not None
    assert vault.open_sealed(row, vault.key(root)) == {"n": "王小兰"}
    assert hsm.derive("token phone") == before


def test_the_simulation_is_never_a_real_service(settings: Any, tmp_path: Path) -> None:
    settings.TESTING = settings.DEMO = False
    with pytest.raises(KeyProblem, match="rehearsals"):
        SimulatedDevice(tmp_path / "hsm")
