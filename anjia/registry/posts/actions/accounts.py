"""People get an account, are given posts, and lose them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anjia.foundation.core.batch import Batch
from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.verdict import ALLOW, NotAllowed, NotFound, RuleBroken, Verdict, deny, require
from anjia.foundation.core.who import Who
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment, Sealed
from anjia.law import codes
from anjia.law.codes import identity
from anjia.registry.posts import identities, ledger, pledges
from anjia.registry.posts.accounts import login_hash
from anjia.registry.posts.actions import factors
from anjia.registry.posts.actors import Actor, held_on, today
from anjia.registry.posts.models import Account, Agency, Factor, Post, PostRole, Session
from anjia.registry.posts.policies import can_manage_agencies, can_manage_people_of

#: How a relative is related; the code list of the parties.
RELATIONS = "relation"


def add_account(
    *,
    login: str,
    name: str,
    actor: Who,
    now: datetime,
    password: str | None = None,
    mobile: str = "",
    language: str = "zh-hans",
) -> Account:
    """A person who may sign in. Name and mobile are sealed; the login name is kept as a keyed hash only.

    Without a password nobody can sign in by password; only set-up gives one with it, a person who looks after
    accounts hands one over (`issue_password`). Raises RuleBroken when the login name is taken, a field is blank,
    or the password is too weak.
    """
    require(can_manage_agencies(actor))
    if password is not None:
        require(chooses_for_nobody(actor))
    if not login.strip() or not name.strip():
        raise RuleBroken(fields={"login" if not login.strip() else "name": _("请填写账号和姓名。")})
    hashed = login_hash(login)
    if Account.objects.filter(login_hash=hashed).exists():
        raise RuleBroken(fields={"login": _("这个账号已经有人用了。")})
    account = Account(id=uuid7(), login_hash=hashed, language=language, password=encoded(password))
    batch, key = Batch(), vault.staff_key()
    batch.insert(account)
    vault.seal(batch, key, owner=account.id, compartment=Compartment.LABEL, value={"name": name.strip()})
    if mobile:
        vault.seal(batch, key, owner=account.id, compartment=Compartment.CONTACT, value={"mobile": mobile})
    try:
        with transaction.atomic():
            identities.remember(batch, account.id, name.strip(), {"mobile": mobile}, now)
            batch.flush()
    except IntegrityError:
        raise RuleBroken(fields={"login": _("这个账号已经有人用了。")}) from None
    return account


def encoded(password: str | None) -> str:
    """The Argon2 form of a password, or one that nothing matches."""
    if password is None:
        return make_password(None)
    try:
        validate_password(password)
    except ValidationError:
        raise RuleBroken(
            fields={"password": _("密码至少12个字,不要用常见的密码,也不要用单位、地名加数字。")}
        ) from None
    return make_password(password)


def chooses_for_nobody(actor: Who) -> Verdict:
    """Nobody knows another person's password: who looks after accounts hands over one that has to be changed."""
    if actor.kind == "system":
        return ALLOW
    return deny(_("不能替别人定密码,只能发一个初始密码,由本人改。"), "own-password")


def set_password(*, account: Account, password: str, actor: Who, now: datetime) -> None:
    """One's own new password; every browser this person is signed in with is signed out."""
    if actor.account_id != account.id:
        require(chooses_for_nobody(actor))
    account.password, account.password_due = encoded(password), None
    with transaction.atomic():
        account.save(update_fields=["password", "password_due"])
        Session.objects.filter(account=account).delete()


def change_password(*, account_id: UUID | None, current: str, new: str, actor: Actor, now: datetime) -> None:
    """One's own new password, against the one in use. Every browser, this one too, is signed out."""
    if account_id is None:
        raise NotFound
    account = Account.objects.get(pk=account_id, is_active=True)
    if not check_password(current, account.password):
        raise RuleBroken(_("没有改。"), {"current": _("现在的密码不对。")})
    if current == new:
        raise RuleBroken(_("没有改。"), {"password": _("新密码要和现在的不一样。")})
    set_password(account=account, password=new, actor=actor, now=now)


