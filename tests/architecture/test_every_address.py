"""No address without its row in the table of who may open what, and no second opinion beside the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from anjia.engine.matters.models import Capacity
from anjia.engine.matters.seats import MAY_OPEN
from anjia.foundation.vault.models import Compartment
from anjia.registry.posts import who_may


def addresses(patterns: list[Any], space: str = "") -> Iterator[tuple[str, bool]]:
    """Name of every address, and whether it is of one matter."""
    for p in patterns:
        if isinstance(p, URLResolver):
            yield from addresses(p.url_patterns, p.namespace or space)
        elif isinstance(p, URLPattern):
            yield f"{space}:{p.name}" if space else str(p.name), "matter_id" in p.pattern.converters


def test_every_address_has_its_row() -> None:
    """Add the row in anjia/registry/posts/who_may.py, and let the matrix ask the new page of everybody."""
    known = dict(addresses(get_resolver().url_patterns))
    assert not [name for name in known if name not in who_may.TABLE]
    assert not [name for name in who_may.TABLE if name not in known and not name.startswith("demo:")]
    for name, is_of_matter in known.items():
        assert (who_may.TABLE[name].seats is not None) == is_of_matter, name


def test_relations_are_the_capacities_and_the_line_above() -> None:
    assert set(Capacity.values) == who_may.SEATED | who_may.GRANTED
    assert {c for c, opens in MAY_OPEN.items() if Compartment.EVIDENCE in opens} == who_may.PAPERS
