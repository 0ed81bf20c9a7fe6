"""回避: who may mediate this dispute. Blocked before anybody is appointed, and again before every session."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.casework.resources.mediators import particulars, same_home, unavailable
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.registry import effect, guard
from anjia.foundation.core.verdict import ALLOW, RuleBroken, Verdict, deny
from anjia.foundation.vault.models import Compartment, Token
from anjia.registry.posts.actors import held_on, today
from anjia.registry.posts.models import Post

SAME_PERSON = ("id_number", "phone")
EXCLUDED = "excluded_mediators"


@guard("mediator.fit")
def mediator_fit(moving: Moving, *, field: str = "") -> Verdict:
    """In office, within the term, trained, no kin or household of a party, and nobody objected.

    With a field: the person chosen there. Without: the one who has the matter now, checked anew, because
    a party may have been added or an objection made since.
    """
    if field:
        return ALLOW if moving.is_preview else fits(moving, post_chosen(moving, field))
    if moving.matter.assignee is None:
        return deny(_("请先确定调解员。"), "mediator")
    return fits(moving, moving.matter.assignee)


def post_chosen(moving: Moving, field: str) -> Post:
    """The post named in the form: somebody in office in the committee that holds the matter."""
    today_ = today(moving.now)
    post = held_on(today_).filter(pk=moving.values[field], agency=moving.matter.holder_id).first()
    if post is None:
        raise RuleBroken(_("请选本调委会在任的调解员。"), {field: _("请选本调委会在任的调解员。")})
    return post


def fits(moving: Moving, post: Post) -> Verdict:
    """The first reason against it, else ALLOW. What it was that matched is not said: that would tell too much."""
    if str(post.account_id) in moving.matter.data.get(EXCLUDED, ()):
        return deny(_("这位调解员在这件纠纷里已经回避,请另选。"), "mediator")
    details = particulars([post.account_id]).get(post.account_id, {})
    reason = unavailable(post, details, today(moving.now))
    if reason:
        return deny(reason, "mediator")
    if is_party(moving, post.account_id) or lives_there(moving, str(details.get("address") or "")):
        return deny(_("这位调解员和当事人有关系(本人、同住或同一电话),应当回避,请另选。"), "mediator")
    return ALLOW


def is_party(moving: Moving, account: UUID) -> bool:
    """Whether a keyed fingerprint of theirs is a party's too; neither is opened for it."""
    mine = set(Token.objects.filter(owner=account, kind__in=SAME_PERSON).values_list("kind", "token"))
    ours = [p.id for p in moving.parties]
    theirs = Token.objects.filter(owner__in=ours, kind__in=SAME_PERSON).values_list("kind", "token")
    return bool({(k, bytes(t)) for k, t in mine} & {(k, bytes(t)) for k, t in theirs})


def lives_there(moving: Moving, address: str) -> bool:
    """Whether the mediator shares a home with a party."""
    if not address:
        return False
    homes = (moving.document(p.role, Compartment.IDENTITY) for p in moving.parties)
    return any(
        same_home(address, str(home.get(name) or ""))
        for home in homes
        for name in ("address", "their_address")
    )


@effect("mediator.appoint")
def appoint(moving: Moving, *, field: str) -> None:
    """The matter, and what its committee owes in it, is this person's."""
    post = post_chosen(moving, field)
    moving.matter.assignee = post
    for duty in moving.duties:
        if duty.agency_id == moving.matter.holder_id:
            moving.change_duty(duty, post_id=post.id)
    moving.codes["post"] = str(post.id)


@effect("mediator.exclude")
def exclude(moving: Moving, *, field: str) -> None:
    """This person is never appointed in this matter again, in whichever post; a mediator named so far steps back."""
    post = post_chosen(moving, field)
    before = moving.matter.data.get(EXCLUDED, [])
    moving.matter.data = {**moving.matter.data, EXCLUDED: sorted({*before, str(post.account_id)})}
    if moving.matter.assignee and moving.matter.assignee.account_id == post.account_id:
        moving.matter.assignee = None
        for duty in moving.duties:
            if duty.post_id == post.id:
                moving.change_duty(duty, post_id=None)
