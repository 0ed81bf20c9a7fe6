"""The ways out, and nothing else: the only place that speaks to a mail server, a messenger or a text message gateway.

How often the same may arrive when something breaks in the middle of it:

* mail, WeCom, DingTalk: at least once; a second one carries the same X-Entity-Ref-ID
* text message, through a gateway that knows keys (ANJIA_SMS_ONCE): once; the same key is sent again
* text message to staff, another gateway: at least once; an alarm that comes twice does less harm than none
* text message to a resident, another gateway: at most once; what may have left stands aside for a person
"""

from __future__ import annotations

import http.client
import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

PATIENCE_SECONDS = 8
MOST_BYTES = 16 * 1024
HERE = ("127.0.0.1", "::1", "localhost")
#: What Apprise may be told to speak, way by way; the second of each only within this machine.
SPEAKS = {
    "mail": ("mailtos", "mailto"),
    "wecom": ("wecombot", "jsons", "json"),
    "dingtalk": ("dingtalk", "jsons", "json"),
}
#: The demo's way: everything is taken, nothing leaves; whoever is called "nobody" is not reached.
AS_IF, NOBODY = "demo:", "nobody"
OPEN_LINES = ("mailto", "json")
SUBJECT = "工作提醒"
#: How somebody's own address looks, way by way.
LOOKS = {
    "mail": re.compile(r"[A-Za-z0-9._+\-]{1,64}@[A-Za-z0-9.\-]{3,190}"),
    "wecom": re.compile(r"[A-Za-z0-9._\-]{2,64}"),
    "dingtalk": re.compile(r"[A-Za-z0-9._\-]{2,64}"),
}


class NotSent(Exception):
    """It certainly did not leave: it may be tried again."""


class Unsure(Exception):
    """It may have left; nobody knows."""


class NotSetUp(NotSent):
    """The city has not set this way up, or not so that it could be used."""


@dataclass(frozen=True)
class Parcel:
    """What leaves, where to, under which key."""

    way: str
    to: str
    text: str
    key: str
    template: str = "staff"


def fault(way: str) -> str:
    """Why a way cannot be used as it is set up: "off", "address", "open" (not encrypted); "" where it can."""
    address = settings.SMS_URL if way == "sms" else settings.MESSAGE_WAYS.get(way, "")
    if not address:
        return "off"
    if address.startswith(AS_IF):
        return "" if settings.DEMO else "address"
    parts = urlsplit(address)
    if way == "sms":
        return (
            "" if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE) else "open"
        )
    if parts.scheme not in SPEAKS[way] or "{to}" not in address:
        return "address"
    return "open" if parts.scheme in OPEN_LINES and host(parts.netloc) not in HERE else ""


def is_as_if(way: str) -> bool:
    """Whether this way only plays that it sends (the demo city)."""
    return (settings.SMS_URL if way == "sms" else settings.MESSAGE_WAYS.get(way, "")).startswith(AS_IF)


def host(netloc: str) -> str:
    """The machine in an address, also where {to} stands beside it."""
    return netloc.rpartition("@")[2].rpartition(":")[0] or netloc.rpartition("@")[2]


def is_set_up(way: str) -> bool:
    """Whether the city has this way."""
    return not fault(way)


def send(parcel: Parcel) -> bool:
    """Let it leave; True when the other side says that it arrived. Raises NotSent or Unsure."""
    if why := fault(parcel.way):
        raise NotSetUp(why)
    if is_as_if(parcel.way):
        if parcel.to == NOBODY:
            raise NotSent("refused")
        return True
    return by_form(parcel) if parcel.way == "sms" else by_apprise(parcel)


def speaker(address: str) -> Any:
    """Apprise for one address; None where it is none. Loaded here, because it takes half a second."""
    with warnings.catch_warnings():  # it still imports what a later Python will lack, and has its own instead
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise

        asset = apprise.AppriseAsset(app_id=SUBJECT, app_desc=SUBJECT, app_url="", theme="", async_mode=False)
        one = apprise.Apprise(asset=asset)
        return one if one.add(address) else None


def by_apprise(parcel: Parcel) -> bool:
    """Mail and messengers. Apprise says only yes or no; no is tried again."""
    address = settings.MESSAGE_WAYS[parcel.way].replace("{to}", quote(parcel.to, safe=""))
    header = "X-Entity-Ref-ID" if parcel.way == "mail" else "Idempotency-Key"
    if urlsplit(address).scheme in ("mailto", "mailtos", "json", "jsons"):
        address += f"{'&' if '?' in address else '?'}%2B{header}={parcel.key}"
    speaks = speaker(address)
    if speaks is None:
        raise NotSetUp("address")
    if not speaks.notify(body=parcel.text, title=SUBJECT, body_format="text"):
        raise NotSent("refused")
    return False


def by_form(parcel: Parcel) -> bool:
    """The text message gateway: one form, the key beside it. An answer other than 2xx did not leave."""
    body = {
        "mobile": parcel.to,
        "sign": settings.SMS_SIGN,
        "template": settings.SMS_TEMPLATES[parcel.template],
        "text": f"【{settings.SMS_SIGN}】{parcel.text}",
        "key": parcel.key,
    }
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Idempotency-Key": parcel.key,
        "Authorization": f"Bearer {settings.SMS_SECRET}",
    }
    status, answer = post(settings.SMS_URL, urlencode(body).encode(), headers)
    if status >= http.client.MULTIPLE_CHOICES:
        raise NotSent(str(status))
    try:
        said = json.loads(answer)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("status") == "delivered"


def post(address: str, data: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """NotSent while nothing has gone out; Unsure from the moment it has and no answer comes."""
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
    try:
        try:
            connection.connect()
        except OSError as away:
            raise NotSent(type(away).__name__) from None
        path = parts.path or "/"
        try:
            connection.request("POST", f"{path}?{parts.query}" if parts.query else path, data, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read(MOST_BYTES)
        except (OSError, http.client.HTTPException) as lost:
            raise Unsure(type(lost).__name__) from None
    finally:
        connection.close()
