"""What changed between two versions of a procedure, and how much: nothing, a fix, or a break.

A *minor* change (labels, help, warnings, an added optional field, duty or recipient, a recipient removed, a
stricter guard) reaches running matters at once. A *major* one (a stage or move removed or re-targeted, the
type of a field, anything promised that no longer holds) opens new matters only; running ones stay on the old
file until they are moved by a mapping.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.schema import Field, Playbook, Text, Version

Class = Literal["none", "minor", "major"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, how grave, why."""

    where: str
    is_major: bool
    reason: Text


#: part -> attribute -> (a new entry breaks, a lost entry breaks). For attributes that hold several things.
SETS: dict[str, dict[str, tuple[bool, bool]]] = {
    "moves": {
        "from_": (False, True),
        "by": (False, True),
        "guards": (False, True),
        "effects": (True, True),
        "tells": (False, False),
        "opens_kind": (True, False),
    },
    "duties": {
        "starts": (False, True),
        "done_by": (False, True),
        "void_by": (True, False),
        "tried_by": (False, True),
    },
    "": {
        "opens_from": (False, False),
        "rules": (False, True),
    },
}
#: part -> attribute -> does turning it on break, does turning it off break. For yes and no.
SWITCHES: dict[str, dict[str, tuple[bool, bool]]] = {
    "moves": {
        "needs_paper": (False, True),
        "on_behalf": (False, True),
        "mediates": (True, False),
        "hidden": (True, True),
        "batch": (False, False),
    },
    "duties": {"survives_end": (False, True), "restart": (False, False)},
    "fields": {"required": (True, False), "counts": (True, True)},
    "parties": {"optional": (False, True), "many": (False, True)},
    "stages": {"end": (True, True)},
    "": {
        "concerns_violence": (False, True),
        "mediates_violence": (True, False),
        "bars_mediation": (False, True),
        "counts_only": (True, False),
        "names_only": (False, True),
        "outlives_parent": (True, False),
    },
}
#: Changes that only say more, or that nothing running was promised otherwise.
HARMLESS: dict[str, frozenset[str]] = {
    "moves": frozenset({"label", "help", "card"}),
    "duties": frozenset({"label", "rule", "warn", "variants_from", "rule_by", "start_from"}),
    "fields": frozenset({"label", "help", "min", "max", "kinds", "show_when"}),
    "stages": frozenset({"label", "help", "words"}),
    "roles": frozenset({"label"}),
    "parties": frozenset({"label"}),
    "cards": frozenset({"say", "never", "source"}),
    "": frozenset({"label", "source", "retention"}),
}
#: Compared part by part, not as a whole.
PARTS = ("roles", "parties", "fields", "stages", "duties", "moves", "cards")
APART = {
    "moves": frozenset({"asks"}),
    "parties": frozenset({"fields"}),
    "": frozenset({*PARTS, "opening", "answers", "on_child", "on_parent"}),
}
KINDS = {
    "roles": ("角色", "role"),
    "parties": ("当事人", "party"),
    "fields": ("字段", "field"),
    "stages": ("阶段", "stage"),
    "duties": ("责任", "duty"),
    "moves": ("步骤", "move"),
    "cards": ("话术卡", "script card"),
}
SILENT = frozenset({"name", "id", "line", "lines", "file", "version", "builtin"})


def changes(old: Playbook, new: Playbook) -> list[Change]:
    """Every difference between two versions of one procedure, the graver ones first."""
    found = [*_attributes("", "", old, new)]
    for kind in PARTS:
        found += _parts(kind, getattr(old, kind), getattr(new, kind))
    found += _asks("opening", old.opening, new.opening)
    for name in old.moves.keys() & new.moves.keys():
        found += _asks(f"moves.{name}.asks", old.moves[name].asks, new.moves[name].asks)
    for name in old.parties.keys() & new.parties.keys():
        found += _asks(f"parties.{name}.fields", old.parties[name].fields, new.parties[name].fields)
    found += _answers(old, new)
    found += _heard("on_child", old.on_child, new.on_child)
    found += _heard("on_parent", old.on_parent, new.on_parent)
    if next(iter(old.stages), "") != next(iter(new.stages), ""):
        found.append(_change("stages", True, "从另一个阶段开始", "it opens in another stage"))
    return sorted(found, key=lambda change: (not change.is_major, change.where))


