"""停用 and 恢复 of an office: its door is shut in one act, and opened again in another."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anjia.foundation.core.batch import Batch
from anjia.foundation.core.verdict import RuleBroken, deny, require
from anjia.foundation.core.who import Who
from anjia.foundation.outbox import outbox
from anjia.registry.posts import ledger
from anjia.registry.posts.models import Agency, Session
from anjia.registry.posts.policies import can_stop

#: What follows for the matters; the engine above carries it out, seconds later.
STOPPED = "posts.stopped"
LEAST_WORDS = 4


def stop_agency(*, agency: Agency, reason: str, fresh: bool, actor: Who, now: datetime) -> None:
    """From the next request on nobody in it gets in, whatever browser or post of it he uses.

    `fresh`: a second factor was shown just now. Raises NotAllowed, and RuleBroken without a reason or when
    it is stopped already.
    """
    check(agency, reason, fresh, actor)
    with transaction.atomic():
        row = Agency.objects.select_for_update().get(pk=agency.pk)
        if row.stopped_at is not None:
            raise RuleBroken(_("这个单位已经停用。"))
        Agency.objects.filter(pk=row.pk).update(stopped_at=now)
        Session.objects.filter(post__agency=row).delete()
        ledger.note(row.pk, move=ledger.STOP, actor=actor, now=now, words=reason)
        batch = Batch()
        outbox.put(batch, kind=STOPPED, body={"agency": str(row.pk), "after": ""}, now=now)
        batch.flush()


def reopen_agency(*, agency: Agency, reason: str, fresh: bool, actor: Who, now: datetime) -> None:
    """Its people may sign in again, anew. What went to others meanwhile stays with them."""
    check(agency, reason, fresh, actor)
    with transaction.atomic():
        row = Agency.objects.select_for_update().get(pk=agency.pk)
        if row.stopped_at is None:
            raise RuleBroken(_("这个单位没有停用。"))
        Session.objects.filter(post__agency=row).delete()
        Agency.objects.filter(pk=row.pk).update(stopped_at=None)
        ledger.note(row.pk, move=ledger.REOPEN, actor=actor, now=now, words=reason)


def check(agency: Agency, reason: str, fresh: bool, actor: Who) -> None:
    """Who may, with a second factor shown just now and a reason in words."""
    require(can_stop(actor, agency))
    if not fresh:
        require(deny(_("请先再次验证身份。"), "fresh"))
    if len(reason.strip()) < LEAST_WORDS:
        raise RuleBroken(_("有几处需要改一下。"), {"reason": _("请写明原因。")})
