"""What one page hands to the next in a hidden field: which letter was opened by its code, sealed, for half an hour."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from anjia.foundation.vault import vault
from anjia.foundation.vault.errors import VaultError

LIVES = timedelta(minutes=30)
LONGEST = 2000
BOX = "reply slip"


@dataclass(frozen=True, slots=True)
class Slip:
    """A letter that was opened; `key` makes a double click one answer."""

    event: UUID
    key: str


def new(event: UUID) -> Slip:
    """The slip of a letter that was opened just now."""
    return Slip(event, secrets.token_urlsafe(18))


def seal(slip: Slip, now: datetime) -> str:
    """As text for a hidden field; its half hour begins anew."""
    body = {"event": str(slip.event), "key": slip.key, "until": (now + LIVES).isoformat()}
    return base64.urlsafe_b64encode(vault.box(BOX, json.dumps(body).encode())).decode()


def unseal(text: str, now: datetime) -> Slip | None:
    """The slip again. None alike when it is missing, changed or too old."""
    if not text or len(text) > LONGEST:
        return None
    try:
        body = json.loads(vault.unbox(BOX, base64.urlsafe_b64decode(text.encode())))
    except (VaultError, ValueError):  # binascii.Error is a ValueError
        return None
    if datetime.fromisoformat(body["until"]) < now:
        return None
    return Slip(UUID(body["event"]), str(body["key"]))
