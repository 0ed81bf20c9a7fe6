"""Who may do what to a matter: one Verdict for the button, the view and the action."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.models import Capacity, Matter
from anjia.engine.matters.seats import Seated
from anjia.foundation.core.verdict import ALLOW, Verdict, deny
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.library import definition
from anjia.law.playbooks.schema import Move, Playbook
from anjia.registry.posts import who_may
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import Agency, PostRole

#: What a masked supervisor may do: take an overdue duty over, and nothing else.
FROM_ABOVE = frozenset({"claim"})
#: What somebody in an office that was only let to read may do: step back, if it is somebody she knows.
BY_GRANT = frozenset({"recuse"})
#: Rights of their own (Move.right) and the roles that hold them.
RIGHTS = {"reopen": frozenset({PostRole.HEAD}), "approve": frozenset({PostRole.HEAD})}
#: Only the federation may write down what another agency did.
RECORDING_LINE = "federation"
#: The role that only a leader's post plays, whatever else its office does in the matter.
LEADER = "leader"
#: Who may begin a piece of the house's own work, by procedure: roles, and the line where it is one.
OFFICE_WORK: dict[str, tuple[frozenset[str], str]] = {
    "instruction": (frozenset({PostRole.HEAD, PostRole.OFFICER, PostRole.TRIAGE}), RECORDING_LINE),
    "monthly-page": (frozenset({PostRole.HEAD, PostRole.OFFICER}), RECORDING_LINE),
    "shift-handover": (frozenset({PostRole.HEAD, PostRole.OFFICER, PostRole.TRIAGE}), ""),
}
RECORDERS = frozenset({Capacity.HOLDER, Capacity.REFERRER, Capacity.TRAY})


def parts(matter: Matter, agency_id: UUID | None) -> frozenset[str]:
    """The roles an agency plays in a matter, with "holder" when it leads now."""
    names = {name for name, bound in matter.roles.items() if bound["agency"] == str(agency_id)}
    if matter.holder_id == agency_id:
        names.add("holder")
    return frozenset(names)


def can_move(
    *, playbook: Playbook, move: Move, seated: Seated, actor: Actor, on_behalf_of: Agency | None = None
) -> Verdict:
    """Whether this actor may make this move now, as an agency's own act or recorded on its behalf."""
    if move.hidden and actor.kind == "post":
        return deny(_("这一步由系统完成。"), "hidden")
    if not interpreter.allowed(playbook, move, seated.matter.stage):
        return deny(_("现在的阶段不能做这一步。"), "stage")
    if seated.capacity == Capacity.GRANTED and move.name not in BY_GRANT:
        return deny(_("授权查阅只能看,不能办。"), "masked")
    if seated.relation == "masked" and move.name not in FROM_ABOVE:
        return deny(_("上级只看进度,不直接办理;需要时请先认领。"), "masked")
    if seated.relation == LEADER and LEADER not in move.by:
        return deny(_("这一步由承办单位办理。"), "role")
    if move.right and actor.role not in RIGHTS[move.right]:
        return deny(_("这一步要由负责人来做。"), "right")
    if on_behalf_of is not None:
        return can_record(playbook=playbook, move=move, seated=seated, actor=actor, agency=on_behalf_of)
    return can_act(move=move, seated=seated, actor=actor)


def can_begin(playbook: str, actor: Actor) -> Verdict:
    """Instructions, monthly pages and hand-overs: no person's matter, so not opened at the counter."""
    roles, line = OFFICE_WORK.get(playbook, (frozenset(), ""))
    if playbook == "instruction" and actor.role == PostRole.LEADER:
        return ALLOW
    if actor.kind == "post" and actor.role in roles and (not line or actor.line == line):
        high = not line or actor.tier in ("city", "county")
        return ALLOW if high else deny(_("由县(市、区)以上妇联办理。"), "tier")
    return deny(_("您现在的岗位不能办这件事。"), "role")


