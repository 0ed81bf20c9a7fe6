"""The end of every move: duties, stage, seats, the event and its chain, all into one batch."""

from __future__ import annotations

from collections.abc import Iterable

from anjia.engine.matters import not_alone, persons, walls
from anjia.engine.matters.models import Capacity, Duty
from anjia.engine.matters.moving import Moving
from anjia.foundation.core.clock import SHANGHAI
from anjia.foundation.events import events
from anjia.foundation.events.events import Head
from anjia.foundation.vault import vault
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.builtin import BUILT_IN_DUTIES

MATTER_COLUMNS = [
    "stage", "holder", "assignee", "urgency", "grade", "risk_band", "result", "updated_at", "ended_at", "closed_at",
    "detached_at", "parent", "data", "roles", "ver", "chain_seq", "chain_mac", "version",
]  # fmt: skip

#: Fields that hold the number another agency gave its paper.
NUMBERED = frozenset({"letter_no", "order_no", "police_no"})


def settle(moving: Moving, plan: interpreter.Plan, *, extra: Iterable[str] = ()) -> None:
    """Carry out a plan: finish and start duties, change stage and holder, sort values, write the event."""
    before = moving.matter.stage
    for kind in plan.done:
        finish(moving, kind, Duty.Outcome.DONE)
    for kind in plan.tried:
        finish(moving, kind, Duty.Outcome.TRIED)
    for kind in plan.voided:
        finish(moving, kind, Duty.Outcome.VOID)
    change_stage(moving, plan)
    sort_values(moving)
    for definition in plan.starts:
        moving.start_duty(definition, plan.rounds.get(definition.name, 1))
    for name in extra:
        moving.start_duty(BUILT_IN_DUTIES[name])
    not_alone.follow(moving)
    close_if_nothing_is_owed(moving)
    moving.write_duties()
    moving.write_seats()
    walls.raise_for_people(moving.batch, moving.matter.root, moving.identities, moving.now)
    keep_up(moving)
    write_event(moving, before, plan)
    write_grants(moving)


def write_grants(moving: Moving) -> None:
    """Narrower rights, each naming the event that gave it."""
    for grant in moving.new_grants:
        assert moving.event_row is not None
        grant.event = moving.event_row.id
        moving.batch.insert(grant)


def keep_up(moving: Moving) -> None:
    """A fix of the procedure holds at once; the first move made under it says so in its event."""
    before, after = moving.matter.version, str(moving.playbook.version)
    if before != after:
        moving.matter.version = after
        moving.codes["version"] = [before, after]


def finish(moving: Moving, kind: str, outcome: str) -> None:
    """Finish every open duty of a kind (a repeating duty has one open round); a move that is about one, only that."""
    aimed = str(moving.typed.get("duty")) if moving.move.aims == "duty" else ""
    for duty in moving.duties:
        if duty.kind == kind and duty.done_at is None and aimed in ("", str(duty.id)):
            moving.finish_duty(duty, outcome)


def change_stage(moving: Moving, plan: interpreter.Plan) -> None:
    """The new stage and who leads it."""
    matter, playbook = moving.matter, moving.playbook
    matter.stage = plan.stage_after
    if plan.ends:
        matter.ended_at, matter.result = moving.at, plan.result or ""
    if plan.reopens:
        matter.ended_at = matter.closed_at = None
        matter.result = ""
        moving.seats_changed = True
    holder = playbook.stages[plan.stage_after].holder
    if holder and holder in matter.roles:
        leads = moving.agency_of(holder)
        if leads.id != matter.holder_id:
            step_back(moving)
            moving.give_seat(leads, Capacity.HOLDER)
            matter.holder, matter.assignee = leads, None
            moving.tell(leads.id, "holds")


def step_back(moving: Moving) -> None:
    """Whoever led until now keeps the seat its own role gives it."""
    old = moving.matter.holder
    for name, bound in moving.matter.roles.items():
        role = moving.playbook.roles.get(name)
        if role and bound["agency"] == str(old.id):
            moving.give_seat(old, Capacity.REFERRER if role.holder_of_parent else natural(role.capacity))


