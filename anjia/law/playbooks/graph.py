"""A playbook as a graph, with the shortest way to each point: the counter-examples of the checker.

`Graph` looks at stages alone. `States` also knows which invited agencies have joined by then, so that a way
that only an absent agency could open counts as closed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import cached_property

from anjia.law.playbooks.builtin import BUILT_IN_MOVES
from anjia.law.playbooks.check_shared import binds, releases
from anjia.law.playbooks.interpreter import allowed, target
from anjia.law.playbooks.schema import Move, Playbook

Path = tuple[str, ...]
State = tuple[str, frozenset[str]]  # the stage, and the invited roles that have joined
#: Built-in moves that may change the stage; the others leave everything where it is.
TURNS = ("withdraw", "reopen")


def every_move(pb: Playbook) -> dict[str, Move]:
    """The playbook's own moves, then what every matter can do."""
    return pb.moves | {n: m for n, m in BUILT_IN_MOVES.items() if n not in pb.moves}


class Graph:
    """Stages joined by the playbook's own moves, and by withdrawing where that leads somewhere."""

    def __init__(self, pb: Playbook) -> None:
        self.pb = pb
        self.first = pb.first_stage.name
        self.own = [*pb.moves.values(), *([BUILT_IN_MOVES["withdraw"]] if pb.withdraws_to else [])]
        self._steps: dict[str, list[tuple[Move, str]]] = {}
        self.paths: dict[str, Path] = self.walk(self.first)

    def steps(self, stage: str) -> list[tuple[Move, str]]:
        """Moves out of a stage with the stage they lead to; a stage that does not exist leads nowhere."""
        if stage not in self._steps:
            leads = [(move, target(self.pb, move, stage)) for move in self.own]
            self._steps[stage] = [
                (m, there) for m, there in leads if there in self.pb.stages and allowed(self.pb, m, stage)
            ]
        return self._steps[stage]

    def walk(self, start: str, stop: Callable[[Move], bool] = lambda move: False) -> dict[str, Path]:
        """Every stage reachable from `start` without a move that `stop` names, with the shortest way."""
        paths: dict[str, Path] = {start: ()}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            for move, there in self.steps(here):
                if there not in paths and not stop(move):
                    paths[there] = (*paths[here], move.name)
                    queue.append(there)
        return paths

    @cached_property
    def states(self) -> States:
        """The same ways, with who has joined."""
        return States(self)


class States:
    """Every point a matter can come to, with the shortest way there, and from where an end can be reached."""

    def __init__(self, graph: Graph) -> None:
        self.graph, self.pb = graph, graph.pb
        self.invited = frozenset(r.name for r in self.pb.roles.values() if r.optional)
        start: State = (graph.first, frozenset())
        self.paths: dict[State, Path] = {start: ()}
        before: dict[State, set[State]] = {}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            for move, there in self.steps(here):
                before.setdefault(there, set()).add(here)
                if there not in self.paths:
                    self.paths[there] = (*self.paths[here], move.name)
                    queue.append(there)
        self.ending = self._backwards(before)

    def steps(self, state: State) -> Iterator[tuple[Move, State]]:
        """What somebody who has joined by then can do, and where it leads."""
        stage, bound = state
        for move, there in self.graph.steps(stage):
            if self.able(move, bound):
                yield move, (there, (bound | (binds(move) & self.invited)) - releases(move))

    def able(self, move: Move, bound: frozenset[str]) -> bool:
        """Whether some agency that is in, or that joins by this very move, can make it."""
        for guard in move.guards:
            role = str(guard.params.get("role"))
            here = role not in self.invited or role in bound
            if (guard.name == "role.bound" and not here) or (guard.name == "role.unbound" and here):
                return False
        return not set(move.by) <= self.invited - bound - binds(move)

    def _backwards(self, before: dict[State, set[State]]) -> set[State]:
        found = {state for state in self.paths if self.pb.stages[state[0]].end}
        queue = deque(found)
        while queue:
            fresh = before.get(queue.popleft(), set()) - found
            found |= fresh
            queue.extend(fresh)
        return found
