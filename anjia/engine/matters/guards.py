"""The engine's named guards: conditions that a playbook may put on a move."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import accused, safe_hours
from anjia.engine.matters.language import language
from anjia.engine.matters.models import Link
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.registry import guard
from anjia.engine.matters.safe_contact import CALL, TEXT, Contact, decide
from anjia.engine.matters.times import frozen_rule
from anjia.foundation.core.verdict import ALLOW, Verdict, deny
from anjia.foundation.files.models import File
from anjia.law.codes import book as code_book
from anjia.law.playbooks.library import definition, find_duty
from anjia.law.playbooks.names import COMMUNITY_KINDS, MEDIATION_KINDS, POLICE_KINDS
from anjia.law.playbooks.schema import Move

#: The gravest grade that a risk band still allows to be set.
GRAVEST = {"high": 1, "medium": 2, "low": 3}
#: Ways of visiting that bring somebody to her door, and persons visited that include her.
DOOR_WAYS = frozenset({"door"})
HERSELF = frozenset({"asking", "child"})
HER_CONSENT = "her_consent"
NO_MEDIATION_STAGES = frozenset({"supervised", "ordered"})


#: Why she may not be reached this way, in the words of whoever wanted to.
NOT_REACHED = {
    "none": _("她没有留联系方式。请选“凭查询码查看”。"),
    "never": _("她说了不要这样联系。请选“凭查询码查看”。"),
    "number": _("她留的不是一个清楚的手机号,不能发短信。请选“凭查询码查看”。"),
    "unclear": _("她写的时间要由人来读,不能自动发。请选“凭查询码查看”或按约电话。"),
    "hours": _("她说的安全时间是:%(hours)s。请改在那个时间,或选“凭查询码查看”。"),
}
#: To whom each decision lets something be told, as the code list of grounds names them.
TOLD_TO = {"tell_community": "community", "come_to_door": "door", "tell_police": "police"}


def grounds_given(moving: Moving, decision: str) -> Verdict:
    """A statutory or danger ground instead of her word: code, words, and whether she was told first."""
    if moving.is_preview:
        return ALLOW
    values = moving.values
    ground = str(values.get("disclosure_ground") or "")
    grounds = code_book()["disclosure-ground"].having(to=TOLD_TO[decision])
    if ground not in grounds or ground == HER_CONSENT:
        return deny(_("她没有同意。她改了主意请先“改‘由本人决定’”;依法必须做的,请选依据并写明。"), "consent")
    if not values.get("ground_words"):
        return deny(_("请写明具体情形。"), "consent")
    if values.get("told_her_first") is None:
        return deny(_("请选是否已先告诉她本人。"), "consent")
    return ALLOW


def decided(moving: Moving, decision: str) -> bool:
    """Whether she said yes. Not asked and not answered is no."""
    asking = moving.party("asking")
    return bool(asking and getattr(asking, decision))


@guard("consent.community")
def consent_community(moving: Moving) -> Verdict:
    """The community may be told: she said so, or the law or danger to life demands it."""
    return ALLOW if decided(moving, "tell_community") else grounds_given(moving, "tell_community")


@guard("consent.police")
def consent_police(moving: Moving) -> Verdict:
    """Police may be told: she said so, or the law or danger to life demands it."""
    return ALLOW if decided(moving, "tell_police") else grounds_given(moving, "tell_police")


@guard("consent.visit")
def consent_visit(moving: Moving, *, way: str = "", whom: str = "") -> Verdict:
    """Somebody may come to her door: she said so, or the law or danger to life demands it."""
    if way and moving.values.get(way) not in DOOR_WAYS:
        return ALLOW
    if whom and moving.values.get(whom) not in HERSELF:
        return ALLOW
    return ALLOW if decided(moving, "come_to_door") else grounds_given(moving, "come_to_door")


@guard("consent.by_kind")
def consent_by_kind(moving: Moving) -> Verdict:
    """Asking police needs her word on police, asking a community her word on the community."""
    chosen = moving.values.get("agency")
    if not chosen or not moving.playbook.concerns_violence:
        return ALLOW
    agency = moving.agency(UUID(str(chosen)))
    if agency.kind in POLICE_KINDS:
        return consent_police(moving)
    if agency.kind in COMMUNITY_KINDS or agency.tier == "village":
        return consent_community(moving)
    return ALLOW


@guard("contact.allowed")
def contact_allowed(moving: Moving) -> Verdict:
    """She is answered only by a way she left open and in her hours; what she says herself is never refused."""
    channel = moving.values.get("reply_channel")
    if moving.is_preview or channel in (None, "receipt"):
        return ALLOW
    if channel == TEXT and not settings.SMS_RESIDENTS:
        return deny(_("本市没有开通给群众发短信。请选“凭查询码查看”。"), "contact")
    contact = Contact.of(moving.document("asking", "contact"))
    at = safe_hours.instant(moving.values.get("reply_at"), moving.at)
    answer = decide(contact, TEXT if channel == TEXT else CALL, at)
    if answer or (channel == TEXT and answer.until):  # a text message waits for her hours by itself
        return ALLOW
    return deny(NOT_REACHED.get(answer.why, NOT_REACHED["never"]) % {"hours": contact.when}, "contact")


@guard("no_mediation_of_violence")
def no_mediation_of_violence(moving: Moving, *, issue: str = "") -> Verdict:
    """Violence itself is never mediated; side issues not while a warning letter or an order is in force."""
    in_force = any(
        definition(c.playbook, c.version).bars_mediation and not c.ended_at for c in moving.children
    )
    if in_force or moving.matter.stage in NO_MEDIATION_STAGES:
        return deny(
            _(
                "告诫书或保护令有效期间不调解。涉家庭暴力,暴力本身不调解——妇联规程第11条、治安管理处罚法第9条。"
            ),
            "mediation",
        )
    if not moving.is_preview and issue and not moving.values.get(issue):
        return deny(_("暴力本身不调解,请选只谈哪件事。"), "mediation")
    return ALLOW


@guard("mediation.by_kind")
def mediation_by_kind(moving: Moving) -> Verdict:
    """Where violence is reported, a mediator is asked only by a step that says what may be talked about."""
    chosen = moving.values.get("agency")
    if not chosen or not moving.playbook.concerns_violence:
        return ALLOW
    if moving.agency(UUID(str(chosen))).kind not in MEDIATION_KINDS:
        return ALLOW
    return deny(
        _("暴力本身不调解。孩子、财产的事要请人调解,请用“只就孩子、财产请人调解”那一步。"), "mediation"
    )


@guard("children.ended")
def children_ended(moving: Moving) -> Verdict:
    """Every referral has been answered, recalled, or is no longer waited for with a written reason.

    What goes on by law anyway (visits after a warning letter) is not waited for.
    """
    left = [
        c
        for c in moving.children
        if not (c.ended_at or c.detached_at or definition(c.playbook, c.version).outlives_parent)
    ]
    if left:
        return deny(
            _("还有 %(n)s 项协办没有书面回复。请催办、撤回,或写明理由不再等。") % {"n": len(left)}, "children"
        )
    return ALLOW


def grade_number(moving: Moving) -> int | None:
    return int(moving.matter.grade) if moving.matter.grade else None


@guard("grade.at_least")
def grade_at_least(moving: Moving, *, grade: str) -> Verdict:
    """Only for matters as grave as this grade or graver."""
    now = grade_number(moving)
    return ALLOW if now is not None and now <= int(grade) else deny(_("响应等级还没有到这一级。"), "grade")


@guard("grade.at_most")
def grade_at_most(moving: Moving, *, grade: str) -> Verdict:
    """Not for matters graver than this grade."""
    now = grade_number(moving)
    if now is None or now >= int(grade):
        return ALLOW
    return deny(_("现在的响应等级太高,不能这样办。请先按等级处置。"), "grade")


@guard("grade.covers_risk")
def grade_covers_risk(moving: Moving, *, grade: str = "", field: str = "") -> Verdict:
    """The grade is never milder than what the risk assessment asks for."""
    wanted = str(moving.values.get(field) or "") if field else grade
    gravest = GRAVEST.get(moving.matter.risk_band)
    if gravest is None or not wanted or int(wanted) <= gravest:
        return ALLOW
    return deny(_("安全评估的结果要求更高的等级,不能定得比它轻。"), "grade")


@guard("risk.assessed")
def risk_assessed(moving: Moving) -> Verdict:
    """A risk assessment was recorded."""
    return ALLOW if moving.matter.risk_band else deny(_("请先做安全评估。"), "risk")


@guard("has_party")
def has_party(moving: Moving, *, party: str) -> Verdict:
    """Somebody is recorded in that role."""
    return ALLOW if moving.party(party) else deny(_("还没有登记这个人。"), "party")


@guard("protected_person")
def protected_person(moving: Moving) -> Verdict:
    """A child or a person under special protection is concerned: there is a duty to report (反家庭暴力法 14)."""
    if any(p.role == "child" or p.protection for p in moving.parties):
        return ALLOW
    return deny(_("没有登记未成年人或特殊保护情形;一般个案报警要由她本人决定。"), "protected")


@guard("role.bound")
def role_bound(moving: Moving, *, role: str) -> Verdict:
    """An agency plays that role already."""
    return ALLOW if role in moving.matter.roles else deny(_("还没有请这个单位参加。"), "role_unbound")


@guard("role.unbound")
def role_unbound(moving: Moving, *, role: str) -> Verdict:
    """No agency plays that role yet."""
    return deny(_("已经请过了。"), "role_bound") if role in moving.matter.roles else ALLOW


@guard("answer.yes")
def answer_yes(moving: Moving, *, field: str) -> Verdict:
    """This question must be answered with yes."""
    if moving.is_preview or moving.values.get(field) is True:
        return ALLOW
    asked = moving.move.ask(field)
    return deny(
        _("“%(label)s”要为“是”才能办。") % {"label": asked.label[language()] if asked else field}, "answer"
    )


@guard("paper.attached")
def paper_attached(moving: Moving) -> Verdict:
    """The paper is there: it comes with this move or was attached before."""
    if moving.is_preview or moving.files or File.objects.filter(matter=moving.matter.id).exists():
        return ALLOW
    return deny(_("请附上书面材料(照片或扫描件)。"), "paper")


@guard("same_case.linked")
def same_case_linked(moving: Moving) -> Verdict:
    """It was confirmed to be the same family as another open matter."""
    linked = Link.objects.filter(first=moving.matter, kind="same", ended_at__isnull=True).exists()
    return ALLOW if linked else deny(_("请先“核对同一家庭”。"), "same_case")


@guard("duty.open")
def duty_open(moving: Moving, *, duty: str) -> Verdict:
    """Only while that is owed: not before, and not after it was let go."""
    if moving.open_duty(duty):
        return ALLOW
    return deny(_("“%(label)s”这一项不在办理中。") % {"label": duty_label(moving, duty)}, "duty")


@guard("duty.settled")
def duty_settled(moving: Moving, *, duty: str) -> Verdict:
    """Not before that has been done."""
    if moving.open_duty(duty) is None:
        return ALLOW
    return deny(_("请先办“%(label)s”。") % {"label": duty_label(moving, duty)}, "duty")


def duty_label(moving: Moving, kind: str) -> str:
    """What the duty is called on the screen."""
    return find_duty(moving.playbook, kind).label[language()]


@guard("codes.include")
def codes_include(moving: Moving, *, field: str, mark: str = "") -> Verdict:
    """Every code of the list is chosen, or every one that has the mark: nothing that must be there is missing."""
    asked = moving.move.ask(field)
    if moving.is_preview or asked is None or asked.list is None:
        return ALLOW
    items, given = code_book()[asked.list], moving.values.get(field) or []
    wanted = items.having(**{mark: True}) if mark else tuple(items.codes)
    missing = [items.label(code, language()) for code in wanted if code not in given]
    if not missing:
        return ALLOW
    return deny(_("还缺:%(names)s。") % {"names": "、".join(missing)}, "missing")


@guard("accused.apart")
def accused_apart(moving: Moving) -> Verdict:
    """The office complained of is not given the accuser's material."""
    chosen = moving.values.get("agency")
    return accused.apart(moving.matter, str(chosen)) if chosen else ALLOW


