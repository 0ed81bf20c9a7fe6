"""What a move does to stage and duties. Pure functions over a playbook; the engine writes the rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anjia.law.playbooks.builtin import BUILT_IN_DUTIES, BUILT_IN_MOVES
from anjia.law.playbooks.schema import ANY, END, OPEN, Duty, Field, Move, Playbook, Stage, Text

AT_END = frozenset({"reply", "report_up"})  # owed because of the end
#: Owed because of a step that every matter has (somebody asks that a record be put right …).
BY_BUILT_IN = tuple(d for d in BUILT_IN_DUTIES.values() if set(d.starts) <= BUILT_IN_MOVES.keys())
NEUTRAL: dict[str, Text] = {
    "asking": {"zh": "求助人", "en": "Person asking"},
    "complained": {"zh": "被反映人", "en": "Person complained of"},
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What follows from a move, before anything is written.

    `done`, `tried` and `voided` name open duties by kind; `starts` are new ones, `rounds` their round (1 unless
    the duty repeats or was tried in vain). `result` is set only when the move ends the matter. `reopens` clears the end.
    """

    stage_after: str
    starts: list[Duty] = field(default_factory=list)
    rounds: dict[str, int] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    voided: list[str] = field(default_factory=list)
    ends: bool = False
    reopens: bool = False
    result: str | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """Submitted values by where they go: facts to the event, open ones to `matter.data`, the rest sealed."""

    facts: dict[str, Any]
    open: dict[str, Any]
    sealed: dict[str, dict[str, Any]]  # compartment -> field -> value
    parties: dict[str, dict[str, Any]]  # party -> field -> value: party columns (marks counts and open)
    sealed_parties: dict[tuple[str, str], dict[str, Any]]  # (party, compartment) -> field -> value


def find_move(pb: Playbook, name: str) -> Move:
    """The playbook's own move or the built-in of that name. KeyError if there is none."""
    return pb.moves.get(name) or _built_in(pb)[name]


def find_duty(pb: Playbook, kind: str) -> Duty:
    """The playbook's own duty or the built-in of that kind. KeyError if there is none."""
    return pb.duties.get(kind) or BUILT_IN_DUTIES[kind]


def waits(move: Move, owed: Collection[str]) -> bool:
    """Whether a condition of the move keeps it back: a duty still owed that has to be done before, or one not owed."""
    wanted = [(g.name, g.params.get("duty")) for g in move.guards]
    return any(
        (name == "duty.settled" and duty in owed) or (name == "duty.open" and duty not in owed)
        for name, duty in wanted
    )


def turned(pb: Playbook, move: Move, values: Mapping[str, Any]) -> Move:
    """The move that these answers make of it: a yes to “are you afraid” is no finished talk but a stop."""
    if move.turns is None:
        return move
    into, when = move.turns
    return pb.moves[into] if any(values.get(name) in wanted for name, wanted in when) else move


def moves_from(pb: Playbook, stage: str, *, ended: bool = False) -> list[Move]:
    """Every move that may start here: the playbook's in the order of its file, then the built-in ones."""
    here = pb.stages[stage]
    is_end = ended or here.end
    own = [m for m in pb.moves.values() if _leaves(m, here, is_end)]
    return own + [m for m in _built_in(pb).values() if m.name not in pb.moves and _leaves(m, here, is_end)]


def allowed(pb: Playbook, move: Move, stage: str) -> bool:
    """Whether the move may start in that stage."""
    here = pb.stages[stage]
    return _leaves(move, here, here.end)


def _built_in(pb: Playbook) -> dict[str, Move]:
    return dict(BUILT_IN_MOVES)


def _leaves(move: Move, stage: Stage, ended: bool) -> bool:
    if stage.name in move.from_:
        return True
    return (END if ended else ANY) in move.from_


