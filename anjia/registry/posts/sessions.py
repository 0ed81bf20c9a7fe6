"""A signed-in browser: an opaque cookie, its keyed fingerprint in the table, ends of its own accord."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import BinaryField, DateField, DateTimeField
from django.http import HttpResponseBase

from anjia.foundation.core.prepared import Prepared, Slot
from anjia.foundation.events import access
from anjia.foundation.vault import vault
from anjia.registry.posts import revision
from anjia.registry.posts.actors import COLUMNS, Actor, from_row, held, today
from anjia.registry.posts.models import Session

#: Nobody touched it for so long: somebody may have left the desk.
IDLE = timedelta(minutes=30)
#: Nobody touched it while sealed data may still stand on the screen.
IDLE_SEALED = timedelta(minutes=10)
#: So long after sealed data was opened it may still stand there.
STANDS = IDLE
#: A working day; after it one signs in again, however busy.
LONGEST = timedelta(hours=12)
#: `last_seen_at` is written at most this often.
SEEN_EVERY = timedelta(minutes=1)
COOKIE_BYTES = 32
#: 256 random bits as base64url.
COOKIE = re.compile(r"[A-Za-z0-9_-]{43}")
PURPOSE = "session"


@dataclass(frozen=True)
class SignedIn:
    """What one look at the session table tells: who acts, and the small sealed dictionary of this browser."""

    key: bytes
    actor: Actor
    last_seen_at: datetime
    proved_at: datetime | None
    proved_by: str
    sealed_at: datetime | None
    news: bool
    _data: bytes

    @property
    def data(self) -> dict[str, Any]:
        """The session's dictionary, opened when asked for; change it with `actions.keep_in_session`."""
        return opened(self._data, self.key)

    @property
    def rest_seconds(self) -> int:
        """How long this browser may rest from now on, by what it was shown and is being shown."""
        try:
            shows_sealed = access.current().shows_sealed
        except access.NotRecorded:
            shows_sealed = False
        limit = IDLE_SEALED if shows_sealed else idle_limit(self.last_seen_at, self.sealed_at)
        return int(limit.total_seconds())


def new_cookie() -> str:
    """256 random bits; only the browser keeps them."""
    return secrets.token_urlsafe(COOKIE_BYTES)


def key_of(cookie: str) -> bytes | None:
    """The key under which a cookie's session is stored; None for what no cookie of ours looks like."""
    return vault.fingerprint(PURPOSE, cookie.encode()) if COOKIE.fullmatch(cookie) else None


def sealed(data: Mapping[str, Any], key: bytes) -> bytes:
    """The session's dictionary, sealed and bound to its row."""
    return vault.box(PURPOSE, json.dumps(data, ensure_ascii=False).encode(), aad=key)


def opened(body: bytes, key: bytes) -> dict[str, Any]:
    """The session's dictionary from its sealed form."""
    value: dict[str, Any] = json.loads(vault.unbox(PURPOSE, bytes(body), aad=key))
    return value


#: What a look at a session reads of its own row.
OWN = ("data", "last_seen_at", "proved_at", "proved_by", "sealed_at", "news")
#: The session of a cookie, used within IDLE, younger than LONGEST, whose post still gives access today.
ALIVE = Prepared(
    lambda: Session.objects.filter(
        held(Slot("today", DateField()), "post__"),
        pk=Slot("key", BinaryField()),
        expires_at__gt=Slot("now", DateTimeField()),
        last_seen_at__gt=Slot("idle_since", DateTimeField()),
    ).values(*OWN, *(f"post__{column}" for column in COLUMNS.values()), mark=revision.mark())
)


def look_up(cookie: str, now: datetime) -> SignedIn | None:
    """Who is behind a cookie: session, account, post and agency in ONE statement. None when nobody is."""
    key = key_of(cookie)
    if key is None:
        return None
    on = today(now)
    row = ALIVE.first(key=key, now=now, idle_since=now - IDLE, today=on)
    if row is None or now - row["last_seen_at"] >= idle_limit(row["last_seen_at"], row["sealed_at"]):
        return None
    own = {name: row[name] for name in OWN if name != "data"}
    return SignedIn(key, from_row(row, now, "post__"), **own, _data=bytes(row["data"]))


def idle_limit(last_seen_at: datetime, sealed_at: datetime | None) -> timedelta:
    """How long a browser may rest: shorter while what was opened last may still stand on the screen."""
    return IDLE_SEALED if sealed_at is not None and last_seen_at - sealed_at < STANDS else IDLE


def seen(signed_in: SignedIn, now: datetime, *, is_sealed_open: bool) -> None:
    """Note that the browser was used, at most once a minute, and when it was last shown sealed data."""
    fresh: dict[str, datetime] = {}
    if now - signed_in.last_seen_at >= SEEN_EVERY:
        fresh["last_seen_at"] = now
    if is_sealed_open and (signed_in.sealed_at is None or now - signed_in.sealed_at >= SEEN_EVERY):
        fresh["sealed_at"] = now
    if fresh:  # of parallel requests one writes
        Session.objects.filter(pk=signed_in.key, last_seen_at=signed_in.last_seen_at).update(**fresh)


@dataclass(frozen=True)
class Browser:
    """One signed-in browser as its owner sees it; `name` stands for it in a form and opens nothing."""

    name: str
    device: str
    address: str
    agency: str
    title: str
    created_at: datetime
    last_seen_at: datetime
    is_here: bool


def of_account(account: UUID, now: datetime, *, here: bytes) -> list[Browser]:
    """Where somebody is signed in now, this browser first, then the one used last. One statement."""
    rows = Session.objects.filter(account=account, expires_at__gt=now, last_seen_at__gt=now - IDLE)
    found = []
    for row in rows.select_related("post__agency").order_by("-last_seen_at", "key"):
        if row.post is None or now - row.last_seen_at >= idle_limit(row.last_seen_at, row.sealed_at):
            continue
        key = bytes(row.key)
        said = opened(bytes(row.data), key)
        found.append(
            Browser(
                key.hex(),
                said.get("device", ""),
                said.get("address", ""),
                row.post.agency.name,
                row.post.title,
                row.created_at,
                row.last_seen_at,
                key == here,
            )
        )
    return sorted(found, key=lambda b: not b.is_here)


def key_from(name: str) -> bytes | None:
    """The session that a form names; None for anything else."""
    return bytes.fromhex(name) if re.fullmatch(r"[0-9a-f]{64}", name) else None


def set_session_cookie(response: HttpResponseBase, value: str) -> None:
    """Give the browser its cookie: gone when the browser closes, out of reach of scripts."""
    response.set_cookie(
        settings.SESSION_COOKIE_NAME,
        value,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        path="/",
    )


def clear_session_cookie(response: HttpResponseBase) -> None:
    """Take the cookie back."""
    response.delete_cookie(settings.SESSION_COOKIE_NAME, path="/", samesite="Lax")


def forget_everything(response: HttpResponseBase) -> None:
    """Take the cookie back, and ask the browser to forget what it kept of these pages."""
    clear_session_cookie(response)
    response["Clear-Site-Data"] = '"cache", "storage"'
