"""`ledger verify`: reads everything again and names the first and every other place that does not add up."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from anjia.foundation.events import chain
from anjia.foundation.events.anchors import Anchor
from anjia.foundation.events.models import Access, AccessMatter, Event, Seal, Unsealed
from anjia.foundation.vault import suites

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not add up. `kind` is stable; `message` is for people and holds ids only."""

    kind: str
    matter: UUID | None
    seq: int | None
    id: str
    message: str


def verify(
    heads: Iterable[tuple[UUID, int, bytes]], *, only_these: bool = False, anchors: Iterable[Anchor] = ()
) -> Iterator[Fault]:
    """Every fault in the chains of events, the access log and the seals; nothing yielded means all holds.

    `heads` are (matter, number of its last event, sum of its last event) as the matter rows say. Unless
    `only_these`, they are all matters there are, and the seals and the access log are checked as well.
    `anchors` are the lines kept in a second place: without them a ledger that somebody with every key has
    written anew, cut at its end, or taken from an older backup, has no fault.
    """
    known = {matter: (seq, bytes(mac)) for matter, seq, mac in heads}
    yield from _chains(known, only_these)
    if not only_these:
        yield from _accesses()
        yield from _seals(anchors)


# -- chains -----------------------------------------------------------------------------------------------


def _chains(heads: dict[UUID, tuple[int, bytes]], only_these: bool) -> Iterator[Fault]:
    """Each matter's events in order, then its head."""
    events = Event.objects.order_by("matter", "seq")
    if only_these:
        events = events.filter(matter__in=list(heads))
    left = dict(heads)
    for matter, rows in groupby(events.iterator(chunk_size=PAGE), key=lambda e: e.matter):
        yield from _chain(matter, rows, left.pop(matter, None))
    for matter, (seq, _) in left.items():
        if seq:
            yield _fault("missing-event", matter, 1, "", f"all {seq} events of matter {matter} are gone")


def _chain(matter: UUID, rows: Iterable[Event], head: tuple[int, bytes] | None) -> Iterator[Fault]:
    """Gaps, sums and the head of one matter."""
    seq, mac = 0, b""
    for event in rows:
        if event.seq != seq + 1:
            text = (
                f"matter {matter}: after event {seq} comes event {event.seq}; one is missing or out of order"
            )
            yield _fault("missing-event", matter, seq + 1, str(event.id), text)
        elif bytes(event.prev_mac) != mac:
            text = f"matter {matter}: event {event.seq} does not follow the event before it"
            yield _fault("broken-chain", matter, event.seq, str(event.id), text)
        if chain.event_mac(event, suites.of(bytes(event.mac))) != bytes(event.mac):
            text = f"matter {matter}: event {event.seq} was changed after it was written"
            yield _fault("changed-event", matter, event.seq, str(event.id), text)
        seq, mac = event.seq, bytes(event.mac)
    if head is None:
        yield _fault(
            "unknown-matter", matter, seq, "", f"events exist for matter {matter}, the matter does not"
        )
    elif head != (seq, mac):
        text = f"matter {matter} says its last event is {head[0]}, found is {seq}: the end was cut off"
        yield _fault("head-mismatch", matter, seq, "", text)


# -- the access log ------------------------------------------------------------------------------------------


def _accesses() -> Iterator[Fault]:
    """Each row of the access log, and the index from matters to rows."""
    page: list[Access] = []
    for row in Access.objects.order_by("id").iterator(chunk_size=PAGE):
        if chain.access_mac(row, suites.of(bytes(row.mac))) != bytes(row.mac):
            yield _fault("changed-access", None, None, str(row.id), f"access row {row.id} was changed")
        page.append(row)
        if len(page) == PAGE:
            yield from _indexed(page)
            page = []
    yield from _indexed(page)
    ids = Access.objects.values("id")
    for entry in AccessMatter.objects.exclude(access__in=ids).values_list("access_id", flat=True).distinct():
        yield _fault("missing-access", None, None, str(entry), f"access row {entry} is indexed but gone")


def _indexed(page: list[Access]) -> Iterator[Fault]:
    """An opening is found from each matter that it names."""
    found: dict[UUID, set[str]] = {}
    for access, matter in AccessMatter.objects.filter(access__in=page).values_list("access_id", "matter"):
        found.setdefault(access, set()).add(str(matter))
    for row in page:
        indexed = found.get(row.id, set())
        if not indexed <= set(row.matters) or (row.how != "list" and row.matters and not indexed):
            text = f"access row {row.id} is not found from the matters it names"
            yield _fault("changed-access", None, None, str(row.id), text)


