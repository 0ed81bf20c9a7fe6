"""Where somebody is or lives, chosen from lists: county, then township, then village."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from anjia.registry.places import places


def offered(code: str) -> dict[str, Any]:
    """The lists to choose from, one tier below what is already chosen ("" for nothing yet)."""
    county, township = code[:6], code[:9] if len(code) >= 9 else ""
    return {
        "counties": places.children(settings.CITY),
        "townships": places.children(county) if county else [],
        "villages": places.children(township) if township else [],
        "county": county,
        "township": township,
        "village": code if len(code) > 9 else "",
    }
