"""到哪一步了: what a household reads of its application, in plain words, whenever it looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.models import Duty, Matter
from anjia.prevention.honours.notice import NOTICE
from anjia.prevention.honours.rounds import HOUSEHOLD, TAKING, round_of

Words = str | Promise
STEPS: tuple[Words, ...] = (_("收到"), _("乡镇(街道)看过"), _("公示五个工作日"), _("公布"))
#: How many of these are done in each stage.
REACHED = {"received": 1, "looked": 2, "noticed": 2, "after_notice": 3, "listed": 4}
LINES: dict[str, Words] = {
    "received": _("收到了,乡镇(街道)妇联正在看。"),
    "looked": _("乡镇(街道)看过了。截止以后统一核对,再一起公示。"),
    "noticed": _("正在公示。"),
    "after_notice": _("公示期满,等着公布。"),
    "listed": _("已经公布。谢谢您一家。"),
    "not_listed": _(
        "本轮未列入。未列入的不公开,不说明理由;每一轮都有一部分家庭由抽签留到以后。下一轮可以再来。"
    ),
    "withdrawn": _("已经撤回。"),
}


@dataclass(frozen=True)
class Where:
    """The line, how many steps are done (none once it is not listed), and the day by which something happens."""

    line: Words
    done: int
    closes: datetime | None = None
    until: datetime | None = None


def where(matter: Matter) -> Where | None:
    """Where an application stands; None for every other procedure. The same for every household in the same stage."""
    if matter.playbook != HOUSEHOLD:
        return None
    done = REACHED.get(matter.stage, 0)
    closes = Duty.objects.filter(matter=round_of(matter.id), kind=TAKING) if done in (1, 2) else None
    runs = Duty.objects.filter(matter=matter.id, kind=NOTICE, done_at__isnull=True)
    waiting = matter.stage in ("received", "looked")
    return Where(
        LINES[matter.stage],
        done,
        closes.values_list("due_at", flat=True).first() if closes is not None and waiting else None,
        runs.values_list("due_at", flat=True).first() if matter.stage == "noticed" else None,
    )
