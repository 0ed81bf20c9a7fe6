"""She decides, nobody is exposed, violence is not mediated: what a playbook may never do."""

from __future__ import annotations

from anjia.law.playbooks.check_shared import binds, guards
from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.graph import Path
from anjia.law.playbooks.known import Known
from anjia.law.playbooks.names import COMMUNITY_KINDS, MEDIATION_KINDS, POLICE_KINDS
from anjia.law.playbooks.schema import ALONE, Move, Playbook, Role

NEAR = frozenset({"village", "township"})
DUTY_TO_REPORT = "protected_person"
UNMEDIATED = "no_mediation_of_violence"
WAYS_OF_VISITING = "visit-way"  # the code list that a planned or finished visit answers from
POLICE, COMMUNITY = "consent.police", "consent.community"


def check_care(pb: Playbook, known: Known, report: Report) -> None:
    """Consent guards, no mediation of violence, whereabouts never in what leaves."""
    if pb.concerns_violence and pb.mediates_violence:
        report.add(
            pb.lines.get("mediates_violence", 1),
            "mediation.violence",
            ("暴力本身不调解", "the violence itself is never mediated"),
            ("改成 mediates_violence: false", "write mediates_violence: false"),
        )
    for move in pb.moves.values():
        _whereabouts(move, report)
        if pb.concerns_violence:
            _mediation(pb, move, known, report)
            _consent(pb, move, known, report)
            _visit(move, report)
    _opening(pb, report)
    _hearing(pb, report)
    if pb.concerns_violence:
        _places(pb, report)
        _joins(pb, report)


# ---- violence is not mediated


def _mediation(pb: Playbook, move: Move, known: Known, report: Report) -> None:
    if UNMEDIATED in guards(move):
        return
    chain = _to_mediation(pb, move, known, (move.name,), {pb.name})
    if chain:
        report.add(
            move.line,
            "mediation.violence",
            (f"{move.name} 会把暴力拿去调解", f"{move.name} would mediate the violence"),
            (
                "加条件 no_mediation_of_violence，或删去这一步",
                "add the guard no_mediation_of_violence, or delete the move",
            ),
            chain,
        )


def _to_mediation(pb: Playbook, move: Move, known: Known, way: Path, seen: set[str]) -> Path:
    """The way on which this move, or a child it opens, talks two sides into an agreement; else nothing."""
    if move.mediates or MEDIATION_KINDS & set(move.opens_kind):
        return way
    child = known.books.get(move.opens or "")
    if child is None or child.name in seen:
        return ()
    if child.mediates_violence:
        return (*way, child.name)
    for step in child.moves.values():
        if UNMEDIATED in guards(step):
            continue
        chain = _to_mediation(child, step, known, (*way, child.name, step.name), {*seen, child.name})
        if chain:
            return chain
    return ()


# ---- protecting her never waits for what he says

RESPONDENT = "respondent"


def _hearing(pb: Playbook, report: Report) -> None:
    """The person complained of is heard for his own sake: no step and no duty may wait for it."""
    heard = {m.name for m in pb.moves.values() if any(f.compartment == RESPONDENT for f in m.asks)}
    for move in pb.moves.values():
        waits = {str(g.params.get("move")) for g in move.guards if g.name == "happened"}
        if waits & heard:
            report.add(
                move.line,
                "hearing.required",
                (
                    f"{move.name} 要先听取被反映人",
                    f"{move.name} waits until the person complained of was heard",
                ),
                (
                    "删去这个条件:听取不是保护的前提",
                    "delete the guard: hearing him is no condition of protection",
                ),
            )
    for duty in pb.duties.values():
        if heard & set(duty.done_by):
            report.add(
                duty.line,
                "hearing.required",
                (
                    f"责任 {duty.name} 要靠听取被反映人来完成",
                    f"duty {duty.name} is met by hearing the person complained of",
                ),
                (
                    "听取不设为责任:它不是保护的前提",
                    "make it no duty: hearing him is no condition of protection",
                ),
            )


# ---- she decides


def _consent(pb: Playbook, move: Move, known: Known, report: Report) -> None:
    have = guards(move)
    if _told(pb, move, known, POLICE_KINDS) and not have & {POLICE, DUTY_TO_REPORT}:
        _add(move, report, POLICE, "告诉公安", "tells the police")
    near = _told(pb, move, known, COMMUNITY_KINDS) or _near(pb, move)
    if near and COMMUNITY not in have:
        _add(move, report, COMMUNITY, "告诉社区", "tells the community")
    if move.opens and not move.opens_kind and _chosen(move, known) and "consent.by_kind" not in have:
        _add(move, report, "consent.by_kind", "把事情交给随便选的单位", "tells whichever agency is chosen")


