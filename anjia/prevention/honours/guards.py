"""No round without its basis, and no end of a round while a household waits for its word."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.moving import Moving
from anjia.engine.matters.registry import guard
from anjia.foundation.core.verdict import ALLOW, RuleBroken, Verdict, deny
from anjia.prevention.honours import rounds
from anjia.registry.posts.actors import today

LONGEST = timedelta(days=90)


@guard("recognition.basis")
def basis_holds(moving: Moving) -> Verdict:
    """Without a document that holds until the round has closed there is no round, nor a second one beside an open one."""
    if moving.is_preview:
        return ALLOW
    day = today(moving.now)
    until, closes = (date.fromisoformat(str(moving.values[n])) for n in ("basis_until", "closes_on"))
    wrong = {}
    if until < day:
        wrong["basis_until"] = _("这份依据已经过期,不能开始。请附上还有效的依据。")
    elif closes > until:
        wrong["closes_on"] = _("截止日不能晚于依据的有效期。")
    if closes < day or closes > day + LONGEST:
        wrong["closes_on"] = _("截止日在今天以后、九十天以内。")
    if wrong:
        raise RuleBroken(_("有几处需要改一下。"), wrong)
    holder = moving.matter.holder
    if rounds.standing(holder.county or holder.city, moving.now).open:
        return deny(_("这里已经有一轮在接受申报,等它截止再开始。"), "running")
    return ALLOW


@guard("recognition.all_ended")
def all_ended(moving: Moving) -> Verdict:
    """Every household of the round has its result."""
    waiting = sum(1 for m in rounds.households(moving.matter.id) if m.ended_at is None)
    if waiting:
        return deny(_("还有 %(n)s 户没有结果,请先“公布期满的”。") % {"n": waiting}, "waiting")
    return ALLOW
