"""What a batch will write, as segments whose changes cannot meet in one row.

PostgreSQL changes a row at most once within one statement. So changes of the same row are folded into
one, and where that is not possible (a condition may match a row that was written before) a new segment,
that is a new statement, begins. Within a segment updates run before inserts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model


@dataclass(slots=True)
class Insert:
    """A new row: column -> prepared value. The key column is missing where the database counts it up."""

    model: type[Model]
    table: str
    pk: str
    values: dict[str, Any]


@dataclass(slots=True)
class Update:
    """One existing row by its key, and what must still stand in it."""

    model: type[Model]
    table: str
    pk: str
    key: Any
    values: dict[str, Any]
    expect: dict[str, Any]


@dataclass(slots=True)
class UpdateWhere:
    """All rows that match every condition (column, exact | isnull | in, value)."""

    model: type[Model]
    table: str
    pk: str
    where: tuple[tuple[str, str, Any], ...]
    values: dict[str, Any]

    def may_match(self, known: dict[str, Any]) -> bool:
        """Whether a row of which these columns are known could match; unknown columns could be anything."""
        return all(
            column not in known or _holds(known[column], how, value) for column, how, value in self.where
        )


Change = Insert | Update | UpdateWhere


@dataclass(slots=True)
class Segment:
    """Changes of which no two can touch the same row."""

    changes: list[Change] = field(default_factory=list)
    rows: dict[tuple[str, Any], Insert | Update] = field(default_factory=dict)

    def updates(self) -> Iterator[Update | UpdateWhere]:
        """Changes of existing rows, in the order given."""
        return (c for c in self.changes if not isinstance(c, Insert))

    def inserts(self) -> list[list[Insert]]:
        """New rows by table and columns, tables in the order of their first row."""
        groups: dict[tuple[str, tuple[str, ...]], list[Insert]] = {}
        for change in self.changes:
            if isinstance(change, Insert):
                groups.setdefault((change.table, tuple(change.values)), []).append(change)
        return list(groups.values())


class Plan:
    """Collects changes; `is_stale` when two of them contradict each other whatever the database holds."""

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self.is_stale = False

    def __len__(self) -> int:
        return sum(len(s.changes) for s in self.segments)

    @property
    def is_one_statement(self) -> bool:
        """Whether it is nothing but new rows that are written at once: no condition to look at afterwards."""
        return len(self.segments) == 1 and all(isinstance(c, Insert) for c in self.segments[0].changes)

    def insert(self, change: Insert) -> None:
        """A new row. An earlier condition never matches it: it was not there yet."""
        key = (change.table, _plain(change.values.get(change.pk)))
        segment = self._last()
        if key[1] is not None and key in segment.rows:
            segment = self._begin()  # the database will refuse it, as it would one by one
        segment.changes.append(change)
        if key[1] is not None:
            segment.rows[key] = change

    def update(self, change: Update) -> None:
        """One row: folded into its earlier change, or added; after a condition that may match it, apart."""
        segment = self._last()
        key = (change.table, _plain(change.key))
        known = {change.pk: change.key}
        clash = any(
            isinstance(c, UpdateWhere) and c.table == change.table and c.may_match(known)
            for c in segment.changes
        )
        if not clash and key in segment.rows:
            self._fold(segment.rows[key], change)
            return
        segment = self._begin() if clash else segment
        segment.changes.append(change)
        segment.rows[key] = change

    def update_where(self, change: UpdateWhere) -> None:
        """Rows by condition: in the same segment only if no earlier change there can be among them."""
        segment = self._last()
        if any(c.table == change.table and _may_meet(c, change) for c in segment.changes):
            segment = self._begin()
        segment.changes.append(change)

    def _fold(self, before: Insert | Update, change: Update) -> None:
        """Let one change do the work of two on the same row."""
        for column, value in change.expect.items():
            if column in before.values:
                self.is_stale = self.is_stale or _plain(before.values[column]) != _plain(value)
            elif isinstance(before, Update):
                self.is_stale = self.is_stale or _plain(before.expect.get(column, value)) != _plain(value)
                before.expect.setdefault(column, value)
        before.values.update(change.values)

    def _last(self) -> Segment:
        return self.segments[-1] if self.segments else self._begin()

    def _begin(self) -> Segment:
        self.segments.append(Segment())
        return self.segments[-1]


def _may_meet(before: Change, change: UpdateWhere) -> bool:
    """Whether a row of the earlier change can be among those of the later condition."""
    if isinstance(before, Insert):
        return change.may_match(before.values)
    if isinstance(before, Update):
        # One statement sees the row as it was, one after the other sees it as it became: neither may match.
        was = {before.pk: before.key, **before.expect}
        return change.may_match(was) or change.may_match({**was, **before.values})
    # Two conditions: apart only if they ask for different values of a column that neither writes.
    fixed = {
        column: value for column, how, value in before.where if how == "exact" and column not in before.values
    }
    return change.may_match(fixed)


def _holds(actual: Any, how: str, value: Any) -> bool:
    if how == "isnull":
        return (actual is None) is bool(value)
    if actual is None:
        return False
    if how == "in":
        return _plain(actual) in [_plain(v) for v in value]
    return bool(_plain(actual) == _plain(value))


def _plain(value: Any) -> Any:
    """The value inside a driver's wrapper (binary, JSON), so that two of them can be compared."""
    inner = getattr(value, "obj", value)
    return bytes(inner) if isinstance(inner, memoryview | bytearray) else inner
