"""Carrying the head of the seals away: every hour into the file, from there through the outbox.

A keeper that does not answer loses nothing: the outbox tries again for a day and a half, and the next hour
brings the next head, which names the one before.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from cryptography import x509
from django.conf import settings
from django.db import transaction
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from anjia.foundation.core.batch import Batch
from anjia.foundation.events import anchors, chain
from anjia.foundation.events.anchors import Anchor, AnchorProblem
from anjia.foundation.outbox import outbox

#: The outbox holds its row meanwhile, so a keeper that does not answer is left soon.
PATIENCE_SECONDS = 5
MOST_BYTES = 64 * 1024


@outbox.scheduled("events.anchor", every=timedelta(hours=1))
def anchor_head(*, now: datetime) -> Anchor | None:
    """Write the newest seal into the file and ask for it to be sent; None when nothing is new."""
    if not settings.ANCHOR_FOLDER:
        return None
    one, before = anchors.head(), anchors.newest()
    if one is None or (before is not None and before.n >= one.n):
        return None
    anchors.keep(one)
    with transaction.atomic():
        batch = Batch()
        for kind, address in (("events.anchor", settings.ANCHOR_URL), ("events.stamp", settings.ANCHOR_TSA)):
            if address:
                outbox.put(batch, kind=kind, body=asdict(one), now=now)
        batch.flush()
    return one


@outbox.handler("events.anchor")
def send(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
    """Give the head to another agency, with the public key it is checked with. Twice does no harm."""
    line = asdict(Anchor(**body)) | {"key": chain.public_key().hex()}
    post(settings.ANCHOR_URL, json.dumps(line, sort_keys=True).encode(), "application/json")


@outbox.handler("events.stamp")
def stamp(*, body: dict[str, Any], outbox_id: UUID, now: datetime) -> None:
    """Have a time-stamp authority sign the head, and keep its answer as a further line of the file."""
    one = Anchor(**body)
    request = request_for(one)
    answer = post(settings.ANCHOR_TSA, request.as_bytes(), "application/timestamp-query")
    check_stamp(one, answer, request.nonce)
    anchors.keep(replace(one, stamp=answer.hex()))


def request_for(one: Anchor) -> TimeStampRequest:
    """What the authority is asked to sign: the sum of the head, with a number used once."""
    return TimestampRequestBuilder().data(one.digest).hash_algorithm(HashAlgorithm.SHA256).nonce().build()


def check_stamp(one: Anchor, answer: bytes, nonce: int | None = None) -> datetime:
    """The time the authority vouches for. AnchorProblem: the answer is not theirs, or not over this head."""
    try:
        response = decode_timestamp_response(answer)
        builder = VerifierBuilder(roots=trusted(), nonce=nonce)
        builder.build().verify_message(response, one.digest)
        return response.tst_info.gen_time
    except (VerificationError, ValueError) as fault:
        raise AnchorProblem(f"the time stamp over seal {one.n} does not hold: {fault}") from None


def trusted() -> list[x509.Certificate]:
    """The certificates of the authority's roots (ANJIA_ANCHOR_TSA_ROOTS, a PEM file)."""
    if not settings.ANCHOR_TSA_ROOTS:
        raise AnchorProblem("ANJIA_ANCHOR_TSA_ROOTS must name the PEM file of the authority's certificates")
    try:
        return x509.load_pem_x509_certificates(Path(settings.ANCHOR_TSA_ROOTS).read_bytes())
    except (OSError, ValueError):
        raise AnchorProblem(f"{settings.ANCHOR_TSA_ROOTS} holds no certificate that can be read") from None


def post(address: str, data: bytes, media: str) -> bytes:
    """Send to a keeper and return what it answers; https, except within this machine."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(host, parts.port, timeout=PATIENCE_SECONDS)
    elif parts.scheme == "http" and host in ("127.0.0.1", "::1", "localhost"):
        connection = http.client.HTTPConnection(host, parts.port, timeout=PATIENCE_SECONDS)
    else:
        raise AnchorProblem("the address of a keeper must begin with https://")
    try:
        connection.request("POST", parts.path or "/", body=data, headers={"Content-Type": media})
        answer = connection.getresponse()
        if answer.status >= http.client.MULTIPLE_CHOICES:
            raise AnchorProblem(f"the keeper answered {answer.status}")
        return answer.read(MOST_BYTES)
    except (OSError, http.client.HTTPException) as fault:
        raise AnchorProblem(f"the keeper does not answer: {type(fault).__name__}") from None
    finally:
        connection.close()


def wrong_stamps(lines: Iterable[Anchor]) -> Iterator[str]:
    """What is wrong with the stamps among these lines, in words; nothing where no roots are known."""
    for line in lines:
        if line.stamp and settings.ANCHOR_TSA_ROOTS:
            try:
                check_stamp(line, bytes.fromhex(line.stamp))
            except AnchorProblem as problem:
                yield str(problem)
