"""Time-ordered identifiers (RFC 9562 UUIDv7), so that indexes grow at their end."""

from __future__ import annotations

import os
import time
import uuid
from datetime import datetime


def uuid7(at_ms: int | None = None) -> uuid.UUID:
    """A version 7 UUID; `at_ms` is Unix time in milliseconds (default: the machine's clock)."""
    ms = time.time_ns() // 1_000_000 if at_ms is None else at_ms
    value = (ms & 0xFFFFFFFFFFFF) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return uuid.UUID(int=value)


def first_of(at: datetime) -> uuid.UUID:
    """The smallest identifier of a moment: rows made since then are an index range of the primary key."""
    return uuid.UUID(int=(int(at.timestamp() * 1000) & 0xFFFFFFFFFFFF) << 80)
