"""上报要素复制单: a matter's particulars under another system's labels, and what was reported there when by whom.

A sheet is a paper like any other (`papers.Paper`): it names its fields, what is not named does not leave, words are
compared with what is sealed. What still has to be reported is a list, not a duty: no law sets an hour for typing
something a second time, and it must not count against an office.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anjia.engine.letters import disclosure, papers
from anjia.engine.letters.papers import Line, Paper
from anjia.engine.letters.policies import can_give_out
from anjia.engine.matters import unsaid, worklists
from anjia.engine.matters.engine_moves import COPIED
from anjia.engine.matters.models import Capacity, Matter
from anjia.engine.matters.record import record
from anjia.engine.matters.seats import Scope, Seated, visible_to
from anjia.foundation.core.clock import SHANGHAI, day_of
from anjia.foundation.core.verdict import NotFound, RuleBroken, require
from anjia.foundation.events.models import Event
from anjia.law.playbooks.library import catalogue
from anjia.law.playbooks.schema import Text
from anjia.registry.posts.actors import Actor

FILE = Path(__file__).with_name("copies.yaml")
PART, DONE, NOT_NEEDED = "part", "done", "not_needed"
#: How far back the list of what still has to be reported goes.
SINCE = timedelta(days=365)
LOOKED_AT = 500
OUT = "……"
#: Who reports a matter elsewhere.
LEADS = (Capacity.HOLDER, Capacity.TRAY, Capacity.REFERRER)


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of the other system."""

    label: Text
    value: str = ""
    fixed: str = ""
    of: tuple[str, ...] = ()
    codes: Mapping[str, str] | None = None

    @property
    def key(self) -> str:
        """How a tick names it."""
        return self.value or "fixed"


@dataclass(frozen=True, slots=True)
class System:
    """Another system, and what it asks."""

    name: str
    label: Text
    of: tuple[str, ...]
    to: str
    fields: tuple[Asked, ...]
    channels: tuple[str, ...] = ()

    def asks(self, playbook: str) -> list[Asked]:
        """What it asks of matters of that procedure."""
        return [f for f in self.fields if not f.of or playbook in f.of]

    def wants(self, playbook: str, channel: str) -> bool:
        """Whether such a matter is reported there at all."""
        return playbook in self.of and (not self.channels or channel in self.channels)

    def paper(self, playbook: str) -> Paper:
        """The sheet of such a matter, as the one way out reads it."""
        lines = [Line(f.value, frozenset({self.to})) for f in self.asks(playbook) if f.value]
        return Paper(
            name=self.name,
            label=self.label,
            of=frozenset(self.of),
            by=frozenset({"holder", "referrer"}),
            lines=tuple(lines),
            to_class=self.to,
        )


@dataclass(frozen=True)
class Field:
    """One field as it is copied."""

    key: str
    label: Text
    text: Text
    ticked: bool
    struck: bool = False  # words in it must not leave: they are taken out


@dataclass(frozen=True)
class Sheet:
    """The sheet of one matter for one system."""

    system: System
    matter: Matter
    fields: tuple[Field, ...]
    state: str  # "" | part | done | not_needed
    last: Event | None


@dataclass(frozen=True)
class Waiting:
    """A matter, and the systems that have not been told of it."""

    row: worklists.MatterRow
    systems: tuple[tuple[System, str], ...]


def parse(said: Mapping[str, Any]) -> dict[str, System]:
    """The systems from what the file says; ValueError naming every fault."""
    found = {name: system(name, given) for name, given in said["systems"].items()}
    wrong = [fault for one in found.values() for fault in faults(one)]
    if wrong:
        raise ValueError(f"{FILE.name}: " + "; ".join(wrong))
    return found


def system(name: str, given: Mapping[str, Any]) -> System:
    """One system as the file has it."""
    fields = tuple(Asked(**{**f, "of": tuple(f.get("of", ()))}) for f in given["fields"])
    return System(
        name, given["label"], tuple(given["of"]), given["to"], fields, tuple(given.get("channels", ()))
    )


def faults(one: System) -> Iterator[str]:
    """Why a system may not be told this."""
    classes = set(papers.book().classes)
    for playbook in one.of:
        for line in one.paper(playbook).lines:
            why = papers.fault_of(one.paper(playbook), line, classes)
            if not why and line.source in ("name", papers.IDENTITY, papers.CONTACT):
                why = "is never told where violence is reported" if of_violence(playbook) else ""
            if not why and line.source == papers.WORDS and of_violence(playbook):
                why = "are her words"
            if why:
                yield f"{one.name}: {playbook}: {line.value} {why}"


def of_violence(playbook: str) -> bool:
    """Whether violence is reported in that procedure."""
    return catalogue()[playbook].concerns_violence


@cache
def systems() -> dict[str, System]:
    """What stands in copies.yaml."""
    return parse(yaml.safe_load(FILE.read_text(encoding="utf-8")))


# -- one sheet ---------------------------------------------------------------------------------------------


def of_matter(matter: Matter) -> list[System]:
    """The systems that are told of this matter."""
    return [s for s in systems().values() if s.wants(matter.playbook, matter.channel)]


