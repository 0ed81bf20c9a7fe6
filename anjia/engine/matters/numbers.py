"""The human number of a matter: county, year, six random digits, a check digit. Never a sequence.

A sequence would show gaps (something exists that you may not see) and would be one hot row.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from anjia.foundation.core.clock import SHANGHAI


def check_digit(digits: str) -> int:
    """Luhn's check digit, which catches every single mistyped digit and most swapped neighbours."""
    total = 0
    for i, ch in enumerate(reversed(digits)):
        value = int(ch) * (2 if i % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


def new_number(county: str, now: datetime) -> str:
    """For example 321003-2026-482915-7."""
    year = now.astimezone(SHANGHAI).year
    middle = f"{secrets.randbelow(10**6):06d}"
    return f"{county}-{year}-{middle}-{check_digit(county + str(year) + middle)}"


def new_receipt() -> str:
    """20 decimal digits (66 bits) that bring a resident back to her report; only its HMAC is stored."""
    return f"{secrets.randbelow(10**20):020d}"
