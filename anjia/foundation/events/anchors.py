"""The head of the seals in a second place, every hour: what somebody with every key could still not undo.

Who holds the database and the keys can write the whole ledger anew, cut its end, or put back an older
backup; all sums then hold. What he cannot change is a line that left the machine before. Three places, any
of them: a file in a folder on another disk or machine, another agency's address, and a time-stamp
authority (RFC 3161). A line holds numbers and sums, nothing of anybody.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from anjia.foundation.events import chain
from anjia.foundation.events.models import Seal

FILE = "anchors.jsonl"


class AnchorProblem(Exception):
    """A second place that cannot be written or read, with what to do about it."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One signed seal, as it was when it left the machine: all that a keeper needs with our public key."""

    n: int
    at: str
    prev: str
    root: str
    count: int
    signature: str
    #: The answer of a time-stamp authority over `digest`, in hexadecimal; empty without one.
    stamp: str = ""

    @property
    def text(self) -> bytes:
        """What is signed; the same bytes as `chain.seal_text` of the seal."""
        return chain.canonical({name: getattr(self, name) for name in ("n", "at", "prev", "root", "count")})

    @property
    def digest(self) -> bytes:
        """What the next seal names as the one before it."""
        return chain.link(self.text, bytes.fromhex(self.signature), bytes.fromhex(self.root))


def anchor_of(seal: Seal) -> Anchor:
    """The line for a seal."""
    return Anchor(
        n=seal.n,
        at=chain.instant(seal.at),
        prev=bytes(seal.prev).hex(),
        root=bytes(seal.root).hex(),
        count=len(seal.members),
        signature=bytes(seal.signature).hex(),
    )


def head() -> Anchor | None:
    """The newest seal; None before the first."""
    seal = Seal.objects.order_by("-n").first()
    return anchor_of(seal) if seal else None


# -- the file --------------------------------------------------------------------------------------------


def path() -> Path:
    """The file of anchors. ANJIA_ANCHORS names its folder: another disk, better another machine."""
    if not settings.ANCHOR_FOLDER:
        raise AnchorProblem("ANJIA_ANCHORS must name the folder where anchors are kept")
    return Path(settings.ANCHOR_FOLDER) / FILE


def keep(anchor: Anchor) -> None:
    """Add one line, on disk when this returns. A line is never changed."""
    line = json.dumps(asdict(anchor), sort_keys=True).encode() + b"\n"
    place = path()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(place, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o640)
        try:
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as fault:
        raise AnchorProblem(f"the file of anchors {place} cannot be written: {fault.strerror}") from None


def kept(place: Path | None = None) -> Iterator[Anchor]:
    """Every line there is, oldest first. AnchorProblem names a line that is none.

    A last line without its end is one that a power cut stopped; it proves nothing and is passed over.
    """
    if place is None and not settings.ANCHOR_FOLDER:
        return
    place = place or path()
    lines = place.read_text("utf-8").split("\n") if place.exists() else []
    for number, line in enumerate(lines[:-1], 1):
        try:
            yield Anchor(**json.loads(line))
        except (ValueError, TypeError):
            raise AnchorProblem(f"line {number} of {place} is not an anchor") from None


def newest() -> Anchor | None:
    """The last line of the file."""
    lines = list(kept())
    return lines[-1] if lines else None
