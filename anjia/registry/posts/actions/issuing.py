"""初始密码: made by chance, handed over in person, good for one page on which she chooses her own."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _

from anjia.foundation.core.verdict import NotFound, RuleBroken, require
from anjia.foundation.core.who import Who
from anjia.registry.posts import ledger
from anjia.registry.posts.accounts import by_login, password_mark
from anjia.registry.posts.actions.accounts import add_account, encoded, give_post, refuse_self_service
from anjia.registry.posts.actors import held_on, today
from anjia.registry.posts.models import Account, Agency, Session
from anjia.registry.posts.policies import can_manage_agencies

#: So long a password that was handed over opens that page.
HANDED_LASTS = timedelta(hours=72)
#: Without letters and figures that are taken for one another; sixteen of them are 79 bits.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 4


def open_account(
    *, login: str, name: str, mobile: str, agency: Agency, role: str, title: str, actor: Who, now: datetime
) -> str:
    """A person who may sign in, with her first post from today on; returns the password to hand over.

    Raises RuleBroken beside the field that is wrong; then nothing of it is kept.
    """
    with transaction.atomic():
        account = add_account(login=login, name=name, mobile=mobile, actor=actor, now=now)
        give_post(
            account=account, agency=agency, role=role, title=title, from_on=today(now), actor=actor, now=now
        )
        return issue_password(account=account, actor=actor, now=now)


def issue_password_again(*, login: str, actor: Who, now: datetime) -> str:
    """For somebody who forgot hers. RuleBroken where nobody has that login name."""
    require(can_manage_agencies(actor))
    account = by_login(login)
    if account is None:
        raise RuleBroken(_("没有发。"), {"login": _("没有这个账号。")})
    return issue_password(account=account, actor=actor, now=now)


def issue_password(*, account: Account, actor: Who, now: datetime) -> str:
    """A password to be handed over in person; returned once, kept nowhere.

    What she had before ends, her browsers are signed out, and it stands in the ledger of each of her offices who
    issued it. Nobody issues her own: that would be a way round the old one.
    """
    require(can_manage_agencies(actor))
    refuse_self_service(actor, account)
    groups = ("".join(secrets.choice(LETTERS) for _n in range(GROUP)) for _g in range(GROUPS))
    password = "-".join(groups)
    account.password, account.password_due = make_password(password), now + HANDED_LASTS
    with transaction.atomic():
        account.save(update_fields=["password", "password_due"])
        Session.objects.filter(account=account).delete()
        for post in held_on(today(now)).filter(account=account):
            codes = {"post": str(post.pk)}
            ledger.note(post.agency_id, move=ledger.ISSUED, actor=actor, now=now, codes=codes)
    return password


def choose_password(*, account_id: UUID, handed: str, new: str, now: datetime) -> None:
    """She has shown the password that was handed over and chooses her own; the other one is over.

    `handed` is its mark (`accounts.password_mark`). Raises NotFound when it was used or renewed since, RuleBroken
    when the new one is too weak.
    """
    account = Account.objects.filter(pk=account_id, is_active=True, password_due__isnull=False).first()
    if account is None or password_mark(account) != handed:
        raise NotFound
    if check_password(new, account.password):
        raise RuleBroken(_("没有改。"), {"password": _("新密码要和发给您的不一样。")})
    hers = encoded(new)
    with transaction.atomic():  # of two pages made under one password the first counts
        same = Account.objects.filter(pk=account_id, password=account.password, password_due__isnull=False)
        if same.update(password=hers, password_due=None) != 1:
            raise NotFound
        Session.objects.filter(account=account_id).delete()
