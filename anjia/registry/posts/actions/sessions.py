"""Browsers are signed in, change their post, and are signed out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from anjia.foundation.core.verdict import NotAllowed, NotFound, deny
from anjia.registry.posts import factors, sessions
from anjia.registry.posts.actors import Actor, held_on, today
from anjia.registry.posts.models import Account, Post, Session, Vouch

#: So long a colleague's word for her is news at the next sign-in.
NEWS_LASTS = timedelta(days=7)


def sign_in(
    *,
    account: Account,
    post: Post,
    now: datetime,
    replaces: str = "",
    proved_by: str = "",
    place: Mapping[str, str] | None = None,
    refused: int = 0,
) -> str:
    """Sign a browser in; returns the cookie's value, which is stored nowhere here.

    `replaces` is the cookie it came with: that session ends, so that a planted cookie is worth nothing.
    `proved_by` is the kind of second factor just shown, blank without one; `place` says on which device
    and from where, for the person's own list; `refused` how often somebody was turned away under her name today,
    which she is told. Whoever calls has checked that what `factors.must_have`
    asks for was shown. Raises NotFound when the post is not this person's or gives no access today.
    """
    if not held_on(today(now)).filter(pk=post.pk, account=account).exists():
        raise NotFound
    cookie = sessions.new_cookie()
    with transaction.atomic():
        if old := sessions.key_of(replaces):
            Session.objects.filter(pk=old).delete()
        if account.first_in_at is None:  # her days for a second factor begin
            Account.objects.filter(pk=account.pk, first_in_at__isnull=True).update(first_in_at=now)
        proof: dict[str, Any] = {"proved_at": now, "proved_by": proved_by} if proved_by else {}
        # Whoever comes in learns what happened while nobody was signed in who could be told.
        proof["news"] = (
            bool(refused) or Vouch.objects.filter(account=account, given_at__gt=now - NEWS_LASTS).exists()
        )
        data = {**(place or {}), **({"refused": refused} if refused else {})}
        write(cookie, account.pk, post.pk, created_at=now, now=now, data=data, **proof)
    return cookie


def write(
    cookie: str,
    account: UUID,
    post: UUID,
    *,
    created_at: datetime,
    now: datetime,
    data: Mapping[str, Any],
    **columns: Any,
) -> None:
    """One session row; it ends LONGEST after the person signed in, however often the post changes."""
    key = sessions.key_of(cookie)
    assert key is not None
    Session.objects.create(
        key=key,
        account_id=account,
        post_id=post,
        data=sessions.sealed(data, key),
        created_at=created_at,
        last_seen_at=now,
        expires_at=created_at + sessions.LONGEST,
        **columns,
    )


def switch_post(*, session: bytes, post: UUID, actor: Actor, now: datetime) -> str:
    """Act in another post one holds; returns the new cookie, the old one opens nothing any more.

    Raises NotFound when the post is not this person's or gives no access today, NotAllowed when it asks
    for a second factor and none was shown since signing in.
    """
    wanted = held_on(today(now)).filter(pk=post, account=actor.account_id).select_related("agency").first()
    if wanted is None:
        raise NotFound
    with transaction.atomic():
        old = own(session, actor)
        if factors.must_have(wanted) and not old.proved_by:
            raise NotAllowed(deny(_("换到这个岗位要先出示第二重验证。"), "no-second-factor"))
        return moved(old, post=post, now=now)


def prove(*, session: bytes, actor: Actor, kind: str, now: datetime) -> str:
    """A second factor was shown in this browser; returns its new cookie, the old one opens nothing."""
    with transaction.atomic():
        old = own(session, actor)
        return moved(old, post=old.post_id, now=now, proved_at=now, proved_by=kind)


def own(session: bytes, actor: Actor) -> Session:
    """This person's session, locked. NotFound for anybody else's."""
    row = Session.objects.select_for_update().filter(pk=session, account=actor.account_id).first()
    if row is None or row.account_id is None:
        raise NotFound
    return row


def moved(old: Session, *, post: UUID | None, now: datetime, **changed: Any) -> str:
    """The same sign-in under a new cookie, which is returned."""
    cookie, key = sessions.new_cookie(), bytes(old.key)
    kept = {name: getattr(old, name) for name in ("proved_at", "proved_by", "sealed_at", "news")}
    data = sessions.opened(bytes(old.data), key)
    assert old.account_id is not None
    assert post is not None
    write(cookie, old.account_id, post, created_at=old.created_at, now=now, data=data, **(kept | changed))
    old.delete()
    return cookie


def end_sessions(*, actor: Actor, session: bytes | None, but: bytes) -> None:
    """End one of a person's other browsers, or all of them; never the one she uses (she signs out there)."""
    rows = Session.objects.filter(account=actor.account_id).exclude(pk=but)
    (rows if session is None else rows.filter(pk=session)).delete()


def read_news(*, session: bytes) -> None:
    """The person has seen what changed about her sign-in."""
    Session.objects.filter(pk=session).update(news=False)


def sign_out(*, session: bytes) -> None:
    """Forget a browser."""
    Session.objects.filter(pk=session).delete()


def keep_in_session(*, session: bytes, data: Mapping[str, Any]) -> None:
    """Replace the small sealed dictionary of a browser. Nothing about a matter belongs there."""
    Session.objects.filter(pk=session).update(data=sessions.sealed(data, session))


def forget_old_sessions(*, now: datetime) -> int:
    """Delete sessions that have ended of their own accord; run by the worker."""
    ended = Q(expires_at__lte=now) | Q(last_seen_at__lte=now - sessions.IDLE)
    return Session.objects.filter(ended).delete()[0]
