"""Who wants to be told how, and what became of every message. No message's words are ever stored."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.models import Matter
from anjia.registry.posts.models import Account, Agency


class Way(models.TextChoices):
    """How a message travels."""

    DESK = "desk", _("只在工作台看")
    MAIL = "mail", _("电子邮件")
    WECOM = "wecom", _("企业微信(政务微信)")
    DINGTALK = "dingtalk", _("钉钉")
    SMS = "sms", _("短信")


class Often(models.TextChoices):
    """How often somebody wants to be told."""

    DAILY = "daily", _("每天一条汇总")
    FRESH = "fresh", _("每天一条汇总,来了新的也说(最多每15分钟一条)")
    URGENT = "urgent", _("只说紧急的")


class Preference(models.Model):
    """How one person wants to be told. Without a row nothing leaves for her: she finds it at the desk."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.DESK)
    address = models.BinaryField(default=bytes)  # sealed; a text message goes to the mobile her office keeps
    often = models.CharField(max_length=10, choices=Often.choices, default=Often.DAILY)
    quiet_from = models.TimeField(default=time(19))
    quiet_to = models.TimeField(default=time(8))


class State(models.TextChoices):
    """Where a message stands."""

    QUEUED = "queued", _("排队")
    WAITING = "waiting", _("等到可以发的时间")
    SENDING = "sending", _("正在发")
    SENT = "sent", _("已发出")
    DELIVERED = "delivered", _("已送达")
    FAILED = "failed", _("没发成,会再试")
    GIVEN_UP = "given_up", _("发不出去")
    UNSURE = "unsure", _("不知道到了没有")
    DROPPED = "dropped", _("没有发")


class Message(models.Model):
    """One message, from the moment it is asked for. Its id is the outbox row's that sends it; `key` says what it is
    about, so that the same is never asked for twice. Which sentence it is stands in messages.yaml.
    """

    id = models.UUIDField(primary_key=True)
    key = models.CharField(max_length=120, unique=True)
    wording = models.CharField(max_length=16)
    count = models.PositiveSmallIntegerField(default=1)
    way = models.CharField(max_length=10, choices=Way.choices)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    shift = models.UUIDField(null=True)  # to the telephone of that shift
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")  # who looks after it
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    why = models.CharField(max_length=16, blank=True)  # why it waits, was not sent or failed: a code
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "asked_at"], name="message_state"),
            models.Index(fields=["asked_at"], name="message_asked"),
        ]

    @property
    def is_to_resident(self) -> bool:
        """Nobody of staff: then only her word counts."""
        return self.account_id is None and self.shift is None
