"""The adaptor for e-seals: off by default, the sealed PDF is what leaves, and nothing leaves where sealing fails."""

from __future__ import annotations

from threading import Event as Signal
from typing import Any

import pytest
from django.db import connection

from anjia.engine.letters import disclosure, esealing, numbering
from anjia.engine.letters.tests.test_rendering import letter
from anjia.engine.letters.tests.test_reply_codes import asked
from anjia.engine.matters.tests.world import World, at, build
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


class Hanging:
    def seal(self, pdf: bytes, *, office: str, number: str) -> bytes:
        Signal().wait(5)
        return pdf


def sealing(copy: disclosure.Copy) -> bytes:
    return esealing.sealed(PDF, office="邗江区妇联", number=copy.letter_no)


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


def test_a_system_that_does_not_answer_is_said_in_words(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ESEAL = f"{__name__}:Hanging"
    monkeypatch.setattr(esealing, "SECONDS", 0.05)
    with pytest.raises(RuleBroken, match="没有盖上章"):
        esealing.sealed(PDF, office="邗江区妇联", number="x")


@pytest.mark.django_db(transaction=True)
def test_while_the_seal_is_fetched_no_row_is_held_and_who_is_overtaken_takes_the_next_number(
    settings: Any,
) -> None:
    world = build()
    child = asked(world)
    numbering.change(
        actor=world.actor("county"), word="邗妇权", is_red=False, basis="", now=at("03-12 12:00")
    )
    settings.ESEAL = f"{__name__}:Trial"
    drawn: list[str] = []

    def draw(copy: disclosure.Copy) -> bytes:
        assert not connection.in_atomic_block, "a dead e-seal server would hold everybody's rows"
        drawn.append(copy.letter_no)
        if len(drawn) == 1:
            assert letter(world, child, "03-12 12:09").letter_no == drawn[0]  # another letter is quicker
        return sealing(copy)

    last = letter(world, child, "03-12 12:10", form="pdf", draw=draw)
    assert drawn == ["邗妇权函〔2026〕1号", "邗妇权函〔2026〕2号"]
    assert last.letter_no == drawn[1]
    assert last.body.endswith(last.letter_no.encode()), "what leaves bears the seal over its own number"
    assert numbering.series_of(world.offices["county"].id) == [("邗妇权函", 2026, 2)]


def test_a_paper_that_could_not_be_sealed_is_not_given_out_and_may_be_asked_for_again(
    world: World, settings: Any
) -> None:
    child = asked(world)
    settings.ESEAL = f"{__name__}:Broken"
    with pytest.raises(RuleBroken):
        letter(world, child, "03-12 12:10", form="pdf", draw=sealing)
    settings.ESEAL = f"{__name__}:Trial"
    assert letter(world, child, "03-12 12:20", form="pdf", draw=sealing).number.endswith("-01")
