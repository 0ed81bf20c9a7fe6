"""From a YAML file to a Playbook. Unknown keys are refused; every error names file, line and remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from anjia.law.playbooks.located import Mapping as Located
from anjia.law.playbooks.located import Part, PlaybookError, read, said, suggest
from anjia.law.playbooks.schema import (
    AIMS,
    ANY,
    COMPARTMENTS,
    END,
    FIELD_TYPES,
    Card,
    Duty,
    Effect,
    Field,
    Guard,
    Move,
    Party,
    Playbook,
    Ref,
    Repeat,
    Role,
    Stage,
    Text,
    Version,
)

TOP = (
    "playbook version label source opens_from first_desk roles parties words fields stages duties moves "
    "on_child on_parent outlives_parent shares_people counts_only names_only bars_mediation cards "
    "mediates_violence concerns_violence report_up answers reopens_to withdraws_to retention rules opening"
)
OVERRIDES = ("use", "required", "label", "help", "show_when")


def load(path: Path | str) -> Playbook:
    """The playbook of a file. PlaybookError(file, line, problem, remedy) if it cannot be read."""
    path = Path(path)
    top = Part(read(path), path.name, 1, "playbook")
    top.only(TOP)
    fields = load_fields(top)
    roles = {name: _role(name, part) for name, part in top.parts("roles").items()}
    words = _words(top)
    return Playbook(
        name=str(top.need("playbook")),
        version=_version(top),
        label=top.label(),
        source=top.words("source"),
        opens_from=top.words("opens_from"),
        first_desk=top.word("first_desk"),
        roles=roles,
        parties={name: _party(name, part, fields) for name, part in top.parts("parties").items()},
        fields=fields,
        stages={name: _stage(name, part, words) for name, part in top.parts("stages").items()},
        duties=load_duties(top),
        moves=load_moves(top, fields),
        on_child={child: _plain(part) for child, part in top.parts("on_child").items()},
        on_parent={parent: _plain(part) for parent, part in top.parts("on_parent").items()},
        outlives_parent=top.flag("outlives_parent"),
        shares_people=top.flag("shares_people", True),
        counts_only=top.flag("counts_only"),
        names_only=top.flag("names_only"),
        bars_mediation=top.flag("bars_mediation"),
        cards={name: _card(name, part) for name, part in top.parts("cards").items()},
        mediates_violence=top.flag("mediates_violence"),
        concerns_violence=top.flag("concerns_violence"),
        report_up=_plain(top.part("report_up")),
        answers=top.words("answers"),
        reopens_to=top.word("reopens_to"),
        withdraws_to=top.word("withdraws_to"),
        retention=top.word("retention", "") or "",
        rules=top.words("rules"),
        opening=_asks(top, fields, "opening"),
        file=path.name,
        lines={str(key): line for key, line in top.data.lines.items()},
    )


def load_built_in(path: Path) -> tuple[dict[str, Field], dict[str, Duty], dict[str, Move]]:
    """Fields, duties and moves that every matter has."""
    top = Part(read(path), path.name, 1, "built-in")
    top.only("fields", "duties", "moves")
    fields = load_fields(top)
    duties = {k: replace(d, builtin=True) for k, d in load_duties(top).items()}
    moves = {k: replace(m, builtin=True) for k, m in load_moves(top, fields).items()}
    return fields, duties, moves


def load_fields(top: Part) -> dict[str, Field]:
    """The typed fields of a file, by name."""
    return {name: _field(name, part) for name, part in top.parts("fields").items()}


def load_duties(top: Part) -> dict[str, Duty]:
    """The duties of a file, by name."""
    return {name: _duty(name, part) for name, part in top.parts("duties").items()}


def load_moves(top: Part, fields: Mapping[str, Field]) -> dict[str, Move]:
    """The moves of a file, by name. Recording on behalf is allowed unless the file says otherwise."""
    return {name: _move(name, part, fields) for name, part in top.parts("moves").items()}


def _version(top: Part) -> Version:
    raw = str(top.need("version"))
    hit = re.fullmatch(r"(\d+)\.(\d+)", raw)
    if not hit:
        raise top.wrong(
            {"zh": f"版本号“{raw}”写法不对", "en": f"version “{raw}” is malformed"},
            {"zh": "写成 1.0(大版本.小版本)", "en": "write 1.0 (major.minor)"},
            "version",
            "version",
        )
    return Version(int(hit[1]), int(hit[2]))


def _words(top: Part) -> dict[str, dict[str, Text]]:
    out: dict[str, dict[str, Text]] = {}
    for stage, part in top.parts("words").items():
        out[stage] = {party: part.label(party) for party in part.data}
    known = set(top.part("stages").data)
    for stage in out:
        if stage not in known:
            raise top.part("words").wrong(
                {
                    "zh": f"words 提到的阶段“{stage}”不存在",
                    "en": f"words names a stage “{stage}” that is not there",
                },
                suggest(stage, known, "现有阶段", "stages"),
                "stage.unknown",
                stage,
            )
    return out


def _role(name: str, part: Part) -> Role:
    part.only(
        "label kind tier at choose_from holder_of_parent above_parent by_field acts first_desk joins capacity"
    )
    choose = part.data.get("choose_from") or []
    return Role(
        name=name,
        label=part.label(),
        kind=part.words("kind"),
        tier=part.word("tier"),
        at=_ref(part, "at", part.data.get("at")),
        choose_from=tuple(r for r in (_ref(part, "choose_from", item) for item in choose) if r),
        holder_of_parent=part.flag("holder_of_parent"),
        above_parent=part.number("above_parent") or 0,
        by_field=part.word("by_field"),
        acts=part.flag("acts"),
        first_desk=part.flag("first_desk"),
        joins=part.choice("joins", ("open", "invite"), "open"),  # type: ignore[arg-type]
        capacity=part.choice("capacity", ("holder", "referrer", "partner", "village"), "partner"),
        line=part.line,
    )


def _ref(part: Part, key: str, value: Any) -> Ref | None:
    if value is None:
        return None
    if isinstance(value, Located) and len(value) == 1:
        kind, whose = next(iter(value.items()))
        if kind in ("residence_of", "place_of"):
            return (kind, str(whose))
    raise part.wrong(
        {"zh": f"{part.where} 的 {key} 写法不对", "en": f"{part.where}: {key} has the wrong shape"},
        {
            "zh": "写成 {residence_of: 当事人} 或 {place_of: event}",
            "en": "write {residence_of: party} or {place_of: event}",
        },
        "type",
        key,
    )


def _field(name: str, part: Part) -> Field:
    part.only("type label help list required counts compartment min max show_when of kinds asked_of")
    part.need("type")
    compartment = part.word("compartment")
    if compartment is not None:
        part.choice("compartment", COMPARTMENTS, "narrative")
    return Field(
        name=name,
        type=part.choice("type", FIELD_TYPES, "code"),
        label=part.label(),
        help=part.text("help"),
        list=part.word("list"),
        required=part.flag("required"),
        counts=part.flag("counts"),
        compartment=compartment,
        min=part.number("min"),
        max=part.number("max"),
        show_when=_condition(part, "show_when"),
        of=part.word("of"),
        kinds=part.words("kinds"),
        asked_of=part.words("asked_of"),
        line=part.line,
    )


def _condition(part: Part, key: str) -> tuple[str, tuple[Any, ...]] | None:
    value = part.data.get(key)
    if value is None:
        return None
    if not isinstance(value, Located) or len(value) != 1:
        raise part.wrong(
            {"zh": f"{part.where} 的 {key} 写法不对", "en": f"{part.where}: {key} has the wrong shape"},
            {
                "zh": "写成 {字段: 值} 或 {字段: [值, 值]}",
                "en": "write {field: value} or {field: [value, value]}",
            },
            "type",
            key,
        )
    name, wanted = next(iter(value.items()))
    return str(name), tuple(wanted) if isinstance(wanted, list) else (wanted,)


def _stage(name: str, part: Part, words: Mapping[str, dict[str, Text]]) -> Stage:
    part.only("label", "holder", "end", "help")
    return Stage(
        name=name,
        label=part.label(),
        holder=part.word("holder"),
        end=part.flag("end"),
        words=dict(words.get(name, {})),
        help=part.text("help"),
        line=part.line,
    )


def _duty(name: str, part: Part) -> Duty:
    part.only(
        "label of rule starts done_by void_by tried_by after_tries repeats variants_from rule_by when start_from",
        "ends_on restart survives_end warn",
    )
    return Duty(
        name=name,
        label=part.label(),
        of=str(part.need("of")),
        rule=str(part.need("rule")),
        starts=part.words("starts"),
        done_by=part.words("done_by"),
        void_by=part.words("void_by"),
        tried_by=part.words("tried_by"),
        after_tries=_after_tries(part),
        repeats=_repeat(part),
        variants_from={k: _variants(v) for k, v in part.part("variants_from").data.items()},
        rule_by=_rule_by(part),
        when=_condition(part, "when"),
        start_from=part.word("start_from"),
        ends_on=part.word("ends_on"),
        restart=part.flag("restart"),
        survives_end=part.flag("survives_end"),
        warn=part.words("warn"),
        line=part.line,
    )


def _repeat(part: Part) -> Repeat | None:
    if part.data.get("repeats") is None:
        return None
    inner = part.part("repeats")
    inner.only("until", "rule")
    return Repeat(until=inner.words("until"), rule=inner.word("rule"))


def _after_tries(part: Part) -> tuple[str, int] | None:
    if part.data.get("after_tries") is None:
        return None
    inner = part.part("after_tries")
    inner.only("of", "times")
    return str(inner.need("of")), int(inner.need("times"))


def _variants(value: Any) -> dict[Any, str]:
    """{value: variant}; a list means value = variant; a bare word is the variant of `true`."""
    if isinstance(value, Located):
        return {k: str(v) for k, v in value.items()}
    if isinstance(value, list):
        return {str(v): str(v) for v in value}
    return {True: str(value)}


def _rule_by(part: Part) -> tuple[str, dict[str, str]] | None:
    if part.data.get("rule_by") is None:
        return None
    inner = part.part("rule_by")
    inner.only("field", "rules")
    return str(inner.need("field")), _plain(inner.part("rules"))


def _move(name: str, part: Part, fields: Mapping[str, Field]) -> Move:
    part.only(
        "label from to by asks guards effects result opens opens_kind opens_with gives card needs_paper on_behalf",
        "tells right hidden mediates aims help turns apart batch",
    )
    part.need("from")
    part.need("by")
    return Move(
        name=name,
        label=part.label(),
        from_=part.words("from"),
        by=part.words("by"),
        to=part.word("to"),
        asks=_asks(part, fields),
        guards=tuple(Guard(n, p, line) for n, p, line in _calls(part, "guards")),
        effects=tuple(Effect(n, p, line) for n, p, line in _calls(part, "effects")),
        result=part.word("result"),
        opens=part.word("opens"),
        opens_kind=part.words("opens_kind"),
        opens_with=part.word("opens_with"),
        gives=_plain(part.part("gives")),
        card=part.word("card"),
        needs_paper=part.flag("needs_paper"),
        on_behalf=part.flag("on_behalf", True),
        tells=part.words("tells"),
        right=part.word("right"),
        hidden=part.flag("hidden"),
        mediates=part.flag("mediates"),
        apart=part.flag("apart"),
        batch=part.flag("batch"),
        turns=_turns(part),
        aims=part.word("aims") and part.choice("aims", AIMS, "duty"),
        help=part.text("help"),
        line=part.line,
    )


def _turns(part: Part) -> tuple[str, tuple[tuple[str, tuple[Any, ...]], ...]] | None:
    """{into: move, when: {field: value or [values], …}}"""
    if part.data.get("turns") is None:
        return None
    inner = part.part("turns")
    inner.only("into", "when")
    when = inner.part("when").data.items()
    return str(inner.need("into")), tuple(
        (str(name), tuple(wanted) if isinstance(wanted, list) else (wanted,)) for name, wanted in when
    )


def _asks(part: Part, fields: Mapping[str, Field], key: str = "asks") -> tuple[Field, ...]:
    items = part.data.get(key) or []
    if not isinstance(items, list):
        items = [items]
    lines = getattr(items, "lines", [part.line_of(key)] * len(items))
    return tuple(_ask(part, item, line, fields) for item, line in zip(items, lines, strict=True))


def _ask(part: Part, item: Any, line: int, fields: Mapping[str, Field]) -> Field:
    inner = Part(item, part.file, line, f"{part.where}.asks") if isinstance(item, dict) else None
    if inner:
        inner.only(*OVERRIDES)
    name = str(inner.need("use")) if inner else str(item)
    if name not in fields:
        raise PlaybookError(
            part.file,
            line,
            {
                "zh": f"{part.where} 要填的“{name}”没有在 fields 里定义",
                "en": f"{part.where} asks “{name}”, which fields does not define",
            },
            suggest(name, fields, "已定义的字段", "defined fields"),
            "field.unknown",
        )
    field = fields[name]
    if not inner:
        return field
    return replace(
        field,
        required=inner.flag("required", field.required),
        label=inner.text("label") or field.label,
        help=inner.text("help") or field.help,
        show_when=_condition(inner, "show_when") or field.show_when,
        line=line,
    )


def _calls(part: Part, key: str) -> list[tuple[str, dict[str, Any], int]]:
    items = part.data.get(key) or []
    if not isinstance(items, list):
        items = [items]
    lines = getattr(items, "lines", [part.line_of(key)] * len(items))
    out: list[tuple[str, dict[str, Any], int]] = []
    for item, line in zip(items, lines, strict=True):
        if isinstance(item, Located):
            name, params = next(iter(item.items()))
            out.append((str(name), dict(Part(params, part.file, line, f"{part.where}.{key}").data), line))
        else:
            out.append((str(item), {}, line))
    return out


def _party(name: str, part: Part, fields: Mapping[str, Field]) -> Party:
    part.only("label", "optional", "many", "fields", "from")
    return Party(
        name=name,
        label=part.label(),
        optional=part.flag("optional"),
        many=part.flag("many"),
        fields=_asks(part, fields, "fields"),
        from_=part.words("from"),
        line=part.line,
    )


def _card(name: str, part: Part) -> Card:
    part.only("say", "never", "source")
    return Card(
        id=name,
        say=_texts(part, "say"),
        never=_texts(part, "never"),
        source=part.words("source"),
        line=part.line,
    )


def _texts(part: Part, key: str) -> tuple[Text, ...]:
    items = part.data.get(key) or []
    lines = getattr(items, "lines", [])
    return tuple(
        said(item, part.file, line, f"{part.where}.{key}") for item, line in zip(items, lines, strict=True)
    )


def _plain(part: Part) -> dict[str, str]:
    return {str(key): str(value) for key, value in part.data.items()}


RESERVED_STAGES = frozenset({ANY, END})