def target(pb: Playbook, move: Move, stage: str) -> str:
    """The stage after the move."""
    if move.builtin and move.name == "reopen":
        return pb.reopens_to or pb.first_stage.name
    if move.builtin and move.name == "withdraw":
        return pb.withdraws_to or stage
    return move.to or stage


def open_plan(pb: Playbook, values: Mapping[str, Any] | None = None) -> Plan:
    """What the opening starts."""
    first = pb.first_stage.name
    starts = _started(pb, {OPEN, f"stage:{first}"}, values or {})
    return Plan(stage_after=first, starts=starts, rounds={d.name: 1 for d in starts})


def plan(
    pb: Playbook,
    move: Move,
    *,
    stage: str,
    open_duties: Sequence[tuple[str, int]],
    values: Mapping[str, Any] | None = None,
    is_child: bool = False,
    kept: Collection[str] = (),
) -> Plan:
    """What `move` does in `stage` while these duties (kind, round) are open; those in `kept` it leaves owed.

    `values` are the move's values over the matter's columns (grade, urgency): they decide conditional
    duties. Entering an end stage starts `reply` and `report_up` and voids every duty that does not
    survive the end. A built-in move aimed at one duty (claim, pause …) changes no duty here.
    """
    values = values or {}
    after = target(pb, move, stage)
    ends = pb.stages[after].end and not pb.stages[stage].end
    reopens = pb.stages[stage].end and not pb.stages[after].end
    keys = {move.name} | ({f"stage:{after}"} if after != stage else set())
    rounds = {kind: max(n for k, n in open_duties if k == kind) for kind, _ in open_duties}
    done = [k for k in rounds if k not in kept and keys & set(find_duty(pb, k).done_by)]
    voided = [k for k in rounds if k not in done and keys & set(find_duty(pb, k).void_by)]
    tried = [k for k in rounds if k not in (*kept, *done, *voided) and keys & set(find_duty(pb, k).tried_by)]
    wanted = [d for d in _started(pb, keys, values) if _tried_enough(d, tried, rounds)]
    starts, numbers = _fresh(wanted, rounds, done, voided)
    _again(pb, done, rounds, {move.name, after}, starts, numbers)
    starts += [find_duty(pb, kind) for kind in tried]
    numbers |= {kind: rounds[kind] + 1 for kind in tried}
    if reopens:  # the answer and the report of an end that is left again are no longer owed
        voided += [k for k in rounds if k in AT_END and k not in done + voided]
    if ends:
        starts, numbers = _at_end(pb, move, starts, numbers, reports=not (is_child and stays(pb)))
        voided += [k for k in rounds if k not in done + voided and not find_duty(pb, k).survives_end]
    result = _result(pb, move, after) if ends else None
    return Plan(after, starts, numbers, done, tried, voided, ends, reopens, result)


def _tried_enough(duty: Duty, tried: Collection[str], rounds: Mapping[str, int]) -> bool:
    """Whether what is owed only after so many attempts is owed now: with the third, the sixth …"""
    if duty.after_tries is None:
        return True
    kind, times = duty.after_tries
    return kind in tried and rounds[kind] % times == 0


def _result(pb: Playbook, move: Move, after: str) -> str | None:
    """The move's result; a built-in move that ends the matter has that of the playbook's own way there."""
    return move.result or next((m.result for m in pb.moves.values() if m.to == after), None)


def _fresh(
    wanted: Iterable[Duty], rounds: Mapping[str, int], done: Sequence[str], voided: list[str]
) -> tuple[list[Duty], dict[str, int]]:
    """Duties that the move starts anew; a duty already open is not doubled, unless it restarts."""
    starts: list[Duty] = []
    for duty in wanted:
        if duty.name in rounds and duty.name not in done and duty.name not in voided:
            if not duty.restart:
                continue
            voided.append(duty.name)
        starts.append(duty)
    return starts, {d.name: 1 for d in starts}


