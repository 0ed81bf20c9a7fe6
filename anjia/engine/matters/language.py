"""The reader's language, for texts that the law keeps in both."""

from __future__ import annotations

from django.utils.translation import get_language


def language() -> str:
    """zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"
