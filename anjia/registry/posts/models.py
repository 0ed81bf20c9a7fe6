"""Agencies, the posts in them, and the people who hold a post for a time."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anjia.foundation.core.ids import uuid7
from anjia.registry.places.models import Place, Tier


class Mode(models.TextChoices):
    """How an agency takes part: it signs in itself, or the federation records what it did (代录)."""

    ONLINE = "online", _("在线")
    ON_BEHALF = "on_behalf", _("代录")


class Agency(models.Model):
    """An office that can hold a matter or owe a duty. `kind` is a code of law/codes `agency-kind`.

    `line` is its hierarchy (federation, police, court …): supervision follows the line, not the place tree.
    Ancestor codes are those of the place it answers for, through the places that MANAGE it; blank below
    its own tier. `closed_on` is the first day without it. While `stopped_at` is set (停用) nobody in it
    gets in and nothing new goes to it; `chain_…` is the end of its own ledger: who stopped it, whose post ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=24)
    line = models.CharField(max_length=16)
    tier = models.CharField(max_length=8, choices=Tier.choices)
    name = models.CharField(max_length=80)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    city = models.CharField(max_length=16, blank=True)
    county = models.CharField(max_length=16, blank=True)
    township = models.CharField(max_length=16, blank=True)
    village = models.CharField(max_length=16, blank=True)
    superior = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="juniors")
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.ON_BEHALF)
    telephone = models.CharField(max_length=40, blank=True)  # the office's public number
    address = models.CharField(max_length=120, blank=True)  # public; blank for shelters, always
    opening_hours = models.CharField(max_length=80, blank=True)
    is_fictional = models.BooleanField(default=False)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    stopped_at = models.DateTimeField(null=True)
    chain_seq = models.PositiveIntegerField(default=0)
    chain_mac = models.BinaryField(default=bytes)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "place"], name="agency_kind_place"),
            models.Index(fields=["line", "tier", "county"], name="agency_line"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="shelter") | Q(address="", telephone=""), name="agency_shelter_hidden"
            ),
        ]


class Account(AbstractBaseUser):
    """A person who signs in. Name and telephone are sealed (staff key); the login name is a keyed hash.

    While `password_due` is set the password is one that was handed over: until then it opens one page only, on
    which she chooses her own. `first_in_at` is when she first came in; her days for a second factor count from it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    login_hash = models.BinaryField(max_length=32, unique=True)
    language = models.CharField(max_length=8, default="zh-hans")
    is_active = models.BooleanField(default=True)
    password_due = models.DateTimeField(null=True)
    first_in_at = models.DateTimeField(null=True)
    last_login = None  # not kept: a write per sign-in that nobody reads

    USERNAME_FIELD = "id"


class Revision(models.Model):
    """One row whose mark changes whenever a place, a management or an agency does (`revision.py`)."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    mark = models.BigIntegerField()


class PostRole(models.TextChoices):
    """What a post is for. Leaders and system administrators reach no matter."""

    HEAD = "head", _("负责人")
    OFFICER = "officer", _("经办")
    TRIAGE = "triage", _("受理分派")
    VOLUNTEER = "volunteer", _("志愿者")
    LEADER = "leader", _("领导")
    SYSADMIN = "sysadmin", _("系统管理员")


class Post(models.Model):
    """A role in an agency held by one account from a date to a date. A person may hold several and switches.

    `to_on` is the first day on which it is no longer held; access ends with the next request. `pledge` is the
    version of the confidentiality pledge that was given in it, `cleared_at` when what it held after its end
    had gone to others.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=10, choices=PostRole.choices)
    title = models.CharField(max_length=60)  # "权益部部长": names the chair, not the person
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    pledge = models.CharField(max_length=12, blank=True)
    pledged_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "role"], name="post_agency")]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="post_runs_forward"
            ),
        ]


class Shift(models.Model):
    """值班: which post answers which telephone when; every escalation ladder ends here."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="shifts")
    post = models.ForeignKey(Post, on_delete=models.PROTECT)
    telephone = models.BinaryField()  # sealed under the staff key
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    asked = models.ForeignKey(Post, null=True, on_delete=models.SET_NULL, related_name="+")  # to take it
    in_return = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_runs_forward")
        ]
        indexes = [models.Index(fields=["agency", "ends_at"], name="shift_now")]


class Session(models.Model):
    """A signed-in browser. Keyed by the hash of its cookie, so that a stolen table opens no session."""

    key = models.BinaryField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE)
    post = models.ForeignKey(Post, null=True, on_delete=models.CASCADE)
    data = models.BinaryField()  # sealed
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    proved_at = models.DateTimeField(null=True)  # when a second factor was last shown in this browser
    proved_by = models.CharField(max_length=12, blank=True)  # its kind; blank while none was
    sealed_at = models.DateTimeField(null=True)  # when a page last opened sealed data here
    news = models.BooleanField(default=False)  # her way to sign in changed and she has not seen it yet


class FactorKind(models.TextChoices):
    """With what a person shows, beside the password, that it is she."""

    TOTP = "totp", _("验证器动态码")
    PASSKEY = "passkey", _("通行密钥")
    CERTIFICATE = "certificate", _("数字证书(UKey)")
    SSO = "sso", _("政务统一认证")


class Factor(models.Model):
    """A second factor of one account. What it is checked with is sealed, and gone once it is removed.

    `handle` finds it again where the thing shown names itself (a key, a certificate, a subject): a keyed
    hash. `counter` is the last time step or use, so that what was overheard once opens nothing twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="factors")
    kind = models.CharField(max_length=12, choices=FactorKind.choices)
    handle = models.BinaryField(max_length=32, null=True)
    body = models.BinaryField()  # sealed
    counter = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handle"], condition=Q(removed_at__isnull=True), name="factor_handle_once"
            ),
        ]
        indexes = [models.Index(fields=["account", "removed_at"], name="factor_account")]


class Vouch(models.Model):
    """A colleague answers for somebody who lost her second factor: half of what lets her set up a new one.

    The code is told by word of mouth and kept as the slow hash of a keyed one; it is used once, within a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="vouches")
    by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=128)
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "expires_at"], name="vouch_account")]
