"""Recognising a person by login name and password."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Q
from django.utils.translation import gettext as _

from anjia.foundation.events.models import Event
from anjia.foundation.vault import vault
from anjia.registry.posts import ledger
from anjia.registry.posts.actors import held_on, today
from anjia.registry.posts.models import Account, Agency, Post


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


def password_mark(account: Account) -> str:
    """Stands for the password in use: what was asked under an earlier one is over."""
    return vault.fingerprint("password in use", account.password.encode()).hex()[:32]


def by_login(login: str) -> Account | None:
    """The account of a login name, unless it is shut."""
    return Account.objects.filter(login_hash=login_hash(login), is_active=True).first()


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


def why_stopped(account: Account, now: datetime) -> str:
    """What to say to somebody whose office is stopped, after the right password: whom to call. "" for all others."""
    on = today(now)
    runs = Q(to_on__isnull=True) | Q(to_on__gt=on)
    held = Post.objects.filter(runs, account=account, from_on__lte=on, agency__stopped_at__isnull=False)
    post = held.select_related("agency").first()
    if post is None or not account.is_active:
        return ""
    by = Event.objects.filter(matter=post.agency_id, move=ledger.STOP).order_by("-seq").first()
    caller = Agency.objects.filter(pk=by.agency).first() if by and by.agency else None
    told = {"office": post.agency.name, "caller": caller.name if caller else _("市妇联")}
    number = caller.telephone if caller else ""
    if number:
        told["number"] = number
        return _("“%(office)s”已停用,暂时不能登录。请打电话给%(caller)s:%(number)s。") % told
    return _("“%(office)s”已停用,暂时不能登录。请联系%(caller)s,或打12338。") % told
