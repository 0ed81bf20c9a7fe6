"""A double click, a resent form or a retried call is one act and gets the first answer again.

The action calls `begin` before it works and `keep` with its batch. Two at the same moment: the second
fails at flush on the key (django.db.IntegrityError); it calls `begin` again and answers with the first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from anjia.foundation.core.batch import Batch
from anjia.foundation.core.verdict import RuleBroken
from anjia.foundation.limits.models import Idempotency
from anjia.foundation.vault import vault

#: How long a key is remembered.
KEPT = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer that the first submission got."""

    value: dict[str, Any]
    at: datetime


def begin(key: str, request_bytes: bytes) -> Reply | None:
    """The first answer if this was submitted before, else None. RuleBroken: same key, other content."""
    hashed = _hash(key)
    row = Idempotency.objects.filter(key=hashed).first()
    if row is None:
        return None
    if bytes(row.request) != _content(request_bytes):
        raise RuleBroken(_("这一页已经提交过，内容却不一样。请返回上一页，刷新后再填。"))
    return Reply(json.loads(vault.unbox("idempotency", bytes(row.reply), aad=hashed)), row.at)


def keep(batch: Batch, key: str, request_bytes: bytes, reply: dict[str, Any], now: datetime) -> None:
    """Remember the answer, sealed, in the transaction of the act itself."""
    hashed = _hash(key)
    text = json.dumps(reply, ensure_ascii=False, separators=(",", ":")).encode()
    sealed = vault.box("idempotency", text, aad=hashed)
    batch.insert(Idempotency(key=hashed, request=_content(request_bytes), reply=sealed, at=now))


def used(keys: Iterable[str]) -> set[str]:
    """Those of these keys under which something was carried out lately."""
    by_hash = {_hash(key): key for key in keys}
    rows = Idempotency.objects.filter(key__in=list(by_hash)).values_list("key", flat=True)
    return {by_hash[bytes(row)] for row in rows}


def _hash(key: str) -> bytes:
    return vault.fingerprint("idempotency key", key.encode())


def _content(request_bytes: bytes) -> bytes:
    return vault.fingerprint("idempotency content", request_bytes)
