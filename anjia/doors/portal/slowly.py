"""Somebody who sends many reports is slowed, so that a flood takes long; nobody who needs help is kept waiting.

The wait holds one of the threads that answer, so only few wait at once: when those places are taken nobody waits.
What came is stored in any case, and one that says it cannot wait is never slowed.
"""

from __future__ import annotations

import threading
import time

SECONDS = 1.0
WAITING_AT_ONCE = 2  # of eight threads
_places = threading.BoundedSemaphore(WAITING_AT_ONCE)


def wait() -> bool:
    """Wait a moment if there is a place to wait in; says whether there was."""
    if not _places.acquire(blocking=False):
        return False
    try:
        time.sleep(SECONDS)
    finally:
        _places.release()
    return True
