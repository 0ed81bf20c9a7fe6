"""我要自荐: from what a household typed to an application in the round that is open for its village."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import actions
from anjia.engine.matters.inputs import Opened, PartyInput
from anjia.engine.matters.models import Link, Matter
from anjia.engine.matters.moving import Moving
from anjia.engine.matters.numbers import new_receipt
from anjia.engine.matters.opening import Opening, build
from anjia.foundation.core.batch import Batch
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.vault import vault
from anjia.prevention.honours.rounds import HOUSEHOLD, LINK, standing
from anjia.registry.places import places
from anjia.registry.posts import actors

MOST_ADULTS, MOST_MINORS = 8, 10


@dataclass(frozen=True)
class Adult:
    """One adult: the name, that he or she agrees, and whether the name may stand on the notice."""

    name: str
    agrees: bool = False
    named: bool = False


def apply(
    *,
    village: str,
    adults: Sequence[Adult],
    minors: int,
    words: str,
    files: Sequence[Any] = (),
    key: str,
    now: datetime,
) -> Opened:
    """The application, with its receipt. RuleBroken where no round is open, nobody is named or one adult has not agreed."""
    round_ = standing(village, now).open
    if round_ is None:
        raise RuleBroken(_("本轮尚未开始,或者刚刚截止。"))
    check(adults)
    said = actions.fingerprint_of(
        HOUSEHOLD, village, [[a.name, a.agrees, a.named] for a in adults], minors, words
    )

    def begin(batch: Batch) -> tuple[Moving, str]:
        return put(batch, round_, village, adults, minors, words, files, now)

    return actions.opened_once(begin, key=key, said=said, now=now)


def check(adults: Sequence[Adult]) -> None:
    """Every adult is named once and agrees; what is wrong stands beside the row of that adult."""
    wrong: dict[str, Any] = {}
    seen: set[str] = set()
    for n, adult in enumerate(adults):
        if adult.name in seen:
            wrong[f"name-{n}"] = _("这个名字写了两遍。")
        elif not adult.agrees:
            wrong[f"agrees-{n}"] = _("每位成年人都同意才能报。不同意的,这一轮就不报。")
        seen.add(adult.name)
    if not adults:
        wrong["name-0"] = _("请写家里成年人的名字。")
    if wrong:
        raise RuleBroken(_("有几处需要改一下。"), wrong)


def in_short(village: str, adults: Sequence[Adult], minors: int) -> str:
    """What whoever handles it reads first; in Chinese, as every record of the house is."""
    named = "、".join(a.name for a in adults if a.named) or "只写村(社区)"
    return f"{places.display(village)} · 成年人{len(adults)}位 · 孩子{minors}个 · 公示写:{named}"


def put(
    batch: Batch,
    round_: Matter,
    village: str,
    adults: Sequence[Adult],
    minors: int,
    words: str,
    files: Sequence[Any],
    now: datetime,
) -> tuple[Moving, str]:
    """The application and the link that says of which round it is, in one batch."""
    for upload in files:
        upload.seek(0)
    opening = Opening(
        playbook=HOUSEHOLD,
        actor=actors.resident(),
        now=now,
        at=now,
        channel="online",
        place=village,
        parties=[PartyInput(role="adult", sealed={"label": {"name": a.name}}) for a in adults],
        data={
            "all_agree": True,
            "minors": minors,
            "village": village,
            "named_as": "、".join(a.name for a in adults if a.named),
            "in_short": in_short(village, adults, minors),
            "words": words,
        },
        files=tuple(files),
        partial=False,
    )
    moving = build(batch, opening)
    batch.insert(Link(first=moving.matter, second=round_, kind=LINK, at=now))
    receipt = new_receipt()
    vault.add_token(batch, kind="receipt", value=receipt, root=moving.matter.root, owner=moving.matter.id)
    return moving, receipt
