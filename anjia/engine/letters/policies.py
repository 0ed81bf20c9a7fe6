"""Who may be shown where she is, who may give a paper out, and who may be the second person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from anjia.engine.letters.asked import Asked
from anjia.engine.letters.papers import Paper
from anjia.engine.matters.models import Capacity, Matter
from anjia.engine.matters.seats import Seated
from anjia.foundation.core.verdict import ALLOW, Verdict, deny
from anjia.foundation.vault.models import Compartment
from anjia.law.playbooks.library import definition
from anjia.registry.posts import who_may
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.models import PostRole

#: Lines whose work may need her address; a village's never does.
LINES = frozenset({"federation", "police", "court", "civil_affairs"})
FEDERATION = "federation"
#: Whoever may give papers out, as the papers name them.
BY = {Capacity.HOLDER: "holder", Capacity.TRAY: "holder", Capacity.REFERRER: "referrer"}


def can_open_whereabouts(actor: Actor, seated: Seated) -> Verdict:
    """Only a named office above the village that leads the matter, never a volunteer, never from above.

    Code "second": an office that helps (it leads a referral, not the case where her whereabouts stand) may ask,
    and a second person of the office that leads decides.
    """
    if not who_may.opens("desk:whereabouts", seated.relation, send=True):
        return deny(_("只有承办单位可以申请查看住处与去向。"), "capacity")
    if actor.tier == "village" or actor.role == PostRole.VOLUNTEER or actor.line not in LINES:
        return deny(_("这个岗位不能查看住处与去向。"), "post")
    if seated.relation not in who_may.HOLDS or not keeps_whereabouts(seated.matter):
        return deny(_("协办单位查看住处,要由承办单位的另一个人同意。"), "second")
    return ALLOW


def keeps_whereabouts(matter: Matter) -> bool:
    """Whether matters of this procedure record where she is; a referral or a measure never does."""
    fields = definition(matter.playbook, matter.version).fields.values()
    return any(f.compartment == Compartment.WHEREABOUTS for f in fields)


def can_be_second(actor: Actor, seated: Seated, asked: Asked) -> Verdict:
    """Somebody else than who asked, in the federation that leads the matter or asked for it."""
    if seated.mask or seated.capacity not in BY or actor.line != FEDERATION or actor.tier == "village":
        return deny(_("由承办的妇联同意。"), "capacity")
    if actor.role == PostRole.VOLUNTEER:
        return deny(_("志愿者不能做第二人。"), "post")
    if actor.account_id == asked.account:
        return deny(_("要由另一个人同意,不能自己同意自己。"), "same-person")
    return ALLOW


def can_give_out(actor: Actor, seated: Seated, paper: Paper) -> Verdict:
    """The office that leads, or that asked for help, and never a volunteer or the line above."""
    if seated.mask or giver(seated) not in paper.by:
        return deny(_("这份文书由承办单位出具。"), "capacity")
    if actor.role == PostRole.VOLUNTEER:
        return deny(_("志愿者不能出具文书。"), "post")
    if paper.two_persons and (actor.line != FEDERATION or actor.tier == "village"):
        return deny(_("这份文书由县(区)以上妇联出具。"), "post")
    return ALLOW


def giver(seated: Seated) -> str:
    """As what somebody would give a paper out: whoever leads the matter, asked for it, or reads it as a leader."""
    if seated.relation in who_may.LEADER:
        return "leader"
    return BY.get(Capacity(seated.capacity), "") if seated.capacity else ""


def shown_just_now(fresh: bool) -> Verdict:
    """Where somebody is looked for, the second factor was shown within the last minutes."""
    return ALLOW if fresh else deny(_("请先再次验证身份。"), "fresh")
