"""What may be answered by the code on a letter (replies.yaml), in the words of the playbook the matter runs under."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from anjia.engine.matters.models import Matter
from anjia.engine.matters.policies import parts
from anjia.law import codes
from anjia.law.playbooks import interpreter
from anjia.law.playbooks.library import definition
from anjia.law.playbooks.schema import Field, Move, Playbook, Text
from anjia.registry.posts.models import Agency

FILE = Path(__file__).with_name("replies.yaml")
CONFIRM = "confirm"
SAME = "="
LONGEST = 200
NO_NAMES: Text = {
    "zh": "一两句就够。不写当事人的姓名、住处和电话。",
    "en": "A sentence or two. No name, address or telephone of anybody concerned.",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One move as the table offers it."""

    move: str
    choose: str = ""
    but: tuple[str, ...] = ()
    label: Text | None = None
    mirrors: Mapping[str, Any] = field(default_factory=dict)
    sets: Mapping[str, str] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    needs: Mapping[str, list[str]] = field(default_factory=dict)
    says: str = ""
    words: tuple[str, ...] | None = None
    more: bool = False


@dataclass(frozen=True)
class Answer:
    """One answer that may be chosen. `key` is what the page posts."""

    key: str
    move: str
    label: Text
    group: Text
    fields: tuple[Field, ...] = ()
    sets: Mapping[str, Any] = field(default_factory=dict)
    says: str = ""  # the field that the answer's own words fill
    more: bool = False


@cache
def table() -> dict[str, dict[str, tuple[Way, ...]]]:
    """Procedure → part → ways to answer, in the order in which they are offered."""
    said = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        book: {
            role: tuple(way(name, given or {}) for name, given in moves.items())
            for role, moves in roles.items()
        }
        for book, roles in said.items()
    }


def way(name: str, given: Mapping[str, Any]) -> Way:
    """One way as the file has it."""
    lists: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    return Way(move=name, **lists)


def ways(matter: Matter, agency: Agency) -> list[Way]:
    """Those of this agency in this matter."""
    roles = table().get(matter.playbook, {})
    return [w for role in roles if role in parts(matter, agency.id) for w in roles[role]]


def answers(matter: Matter, agency: Agency) -> list[Answer]:
    """What may be answered now. Where the stage allows none of it any more, all is offered: it is kept, and told."""
    playbook = definition(matter.playbook, matter.version)
    offered = [(w, playbook.moves[w.move]) for w in ways(matter, agency) if w.move in playbook.moves]
    now = [(w, m) for w, m in offered if interpreter.allowed(playbook, m, matter.stage)]
    late = [(w, m) for w, m in offered if not w.more]
    return [a for w, m in (now or late) for a in of_way(w, m, playbook, agency)]


def of_way(one: Way, move: Move, playbook: Playbook, agency: Agency) -> Iterator[Answer]:
    """Every choice of one way, or the way itself."""
    group = dict(one.label or move.label)
    if not one.choose:
        yield Answer(
            one.move, one.move, group, group, asked(one, move, ""), dict(one.sets), one.says, one.more
        )
        return
    listed = playbook.fields[one.choose].list
    for code, item in codes.book()[listed or ""].items.items():
        kinds = item.attributes.get("kinds")
        if code in one.but or item.retired or (kinds and agency.kind not in kinds):
            continue
        sets = {**one.sets, one.choose: code, **mirrored(one, move, code, agency)}
        says = "" if has(one.words, code) else one.says
        yield Answer(
            f"{one.move}.{code}",
            one.move,
            dict(item.label),
            group,
            asked(one, move, code),
            sets,
            says,
            one.more,
        )


def mirrored(one: Way, move: Move, code: str, agency: Agency) -> dict[str, str]:
    """Fields that say the same in another list."""
    out = {}
    for name, values in one.mirrors.items():
        f = move.ask(name)
        if f is None or (f.asked_of and agency.kind not in f.asked_of):
            continue
        value = code if values == SAME else values.get(code, "")
        if value in codes.book()[f.list or ""]:
            out[name] = value
    return out


def asked(one: Way, move: Move, code: str) -> tuple[Field, ...]:
    """What is filled in with this choice; the written words only where the choice needs them."""
    out = []
    for name in one.asks:
        f = move.ask(name)
        if f is not None:
            out.append(replace(f, required=f.required or has_need(one, name, code)))
    words = move.ask(one.says) if one.says and has(one.words, code) else None
    if words is not None:
        out.append(replace(words, required=True, max=LONGEST, help=dict(NO_NAMES)))
    return tuple(out)


def has_need(one: Way, name: str, code: str) -> bool:
    """Whether this field may not be left empty with this choice."""
    return name in one.needs and has(tuple(one.needs[name]), code)


def has(listed: tuple[str, ...] | None, code: str) -> bool:
    """Whether a list of choices means this one; an empty list means every one."""
    return listed is not None and (not listed or code in listed)


def confirmations(event: UUID, what: Text) -> tuple[Answer, Answer]:
    """Yes and no to one record that was made for the agency."""
    aim = {"event": str(event)}
    yes: Text = {"zh": "属实", "en": "That is right"}
    no: Text = {"zh": "不属实，请与我单位联系", "en": "That is not right, please ask us"}
    return (
        Answer(f"{CONFIRM}.yes.{event}", CONFIRM, yes, what, sets={**aim, "confirmed": "yes"}),
        Answer(f"{CONFIRM}.no.{event}", CONFIRM, no, what, sets={**aim, "confirmed": "no"}),
    )
