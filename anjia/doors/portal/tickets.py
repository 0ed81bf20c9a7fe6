"""What one page hands to the next: a sealed slip in a hidden field.

The answers of the steps so far, or the receipt of somebody who has looked it up, travel through the browser
as ciphertext under a key of the vault. So nothing is on the server before she sends it, nothing readable is
in the page, its history or a restored tab, and Back works because each page holds all it needs.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from anjia.foundation.vault import vault
from anjia.foundation.vault.errors import VaultError

Kind = Literal["form", "receipt", "point", "notice"]
#: How long a slip may lie in a forgotten tab before it opens nothing any more.
LIVES: dict[Kind, timedelta] = {
    "form": timedelta(hours=2),
    "receipt": timedelta(minutes=30),
    "point": timedelta(hours=12),
    "notice": timedelta(hours=12),
}
LONGEST = 200_000  # characters; the longest honest slip is a tenth of it


def new_key() -> str:
    """A random key under which a double click is one act."""
    return secrets.token_urlsafe(18)


@dataclass
class Ticket:
    """`data` is what was answered so far (form) or the receipt; `key` makes a double click one act."""

    kind: Kind
    data: dict[str, Any] = field(default_factory=dict)
    key: str = field(default_factory=new_key)


def seal(ticket: Ticket, now: datetime) -> str:
    """The slip as text for a hidden field; its life begins anew."""
    body = {"data": ticket.data, "key": ticket.key, "until": (now + LIVES[ticket.kind]).isoformat()}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(vault.box(f"portal {ticket.kind}", text)).decode()


def unseal(kind: Kind, text: str, now: datetime) -> Ticket | None:
    """The slip again. None alike when it is missing, changed, of the other kind, or too old."""
    if not text or len(text) > LONGEST:
        return None
    try:
        body = json.loads(vault.unbox(f"portal {kind}", base64.urlsafe_b64decode(text.encode())))
    except (VaultError, ValueError):  # binascii.Error is a ValueError
        return None
    if datetime.fromisoformat(body["until"]) < now:
        return None
    return Ticket(kind, dict(body["data"]), str(body["key"]))
