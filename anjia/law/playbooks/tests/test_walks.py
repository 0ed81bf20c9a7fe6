"""Random walks: no matter gets stuck, somebody always owes something, each can end as an end should."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anjia.law import playbooks
from anjia.law.playbooks import interpreter, published
from anjia.law.playbooks.interpreter import Plan, find_duty, moves_from, open_plan, plan
from anjia.law.playbooks.schema import Move, Playbook

#: What new matters follow, and what those that began under an earlier major version still do.
BOOKS = dict(playbooks.catalogue()) | {
    f"{old.name}-{old.version}": old
    for book in playbooks.catalogue().values()
    for old in published.earlier(book)
}
GRADES = st.sampled_from(["1", "2", "3"])


class Walk:
    """One matter as the engine would keep it: a stage and open duties with their rounds."""

    def __init__(self, pb: Playbook) -> None:
        self.pb, self.rounds, self.result = pb, dict[str, int](), ""
        self.stage = pb.first_stage.name
        self.take(open_plan(pb))

    def here(self) -> list[Move]:
        return [m for m in moves_from(self.pb, self.stage) if not m.aims]

    def moves(self) -> list[Move]:
        """What can be done now: a move may wait for a duty that has to be done before."""
        return [m for m in self.here() if not interpreter.waits(m, self.rounds)]

    def make(self, move: Move, grade: str = "2") -> Plan:
        step = plan(
            self.pb, move, stage=self.stage, open_duties=sorted(self.rounds.items()), values={"grade": grade}
        )
        self.take(step)
        return step

    def take(self, step: Plan) -> None:
        assert set(step.done) | set(step.voided) <= set(self.rounds)
        assert not set(step.done) & set(step.voided)
        for kind in [*step.done, *step.voided]:
            del self.rounds[kind]
        started = [d.name for d in step.starts]
        assert len(started) == len(set(started)), "a duty was started twice"
        assert not set(started) & set(self.rounds), "a duty that is open was doubled"
        for duty in step.starts:
            self.rounds[duty.name] = step.rounds[duty.name]
            assert interpreter.rule_of(self.pb, duty, {"grade": "2"}, step.rounds[duty.name])
        self.stage, self.result = step.stage_after, step.result or ""

    @property
    def ended(self) -> bool:
        return self.pb.stages[self.stage].end

    def way_out(self) -> list[str]:
        """The shortest sequence of the playbook's moves to an end."""
        queue: deque[tuple[str, list[str]]] = deque([(self.stage, [])])
        seen = {self.stage}
        while queue:
            stage, path = queue.popleft()
            if self.pb.stages[stage].end:
                return path
            for move in self.pb.moves.values():
                if interpreter.allowed(self.pb, move, stage) and move.to and move.to not in seen:
                    seen.add(move.to)
                    queue.append((move.to, [*path, move.name]))
        raise AssertionError(f"stuck in {self.stage}")


@pytest.mark.parametrize("name", sorted(BOOKS))
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_walk_never_gets_stuck_and_ends_with_result_reply_and_report(
    name: str, data: st.DataObject
) -> None:
    walk = Walk(BOOKS[name])
    for _ in range(data.draw(st.integers(0, 25), label="steps")):
        if walk.ended:
            break
        assert walk.rounds, f"nobody owes anything in {walk.stage}"
        for kind in walk.rounds:
            done_by = find_duty(walk.pb, kind).done_by
            assert any(m.name in done_by for m in walk.here()), f"{kind} cannot be done in {walk.stage}"
        now = {m.name for m in walk.moves()}
        assert any(now & set(find_duty(walk.pb, k).done_by) for k in walk.rounds), "each waits for another"
        walk.make(data.draw(st.sampled_from(walk.moves()), label="move"), data.draw(GRADES))
        assert bool(walk.result) == walk.ended
    last: str | None = None
    if not walk.ended:
        for last in walk.way_out():
            walk.make(walk.pb.moves[last])
        assert walk.result
    assert_answered_and_reported(walk, last)


def assert_answered_and_reported(walk: Walk, last: str | None) -> None:
    """After an end only the answer and the report are owed; making both closes the matter."""
    kept = {d.name for d in [*walk.pb.duties.values()] if d.survives_end}
    assert set(walk.rounds) <= kept | {"reply", "report_up"}
    if last is not None:
        assert ("reply" in walk.rounds) != (last in walk.pb.answers)
        assert ("report_up" in walk.rounds) == bool(walk.pb.report_up)
    for name in ("reply", "report_up"):
        walk.make(interpreter.find_move(walk.pb, name))
    assert not set(walk.rounds) & {"reply", "report_up"}
    walk.make(interpreter.find_move(walk.pb, "reopen"))
    assert not walk.ended
    assert walk.rounds


@settings(max_examples=60, deadline=None)
@given(grade=GRADES, rounds=st.integers(1, 9))
def test_visits_follow_the_grade_and_count_their_rounds(grade: str, rounds: int) -> None:
    walk = Walk(playbooks.catalogue()["dv-case"])
    for name in ("accept_in", "call_safe", "assess", f"grade_{grade}"):
        walk.make(walk.pb.moves[name], grade)
    for n in range(1, rounds + 1):
        assert walk.rounds["visit"] == n
        assert find_duty(walk.pb, "visit").rule_for({"grade": grade}, n) == f"visit.grade-{grade}"
        walk.make(walk.pb.moves["visit_done"], grade)