def natural(capacity: str) -> str:
    """The seat of a role that does not lead at the moment."""
    return Capacity.PARTNER if capacity == Capacity.HOLDER else capacity


def sort_values(moving: Moving) -> None:
    """Facts to the event, open values to the matter, words sealed: as the playbook marks each field."""
    out = interpreter.split(moving.move, moving.values)
    if out.facts:
        moving.codes["facts"] = {**out.facts, **moving.codes.get("facts", {})}
    if out.open or out.facts:
        moving.matter.data = {**moving.matter.data, **out.open, **out.facts}
    if moving.values.get("urgency"):
        moving.matter.urgency = str(moving.values["urgency"])
    for compartment, words in out.sealed.items():
        moving.say(compartment, **words)
        for name in NUMBERED & words.keys():  # the same paper a second time is recognised by its number
            vault.add_token(
                moving.batch,
                kind="document_no",
                value=words[name],
                root=moving.matter.root,
                owner=moving.matter.id,
            )
    for (role, compartment), changes in sorted(out.sealed_parties.items(), key=label_first):
        persons.change_document(moving, role, compartment, changes)
    for role, columns in out.parties.items():
        persons.set_columns(moving, role, columns)
    persons.write_label(moving)


def label_first(item: tuple[tuple[str, str], object]) -> bool:
    """A name is known before what is remembered beside it."""
    return item[0][1] != "label"


def close_if_nothing_is_owed(moving: Moving) -> None:
    """办结: an end stage and no duty open any more."""
    matter = moving.matter
    owed = any(True for _ in moving.still_open())
    if matter.ended_at and not matter.closed_at and not owed:
        matter.closed_at = moving.now
    elif matter.closed_at and owed:  # somebody in the record asked for something: it is owed an answer
        matter.closed_at = None


def over_by(moving: Moving) -> dict[str, list[str]]:
    """The duties that this move did, or tried in vain."""
    over = [d for d in moving.duties if d.done_by_move == moving.move.name]
    kinds = {
        o.value: [d.kind for d in over if d.outcome == o] for o in (Duty.Outcome.DONE, Duty.Outcome.TRIED)
    }
    return {outcome: found for outcome, found in kinds.items() if found}


def write_event(moving: Moving, before: str, plan: interpreter.Plan) -> None:
    """One event: timeline, ledger entry and fact in one row, on the matter's own chain."""
    matter, codes = moving.matter, moving.codes
    if before != matter.stage:
        codes["from"] = before
    codes["stage"] = matter.stage
    if plan.result:
        codes["result"] = plan.result
    if moving.at != moving.now:
        codes["happened_at"] = moving.at.astimezone(SHANGHAI).isoformat()
    if moving.told:
        codes["told"] = [str(a) for a in moving.told]
    if moving.on_behalf_of:
        codes["on_behalf_of"] = str(moving.on_behalf_of.id)
    if moving.child:
        codes["child"] = str(moving.child)
    codes |= over_by(moving)
    if moving.new_duties:
        codes["owes"] = [
            {"kind": d.kind, "agency": str(d.agency_id), "due": d.due_at.astimezone(SHANGHAI).isoformat()}
            for d in moving.new_duties
        ]
    has_words = moving.write_words()
    head = Head(matter.id, matter.chain_seq, bytes(matter.chain_mac))
    event = events.append(
        moving.batch,
        head,
        at=moving.now,
        who=moving.actor,
        move=moving.move.name,
        codes=codes,
        sealed=moving.words_id if has_words else None,
    )
    matter.chain_seq, matter.chain_mac = head.seq, head.mac
    matter.updated_at = moving.now
    moving.event_row = event
    if moving.is_opening:
        moving.batch.insert(matter)
        return
    expected = matter.ver
    matter.ver = expected + 1
    moving.batch.update(matter, MATTER_COLUMNS, expect={"ver": expected})