def set_contact(*, account: Account, name: str, mobile: str, actor: Who, now: datetime) -> None:
    """A new name or mobile; earlier versions stay sealed in the history."""
    if actor.account_id != account.id:
        require(can_manage_agencies(actor))
    if not name.strip():
        raise RuleBroken(fields={"name": _("请填写账号和姓名。")})
    batch, key = Batch(), vault.staff_key()
    values = {Compartment.LABEL: {"name": name.strip()}, Compartment.CONTACT: {"mobile": mobile}}
    with transaction.atomic():
        rows = vault.latest([account.id], values)
        for compartment, value in values.items():
            last: Sealed | None = rows.get((account.id, compartment))
            vault.seal(
                batch,
                key,
                owner=account.id,
                compartment=compartment,
                value=value,
                version=last.version + 1 if last else 1,
            )
        details = {**identities.details(account.id), "mobile": mobile}
        identities.remember(batch, account.id, name.strip(), details, now)
        batch.flush()


def set_particulars(
    *, account_id: UUID | None, id_number: str, address: str, actor: Who, now: datetime
) -> None:
    """Her own identity number and home, so that she is kept from the matters of her own family.

    Sealed, compared, shown to nobody. What is left empty stays as it was. Raises RuleBroken for a number
    that is none: it would never match anybody.
    """
    if account_id is None:
        raise NotFound
    if actor.account_id != account_id:
        require(can_manage_agencies(actor))
    fault = identity.fault(id_number) if id_number.strip() else None
    if fault:
        language = "en" if (get_language() or "").startswith("en") else "zh"
        raise RuleBroken(_("有几处需要改一下。"), {"id_number": fault[language]})
    batch = Batch()
    with transaction.atomic():
        identities.add_details(batch, account_id, {"id_number": id_number, "address": address}, now)
        batch.flush()


def declare_relative(
    *,
    account_id: UUID | None,
    name: str,
    relation: str,
    id_number: str,
    phone: str,
    actor: Who,
    now: datetime,
) -> None:
    """亲属登记: somebody in whose matters she has no part either. A name alone never walls: a number is needed.

    Sealed, compared, shown to nobody. Raises RuleBroken without name and number, or for a number that is none.
    """
    if account_id is None or actor.account_id != account_id:
        raise NotFound
    wrong: dict[str, str] = {}
    if not name.strip():
        wrong["name"] = _("请填写姓名。")
    if relation not in codes.book()[RELATIONS].codes:
        wrong["relation"] = _("请从列表中选择。")
    if not id_number.strip() and not vault.normalise("phone", phone):
        wrong["kin_id_number"] = _("请填身份证号或电话,只有姓名比不出来。")
    elif id_number.strip() and (fault := identity.fault(id_number)):
        wrong["kin_id_number"] = fault["en" if (get_language() or "").startswith("en") else "zh"]
    if wrong:
        raise RuleBroken(_("有几处需要改一下。"), wrong)
    batch = Batch()
    given = {"name": name, "relation": relation, "id_number": id_number, "mobile": phone}
    with transaction.atomic():
        identities.add_relative(batch, account_id, given, now)
        batch.flush()


def set_language(*, account: Account, language: str, actor: Who, now: datetime) -> None:
    """The language this person's screens are in."""
    if actor.account_id != account.id:
        require(can_manage_agencies(actor))
    account.language = language
    account.save(update_fields=["language"])


def shut_account(*, account: Account, actor: Who, now: datetime) -> None:
    """The person cannot sign in any more, at once."""
    require(can_manage_agencies(actor))
    account.is_active = False
    with transaction.atomic():
        account.save(update_fields=["is_active"])
        Session.objects.filter(account=account).delete()


