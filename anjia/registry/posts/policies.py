"""Who may look after agencies, posts and rosters. Answers are the same for the button and the action."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from anjia.foundation.core.verdict import ALLOW, Verdict, deny
from anjia.foundation.core.who import Who
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.kinds import kinds
from anjia.registry.posts.models import Agency, Post, PostRole


def can_manage_agencies(actor: Who) -> Verdict:
    """Opening, closing and changing agencies and accounts: the system administrator and set-up."""
    if actor.kind == "system" or (isinstance(actor, Actor) and actor.role == PostRole.SYSADMIN):
        return ALLOW
    return deny(_("只有系统管理员可以管理单位和账号。"), "not-sysadmin")


def can_manage_people_of(actor: Who, agency: Agency) -> Verdict:
    """Posts and shifts of an agency: its own head, a head above in its line, the system administrator.

    A system administrator sees no matter, so giving posts gives nobody's secrets to the giver; and no head
    can give himself a post elsewhere.
    """
    if can_manage_agencies(actor):
        return ALLOW
    if not isinstance(actor, Actor) or actor.role != PostRole.HEAD:
        return deny(_("只有单位负责人可以安排本单位的岗位和值班。"), "not-head")
    if actor.agency_id == agency.id or leads(actor, agency):
        return ALLOW
    return deny(_("只能安排本单位和本系统下级单位。"), "other-agency")


def can_stop(actor: Who, agency: Agency) -> Verdict:
    """停用 and 恢复 of an office: the head of the city's federation, of a county's for offices below the county.

    Whoever asks an office to help is who must be able to shut its door at once; a county's peers (its court,
    its bureaus) are the city's to stop. Nobody stops his own office, nor one above it.
    """
    if not isinstance(actor, Actor) or actor.role != PostRole.HEAD or actor.line != "federation":
        return deny(_("只有市、县(市、区)妇联负责人可以停用单位。"), "not-head")
    below = {"city": ("city", "county", "township", "village"), "county": ("township", "village")}
    tiers = below.get(actor.tier, ())
    near = agency.tier in tiers and getattr(agency, actor.tier) == getattr(actor, actor.tier)
    if actor.agency_id == agency.id or not near:
        return deny(
            _("市妇联可以停用本市的单位,县(市、区)妇联可以停用辖区内乡镇(街道)和村(社区)的单位。"),
            "other-agency",
        )
    return ALLOW


def can_cap_burden(actor: Who) -> Verdict:
    """表单减负自检: the head of a county's or the city's federation sets a lower cap for her own villages."""
    if not isinstance(actor, Actor):
        return deny(_("上限由市、县(市、区)妇联负责人定。"), "not-head")
    if (actor.role, actor.line) == (PostRole.HEAD, "federation") and actor.tier in ("city", "county"):
        return ALLOW
    return deny(_("上限由市、县(市、区)妇联负责人定。"), "not-head")


def leads(actor: Actor, agency: Agency) -> bool:
    """Whether the agency lies below the actor's in the same line; a legal aid centre leads nobody."""
    below = {
        "city": ("county", "township", "village"),
        "county": ("township", "village"),
        "township": ("village",),
    }
    kind = kinds().get(actor.agency_kind)
    return (
        kind is not None
        and kind.leads
        and actor.line == agency.line
        and agency.tier in below.get(actor.tier, ())
        and getattr(actor, actor.tier) == getattr(agency, actor.tier)
    )


def can_vouch_for(actor: Who, post: Post) -> Verdict:
    """Answering for somebody who lost her second factor: head or intake desk, of her agency or above it."""
    if not isinstance(actor, Actor) or actor.role not in (PostRole.HEAD, PostRole.TRIAGE):
        return deny(_("只有负责人和受理分派可以为同事作确认。"), "not-head")
    if actor.account_id == post.account_id:
        return deny(_("不能为自己作确认。"), "own-post")
    near = actor.agency_id in (post.agency_id, post.agency.superior_id)
    return (
        ALLOW
        if near or leads(actor, post.agency)
        else deny(_("只能为本单位和下级单位的同事作确认。"), "other")
    )


def can_keep_roster(actor: Who, agency: Agency) -> Verdict:
    """Adding shifts: whoever manages the people, and the agency's own triage desk."""
    if isinstance(actor, Actor) and actor.role == PostRole.TRIAGE and actor.agency_id == agency.id:
        return ALLOW
    return can_manage_people_of(actor, agency)
