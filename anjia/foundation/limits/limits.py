"""How often somebody may try. One table; code, tests and documents read the same numbers.

A call for help is never refused: beyond its limit a report is only slowed and marked as one of many (`burst`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.verdict import ALLOW, Verdict, deny
from anjia.foundation.limits.models import Bucket
from anjia.foundation.vault import vault

log = logging.getLogger("anjia.limits")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` tries within each `window`."""

    count: int
    window: timedelta


QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

LIMITS: dict[str, Limit] = {
    "sign-in.account": Limit(10, QUARTER),  # one login name, from anywhere
    "sign-in.address": Limit(100, QUARTER),  # one network address; an agency shares one
    "sign-in.wrong": Limit(
        10**6, timedelta(days=1)
    ),  # refuses nobody: what she is told when she next comes in
    "factor.account": Limit(5, QUARTER),  # wrong second factors of one person
    "factor.day": Limit(20, DAY),  # the same, a day: a million codes, three right at a time
    "recover.account": Limit(5, HOUR),  # wrong codes of two colleagues
    "receipt.address": Limit(20, HOUR),  # coming back with a receipt, from one address
    "receipt.prefix": Limit(20, HOUR),  # receipts that begin with the same eight digits
    "receipt.all": Limit(1000, HOUR),  # all wrong receipts together; once they are spent …
    "receipt.strained": Limit(
        1, HOUR
    ),  # … one look an address, so that nobody is shut out by others' guesses
    "report.address": Limit(10, HOUR),  # reports from one address; what comes after is marked, never refused
    "recognition.address": Limit(
        20, HOUR
    ),  # applications of households from one address; a village hall shares one
    "objection.address": Limit(10, HOUR),  # objections to households on notice from one address
    "report.point": Limit(
        20, HOUR
    ),  # reports by one department's square: what comes after is marked, never refused
    "report.point.address": Limit(40, HOUR),  # the same from one address; a hospital shares one
    "message.receipt": Limit(30, HOUR),  # messages under one receipt
    "reply-code.address": Limit(10, HOUR),  # wrong codes of letters from one address …
    "reply-code.network": Limit(20, DAY),  # … from its neighbourhood …
    "reply-code.all": Limit(
        50, DAY
    ),  # … from everywhere: beyond any of them the letter's number is asked for too
    "reply-code.letter": Limit(20, DAY),  # wrong codes under one letter's number; once they are spent …
    "reply-code.letter-place": Limit(3, HOUR),  # … these from each address, so that nobody is shut out
    "upload.account": Limit(120, HOUR),  # forms with files of one person
    "upload.receipt": Limit(20, HOUR),
    "search.account": Limit(240, MINUTE),  # looking people up, also while typing
    "api.account": Limit(600, MINUTE),
}

MARK_BYTES = 8
TAKE = """
    INSERT INTO limits_bucket (id, name, key, "window", count) VALUES (%s, %s, %s, %s, 1)
    ON CONFLICT (name, key, "window") DO UPDATE SET count = limits_bucket.count + 1
    RETURNING count
"""


def take(name: str, key: bytes | str, now: datetime) -> Verdict:
    """Count one try and say whether it is within the limit. `key` (an address, an account) is stored hashed.

    Call it outside a transaction that may be rolled back, or the try is forgotten with it.
    """
    limit = LIMITS[name]
    window = start_of_window(limit, now)
    hashed = hashed_key(name, key, now)
    values = {"id": uuid7(), "name": name, "key": hashed, "window": window}
    fields = {f.name: f for f in Bucket._meta.concrete_fields}
    params = [fields[n].get_db_prep_save(v, connection) for n, v in values.items()]
    with connection.cursor() as cursor:
        cursor.execute(TAKE, params)
        count = cursor.fetchone()[0]
    if count <= limit.count:
        return ALLOW
    log.warning("limit reached: %s", name)
    minutes = max(1, round((window + limit.window - now).total_seconds() / 60))
    return deny(_("试的次数太多了，请过 %(minutes)s 分钟再试。") % {"minutes": minutes}, "limit")


def give_back(name: str, key: bytes | str, now: datetime) -> None:
    """Take back one try counted at this moment: it was right, and only wrong ones use up the limit."""
    window = start_of_window(LIMITS[name], now)
    rows = Bucket.objects.filter(name=name, key=hashed_key(name, key, now), window=window, count__gt=0)
    rows.update(count=F("count") - 1)


def used(name: str, key: bytes | str, now: datetime) -> int:
    """How many tries were counted in this window; does not count as a try."""
    window = start_of_window(LIMITS[name], now)
    row = Bucket.objects.filter(name=name, key=hashed_key(name, key, now), window=window)
    return row.values_list("count", flat=True).first() or 0


def forget(name: str, key: bytes | str, now: datetime) -> None:
    """Begin a window anew: what was counted has been told."""
    window = start_of_window(LIMITS[name], now)
    Bucket.objects.filter(name=name, key=hashed_key(name, key, now), window=window).delete()


def is_spent(name: str, key: bytes | str, now: datetime) -> bool:
    """Whether a limit has been used up; does not count as a try."""
    return used(name, key, now) >= LIMITS[name].count


def burst(name: str, key: bytes | str, now: datetime) -> str:
    """Count one try; beyond the limit a mark that all of this hour from there share, else "".

    The mark is made from the keyed hash, so it names no address; once the day is over nothing leads back to one.
    """
    if take(name, key, now):
        return ""
    window = start_of_window(LIMITS[name], now).isoformat().encode()
    return vault.fingerprint("burst", hashed_key(name, key, now) + window)[:MARK_BYTES].hex()


def network(address: str) -> str:
    """Whose an address is: with IPv6 one connection has 2⁶⁴ of them, which count as one."""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if isinstance(read, IPv4Address):
        return str(read)
    return str(read.ipv4_mapped or IPv6Network((int(read) >> 64 << 64, 64)))


def neighbourhood(address: str) -> str:
    """The block an address belongs to, of which one who guesses may well have all: 256 of the old kind, a /48 of the
    new."""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    old = read if isinstance(read, IPv4Address) else read.ipv4_mapped
    return str(IPv4Network((int(old) >> 8 << 8, 24)) if old else IPv6Network((int(read) >> 80 << 80, 48)))


def hashed_key(name: str, key: bytes | str, now: datetime) -> bytes:
    """What stands in the table. The day is in the hash: yesterday's rows do not match today's address."""
    data = key.encode() if isinstance(key, str) else key
    return vault.fingerprint(f"limit {name}", f"{now.astimezone(UTC):%Y-%m-%d}|".encode() + data)


def start_of_window(limit: Limit, now: datetime) -> datetime:
    """The window that `now` falls into; windows begin at whole multiples of their length."""
    seconds = int(limit.window.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
