"""A playbook as a graph of stages, with the shortest way to each: the counter-examples of the checker."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

from anjia.law.playbooks.check_shared import binds
from anjia.law.playbooks.interpreter import allowed
from anjia.law.playbooks.schema import Move, Playbook

Path = tuple[str, ...]


class Graph:
    """Stages joined by the playbook's own moves (built-in moves keep the stage, except reopening)."""

    def __init__(self, pb: Playbook) -> None:
        self.pb = pb
        self.first = pb.first_stage.name
        self.paths: dict[str, Path] = self.walk(self.first)

    def moves(self, stage: str) -> Iterator[Move]:
        """Moves that may start in a stage and lead to a stage that exists."""
        for move in self.pb.moves.values():
            if allowed(self.pb, move, stage) and (move.to is None or move.to in self.pb.stages):
                yield move

    def steps(self, stage: str) -> Iterator[tuple[Move, str]]:
        """Moves out of a stage with the stage they lead to."""
        for move in self.moves(stage):
            yield move, move.to or stage

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

    def ends_from(self, stage: str) -> bool:
        """Whether some end is reachable."""
        return any(self.pb.stages[s].end for s in self.walk(stage))

    def without(self, role: str) -> dict[str, Path]:
        """Stages reachable while the role is still unbound."""
        return self.walk(self.first, lambda move: role in binds(move))