@guard("emergency.owed")
def emergency_owed(moving: Moving) -> Verdict:
    """An emergency opening waits for this office's review."""
    mine = moving.actor.agency_id
    if any(d.kind == "emergency_review" and d.agency_id == mine for d in moving.duties if d.done_at is None):
        return ALLOW
    return deny(_("没有等本单位复核的应急查阅。"), "duty")


@guard("duty.pausable")
def duty_pausable(moving: Moving) -> Verdict:
    """The rule of this duty allows the ground for pausing; a house limit may always pause."""
    if moving.is_preview:
        return ALLOW
    rule = frozen_rule(moving.aimed_duty())
    return listed(
        moving.values.get("pause_ground"), rule.pause_grounds, "pause-ground", rule.cite(language())
    )


@guard("duty.extendable")
def duty_extendable(moving: Moving) -> Verdict:
    """The rule of this duty allows the ground for extending."""
    if moving.is_preview:
        return ALLOW
    own = next((m for m in moving.playbook.moves.values() if extends(m, moving.aimed_duty().kind)), None)
    if own:
        return deny(_("请用“%(move)s”。") % {"move": own.label[language()]}, "extend")
    rule = frozen_rule(moving.aimed_duty())
    return listed(
        moving.values.get("extend_ground"), rule.extension_grounds, "extension-ground", rule.cite(language())
    )


def extends(move: Move, duty: str) -> bool:
    """Whether a playbook's own step extends that duty, with what the law asks for besides the ground."""
    return any(e.name == "duty.extend" and e.params["duty"] == duty for e in move.effects)


def listed(ground: Any, grounds: Any, codes: str, law: str) -> Verdict:
    """Whether the ground is among those the rule lists (None: any ground, a house limit)."""
    if grounds is None or ground in grounds:
        return ALLOW
    names = "、".join(
        code_book()[codes].label(g, language()) for g in grounds if g in code_book()[codes].codes
    )
    if not names:
        return deny(_("%(law)s没有规定可以这样做;到期未办请“说明逾期原因”。") % {"law": law}, "ground")
    return deny(_("%(law)s只允许这些依据:%(names)s。") % {"law": law, "names": names}, "ground")
