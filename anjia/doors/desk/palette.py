"""找: what the words may mean to this reader here — a step of the matter she has open, a matter, a place, a page.

The search page and the palette (Ctrl-K) show the same groups. Nothing is in them that the menu, the matter's
page or the lists would not show her.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anjia.doors.desk.views.matter import PARTNER_STEPS
from anjia.doors.desk.views.village import STEP_BACK
from anjia.engine.matters import finding, pages
from anjia.engine.matters.seats import visible_to
from anjia.engine.matters.worklists import MatterRow
from anjia.foundation.core.pinyin import matches
from anjia.foundation.core.verdict import NotFound
from anjia.registry.places import places
from anjia.registry.posts.actors import Actor
from anjia.ui import formats, menu, page

FEW = 6
#: Pages that are reached by a button of the top bar and are in no menu.
TOP_BAR = (
    ("desk:intake", gettext_lazy("登记来电来访"), "phone"),
    ("desk:handover", gettext_lazy("交接"), "hand-over"),
)


@dataclass(frozen=True, slots=True)
class Option:
    """One line: where it leads, what it says, what it says in small."""

    title: str
    href: str
    note: str = ""
    icon: str = "dot"


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one kind under their heading."""

    name: str
    title: str
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Answer:
    """The groups that have something, and whether more matters are called the same."""

    groups: list[Group]
    is_capped: bool = False


def answer(actor: Actor, words: str, now: datetime, on: str = "", *, matters: bool = True) -> Answer:
    """Everything that fits; with no words yet, the steps of the open matter and the pages."""
    words = words.strip()
    found = finding.search(visible_to(actor), words, limit=FEW) if matters else finding.Found([])
    groups = [
        Group("steps", _("这件事项的下一步"), steps(actor, words, on, now)),
        Group("matters", _("事项和人员"), [matter(row) for row in found.rows]),
        Group("places", _("地方"), somewhere(actor, words)),
        Group("pages", _("页面"), opened(actor, words)),
    ]
    return Answer([g for g in groups if g.options], found.is_capped)


def means(words: str, label: str) -> bool:
    """Whether what was typed may mean this label: part of it, or its letters."""
    said = words.replace(" ", "").casefold()
    return not said or said in label.replace(" ", "").casefold() or (said.isascii() and matches(said, label))


def steps(actor: Actor, words: str, on: str, now: datetime) -> list[Option]:
    """Moves that may be made now on the matter that is open, each leading to its form."""
    try:
        matter_id = UUID(on)
        offered = pages.steps_now(actor, matter_id, now)
    except (ValueError, NotFound):
        return []
    lines = [
        Option(formats.text(s.move.label), page.link("desk:do", matter_id, s.name), icon="arrow-right")
        for s in offered
        if offers(actor, s) and any(means(words, said) for said in s.move.label.values())
    ]
    return lines[: FEW if words else FEW * 2]


def offers(actor: Actor, step: pages.Step) -> bool:
    """Whether the matter's page shows this step to this kind of office."""
    if actor.tier == "village":
        return not step.is_built_in or step.name == STEP_BACK
    return actor.line == "federation" or step.name in PARTNER_STEPS


def matter(row: MatterRow) -> Option:
    """A matter, by the people's names where the reader may know them."""
    label = formats.text(row.playbook)
    note = [row.number, formats.text(row.stage), row.holder]
    if row.names:
        note.insert(0, label)
    icon = "lock" if row.is_masked else "inbox"
    return Option(row.names or label, page.link("desk:matter", row.id), " · ".join(note), icon)


def somewhere(actor: Actor, words: str) -> list[Option]:
    """Places within the actor's own, each leading to the matters there."""
    within = getattr(actor, actor.tier, "") if actor.tier in ("city", "county", "township") else ""
    if len(words) < finding.SHORTEST or not within:
        return []
    lines = []
    for p in places.find(words, within=within, limit=FEW):
        query = {"county": p.code} if p.tier == "county" else {"township": p.township or p.code}
        if p.tier in ("county", "township", "village"):
            lines.append(Option(p.name, page.link("desk:matters", query=query), p.where, "pin"))
    return lines


def takes_calls(actor: Actor) -> bool:
    """Where the top bar offers to take a call: the federation, and the counter of a police station."""
    return actor.line == "federation" or actor.agency_kind == "police_station"


def opened(actor: Actor, words: str) -> list[Option]:
    """Pages of the menu and the top bar."""
    bar: list[tuple[Any, str, str]] = [
        (label, page.maybe_link(name), icon)
        for name, label, icon in TOP_BAR
        if name != "desk:intake" or takes_calls(actor)
    ]
    listed = [(item.label, item.href, item.icon) for item in menu.items(actor, "")]
    lines = [Option(formats.text(label), href, icon=icon) for label, href, icon in [*listed, *bar] if href]
    return [o for o in lines if means(words, o.title)]