# -- seals ----------------------------------------------------------------------------------------------


def _seals(anchors: Iterable[Anchor]) -> Iterator[Fault]:
    """The chain of seals, and that each row there is stands in exactly one seal or waits for one."""
    n, digest = 0, b""
    kept = yield from _trusted(anchors)
    covered: set[tuple[str, UUID]] = set()
    for seal in Seal.objects.order_by("n").iterator(chunk_size=20):
        if seal.n != n + 1:
            yield _fault("missing-seal", None, None, str(seal.n), f"after seal {n} comes seal {seal.n}")
        elif bytes(seal.prev) != digest:
            yield _fault("broken-seals", None, None, str(seal.n), f"seal {seal.n} does not follow seal {n}")
        yield from _seal(seal)
        yield from _members(seal.members, f"seal {seal.n}", covered)
        n, digest = seal.n, chain.seal_digest(seal)
        for anchor in kept.pop(n, ()):
            if anchor.digest != digest:
                text = f"seal {n} is not the one of {anchor.at}: the ledger was written anew"
                yield _fault("anchor-mismatch", None, None, str(n), text)
    for n, (anchor, *_) in kept.items():
        text = f"seal {n} of {anchor.at} is gone: the end was cut off or an older backup put back"
        yield _fault("anchor-missing", None, None, str(n), text)
    waiting = Unsealed.objects.order_by("id").values_list("kind", "id", "mac")
    members = [[kind, str(row), bytes(mac).hex()] for kind, row, mac in waiting.iterator(chunk_size=PAGE)]
    yield from _members(members, "the list of rows to be sealed", covered)
    for kind, model in (("event", Event), ("access", Access)):
        for row_id in model.objects.order_by("id").values_list("id", flat=True).iterator(chunk_size=PAGE):
            if (kind, row_id) not in covered:
                text = f"{kind} {row_id} is in no seal and waits for none: a seal was removed or a row added"
                yield _fault("uncovered", None, None, str(row_id), text)


def _seal(seal: Seal) -> Iterator[Fault]:
    """One seal by itself."""
    if chain.merkle_root(seal.members, suites.of(bytes(seal.root))) != bytes(seal.root):
        yield _fault(
            "merkle-root", None, None, str(seal.n), f"seal {seal.n}: its members are not what it sealed"
        )
    if not chain.signature_holds(seal):
        yield _fault(
            "signature", None, None, str(seal.n), f"seal {seal.n} was changed: its signature does not hold"
        )


def _trusted(anchors: Iterable[Anchor]) -> Generator[Fault, None, dict[int, list[Anchor]]]:
    """The anchors by the number of their seal; a line that we did not sign is a fault by itself."""
    kept: dict[int, list[Anchor]] = {}
    for anchor in anchors:
        if chain.signed(anchor.text, bytes.fromhex(anchor.signature)):
            kept.setdefault(anchor.n, []).append(anchor)
        else:
            text = f"the anchor of seal {anchor.n} was not signed by this system"
            yield _fault("anchor-forged", None, None, str(anchor.n), text)
    return kept


def _members(members: list[list[str]], where: str, covered: set[tuple[str, UUID]]) -> Iterator[Fault]:
    """Each member still exists with the sum it was sealed with."""
    for start in range(0, len(members), PAGE):
        page = members[start : start + PAGE]
        sums = _sums(page)
        for kind, text_id, mac in page:
            row_id = UUID(text_id)
            covered.add((kind, row_id))
            if (kind, row_id) not in sums:
                text = f"{kind} {row_id} stands in {where} but is gone"
                yield _fault(f"missing-{kind}", None, None, text_id, text)
            elif sums[kind, row_id].hex() != mac:
                text = f"{kind} {row_id} is not what stands in {where}"
                yield _fault(f"changed-{kind}", None, None, text_id, text)


def _sums(members: list[list[str]]) -> dict[tuple[str, UUID], bytes]:
    """The sums that the rows carry now."""
    events = [UUID(i) for kind, i, _ in members if kind == "event"]
    accesses = [UUID(i) for kind, i, _ in members if kind == "access"]
    found = {("event", i): bytes(m) for i, m in Event.objects.filter(id__in=events).values_list("id", "mac")}
    rows = Access.objects.filter(id__in=accesses).values_list("id", "mac")
    return found | {("access", i): bytes(m) for i, m in rows}


def _fault(kind: str, matter: UUID | None, seq: int | None, row_id: str, message: str) -> Fault:
    return Fault(kind, matter, seq, row_id, message)