def sheet(*, actor: Actor, matter_id: UUID, name: str, now: datetime) -> Sheet:
    """The sheet, field by field. NotFound where this system is not told of such a matter."""
    seated = visible_to(actor).find(matter_id)
    one = known(seated, name)
    drafting = disclosure.Drafting(seated, actor, now, one.paper(seated.matter.playbook), {})
    items = {i.value: i for i in drafting.draft().items}
    last = newest(matter_id, one.name)
    ticked = set(last.codes.get("ticked", ())) if last else set()
    fields = []
    for asked in one.asks(seated.matter.playbook):
        text, struck = as_told(asked, items.get(asked.value), seated.matter)
        if text["zh"]:
            fields.append(Field(asked.key, asked.label, text, asked.key in ticked, struck))
    return Sheet(one, seated.matter, tuple(fields), state_of(last), last)


def known(seated: Seated, name: str) -> System:
    """The system, if it is told of such a matter."""
    one = systems().get(name)
    if one is None or not one.wants(seated.matter.playbook, seated.matter.channel):
        raise NotFound
    return one


def as_told(asked: Asked, item: disclosure.Item | None, matter: Matter) -> tuple[Text, bool]:
    """What the other system is told, and whether something was taken out of it."""
    if asked.fixed:
        return {"zh": asked.fixed, "en": asked.fixed}, False
    if item is None:
        return {"zh": "", "en": ""}, False
    theirs = (asked.codes or {}).get(code_of(asked, matter))
    if theirs:
        return {"zh": theirs, "en": theirs}, False
    if item.found:
        out = unsaid.struck(item.zh, item.found, OUT)
        return {"zh": out, "en": out}, True
    return ({"zh": item.text, "en": item.text} if isinstance(item.text, str) else dict(item.text)), False


def code_of(asked: Asked, matter: Matter) -> str:
    """Our own code of that field."""
    if asked.value == "matter.channel":
        return matter.channel
    return str(matter.data.get(asked.value.split(".")[-1]) or "") if asked.value.startswith("data.") else ""


def newest(matter: UUID, name: str) -> Event | None:
    """What was last noted of this system."""
    events = Event.objects.filter(matter=matter, move=COPIED.name).order_by("-seq")
    return next((e for e in events if facts(e).get("copied_to") == name), None)


def facts(event: Event) -> Mapping[str, Any]:
    return dict(event.codes.get("facts") or {})


def state_of(event: Event | None) -> str:
    """Where reporting stands: "" while nothing was noted."""
    return str(facts(event).get("copied_state", "")) if event else ""


def note(
    *,
    actor: Actor,
    matter_id: UUID,
    name: str,
    ticked: Sequence[str],
    state: str,
    on: str = "",
    number: str = "",
    now: datetime,
) -> None:
    """What was ticked is kept; with their number it counts as reported. Never a value, only which fields."""
    values: dict[str, Any] = {"copied_to": name, "copied_state": state}
    if state == DONE:
        values |= reported(on, number, now)
    with transaction.atomic():
        seated = visible_to(actor).find(matter_id, lock=True)
        one = known(seated, name)
        require(can_give_out(actor, seated, one.paper(seated.matter.playbook)))
        asked = [f.key for f in one.asks(seated.matter.playbook) if f.key in ticked]
        words = {"their_number": values.pop("their_number")} if "their_number" in values else None
        record(seated, COPIED, actor=actor, now=now, values=values, words=words, codes={"ticked": asked})


def reported(on: str, number: str, now: datetime) -> dict[str, Any]:
    """The day and their number, or what is wrong beside the field."""
    wrong: dict[str, Any] = {}
    try:
        day = day_of(on)
        if day > now.astimezone(SHANGHAI).date():
            wrong["copied_on"] = _("这一天还没有到。")
    except ValueError:
        wrong["copied_on"] = _("请按“年-月-日”填写。")
    if not number.strip():
        wrong["their_number"] = _("请填那边的编号，以后好查。")
    elif len(number.strip()) > 60:
        wrong["their_number"] = _("最多 60 个字。")
    if wrong:
        raise RuleBroken(_("有几处需要改一下。"), wrong)
    return {"copied_on": on, "their_number": number.strip()}


# -- what still has to be reported ---------------------------------------------------------------------------


def waiting(scope: Scope, now: datetime, *, limit: int = 50) -> list[Waiting]:
    """Matters of the last year that this office leads or asked for, and the systems not told of them yet."""
    wanted = {p for s in systems().values() for p in s.of}
    seats = scope.own().filter(
        playbook__in=wanted, capacity__in=LEADS, mask=False, opened_at__gte=now - SINCE
    )
    newest_first = seats.order_by("-opened_at", "-matter_id")
    ids = list(newest_first.values_list("matter_id", flat=True)[:LOOKED_AT])
    matters = Matter.objects.in_bulk(ids)
    told = states(ids)
    left = {m: tuple(open_systems(matters[m], told)) for m in ids if m in matters}
    chosen = [m for m in ids if left.get(m)][:limit]
    rows = {r.id: r for r in worklists.matter_rows(newest_first.filter(matter__in=chosen), scope)}
    return [Waiting(rows[m], left[m]) for m in chosen if m in rows]


def open_systems(matter: Matter, told: Mapping[tuple[UUID, str], str]) -> Iterator[tuple[System, str]]:
    """The systems that have not been told, with what was already begun."""
    for one in of_matter(matter):
        state = told.get((matter.id, one.name), "")
        if state not in (DONE, NOT_NEEDED):
            yield one, state


def states(matters: Iterable[UUID]) -> dict[tuple[UUID, str], str]:
    """What was last noted of each matter and system."""
    events = Event.objects.filter(matter__in=list(matters), move=COPIED.name).order_by("seq")
    return {(e.matter, str(facts(e).get("copied_to", ""))): state_of(e) for e in events}
