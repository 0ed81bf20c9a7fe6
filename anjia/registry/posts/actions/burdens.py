"""A federation's own, lower cap on what the procedures may ask of a village; kept in its ledger, never in a table."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anjia.foundation.core.verdict import RuleBroken, require
from anjia.law.playbooks import burden
from anjia.registry.posts import ledger
from anjia.registry.posts.actors import Actor
from anjia.registry.posts.policies import can_cap_burden


def cap_burden(*, form: str, month: str, words: str, actor: Actor, now: datetime) -> None:
    """From now on no form longer than this is published here; never above the house's own cap."""
    require(can_cap_burden(actor))
    house = burden.cap()
    wanted = {"form": _number(form), "month": _number(month)}
    most = {"form": house.form, "month": house.month}
    bad = {
        name: _("请填 1 到 %(most)s 的整数。") % {"most": most[name]}
        for name, value in wanted.items()
        if not 1 <= value <= most[name]
    }
    if bad:
        raise RuleBroken(_("有几处需要改一下。"), bad)
    if actor.agency_id is None:
        raise RuleBroken(_("有几处需要改一下。"))
    with transaction.atomic():
        ledger.note(actor.agency_id, move=ledger.BURDEN_CAP, actor=actor, now=now, codes=wanted, words=words)


def _number(text: str) -> int:
    return int(text) if text.strip().isdecimal() and len(text.strip()) < 4 else 0
