"""Questions that are asked with every request: their SQL is made once, only the values change.

Building the SQL of a query costs Django several times what the database takes to answer it (measured: half
of a move's time). A prepared question is written as a query set, like any other, with a `Slot` wherever a
value will stand; the rows come out exactly as the query set would give them.

    OPEN = Prepared(lambda: Duty.objects.filter(matter=Slot("matter", UUIDField()), done_at__isnull=True))
    OPEN.rows(matter=matter_id)
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, QuerySet, Value

Row = TypeVar("Row")


class Slot(Value):
    """Where a value will stand. `field` says how it is written down in the database."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(name, output_field=field)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """A placeholder; the slot itself stands among the parameters until a value takes its place."""
        return "%s", [self]

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Slot:
        """Already what it will be."""
        return self


class Prepared(Generic[Row]):
    """One question. `ask` makes the query set; it is called once a database, when first needed."""

    def __init__(self, ask: Callable[[], QuerySet[Any, Row]]) -> None:
        self._ask = ask
        self._made: dict[str, tuple[QuerySet[Any, Row], Any, str, tuple[Any, ...]]] = {}

    def rows(self, **values: Any) -> list[Row]:
        """The answer for these values, one for each slot."""
        connection = connections[DEFAULT_DB_ALIAS]
        query_set, compiler, sql, params = self._made.get(connection.vendor) or self._make(connection)
        filled = tuple(_written(p, values, connection) if isinstance(p, Slot) else p for p in params)
        ready = copy.copy(compiler)  # its columns are known; connection and values are this call's own
        ready.connection = connection
        ready.as_sql = lambda *_args, **_kwargs: (sql, filled)
        asked: Any = SimpleNamespace(
            db=DEFAULT_DB_ALIAS,
            query=_Ready(query_set.query, ready),
            _hints={},
            _fields=getattr(query_set, "_fields", None),
            _known_related_objects={},
        )
        iterable: Any = query_set._iterable_class
        return list(iterable(asked))

    def first(self, **values: Any) -> Row | None:
        """The first row, or None."""
        return next(iter(self.rows(**values)), None)

    def _make(self, connection: Any) -> tuple[QuerySet[Any, Row], Any, str, tuple[Any, ...]]:
        query_set = self._ask()
        compiler = query_set.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        made = self._made[connection.vendor] = (query_set, compiler, sql, tuple(params))
        return made


class _Ready:
    """A query whose compiler has done its work."""

    def __init__(self, query: Any, compiler: Any) -> None:
        self._query, self._compiler = query, compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)

    def get_compiler(self, *_args: Any, **_kwargs: Any) -> Any:
        """What was made before."""
        return self._compiler


def _written(slot: Slot, values: dict[str, Any], connection: Any) -> Any:
    """A value the way its field is stored."""
    field: Field[Any, Any] = slot.output_field
    return field.get_db_prep_value(values[slot.value], connection=connection)
