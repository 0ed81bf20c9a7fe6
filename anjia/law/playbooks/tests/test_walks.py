"""Random walks: no matter gets stuck, somebody always owes something, each can end as an end should."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anjia.law import playbooks, rules
from anjia.law.calendar import SHANGHAI
from anjia.law.playbooks import interpreter, library, published
from anjia.law.playbooks.check_paths import answers
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
        return list(moves_from(self.pb, self.stage))

    def now(self) -> list[Move]:
        """What can be done now: a move may wait for a duty that has to be done before."""
        return [m for m in self.here() if not interpreter.waits(m, self.rounds)]

    def moves(self) -> list[Move]:
        """Of these, what is about nothing else than the matter."""
        return [m for m in self.now() if not m.aims]

    def make(self, move: Move, grade: str = "2", values: Mapping[str, Any] | None = None) -> Plan:
        given = {"grade": grade, **(values or {})}
        open_duties = sorted(self.rounds.items())
        step = plan(self.pb, move, stage=self.stage, open_duties=open_duties, values=given)
        self.take(step)
        return step

    def take(self, step: Plan) -> None:
        over = [*step.done, *step.tried, *step.voided]
        assert set(over) <= set(self.rounds)
        assert len(over) == len(set(over)), "a duty ended in two ways"
        assert set(step.tried) <= {d.name for d in step.starts}, (
            "an attempt in vain, and it is owed no longer"
        )
        for kind in over:
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


def draw_move(walk: Walk, data: st.DataObject) -> Plan:
    """Any move that may be made here, with any answer to what a duty depends on."""
    move = data.draw(st.sampled_from(walk.moves()), label="move")
    keys = {move.name, f"stage:{interpreter.target(walk.pb, move, walk.stage)}"}
    said = data.draw(st.sampled_from(answers(walk.pb, keys, move.asks, library.known())), label="answers")
    return walk.make(move, data.draw(GRADES), said)


@pytest.mark.parametrize("name", sorted(BOOKS))
@settings(max_examples=60, deadline=None)
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
        now = {m.name for m in walk.now()}
        assert any(now & set(find_duty(walk.pb, k).done_by) for k in walk.rounds), "each waits for another"
        draw_move(walk, data)
        assert bool(walk.result) == walk.ended
    last: str | None = None
    if not walk.ended:
        for last in walk.way_out():
            walk.make(walk.pb.moves[last])
        assert walk.result
    assert_answered_and_reported(walk, last)


def assert_answered_and_reported(walk: Walk, last: str | None) -> None:
    """After an end only the answer and the report are owed; making both closes the matter."""
    kept = {d.name for d in (*walk.pb.duties.values(), *interpreter.BY_BUILT_IN) if d.survives_end}
    assert set(walk.rounds) <= kept | {"reply", "report_up"}
    if last is not None:
        assert ("reply" in walk.rounds) != (last in walk.pb.answers or walk.pb.counts_only)
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


@dataclass
class Clock:
    """A clock as a duty keeps it: the very version of its rule, when it started, and what moved it."""

    rule: rules.Rule
    start: datetime
    due: datetime
    pauses: list[rules.Pause] = field(default_factory=list)

    def counted(self, book: rules.RuleBook) -> datetime:
        """Its due date, counted again by the version it froze."""
        return rules.due(book.version(self.rule.id, self.rule.version), self.start, pauses=self.pauses).due


def amended(book: rules.RuleBook, on: date, days: int) -> rules.RuleBook:
    """The same rules after a reform: each has one more version, in force from that day, of another length."""
    newer = [
        replace(
            rule, version=f"{rule.version}/{on}", effective_from=on, span=rules.Span(days, "calendar_day")
        )
        for rule in (book.versions(rule_id)[-1] for rule_id in sorted(book.ids()))
    ]
    return rules.RuleBook([*book.rules, *newer], book.ladders)


@pytest.mark.parametrize("name", sorted(BOOKS))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_reform_moves_no_running_clock_and_a_pause_only_later(name: str, data: st.DataObject) -> None:
    walk, clocks, law = Walk(BOOKS[name]), dict[str, Clock](), rules.book()
    now = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
    for _ in range(data.draw(st.integers(2, 10), label="steps")):
        for kind in set(clocks) - set(walk.rounds):
            del clocks[kind]
        for kind in set(walk.rounds) - set(clocks):
            wanted = interpreter.rule_of(walk.pb, find_duty(walk.pb, kind), {"grade": "2"}, walk.rounds[kind])
            rule = law.get(wanted, now.date())
            clocks[kind] = Clock(rule, now, rules.due(rule, now).due)
        if walk.ended:
            break
        now += timedelta(hours=data.draw(st.integers(1, 200), label="hours"))
        if data.draw(st.booleans(), label="reform"):
            law = amended(law, now.date(), data.draw(st.integers(1, 90), label="days"))
        for clock in clocks.values():
            assert clock.counted(law) == clock.due, "a reform moved a clock that was running"
            if clock.rule.pause_grounds is None and clock.start <= now < clock.due:
                hours = data.draw(st.integers(1, 99), label="pause")
                clock.pauses.append(rules.Pause(now, now + timedelta(hours=hours), "her_wish"))
                before, clock.due = clock.due, clock.counted(law)
                assert clock.due >= before, "a pause brought a date nearer"
        draw_move(walk, data)