def _again(
    pb: Playbook,
    done: Iterable[str],
    rounds: Mapping[str, int],
    reached: set[str],
    starts: list[Duty],
    numbers: dict[str, int],
) -> None:
    """The next round of every repeating duty that was just done."""
    for kind in done:
        duty = find_duty(pb, kind)
        if duty.repeats and not reached & set(duty.repeats.until) and kind not in numbers:
            starts.append(duty)
            numbers[kind] = rounds[kind] + 1


def _at_end(
    pb: Playbook, move: Move, starts: list[Duty], numbers: dict[str, int], *, reports: bool
) -> tuple[list[Duty], dict[str, int]]:
    kept = [d for d in starts if d.survives_end]
    if move.name not in pb.answers and not pb.counts_only:
        kept.append(BUILT_IN_DUTIES["reply"])
    if pb.report_up and reports:
        kept.append(BUILT_IN_DUTIES["report_up"])
    return kept, {d.name: numbers.get(d.name, 1) for d in kept}


def stays(pb: Playbook) -> bool:
    """Whether a child of this kind stays with whoever holds the parent: then the parent is what is reported up."""
    return pb.first_desk == "holder_of_parent"


def _started(pb: Playbook, keys: set[str], values: Mapping[str, Any]) -> list[Duty]:
    return [d for d in (*pb.duties.values(), *BY_BUILT_IN) if keys & set(d.starts) and _when(d, values)]


def open_duties_of(pb: Playbook, stage: str, owed: set[str], values: Mapping[str, Any]) -> list[Duty]:
    """What stands open in a stage because it was entered, beyond what is owed already."""
    return [d for d in _started(pb, {f"stage:{stage}"}, values) if d.name not in owed]


def _when(duty: Duty, values: Mapping[str, Any]) -> bool:
    if duty.when is None:
        return True
    got = values.get(duty.when[0])
    if isinstance(got, list | tuple | set | frozenset):
        return any(item in duty.when[1] for item in got)
    return got in duty.when[1]


def report_rule(pb: Playbook, grade: str) -> str:
    """The rule by which an ended matter of that grade is reported up."""
    return pb.report_up.get(grade) or pb.report_up.get("default") or BUILT_IN_DUTIES["report_up"].rule


def rule_of(pb: Playbook, duty: Duty, values: Mapping[str, Any], round: int = 1) -> str:
    """The rule id whose version in force is frozen when this duty's clock starts."""
    if duty.builtin and duty.name == "report_up":
        return report_rule(pb, str(values.get("grade") or ""))
    return duty.rule_for(values, round)


def words(pb: Playbook, stage: str, party: str) -> Text:
    """What screens and papers call a party in that stage (求助人, 受害人, 申请人 …)."""
    said = pb.stages[stage].words.get(party) if stage in pb.stages else None
    if said:
        return said
    first = pb.first_stage.words.get(party)
    if first:
        return first
    return pb.parties[party].label if party in pb.parties else NEUTRAL.get(party, {"zh": party, "en": party})


def split(move: Move, values: Mapping[str, Any]) -> Split:
    """Sort a move's submitted values by their fields' marks."""
    return split_fields(move.asks, values)


def split_fields(fields: Iterable[Field], values: Mapping[str, Any]) -> Split:
    """Sort values by their fields' marks. Values without a field are dropped; text never becomes a fact,
    because the checker refuses text without a compartment."""
    out = Split({}, {}, {}, {}, {})
    for asked in fields:
        if asked.name not in values or values[asked.name] in (None, "", []):
            continue
        _put(out, asked, values[asked.name])
    return out


def _put(out: Split, asked: Field, value: Any) -> None:
    of, compartment = asked.of, asked.compartment
    if compartment and of:
        out.sealed_parties.setdefault((of, compartment), {})[asked.name] = value
    elif compartment:
        out.sealed.setdefault(compartment, {})[asked.name] = value
    else:
        if of:
            out.parties.setdefault(of, {})[asked.name] = value
        (out.facts if asked.counts else out.open)[asked.name] = value
