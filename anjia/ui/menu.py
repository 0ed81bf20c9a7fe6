"""The left menu of the desk. Rooms register their entries when Django starts; nobody edits a list here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from anjia.ui import page


@dataclass(frozen=True, slots=True)
class Entry:
    """One menu line. `when` decides from the actor (None: nobody is signed in) whether it is offered."""

    name: str
    label: str | Promise
    url_name: str
    order: int = 100
    icon: str = "dot"
    door: str = "desk"
    group: str | Promise = ""
    when: Callable[[Any], bool] = lambda actor: True


@dataclass(frozen=True, slots=True)
class Item:
    """A menu line as shown: where it leads and whether the reader is there."""

    label: str | Promise
    href: str
    icon: str
    group: str | Promise
    is_here: bool


_entries: dict[tuple[str, str], Entry] = {}


def register(
    name: str,
    label: str | Promise,
    url_name: str,
    *,
    order: int = 100,
    icon: str = "dot",
    door: str = "desk",
    group: str | Promise = "",
    when: Callable[[Any], bool] = lambda actor: True,
) -> None:
    """Offer a page in the menu of a door; the same name again replaces the entry."""
    _entries[(door, name)] = Entry(name, label, url_name, order, icon, door, group, when)


def items(actor: Any, path: str, door: str = "desk") -> list[Item]:
    """The lines this actor is offered, in order; an entry whose page does not exist is left out.

    The longest address that begins the path is "here", so a rule's page lights the rules; the door's own
    first page, which begins every path, is "here" only itself.
    """
    shown = [
        (entry, href)
        for entry in sorted(_entries.values(), key=lambda e: (e.order, e.name))
        if entry.door == door and entry.when(actor) and (href := page.maybe_link(entry.url_name))
    ]
    bare = [href.split("?")[0] for _entry, href in shown]
    first = min(bare, key=len, default="")
    around = (b for b in bare if path == b or (b != first and path.startswith(b.rstrip("/") + "/")))
    here = max(around, key=len, default="")
    return [
        Item(entry.label, href, entry.icon, entry.group, b == here)
        for (entry, href), b in zip(shown, bare, strict=True)
    ]
