"""The office complained of never gets the accuser's material (信访工作条例30): it is kept out of the matter and of
every matter below it that carries people or papers. Only what says nothing of her, an urging opinion, may go there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anjia.engine.matters.models import Matter
from anjia.foundation.core.verdict import ALLOW, Verdict, deny

#: The field by which a playbook says which office is complained of.
FIELD = "complained_agency"


def upwards(matter: Matter | None) -> Iterator[Matter]:
    """The matter and those it was opened in."""
    while matter is not None:
        yield matter
        matter = matter.parent


def offices(matter: Matter) -> frozenset[str]:
    """Every office complained of in this matter or above it."""
    return frozenset(str(m.data[FIELD]) for m in upwards(matter) if m.data.get(FIELD))


def apart(matter: Matter, agency: UUID | str) -> Verdict:
    """Whether this agency may be brought in: not when it is the one complained of."""
    if str(agency) in offices(matter):
        return deny(_("这是被反映的单位。信访人的材料不得转给被反映的单位(信访工作条例第30条)。"), "accused")
    return ALLOW


def named_in(data: Mapping[str, Any]) -> str:
    """The office complained of in what was typed at the opening, or ""."""
    return str(data.get(FIELD) or "")
