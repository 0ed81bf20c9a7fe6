"""What kinds of agency there are: their line, where they stand, and how they take part by default.

The kinds themselves are the code list `agency-kind` of the law floor; here stands what only the register
needs to know about them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from anjia.law import codes
from anjia.registry.posts.models import Mode

#: Kinds that are the superiors of the others of their line. Village committees have none above them: a
#: township guides them, it does not see their matters. Nor have hospitals, unless a health commission is
#: registered.
LEADING = frozenset(
    {
        "federation",
        "police_bureau",
        "court",
        "procuratorate",
        "justice_bureau",
        "civil_affairs",
        "health_commission",
        "labour_bureau",
        "education_bureau",
        "media",
        "governance_center",
        "petition_office",
        "government",
    }
)


@dataclass(frozen=True)
class Kind:
    """One kind of agency.

    `line` is the hierarchy that supervises it, `tiers` where it may stand. `leads`: it is the superior of
    others of its line. `secret`: its address and telephone are never stored (shelters).
    """

    code: str
    line: str
    tiers: tuple[str, ...]
    zh: str
    en: str
    mode: str
    leads: bool
    secret: bool


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its code. The federation takes part online, others are recorded on behalf at first."""
    found = {}
    for item in codes.book()["agency-kind"].items.values():
        known = item.attributes
        found[item.code] = Kind(
            code=item.code,
            line=known["line"],
            tiers=tuple(known["tiers"]),
            zh=item.label["zh"],
            en=item.label["en"],
            mode=Mode.ONLINE if known.get("federation_line") else Mode.ON_BEHALF,
            leads=item.code in LEADING,
            secret=known.get("address") == "never",
        )
    return found


def label(code: str, language: str = "zh-hans") -> str:
    """The kind's name for a screen; the code itself when it is not known."""
    kind = kinds().get(code)
    if kind is None:
        return code
    return kind.en if language.startswith("en") else kind.zh


def text(code: str) -> dict[str, str]:
    """The kind's name in both languages, for a page in either."""
    kind = kinds().get(code)
    return {"zh": kind.zh, "en": kind.en} if kind else {"zh": code, "en": code}