def _near(pb: Playbook, move: Move) -> bool:
    """Whether somebody in her village or township is asked to come in, or is told what to do."""
    roles = [pb.roles[r] for r in (*binds(move), *move.tells) if r in pb.roles and r not in move.by]
    return any(role.tier in NEAR for role in roles)


def _chosen(move: Move, known: Known) -> bool:
    """Whether the child goes to an agency that somebody chooses freely."""
    child = known.books.get(move.opens or "")
    holder = child.roles.get(child.first_stage.holder or "") if child and child.stages else None
    return bool(holder and holder.by_field and not holder.kind)


def _told(pb: Playbook, move: Move, known: Known, kinds: frozenset[str]) -> bool:
    """Whether an agency of these kinds learns of the matter that is not in it already.

    Its own act tells it nothing; nor does a move that needs it to be in.
    """
    inside = {g.params.get("role") for g in move.guards if g.name == "role.bound"}
    own = [pb.roles[r] for r in {*move.by, *inside} if r in pb.roles]
    if any(_is(role, kinds) for role in own):
        return False
    joins = [pb.roles[r] for r in binds(move) if r in pb.roles]
    return any(_is(role, kinds) for role in joins) or bool(kinds & _receivers(move, known))


def _receivers(move: Move, known: Known) -> frozenset[str]:
    """The kinds of agency that learn of the child when it opens."""
    child = known.books.get(move.opens or "")
    roles = [r for r in child.roles.values() if not r.optional and not r.holder_of_parent] if child else []
    return frozenset(move.opens_kind).union(*(r.kind for r in roles if not r.by_field))


def _is(role: Role, kinds: frozenset[str]) -> bool:
    return bool(kinds & set(role.kind))


def _visit(move: Move, report: Report) -> None:
    """Where a visit is planned or recorded as made, her word about her door is asked."""
    visits = any(f.list == WAYS_OF_VISITING for f in move.asks)
    if visits and "consent.visit" not in guards(move):
        _add(move, report, "consent.visit", "让人上她的门", "sends somebody to her door")


def _add(move: Move, report: Report, guard: str, zh: str, en: str) -> None:
    report.add(
        move.line,
        "consent.missing",
        (f"{move.name} 会不经她同意{zh}", f"{move.name} {en} without her word"),
        (f"加条件 {guard}", f"add the guard {guard}"),
        (move.name,),
    )


def _joins(pb: Playbook, report: Report) -> None:
    """Nobody near, and no police, learns of violence merely because it was reported to the federation."""
    if pb.is_child and ALONE not in pb.opens_from:
        return  # who learns of a child is asked of the move that opens it
    for role in pb.roles.values():
        if role.optional or (role.name == pb.first_stage.holder and role.tier not in NEAR):
            continue
        if role.tier in NEAR or _is(role, POLICE_KINDS | COMMUNITY_KINDS):
            report.add(
                role.line,
                "consent.missing",
                (
                    f"一登记“{role.name}”就会知道，没有人问过她",
                    f"“{role.name}” learns of it at once, before she is asked",
                ),
                (
                    "写 joins: invite，另写一步请它加入，加上相应的同意条件",
                    "write joins: invite, and bind it in a move with the consent guard",
                ),
                ("open",),
            )


# ---- nobody is exposed


def _whereabouts(move: Move, report: Report) -> None:
    leaks = [f.name for f in move.asks if f.compartment == "whereabouts"]
    if leaks and (move.opens or move.tells):
        report.add(
            move.line,
            "whereabouts.leaves",
            (
                f"{move.name} 会把住处与去向({leaks[0]})发给别的单位",
                f"{move.name} would send whereabouts ({leaks[0]}) to others",
            ),
            ("另写一步登记住处，不要放在转出的一步里", "record whereabouts in a move of its own"),
            (move.name,),
        )


def _opening(pb: Playbook, report: Report) -> None:
    """What is typed at the opening goes to whoever holds it first: never where she is."""
    for field in (*pb.opening, *(f for p in pb.parties.values() for f in p.fields)):
        if field.compartment == "whereabouts":
            report.add(
                field.line or pb.lines.get("opening", 1),
                "whereabouts.leaves",
                (
                    f"住处与去向({field.name})在登记时就会发给接收单位",
                    f"whereabouts ({field.name}) would go to whoever receives the matter",
                ),
                (
                    "另写一步登记住处，不要放在 opening 或当事人的字段里",
                    "record whereabouts in a move of its own",
                ),
                ("open",),
            )


def _places(pb: Playbook, report: Report) -> None:
    """A village in the clear points to a family."""
    for field in pb.fields.values():
        if field.type != "place" or field.compartment:
            continue
        report.add(
            field.line,
            "place.in-the-clear",
            (
                f"涉暴力的流程里，地点“{field.name}”没有密封：村名会指认到一家人",
                f"place “{field.name}” stands in the clear where violence is reported: a village points to a family",
            ),
            ("加上 compartment: identity 或 narrative", "add compartment: identity or narrative"),
        )
