"""The adaptor for e-seals: off by default, the sealed PDF is what leaves, and nothing leaves where sealing fails."""

from __future__ import annotations

from typing import Any

import pytest

from anjia.engine.letters import esealing
from anjia.foundation.core.verdict import RuleBroken

PDF = b"%PDF-1.7\n..."


class Trial:
    """A system for trying out: it writes behind the file for whom it sealed."""

    def seal(self, pdf: bytes, *, office: str, number: str) -> bytes:
        return pdf + f"\n%sealed {office} {number}".encode()


class Broken:
    def seal(self, pdf: bytes, *, office: str, number: str) -> bytes:
        raise OSError("no connection")


class Strange:
    def seal(self, pdf: bytes, *, office: str, number: str) -> bytes:
        return b"<html>"


def test_off_by_default() -> None:
    assert not esealing.is_on()
    assert esealing.sealed(PDF, office="邗江区妇联", number="1") == PDF


def test_an_adaptor_seals_what_an_office_signs(settings: Any) -> None:
    settings.ESEAL = f"{__name__}:Trial"
    assert esealing.sealed(PDF, office="邗江区妇联", number="x").endswith("邗江区妇联 x".encode())
    assert esealing.sealed(PDF, office="", number="x") == PDF  # her own application bears no seal


@pytest.mark.parametrize("name", ["Broken", "Strange"])
def test_nothing_leaves_where_it_could_not_be_sealed(settings: Any, name: str) -> None:
    settings.ESEAL = f"{__name__}:{name}"
    with pytest.raises(RuleBroken):
        esealing.sealed(PDF, office="邗江区妇联", number="x")