def class_of(found: list[Change]) -> Class:
    """How much changed, all in all."""
    if not found:
        return "none"
    return "major" if any(change.is_major for change in found) else "minor"


def next_version(old: Version, how: Class) -> Version:
    """The number that a change of this class asks for."""
    if how == "none":
        return old
    return Version(old.major + 1, 0) if how == "major" else Version(old.major, old.minor + 1)


def check_version(pb: Playbook, published: Playbook | None, report: Report) -> None:
    """A file that differs from its last published version carries a number that says so."""
    if published is None:
        return
    found, line = changes(published, pb), pb.lines.get("version", 1)
    how, before, now = class_of(found), published.version, pb.version
    want = next_version(before, how)
    if (now.major, now.minor) < (before.major, before.minor):
        report.add(
            line,
            "version.backwards",
            (f"版本 {now} 比已公布的 {before} 还旧", f"version {now} is older than the published {before}"),
            (f"写 version: {want}", f"write version: {want}"),
        )
    elif found and now == before:
        report.add(
            line,
            "version.unchanged",
            (
                f"文件改了，版本还是已公布的 {before}({found[0].where}：{found[0].reason['zh']})",
                f"the file changed, its version is still {before} ({found[0].where}: {found[0].reason['en']})",
            ),
            (f"写 version: {want}", f"write version: {want}"),
        )
    elif how == "major" and now.major == before.major:
        worst = found[0]
        report.add(
            line,
            "version.too-small",
            (
                f"这是大改，不能只升小版本({worst.where}：{worst.reason['zh']})",
                f"this is a break, a minor version will not do ({worst.where}: {worst.reason['en']})",
            ),
            (
                f"写 version: {want}；办理中的事项用 anjia playbooks migrate 换过来",
                f"write version: {want}; running matters move by anjia playbooks migrate",
            ),
        )


# ---- how


def _change(where: str, is_major: bool, zh: str, en: str) -> Change:
    return Change(where, is_major, {"zh": zh, "en": en})


