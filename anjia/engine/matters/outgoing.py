"""Words that leave by wire are held to the same rule as paper: they do not say where she is or how she is reached.

A referral's request, an addition for a partner, the answer at her receipt: whoever is told reads it at once. Only words
of the office that keeps the case are compared: to anybody else a refusal would tell whether a guess was right.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import unsaid
from anjia.engine.matters.models import Matter
from anjia.engine.matters.moving import Moving
from anjia.foundation.core.verdict import RuleBroken
from anjia.law.playbooks.schema import Field

TEXTS = ("short_text", "long_text")
#: What whoever holds her receipt reads.
AT_HER_RECEIPT = frozenset({"reply", "message"})
KINDS: dict[str, str | Promise] = {
    unsaid.WHERE: _("现住处"),
    unsaid.PHONE: _("她的电话"),
    unsaid.SHELTER: _("安置单位"),
    unsaid.SCHOOL: _("孩子的学校"),
    unsaid.NAME: _("别人的姓名"),
    unsaid.TOLD: _("别人说过的话"),
}
#: What whoever is in the record is answered, and the words of it.
TO_HIM = {"decide_correction": "correction_answer", "answer_access": "access_answer"}


class SaysWhere(RuleBroken):
    """Words that leave say what is sealed. Whoever catches it logs a look: the refusal itself tells."""


def check(moving: Moving) -> None:
    """Refuse a step whose words go to another office or to her receipt and say what is sealed, naming the fields."""
    words = {f.name: str(moving.values[f.name]) for f in spoken(moving)} if leaves(moving) else {}
    if not words:
        return
    secrets = unsaid.secrets_of(moving.matter.root, moving.key)
    if moving.move.name in TO_HIM:
        secrets = [*unsaid.of_others(moving.matter.root, moving.key), *secrets]
    stopped = {name: unsaid.find(text, secrets) for name, text in words.items()}
    errors = {name: said(found) for name, found in stopped.items() if found}
    if errors:
        words_found = {f.kind for found in stopped.values() for f in found}
        fault = SaysWhere if words_found - unsaid.OF_OTHERS else RuleBroken
        raise fault(_("这几句话会交给别人,里面有不能外发的内容。"), errors)


def leaves(moving: Moving) -> bool:
    """Whether this step's words are read outside the office that keeps the case."""
    if moving.actor.kind != "post" or not keeps(moving.matter, moving.actor.agency_id):
        return False
    if moving.move.name in AT_HER_RECEIPT or moving.move.name in TO_HIM:
        return True
    told = {moving.matter.roles[r]["agency"] for r in moving.move.tells if r in moving.matter.roles}
    return bool(told - {str(moving.actor.agency_id)}) or moving.move.opens is not None


def keeps(matter: Matter, agency: UUID | None) -> bool:
    """Whether this office leads the case at the root of the matter."""
    if matter.parent_id is None:
        return matter.holder_id == agency
    return Matter.objects.filter(pk=matter.root, holder=agency).exists()


def spoken(moving: Moving) -> Iterator[Field]:
    """The step's free words. Those kept with the people or the whereabouts themselves do not leave with it."""
    told = TO_HIM.get(moving.move.name)
    for f in moving.move.asks:
        leaves_with_it = f.compartment == "narrative" or f.name == told
        if f.type in TEXTS and leaves_with_it and moving.values.get(f.name):
            yield f


def said(found: list[unsaid.Found]) -> str:
    """What stands next to the field."""
    what = "、".join(str(KINDS[kind]) for kind in sorted({f.kind for f in found}))
    return str(_("这里写了%(what)s,不能外发。") % {"what": what})