def give_post(
    *,
    account: Account,
    agency: Agency,
    role: str,
    title: str,
    from_on: date,
    actor: Who,
    now: datetime,
    to_on: date | None = None,
) -> Post:
    """A person holds a post from a day on, beside any others she holds (until the day before `to_on`).

    Nobody can give herself a post, and only a system administrator can make another one.
    """
    require(can_manage_people_of(actor, agency))
    refuse_self_service(actor, account)
    if role not in PostRole.values:
        raise RuleBroken(fields={"role": _("请选择岗位类别。")})
    if role == PostRole.SYSADMIN:
        require(can_manage_agencies(actor))
    if not title.strip():
        raise RuleBroken(fields={"title": _("请填写岗位名称。")})
    if to_on is not None and to_on <= from_on:
        raise RuleBroken(fields={"to_on": _("结束日期要晚于开始日期。")})
    return Post.objects.create(
        account=account, agency=agency, role=role, title=title.strip(), from_on=from_on, to_on=to_on
    )


def give_pledge(*, version: str, actor: Actor, now: datetime) -> None:
    """She has read the pledge and gives it; version and time stand on her post.

    Raises RuleBroken unless it is the version in force: what was read must be what is promised.
    """
    if actor.post_id is None or actor.agency_id is None:
        raise NotFound
    if version != pledges.in_force(today(now)).version:
        raise RuleBroken(_("请读完后打勾。"), {"pledge": _("请读完后打勾。")})
    with transaction.atomic():
        Post.objects.filter(pk=actor.post_id).update(pledge=version, pledged_at=now)
        codes = {"post": str(actor.post_id), "version": version}
        ledger.note(actor.agency_id, move=ledger.PLEDGED, actor=actor, now=now, codes=codes)


def refuse_self_service(actor: Who, account: Account) -> None:
    """Somebody else has to answer for every post that is given."""
    if isinstance(actor, Actor) and actor.account_id == account.id:
        raise NotAllowed(deny(_("不能给自己安排岗位。"), "own-post"))


def before_end(holds: Callable[[Post], bool]) -> Callable[[Post], bool]:
    """Register what a post may still hold: while it does, it does not end."""
    _holds.append(holds)
    return holds


_holds: list[Callable[[Post], bool]] = []


def end_post(*, post: Post, actor: Who, now: datetime, on: date | None = None) -> None:
    """The post ends; `on` is the first day without it (default today, which ends access at once).

    Its sessions end, and the person's factors with the last post. Raises RuleBroken while it still holds
    something, which has to be handed on first; one that ends on a later day is cleared then.
    """
    require(can_manage_people_of(actor, post.agency))
    last = on or today(now)
    if last < post.from_on:
        raise RuleBroken(fields={"to_on": _("结束日期要晚于开始日期。")})
    with transaction.atomic():
        if last <= today(now) and any(holds(post) for holds in _holds):
            raise RuleBroken(_("这个岗位手上还有事项,请先交接。"))
        post.to_on = last
        post.save(update_fields=["to_on"])
        if last <= today(now):
            note_end(post=post, handed=0, actor=actor, now=now)


def note_end(*, post: Post, handed: int, actor: Who, now: datetime) -> None:
    """A post is over and holds nothing: nobody gets in by it, and by nothing of a person without any post."""
    Session.objects.filter(post=post).delete()
    if not held_on(today(now)).filter(account=post.account_id).exclude(pk=post.pk).exists():
        factors.forget(Factor.objects.filter(account=post.account_id, removed_at=None), now)
        Session.objects.filter(account=post.account_id).delete()
    Post.objects.filter(pk=post.pk).update(cleared_at=now)
    codes = {"post": str(post.pk), "handed": handed, "by_date": actor.kind == "system"}
    ledger.note(post.agency_id, move=ledger.POST_ENDED, actor=actor, now=now, codes=codes)