def _parts(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    zh, en = KINDS[kind]
    for name in old.keys() - new.keys():
        # a card is words, everything else was promised to what is running
        yield _change(f"{kind}.{name}", kind != "cards", f"删去了这个{zh}", f"the {en} is gone")
    for name in new.keys() - old.keys():
        yield _change(f"{kind}.{name}", False, f"新加的{zh}", f"a new {en}")
    for name in old.keys() & new.keys():
        yield from _attributes(kind, f"{kind}.{name}", old[name], new[name])


def _attributes(kind: str, where: str, old: Any, new: Any) -> Iterator[Change]:
    for attribute in fields(old):
        name = attribute.name
        before, after = getattr(old, name), getattr(new, name)
        if name in SILENT or name in APART.get(kind, ()) or before == after:
            continue
        spot = f"{where}.{name.rstrip('_')}".lstrip(".")
        yield from _difference(kind, name, spot, before, after)


def _difference(kind: str, name: str, spot: str, before: Any, after: Any) -> Iterator[Change]:
    if name in SETS.get(kind, {}):
        yield from _set(spot, before, after, *SETS[kind][name])
    elif name in SWITCHES.get(kind, {}):
        on_breaks, off_breaks = SWITCHES[kind][name]
        said = ("改为是", "now yes") if after else ("改为否", "now no")
        yield _change(spot, on_breaks if after else off_breaks, *said)
    elif special := SPECIAL.get((kind, name)):
        yield special(spot, before, after)
    else:
        major = name not in HARMLESS.get(kind, frozenset())
        yield _change(spot, major, "改了", "changed")


def _set(spot: str, before: Any, after: Any, new_breaks: bool, loss_breaks: bool) -> Iterator[Change]:
    for item in after:
        if item not in before:
            yield _change(spot, new_breaks, f"加了 {_said(item)}", f"{_said(item)} added")
    for item in before:
        if item not in after:
            yield _change(spot, loss_breaks, f"去掉了 {_said(item)}", f"{_said(item)} taken away")
    if set(map(_said, before)) == set(map(_said, after)):
        yield _change(spot, False, "次序变了", "in another order")


def _said(item: Any) -> str:
    if not hasattr(item, "params"):
        return str(item)
    params = ", ".join(f"{k}: {v}" for k, v in sorted(item.params.items()))
    return f"{item.name}({params})" if params else str(item.name)


def _invited(spot: str, before: str, after: str) -> Change:
    """Invited only later: fewer learn of it. In from the start: more do."""
    if after == "invite":
        return _change(spot, False, "改为受邀才加入", "joins only when invited")
    return _change(
        spot, True, "改为一开始就加入：会有更多单位知道", "is in from the start: more agencies learn of it"
    )


def _when(spot: str, before: Any, after: Any) -> Change:
    return _change(spot, after is not None, "改了何时才有这项责任", "when the duty is owed has changed")


def _kept(what: str, zh: str) -> Callable[[str, Any, Any], Change]:
    """Setting or changing it only adds; taking it away breaks a promise."""

    def judge(spot: str, before: Any, after: Any) -> Change:
        gone = not after
        return _change(
            spot, gone, f"去掉了{zh}" if gone else f"改了{zh}", f"{what} {'gone' if gone else 'changed'}"
        )

    return judge


SPECIAL: dict[tuple[str, str], Callable[[str, Any, Any], Change]] = {
    ("roles", "joins"): _invited,
    ("duties", "when"): _when,
    ("duties", "repeats"): _kept("the repetition is", "重复"),
    ("duties", "ends_on"): _kept("the stated end is", "约定的期满日"),
    ("", "report_up"): _kept("the report up is", "上报"),
}


def _answers(old: Playbook, new: Playbook) -> Iterator[Change]:
    """A step that now counts as the answer takes one away that was promised; a step that is new was promised to nobody."""
    for name in sorted({*new.answers} - {*old.answers}):
        yield _change("answers", name in old.moves, f"加了 {name}", f"{name} added")
    for name in sorted({*old.answers} - {*new.answers}):
        yield _change("answers", False, f"去掉了 {name}", f"{name} taken away")


def _asks(where: str, old: tuple[Field, ...], new: tuple[Field, ...]) -> Iterator[Change]:
    """What a form asks. The fields themselves are compared once, where they are defined."""
    before, after = {f.name: f for f in old}, {f.name: f for f in new}
    for name in after.keys() - before.keys():
        must = after[name].required
        yield _change(
            f"{where}.{name}",
            must,
            "新加的必填项" if must else "新加的选填项",
            "a new required field" if must else "a new optional field",
        )
    for name in before.keys() - after.keys():
        yield _change(f"{where}.{name}", True, "不再问了", "is no longer asked")
    for name in before.keys() & after.keys():
        if not before[name].required and after[name].required:
            yield _change(f"{where}.{name}", True, "改为必填", "is required now")
        elif _ask_words(before[name]) != _ask_words(after[name]):
            yield _change(f"{where}.{name}", False, "问法变了", "is asked in other words")
    if not before.keys() ^ after.keys() and list(before) != list(after):
        yield _change(where, False, "次序变了", "in another order")


def _ask_words(field: Field) -> tuple[Any, ...]:
    return field.required, field.label, field.help, field.show_when


def _heard(
    key_: str, old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]
) -> Iterator[Change]:
    """How the results of children, and the moves of parents, are heard."""
    before = {(c, r): move for c, heard in old.items() for r, move in heard.items()}
    after = {(c, r): move for c, heard in new.items() for r, move in heard.items()}
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            where = f"{key_}.{'.'.join(key)}"
            yield _change(where, key in before, "怎样听回音变了", "how it is heard has changed")
