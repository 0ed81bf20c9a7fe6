"""Recognising a person by login name and password."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password

from anjia.foundation.vault import vault
from anjia.registry.posts.actors import held_on, today
from anjia.registry.posts.models import Account, Post


@cache
def nobody_s_password() -> str:
    """A hash that no password matches: checking it takes as long as checking a real one."""
    return make_password(vault.fingerprint("nobody", b"").hex())


def recognise(*, login: str, password: str) -> Account | None:
    """The account, or None. Takes the same time whether or not the login name exists."""
    account = Account.objects.filter(login_hash=login_hash(login), is_active=True).first()
    usable = account is not None and account.has_usable_password()
    encoded = account.password if account is not None and usable else nobody_s_password()
    # No upgrade of old hashes here: nothing is written before the person is known.
    matches = check_password(password, encoded)
    return account if usable and matches else None


def by_id(account: UUID) -> Account | None:
    """The account, unless it is shut."""
    return Account.objects.filter(pk=account, is_active=True).first()


def login_hash(login: str) -> bytes:
    """What stands in the table for a login name."""
    return vault.token("login", login)


def current_posts(account: Account, now: datetime) -> list[Post]:
    """Posts that give access now, the one given last first. One statement."""
    posts = held_on(today(now)).filter(account=account).select_related("agency")
    return list(posts.order_by("-from_on", "-id"))
