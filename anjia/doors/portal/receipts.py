"""The twenty digits she carries in her head: read in any writing, shown in the shape she chooses."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anjia.engine.matters import resident
from anjia.engine.matters.models import Matter
from anjia.foundation.events.models import Event

#: Shapes the digits can take, in the order of their buttons.
SHAPES: tuple[tuple[str, str | Promise], ...] = (
    ("plain", _("四个一组")),
    ("phones", _("像电话本")),
    ("parcel", _("像快递单号")),
)


@dataclass(frozen=True)
class Line:
    """One line of a shape: a harmless word before some of the digits, in their order."""

    word: str | Promise
    digits: str


def digits(typed: str) -> str:
    """The digits of what was typed: any grouping, dashes, words between, full-width figures."""
    return "".join(ch for ch in unicodedata.normalize("NFKC", typed) if ch.isascii() and ch.isdigit())


def shaped(receipt: str, shape: str) -> list[Line]:
    """The receipt as lines. Read from top to bottom every shape is the same number."""
    if shape == "phones":
        a, b, c = receipt[:7], receipt[7:14], receipt[14:]
        return [
            Line(_("水站"), f"{a[:3]} {a[3:]}"),
            Line(_("物业"), f"{b[:3]} {b[3:]}"),
            Line(_("开锁"), f"{c[:3]} {c[3:]}"),
        ]
    if shape == "parcel":
        return [Line(_("快递单号"), receipt)]
    return [Line("", " ".join(receipt[i : i + 4] for i in range(0, len(receipt), 4)))]


def find(receipt: str) -> Matter | None:
    """The matter of a receipt; None alike for unknown, mistyped, withdrawn and erased.

    Withdrawn counts from the moment it is said, though the desk still makes sure that it was her own will.
    Once the desk has written to her after that, the receipt opens again: somebody else may have withdrawn it.
    """
    matter = resident.find(receipt)
    owner = matter.id if matter else resident.NOBODY
    said = Event.objects.filter(matter=owner, move__in=("withdraw", "reply", "message"))
    last = said.order_by("-seq").values_list("move", flat=True).first()
    return None if last == "withdraw" else matter


def is_hers(matter: Matter) -> bool:
    """Whether she reported it herself; somebody who reported it for her, or by duty, may not decide in her place."""
    return not matter.parties.filter(role__in=("helper", "reporting")).exists()
