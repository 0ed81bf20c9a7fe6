"""Second factors are added, used and removed; colleagues answer for somebody who lost hers."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.verdict import NotFound, RuleBroken, require
from anjia.foundation.vault import vault
from anjia.registry.posts import factors
from anjia.registry.posts.actors import Actor, held_on, today
from anjia.registry.posts.models import Factor, Session, Vouch
from anjia.registry.posts.policies import can_vouch_for
from anjia.registry.posts.second.provider import New, Shown, sealed

#: Long enough to telephone two colleagues, short enough that a slip of paper is worth nothing tomorrow.
VOUCH_LASTS = timedelta(hours=24)
VOUCH_DIGITS = 10
NEEDED = 2


def add_factor(
    *, account: UUID, kind: str, new: New, now: datetime, device: str = "", here: bytes | None = None
) -> Factor:
    """A person has one more second factor; her other browsers say so. `here` is the browser she uses.

    `device` is what she adds it on, so that she can tell two of a kind apart.

    Raises RuleBroken when the same key or certificate is somebody's already.
    """
    factor = Factor(id=uuid7(), account_id=account, kind=kind, handle=new.handle, counter=new.counter)
    factor.body, factor.added_at, factor.used_at = sealed(factor, {**new.body, "device": device}), now, now
    try:
        with transaction.atomic():
            factor.save(force_insert=True)
            tell(account, but=here)
    except IntegrityError:
        raise RuleBroken(_("这把钥匙已经登记过,请换一把。")) from None
    return factor


def note_use(*, shown: Shown, asked_at: datetime, now: datetime) -> bool:
    """A factor was shown in answer to a question of that moment. False when it was used since: a replay."""
    if shown.factor is None:
        return True
    unused = Q(used_at__isnull=True) | Q(used_at__lte=asked_at)
    same = Factor.objects.filter(
        unused, pk=shown.factor.pk, counter=shown.factor.counter, removed_at__isnull=True
    )
    return same.update(used_at=now, counter=shown.counter) == 1


def remove_factor(*, factor: UUID, actor: Actor, now: datetime, here: bytes | None = None) -> None:
    """A person's factor is worth nothing any more, and what it was checked with is forgotten.

    Raises NotFound for another person's, RuleBroken for the last one where a post of hers needs one.
    """
    with transaction.atomic():
        own = list(Factor.objects.select_for_update().filter(account=actor.account_id, removed_at=None))
        if factor not in {f.pk for f in own}:
            raise NotFound
        if len(own) == 1 and any(factors.is_asked_of(post) for post in actor.posts):
            raise RuleBroken(_("您的岗位必须有第二重验证。请先添加新的,再停用这一个。"))
        forget(Factor.objects.filter(pk=factor), now)
        tell(own[0].account_id, but=here)


def forget(gone: QuerySet[Factor], now: datetime) -> None:
    """Factors end; their secrets leave the table, when they were there stays."""
    gone.update(removed_at=now, body=b"")


def tell(account: UUID, *, but: bytes | None = None) -> None:
    """Her browsers, but for the one in which she did it, say that her sign-in has changed."""
    Session.objects.filter(account=account).exclude(pk=but or b"").update(news=True)


def vouch(*, post: UUID, actor: Actor, now: datetime) -> str:
    """Answer for the holder of a post, whom one has seen or spoken to; returns the code to tell her.

    An earlier code of the same person for her ends. Raises NotFound or NotAllowed.
    """
    whom = held_on(today(now)).filter(pk=post).select_related("agency").first()
    if whom is None:
        raise NotFound
    require(can_vouch_for(actor, whom))
    assert actor.post_id is not None
    code = f"{secrets.randbelow(10**VOUCH_DIGITS):0{VOUCH_DIGITS}}"
    with transaction.atomic():
        earlier = Vouch.objects.filter(
            account=whom.account_id, by__account=actor.account_id, used_at=None, expires_at__gt=now
        )
        earlier.update(expires_at=now)
        Vouch.objects.create(
            account_id=whom.account_id,
            by_id=actor.post_id,
            code=make_password(keyed(whom.account_id, code)),
            given_at=now,
            expires_at=now + VOUCH_LASTS,
        )
        tell(whom.account_id)
    return code


def recover(*, account: UUID, codes: Collection[str], now: datetime) -> None:
    """Two colleagues answered for her: every factor and session of hers ends, and she sets up a new one.

    Raises RuleBroken unless the codes are of two different colleagues who still may, unused and in time.
    """
    given = [keyed(account, "".join(c for c in code if c.isdigit())) for code in codes]
    with transaction.atomic():
        rows = Vouch.objects.select_for_update().filter(account=account, used_at=None, expires_at__gt=now)
        found = [v for v in rows if any(check_password(code, v.code) for code in given)]
        in_post = held_on(today(now)).filter(pk__in=[v.by_id for v in found])
        if len(set(in_post.values_list("account", flat=True))) < NEEDED:
            raise RuleBroken(_("码不对、用过了或已过期。要两位不同的同事各给一个。"))
        Vouch.objects.filter(pk__in=[v.pk for v in found]).update(used_at=now)
        forget(Factor.objects.filter(account=account, removed_at=None), now)
        Session.objects.filter(account=account).delete()


def keyed(account: UUID, code: str) -> str:
    """A colleague's code under a key outside the database; what stands in the table is the slow hash of this."""
    return vault.fingerprint("vouch", account.bytes + code.encode()).hex()
