"""A way: how one matter of a procedure goes, as data. Any procedure of the catalogue can be lived by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One move, some hours after the one before. What `answers` leaves open is answered as `Procedure.words` says.

    `by` names the role that acts where the playbook lets several (“opener”: she herself, with her receipt; “code”: the
    agency, by the code on the letter it was sent).
    `goes` names the way of the child matter that this step opens. A date is answered by a number of days from
    now, an agency by its kind; what a move aims at (duty, event, child) by its kind or move.
    """

    move: str
    after: float = 3.0
    answers: Answers = field(default_factory=dict)
    by: str = ""
    goes: str = ""


@dataclass(frozen=True)
class Way:
    """`ago`: how many days ago its last step was made (at least, at most); None: any time this year.

    `keeps`: until now every duty is done in time by whoever owes it. Without it the last duties are left, fall
    due and climb. `often`: how many of it a county of the full city has. `inside`: only as the child of another
    matter, where a step names it (`goes`). `letter`: the paper that was sent with a code soon after it began.
    """

    name: str
    steps: tuple[Step, ...]
    ago: tuple[float, float] | None = None
    keeps: bool = True
    often: int = 1
    opening: Answers = field(default_factory=dict)
    parties: Mapping[str, Answers] = field(default_factory=dict)
    receipt: bool = False
    inside: bool = False
    letter: str = ""
    rare: bool = False  # in every third county only
    twin: tuple[int, int] | None = None  # (which person, 0: the first time, 1: again, a county further)
    beside: bool = False  # lived in the county of the way before it


@dataclass(frozen=True)
class Procedure:
    """The ways of one procedure, and what people say in it.

    `words`: field -> the answer, or a list to choose from. A key “move.field” is for that move only.
    `parties`: who is in it -> sex of the invented person (blank: either).
    `leaves`: duties that are not done by the way, because a law or another office ends them.
    """

    name: str
    ways: tuple[Way, ...]
    parties: Mapping[str, str] = field(default_factory=dict)
    words: Answers = field(default_factory=dict)
    channels: Sequence[str] = ("call", "visit", "online", "visit", "call", "transfer")
    filled: frozenset[str] = frozenset()  # optional fields that are answered all the same
    leaves: frozenset[str] = frozenset()

    def way(self, name: str) -> Way:
        """The way of that name; the first when none is named."""
        return next((w for w in self.ways if w.name == name), self.ways[0])


def step(move: str, after: float = 3.0, *, by: str = "", goes: str = "", **answers: Any) -> Step:
    """A step, its answers written as they are asked."""
    return Step(move, after, answers, by, goes)
