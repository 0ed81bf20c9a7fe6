"""Who looked. A row is written before a value leaves: no entry, no value.

Inside a request `current()` is the reader that the middleware made; elsewhere (worker, commands) wrap the
work in `reading(...)`. Code that decrypts for somebody's eyes says so with `opened(matter, compartment)`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from anjia.foundation.core import clock
from anjia.foundation.core.ids import uuid7
from anjia.foundation.core.who import Who
from anjia.foundation.events import chain, writer
from anjia.foundation.events.models import Access, AccessMatter
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import COMPARTMENTS, Compartment

LIST, OPEN, FILE, URGENT, WHEREABOUTS = "list", "open", "file", "urgent", "where"
WEIGHT = {LIST: 0, OPEN: 1, FILE: 2, URGENT: 3, WHEREABOUTS: 4}
ROUTE_LENGTH = 80
#: What stands as the purpose of a search: a keyed mark of whom it was for, never the words.
SEARCHED = "q:"


class NotRecorded(RuntimeError):
    """Sealed data was about to be opened where no entry of it would be written: a fault in the program."""


class Reader:
    """Collects what one request opens. List labels count as appearances, all else as openings."""

    def __init__(self, who: Who, *, route: str = "", how: str = "", purpose: str = "") -> None:
        self.who = who
        self.route = route
        self.purpose = purpose
        self._how = how or LIST
        self._fixed = bool(how)
        self._matters: dict[UUID, bool] = {}  # matter -> really opened, not only listed
        self._compartments: set[str] = set()
        self._before: set[tuple[UUID, str]] = set()
        self._closed = False
        self._searched = False

    def searched(self, who: UUID, kind: str, words: str) -> None:
        """Somebody is looked for: a row is written also when nothing is found.

        The mark is equal only for the same person's search for the same words.
        """
        text = vault.normalise(kind, words)
        if text:
            mark = vault.fingerprint("searched", who.bytes + kind.encode() + b" " + text.encode())
            self.purpose, self._searched = SEARCHED + mark[:16].hex(), True

    def opened(self, matter: UUID, compartment: str, how: str = "") -> None:
        """Say that this is being decrypted. `how`: list | open | file; default by the compartment.

        NotRecorded: the entry was already written (a streamed answer), or whereabouts without `open_now`.
        """
        if compartment not in COMPARTMENTS:
            raise ValueError(f"unknown compartment {compartment!r}")
        if (matter, compartment) in self._before:
            return
        if self._closed:
            raise NotRecorded("the entry of this request is already written")
        if compartment == Compartment.WHEREABOUTS:
            raise NotRecorded("whereabouts are opened only after access.open_now()")
        how = how or (LIST if compartment == Compartment.LABEL else OPEN)
        if not self._fixed and WEIGHT[how] > WEIGHT[self._how]:
            self._how = how
        self._matters[matter] = (
            self._matters.get(matter, False) or (self._how if self._fixed else how) != LIST
        )
        self._compartments.add(compartment)

    def has_recorded(self, matter: UUID, compartment: str) -> bool:
        """Whether an entry of this reading is written already."""
        return (matter, compartment) in self._before

    def __bool__(self) -> bool:
        return bool(self._matters) or self._searched

    @property
    def shows_sealed(self) -> bool:
        """Whether more than the labels of a list was opened: it may stand on the screen for a while."""
        return self._how != LIST or bool(self._before)

    def close(self, at: datetime) -> writer.Row | None:
        """The row to be written, or None if nothing was opened; nothing more can be opened after."""
        self._closed = True
        if not self:
            return None
        row = _row(
            self.who,
            at=at,
            route=self.route,
            how=self._how,
            purpose=self.purpose,
            matters=sorted(self._matters, key=str),
            compartments=sorted(self._compartments),
        )
        return writer.Row(row, [m for m, really in self._matters.items() if really])

    def because(self, purpose: str) -> None:
        """What this reading is for, as a code, where it is done by a right that has a purpose."""
        self.purpose = self.purpose or purpose

    def recorded(self, matter: UUID, compartment: str) -> None:
        """`open_now` has written its own row for this already."""
        self._before.add((matter, compartment))


_current: ContextVar[Reader | None] = ContextVar("anjia_reader", default=None)


def current() -> Reader:
    """The reader of this request or of the enclosing `reading`. NotRecorded if there is none."""
    reader = _current.get()
    if reader is None:
        raise NotRecorded("sealed data is opened only in a request or inside access.reading()")
    return reader


@contextmanager
def use(reader: Reader) -> Iterator[Reader]:
    """Make this the current reader of this thread or task; writes nothing (the middleware does)."""
    token = _current.set(reader)
    try:
        yield reader
    finally:
        _current.reset(token)


@contextmanager
def reading(
    who: Who, *, route: str, how: str = "", purpose: str = "", at: datetime | None = None
) -> Iterator[Reader]:
    """Work that opens sealed data outside a request; its row is written when the block ends.

    Let values leave only after the block. The row is written also when the block fails.
    """
    reader = Reader(who, route=route, how=how, purpose=purpose)
    with use(reader):
        try:
            yield reader
        finally:
            row = reader.close(at or clock.now())
            if row is not None:
                writer.write([row])


def open_now(
    who: Who,
    *,
    matter: UUID,
    compartment: str | Sequence[str],
    purpose_code: str,
    purpose_text: str,
    route: str,
    at: datetime,
    how: str = "",
) -> None:
    """Write the entry at once, before decrypting: for whereabouts, emergencies and looking behind a mask.

    The reason in words is sealed. If this raises, nothing may be decrypted.
    """
    opened = [compartment] if isinstance(compartment, str) else list(compartment)
    if not purpose_code:
        raise ValueError("opening this needs a stated purpose")
    row_id = uuid7(int(at.timestamp() * 1000))
    words = vault.box("access purpose", purpose_text.encode(), aad=row_id.bytes) if purpose_text else None
    how = how or (WHEREABOUTS if Compartment.WHEREABOUTS in opened else OPEN)
    row = _row(
        who,
        at=at,
        route=route,
        how=how,
        purpose=purpose_code,
        matters=[matter],
        compartments=opened,
        row_id=row_id,
        words=words,
    )
    writer.write([writer.Row(row, [matter])])
    reader = _current.get()
    if reader is not None:
        for one in opened:
            reader.recorded(matter, one)


def purpose_text(row: Access) -> str:
    """The stated reason in words, for those who may see who has looked."""
    if row.purpose_sealed is None:
        return ""
    return vault.unbox("access purpose", bytes(row.purpose_sealed), aad=row.id.bytes).decode()


def seen_by(matter: UUID, limit: int = 200) -> list[Access]:
    """Openings of a matter, newest first (谁看过). Appearances in lists are apart: `listed`."""
    ids = (
        AccessMatter.objects.filter(matter=matter).order_by("-id").values_list("access_id", flat=True)[:limit]
    )
    return sorted(Access.objects.filter(id__in=list(ids)), key=lambda a: (a.at, a.id), reverse=True)


def listed(matter: UUID, *, since: datetime, limit: int = 2000) -> list[Access]:
    """Lists in which the matter's name appeared since then, newest first.

    Looks at the newest `limit` list pages only: there is no index from matters to lists, on purpose (one
    would cost more than the page itself).
    """
    rows = Access.objects.filter(Q(at__gte=since), how=LIST).order_by("-id")[:limit]
    return [row for row in rows if str(matter) in row.matters]


def _row(
    who: Who,
    *,
    at: datetime,
    route: str,
    how: str,
    purpose: str,
    matters: list[UUID],
    compartments: list[str],
    row_id: UUID | None = None,
    words: bytes | None = None,
) -> Access:
    row = Access(
        id=row_id or uuid7(int(at.timestamp() * 1000)),
        at=at,
        actor=who.account_id,
        post=who.post_id,
        route=route[:ROUTE_LENGTH],
        how=how,
        purpose=purpose,
        purpose_sealed=words,
        matters=[str(m) for m in matters],
        compartments=list(compartments),
    )
    row.mac = chain.access_mac(row)
    return row
