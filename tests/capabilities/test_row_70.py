"""Capability 70 · 必排、必调、必果、必报 · Four musts of a dispute.

Works when: no dispute can close with a missing step: registered, mediated or lawfully not mediated with a reason,
ended with a result, answered and reported up; a party's refusal or fear overrules "must mediate", in words.
Screen: /desk/playbooks/dispute-mediation/, /desk/m/<id>/
"""

from __future__ import annotations

import random

import pytest

from anjia.law import codes, playbooks
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.schema import Move

BOOK = playbooks.catalogue()["dispute-mediation"]
RESULTS = codes.book()["mediation-result"]
WRITTEN = frozenset({"short_text", "long_text"})
ANSWERS = {"court_kind": "entrusted"}


class Dispute:
    """One dispute as the engine would keep it, with what has been done to it so far."""

    def __init__(self) -> None:
        self.stage = BOOK.first_stage.name
        self.owed: dict[str, int] = {}
        self.made: list[str] = []
        self.take(interpreter.open_plan(BOOK))

    def take(self, step: interpreter.Plan) -> None:
        for kind in [*step.done, *step.voided]:
            self.owed.pop(kind)
        self.owed.update({d.name: step.rounds[d.name] for d in step.starts})
        self.stage = step.stage_after

    def allowed(self) -> list[Move]:
        """Moves that the stage allows and that no duty keeps back."""
        here = [m for m in BOOK.moves.values() if interpreter.allowed(BOOK, m, self.stage)]
        return [m for m in here if not interpreter.waits(m, self.owed)]

    def make(self, move: Move) -> None:
        self.made.append(move.name)
        owed = sorted(self.owed.items())
        self.take(interpreter.plan(BOOK, move, stage=self.stage, open_duties=owed, values=ANSWERS))

    @property
    def ended(self) -> bool:
        return BOOK.stages[self.stage].end


def walked(seed: int) -> Dispute:
    """A dispute in which everybody does whatever they may, at random, until it ends."""
    chance, dispute = random.Random(seed), Dispute()
    while not dispute.ended:
        dispute.make(chance.choice(dispute.allowed()))
    return dispute


@pytest.mark.parametrize("seed", range(60))
def test_no_dispute_ends_with_a_missing_step(seed: int) -> None:
    done = walked(seed)
    last = BOOK.moves[done.made[-1]]
    tally = RESULTS.items[str(last.result)].attributes["tally"]
    assert BOOK.first_stage.name == "lead"  # 必排: whatever it became, it was registered first
    if tally in ("agreed", "failed"):  # 必调
        assert {"agree_written", "agree_oral", "session"} & set(done.made)
        assert {"tell_rights", "safety_first", "safety_second"} <= set(done.made)
    else:
        assert [f.name for f in last.asks if f.type in WRITTEN], f"{last.name} gives no reason"
    assert last.result in RESULTS.codes  # 必果
    assert {"reply", "report_up"} <= set(done.owed)  # 必报: and it is not closed before both are done
    assert ("dossier" in done.owed) == (
        tally in ("agreed", "failed") or last.name in ("to_court", "to_police")
    )


def test_refusal_and_fear_overrule_must_mediate_from_wherever_they_show() -> None:
    open_stages = [s.name for s in BOOK.stages.values() if not s.end]
    for stage in open_stages:
        for name in ("halt_first", "halt_second"):
            assert interpreter.allowed(BOOK, BOOK.moves[name], stage), (name, stage)
    for stage in ("lead", "accepted", "mediating"):
        assert interpreter.allowed(BOOK, BOOK.moves["refuse"], stage)
    refused = BOOK.moves["refuse"].ask("refused_words")
    assert refused is not None
    assert refused.required
    for name in ("halt_first", "halt_second"):
        halt = BOOK.moves[name]
        assert not halt.guards  # nothing may stand between a yes and the stop
        assert (halt.opens, halt.apart, halt.result) == ("dv-case", True, "diverted")


@pytest.mark.parametrize(("talk", "halt"), [("safety_first", "halt_first"), ("safety_second", "halt_second")])
@pytest.mark.parametrize("question", ["afraid", "hurt", "threatened", "choked"])
def test_each_yes_turns_the_talk_into_the_stop(talk: str, halt: str, question: str) -> None:
    none = dict.fromkeys(("afraid", "hurt", "threatened", "choked"), False)
    move = BOOK.moves[talk]
    assert interpreter.turned(BOOK, move, none) is move
    assert interpreter.turned(BOOK, move, {**none, question: True}).name == halt


def test_what_the_law_stops_is_told_apart_and_never_a_failure() -> None:
    assert set(RESULTS.having(tally="lawful_stop")) == {"refused", "diverted"}
    assert set(RESULTS.having(tally="agreed")) == {"written", "oral"}
    assert RESULTS.having(tally="failed") == ("ended",)
    assert {m.result for m in BOOK.moves.values() if m.result} == set(RESULTS.codes)
