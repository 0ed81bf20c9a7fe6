"""How a running matter moves to a new major version: each of its parts has an image, or it stays where it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anjia.law.playbooks.builtin import BUILT_IN_DUTIES
from anjia.law.playbooks.interpreter import open_duties_of
from anjia.law.playbooks.located import Part, read
from anjia.law.playbooks.schema import Duty, Field, Playbook, Text


@dataclass(frozen=True)
class Image:
    """Old name → new name, by kind of part. A name that is not listed keeps itself."""

    stages: Mapping[str, str] = field(default_factory=dict)
    duties: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    parties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """Where a matter stands: what must have an image."""

    stage: str
    duties: frozenset[str]  # kinds of the open ones
    values: Mapping[str, Any]  # its open values, by field
    roles: frozenset[str]
    parties: frozenset[str]
    has_ended: bool


@dataclass(frozen=True)
class Moved:
    """Where it stands afterwards. `starts` are duties that its stage has in the new version and nobody owes yet."""

    stage: str
    duties: Mapping[str, str]  # open kind → its new kind
    values: dict[str, Any]
    roles: Mapping[str, str]
    parties: Mapping[str, str]
    starts: tuple[Duty, ...]


def load_mapping(path: Path) -> Image:
    """The mapping of a file: `stages`, `duties`, `fields`, `roles`, `parties`, each {old: new}."""
    part = Part(read(path), path.name, 1, "mapping")
    keys = ("stages", "duties", "fields", "roles", "parties")
    part.only(*keys)
    return Image(**{key: {str(a): str(b) for a, b in part.part(key).data.items()} for key in keys})


def moved(old: Playbook, new: Playbook, image: Image, at: Standing) -> Moved | list[Text]:
    """Where the matter comes to stand, or every reason why it cannot be moved."""
    why: list[Text] = []
    stage = image.stages.get(at.stage, at.stage)
    if stage not in new.stages:
        why.append(_none("阶段", "stage", at.stage))
    elif new.stages[stage].end != at.has_ended:
        why.append(
            {
                "zh": f"阶段“{at.stage}”和“{stage}”一个已办结、一个没有",
                "en": f"of stages “{at.stage}” and “{stage}” only one is an end",
            }
        )
    duties = {kind: image.duties.get(kind, kind) for kind in at.duties}
    why += _missing("责任", "open duty", duties, {*new.duties, *BUILT_IN_DUTIES})
    roles = {name: image.roles.get(name, name) for name in at.roles}
    why += _missing("角色", "role", roles, new.roles)
    parties = {name: image.parties.get(name, name) for name in at.parties}
    why += _missing("当事人", "party", parties, new.parties or parties)
    values, lost = _values(old, new, image, at.values)
    why += lost + _unfilled(old, new, image, values)
    if why:
        return why
    starts = () if at.has_ended else open_duties_of(new, stage, set(duties.values()), values)
    if not at.has_ended and not duties and not starts:
        return [
            {
                "zh": f"到了新版的“{stage}”，谁都不欠什么",
                "en": f"in “{stage}” of the new version nobody owes anything",
            }
        ]
    return Moved(stage, duties, values, roles, parties, tuple(starts))


def _none(zh: str, en: str, name: str) -> Text:
    return {"zh": f"{zh}“{name}”在新版里没有对应", "en": f"{en} “{name}” has no image in the new version"}


def _missing(zh: str, en: str, images: Mapping[str, str], known: Iterable[str]) -> list[Text]:
    there = set(known)
    return [_none(zh, en, name) for name, image in sorted(images.items()) if image not in there]


def _values(
    old: Playbook, new: Playbook, image: Image, values: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Text]]:
    """Open values under their new names. What was required keeps a place and its type; nothing is thrown away."""
    required, out, why = _required(old), dict[str, Any](), list[Text]()
    for name, value in values.items():
        target = image.fields.get(name, name)
        before, after = old.fields.get(name), new.fields.get(target)
        if after is None and name in required:
            why.append(_none("必填字段", "required field", name))
        elif before and after and (before.type, before.list) != (after.type, after.list):
            why.append(
                {
                    "zh": f"字段“{name}”的类型变了({before.type} → {after.type})",
                    "en": f"field “{name}” has another type ({before.type} → {after.type})",
                }
            )
        out[target if after else name] = value
    return out, why


def _required(pb: Playbook) -> set[str]:
    asks = [*pb.opening, *(f for m in pb.moves.values() for f in m.asks)]
    return {f.name for f in asks if f.required}


def _unfilled(old: Playbook, new: Playbook, image: Image, values: Mapping[str, Any]) -> list[Text]:
    """What the new version asks of everybody at the opening was asked of this matter too."""
    asked = {image.fields.get(f.name, f.name) for f in old.opening}

    def filled(field_: Field) -> bool:
        return field_.name in values if field_.mark in ("counts", "open") else field_.name in asked

    return [
        {
            "zh": f"新版开头必填的“{f.name}”，这件事项没有",
            "en": f"“{f.name}”, required at the opening of the new version, is not known of this matter",
        }
        for f in new.opening
        if f.required and not f.show_when and not filled(f)
    ]