def names_only(matter: Matter) -> bool:
    """Whether its people are held by name alone, and so are never held to be somebody elsewhere."""
    return definition(matter.playbook, matter.version).names_only


def can_link_person(seated: Seated) -> Verdict:
    """Whoever leads the matter, sees it unmasked and may open who its people are."""
    if not who_may.opens("desk:same-person", seated.relation) or names_only(seated.matter):
        return deny(_("这一步由承办单位办理。"), "role")
    return ALLOW


def can_act(*, move: Move, seated: Seated, actor: Actor) -> Verdict:
    """The move is open to everybody seated, or to a role that the actor's agency plays."""
    played = parts(seated.matter, actor.agency_id)
    if actor.role != PostRole.LEADER:
        played -= {LEADER}
    if "any_seat" in move.by or played & set(move.by):
        return ALLOW
    if "opener" in move.by and seated.capacity == Capacity.REFERRER:
        return ALLOW
    return deny(_("这一步由其他单位办理。"), "role")


def can_record(*, playbook: Playbook, move: Move, seated: Seated, actor: Actor, agency: Agency) -> Verdict:
    """代录: an officer of the federation that holds or referred the matter writes down an agency's act."""
    if not move.on_behalf:
        return deny(_("这一步不能代录。"), "on_behalf")
    if actor.line != RECORDING_LINE or seated.capacity not in RECORDERS:
        return deny(_("只有承办的妇联可以代录。"), "on_behalf")
    if parts(seated.matter, agency.id) & set(move.by) or joins_by(playbook, move, seated.matter, agency):
        return ALLOW
    return deny(_("这一步不是该单位办理的。"), "role")


def may_open_with(playbook: Playbook, move: Move, matter: Matter, agency: Agency | None) -> Verdict:
    """The step by which a paper opens a matter, in the act of whoever took the paper in: that of the office whose
    paper it is, and recorded as such."""
    if agency is None or not move.on_behalf:
        return deny(_("请选代哪个单位记录。"), "on_behalf")
    if parts(matter, agency.id) & set(move.by) or joins_by(playbook, move, matter, agency):
        return ALLOW
    return deny(_("这一步不是该单位办理的。"), "role")


def joins_by(playbook: Playbook, move: Move, matter: Matter, agency: Agency) -> bool:
    """Whether this act is how an agency comes in: by role.bind here, or into the child that the move begins."""
    return any(agency.kind in playbook.roles[name].kind for name in free_roles(playbook, move, matter))


def free_roles(playbook: Playbook, move: Move, matter: Matter) -> list[str]:
    """Roles nobody plays yet whose agency this move brings in; into a measure it comes without seeing the case."""
    binds = {e.params.get("role") for e in move.effects if e.name == "role.bind"}
    named = [n for n in move.by if n in playbook.roles and n not in matter.roles]
    return [n for n in named if n in binds or move.opens_with]


def may_record(*, playbook: Playbook, move: Move, seated: Seated, actor: Actor) -> list[UUID]:
    """The agencies bound in this matter on whose behalf the actor may record this move."""
    if not move.on_behalf or actor.line != RECORDING_LINE or seated.capacity not in RECORDERS:
        return []
    agencies = {UUID(b["agency"]) for name, b in seated.matter.roles.items() if name in move.by}
    if "holder" in move.by:
        agencies.add(seated.matter.holder_id)
    return sorted(agencies - {actor.agency_id}, key=str)


def joining_kinds(*, playbook: Playbook, move: Move, seated: Seated, actor: Actor) -> tuple[str, ...]:
    """Kinds of agency that this move may bring into the matter by being recorded on their behalf."""
    if not move.on_behalf or actor.line != RECORDING_LINE or seated.capacity not in RECORDERS:
        return ()
    free = free_roles(playbook, move, seated.matter)
    return tuple(kind for name in free for kind in playbook.roles[name].kind)
