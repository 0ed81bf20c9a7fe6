"""Browsers are signed in, change their post, and are signed out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from anjia.foundation.core.verdict import NotFound
from anjia.registry.posts import sessions
from anjia.registry.posts.actors import Actor, held_on, today
from anjia.registry.posts.models import Account, Post, Session


def sign_in(
    *,
    account: Account,
    post: Post,
    now: datetime,
    replaces: str = "",
    proved_by: str = "",
    place: Mapping[str, str] | None = None,
) -> str:
    """Sign a browser in; returns the cookie's value, which is stored nowhere here.

    `replaces` is the cookie it came with: that session ends, so that a planted cookie is worth nothing.
    `proved_by` is the kind of second factor just shown, blank without one; `place` says on which device
    and from where, for the person's own list. Whoever calls has checked that what `factors.must_have`
    asks for was shown. Raises NotFound when the post is not this person's or gives no access today.
    """
    if not held_on(today(now)).filter(pk=post.pk, account=account).exists():
        raise NotFound
    cookie = sessions.new_cookie()
    with transaction.atomic():
        if old := sessions.key_of(replaces):
            Session.objects.filter(pk=old).delete()
        proof = {"proved_at": now, "proved_by": proved_by} if proved_by else {}
        write(cookie, account.pk, post.pk, created_at=now, now=now, data=dict(place or {}), **proof)
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

    Raises NotFound when the post is not this person's or gives no access today.
    """
    if not held_on(today(now)).filter(pk=post, account=actor.account_id).exists():
        raise NotFound
    with transaction.atomic():
        old = Session.objects.select_for_update().filter(pk=session, account=actor.account_id).first()
        if old is None or old.account_id is None:
            raise NotFound
        cookie = sessions.new_cookie()
        data = sessions.opened(bytes(old.data), session)
        kept = {name: getattr(old, name) for name in ("proved_at", "proved_by", "sealed_at", "news")}
        write(cookie, old.account_id, post, created_at=old.created_at, now=now, data=data, **kept)
        old.delete()
    return cookie


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
