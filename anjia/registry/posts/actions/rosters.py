"""值班表: who answers which telephone when."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.verdict import ALLOW, RuleBroken, deny, require
from anjia.foundation.core.who import Who
from anjia.foundation.vault import vault
from anjia.registry.posts import ledger
from anjia.registry.posts.actors import Actor, today
from anjia.registry.posts.duty import SEAL
from anjia.registry.posts.models import Agency, Post, Shift
from anjia.registry.posts.policies import can_keep_roster

#: Longer than this is not a shift but a standing arrangement that nobody can keep.
LONGEST = timedelta(days=7)


def add_shift(
    *,
    agency: Agency,
    post: Post,
    telephone: str,
    starts_at: datetime,
    ends_at: datetime,
    actor: Who,
    now: datetime,
) -> Shift:
    """A post answers for an agency from one moment to another, under a telephone that is kept sealed.

    Raises RuleBroken when the times run backwards or over a week, when the post is not held then or belongs
    to an agency of another line, or without a telephone.
    """
    require(can_keep_roster(actor, agency))
    if not timedelta() < ends_at - starts_at <= LONGEST:
        raise RuleBroken(fields={"ends_at": _("下班时间要晚于上班时间,一班最长7天。")})
    if not any(c.isdigit() for c in telephone):
        raise RuleBroken(fields={"telephone": _("请填写值班电话。")})
    if post.agency.line != agency.line or not holds(post, starts_at, ends_at):
        raise RuleBroken(fields={"post": _("这个岗位在这段时间不能值班。")})
    shift = Shift(id=uuid7(), agency=agency, post=post, starts_at=starts_at, ends_at=ends_at)
    shift.telephone = vault.box(SEAL, telephone.strip().encode(), aad=shift.id.bytes)
    shift.save(force_insert=True)
    return shift


def holds(post: Post, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether the post is held on the day the shift begins and on the day it ends."""
    return post.from_on <= today(starts_at) and (post.to_on is None or post.to_on > today(ends_at))


def remove_shift(*, shift: Shift, actor: Who, now: datetime) -> None:
    """Take a shift off the roster. One that has begun stays: who was on duty is not rewritten."""
    require(can_keep_roster(actor, shift.agency))
    if shift.starts_at <= now:
        raise RuleBroken(_("已经开始的班次不能删除。"))
    shift.delete()


def ask_swap(*, shift: Shift, to: Post, actor: Who, now: datetime, in_return: Shift | None = None) -> None:
    """Ask a colleague to take a shift, perhaps for one of hers. Until she agrees nothing changes."""
    mine = isinstance(actor, Actor) and actor.account_id == shift.post.account_id
    require(ALLOW if mine else can_keep_roster(actor, shift.agency))
    if shift.starts_at <= now or (in_return is not None and in_return.starts_at <= now):
        raise RuleBroken(_("已经开始的班次不能换。"))
    fits = to.agency_id == shift.post.agency_id and to.id != shift.post_id
    if not fits or not holds(to, shift.starts_at, shift.ends_at):
        raise RuleBroken(fields={"to": _("请选本单位在岗的同事。")})
    if in_return is not None and in_return.post_id != to.id:
        raise RuleBroken(fields={"in_return": _("请选这位同事的班次。")})
    Shift.objects.filter(pk=shift.pk).update(asked=to, in_return=in_return)


def answer_swap(*, shift: Shift, agrees: bool, telephone: str, actor: Who, now: datetime) -> None:
    """Her yes or no. With a yes the shift is hers, under the telephone at which she answers.

    The office's ledger keeps who gave it to whom.
    """
    with transaction.atomic():
        row = Shift.objects.select_for_update(of=("self",)).select_related("asked", "post").get(pk=shift.pk)
        asked = row.asked
        hers = asked is not None and isinstance(actor, Actor) and actor.account_id == asked.account_id
        require(ALLOW if hers else deny(_("要由被问的同事自己答应。"), "not-asked"))
        if row.starts_at <= now:
            raise RuleBroken(_("已经开始的班次不能换。"))
        before, back = row.post, row.in_return
        row.asked = row.in_return = None
        if agrees and asked is not None:
            row.post = asked
            if any(c.isdigit() for c in telephone):
                row.telephone = vault.box(SEAL, telephone.strip().encode(), aad=row.id.bytes)
            codes = {"shift": str(row.id), "from": str(before.id), "to": str(asked.id)}
            if back is not None:
                Shift.objects.filter(pk=back.pk).update(post=before)
                codes["in_return"] = str(back.id)
            ledger.note(row.agency_id, move=ledger.SWAPPED, actor=actor, now=now, codes=codes)
        row.save(update_fields=["post", "telephone", "asked", "in_return"])
