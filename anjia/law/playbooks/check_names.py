"""Everything a playbook mentions exists: rules, codes, guards, roles, stages, cards, both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.known import Known
from anjia.law.playbooks.located import nearest
from anjia.law.playbooks.names import BINDS, GRADES
from anjia.law.playbooks.schema import (
    ACTORS,
    ANY,
    END,
    OPEN,
    SEALED_TYPES,
    TIERS,
    Effect,
    Field,
    Guard,
    Move,
    Playbook,
    Text,
)


def instead(word: str, known: Iterable[str]) -> tuple[str, str]:
    """A remedy that names the nearest existing word."""
    hit = nearest(word, known)
    if hit:
        return (f"是否想写“{hit}”？", f"did you mean “{hit}”？")
    return ("先定义它，或改成已有的名称", "define it first, or use a name that exists")


def check_texts(pb: Playbook, report: Report) -> None:
    """Every text stands in Chinese and in English."""
    for where, text, line in _texts(pb):
        for language, name in (("zh", "中文"), ("en", "英文")):
            if not text.get(language, "").strip():
                report.add(
                    getattr(text, "line", 0) or line,
                    "text.bilingual",
                    (
                        f"{where} 缺{name}",
                        f"{where} lacks its {'Chinese' if language == 'zh' else 'English'}",
                    ),
                    ("写成 {zh: …, en: …}", "write {zh: …, en: …}"),
                )


def _texts(pb: Playbook) -> Iterator[tuple[str, Text, int]]:
    yield "label", pb.label, pb.lines.get("label", 1)
    for kind in ("roles", "parties", "fields", "stages", "duties", "moves"):
        for name, part in getattr(pb, kind).items():
            yield f"{kind}.{name}", part.label, part.line
            if getattr(part, "help", None):
                yield f"{kind}.{name}.help", part.help, part.line
    for stage in pb.stages.values():
        for party, text in stage.words.items():
            yield f"words.{stage.name}.{party}", text, stage.line
    for card in pb.cards.values():
        for text in (*card.say, *card.never):
            yield f"cards.{card.id}", text, card.line


def check_fields(pb: Playbook, known: Known, report: Report) -> None:
    """Each field has exactly one mark; text, files and parties are always sealed."""
    for f in pb.fields.values():
        _marks(f, report)
        if f.type in ("code", "codes"):
            _list(f, known, report)
        if f.of and f.of not in pb.parties:
            report.add(
                f.line,
                "party.unknown",
                (f"字段 {f.name} 的当事人“{f.of}”不存在", f"field {f.name}: no party “{f.of}”"),
                instead(f.of, pb.parties),
            )
        if f.show_when and f.show_when[0] not in pb.fields:
            report.add(
                f.line,
                "field.unknown",
                (
                    f"{f.name} 的 show_when 提到的“{f.show_when[0]}”不存在",
                    f"{f.name}: show_when names no field",
                ),
                instead(f.show_when[0], pb.fields),
            )
        _agency_kinds(f.name, (*f.kinds, *f.asked_of), f.line, known, report)
    _unused_fields(pb, report)


def _marks(f: Field, report: Report) -> None:
    if f.counts and f.compartment:
        report.add(
            f.line,
            "field.sealed-counts",
            (f"字段 {f.name} 既密封又计入统计", f"field {f.name} is sealed and counted at once"),
            ("两个只能留一个：密封的不能统计", "keep one of them: what is sealed can never be counted"),
        )
    if f.type in SEALED_TYPES and not f.compartment:
        report.add(
            f.line,
            "field.text-unsealed",
            (f"字段 {f.name} 是文字或材料，却没有密封", f"field {f.name} is text or a file but not sealed"),
            ("加上 compartment: narrative(或其他分区)", "add compartment: narrative (or another)"),
        )


def _list(f: Field, known: Known, report: Report) -> None:
    if f.list is None:
        report.add(
            f.line,
            "list.missing",
            (f"字段 {f.name} 是代码，却没有代码表", f"field {f.name} is a code without a list"),
            ("加上 list: 代码表名称", "add list: name-of-the-code-list"),
        )
    elif f.list not in known.codes:
        report.add(
            f.line,
            "list.unknown",
            (f"代码表“{f.list}”不存在(字段 {f.name})", f"no code list “{f.list}” (field {f.name})"),
            instead(f.list, known.codes),
        )


def _unused_fields(pb: Playbook, report: Report) -> None:
    used = {f.name for m in pb.moves.values() for f in m.asks} | {f.name for f in pb.opening}
    used |= {f.name for p in pb.parties.values() for f in p.fields}
    for f in pb.fields.values():
        if f.name not in used:
            report.add(
                f.line,
                "field.unused",
                (f"字段 {f.name} 没有任何一步填写", f"no move asks field {f.name}"),
                ("在某一步的 asks 里用上，或删掉", "ask it in a move, or delete it"),
            )


def _agency_kinds(where: str, kinds: Iterable[str], line: int, known: Known, report: Report) -> None:
    for kind in kinds:
        if kind not in known.agency_kinds:
            report.add(
                line,
                "agency-kind.unknown",
                (f"{where}：单位类别“{kind}”不存在", f"{where}: no agency kind “{kind}”"),
                instead(kind, known.agency_kinds),
            )


def check_roles(pb: Playbook, known: Known, report: Report) -> None:
    """Every role can be bound to an agency, and names that stand for roles are roles."""
    for role in pb.roles.values():
        _agency_kinds(role.name, role.kind, role.line, known, report)
        if role.tier and role.tier not in TIERS:
            report.add(
                role.line,
                "tier.unknown",
                (f"角色 {role.name} 的层级“{role.tier}”不存在", f"role {role.name}: no tier “{role.tier}”"),
                instead(role.tier, TIERS),
            )
        if not (role.holder_of_parent or role.by_field or role.at or role.choose_from):
            report.add(
                role.line,
                "role.unbindable",
                (
                    f"角色 {role.name} 没有说由哪个单位担任",
                    f"role {role.name} says nothing about which agency it is",
                ),
                (
                    "写 at、choose_from、by_field 或 holder_of_parent",
                    "write at, choose_from, by_field or holder_of_parent",
                ),
            )
        for kind, whose in (*([role.at] if role.at else []), *role.choose_from):
            if kind == "residence_of" and whose not in pb.parties:
                report.add(
                    role.line,
                    "party.unknown",
                    (
                        f"角色 {role.name} 按“{whose}”的住址确定，但没有这个当事人",
                        f"role {role.name}: no party “{whose}”",
                    ),
                    instead(whose, pb.parties),
                )
    for where, names, line, extra in _role_names(pb):
        for name in names:
            if name not in pb.roles and name not in extra:
                report.add(
                    line,
                    "role.unknown",
                    (f"{where} 提到的角色“{name}”不存在", f"{where} names a role “{name}” that is not there"),
                    instead(name, [*pb.roles, *extra]),
                )


def _role_names(pb: Playbook) -> Iterator[tuple[str, tuple[str, ...], int, frozenset[str]]]:
    for stage in pb.stages.values():
        yield f"stages.{stage.name}", (stage.holder,) if stage.holder else (), stage.line, frozenset()
    for duty in pb.duties.values():
        yield f"duties.{duty.name}", (duty.of,), duty.line, frozenset({"holder"})
    for move in pb.moves.values():
        yield f"moves.{move.name}", move.by, move.line, ACTORS
        yield f"moves.{move.name}.tells", move.tells, move.line, frozenset({"holder", "opener"})


def check_moves(pb: Playbook, known: Known, report: Report, builtin: Mapping[str, Move]) -> None:
    """Stages, cards, papers, children, guards and effects of every move."""
    for move in pb.moves.values():
        _stages_of(pb, move, report)
        _card_of(pb, move, report)
        _child_of(pb, move, known, report)
        _on_behalf(pb, move, known, report)
        for call in move.guards:
            _call(pb, move, call, known.guards, "guard", known, report)
        for effect in move.effects:
            _call(pb, move, effect, known.effects, "effect", known, report)
    for key in ("reopens_to", "withdraws_to"):
        stage = getattr(pb, key)
        if stage and stage not in pb.stages:
            _no_stage(pb, report, pb.lines.get(key, 1), key, stage)
    for name in pb.answers:
        if name not in pb.moves:
            report.add(
                pb.lines.get("answers", 1),
                "move.unknown",
                (f"answers 提到的“{name}”不存在", f"answers names no move “{name}”"),
                instead(name, pb.moves),
            )
    _on_child(pb, known, report, builtin)


def _no_stage(pb: Playbook, report: Report, line: int, where: str, stage: str) -> None:
    report.add(
        line,
        "stage.unknown",
        (f"{where} 提到的阶段“{stage}”不存在", f"{where} names a stage “{stage}” that is not there"),
        instead(stage, pb.stages),
    )


def _stages_of(pb: Playbook, move: Move, report: Report) -> None:
    for stage in move.from_:
        if stage not in pb.stages and stage not in (ANY, END):
            _no_stage(pb, report, move.line, f"moves.{move.name}.from", stage)
    if move.to and move.to not in pb.stages:
        _no_stage(pb, report, move.line, f"moves.{move.name}.to", move.to)


def _card_of(pb: Playbook, move: Move, report: Report) -> None:
    if move.card and move.card not in pb.cards:
        report.add(
            move.line,
            "card.unknown",
            (f"{move.name} 的话术卡“{move.card}”不存在", f"{move.name}: no card “{move.card}”"),
            instead(move.card, pb.cards),
        )
    human = set(move.by) - {"clock", "opener"}
    if pb.concerns_violence and human and not move.hidden and not move.card:
        report.add(
            move.line,
            "card.missing",
            (f"{move.name} 没有话术卡", f"{move.name} has no script card"),
            ("加上 card: 并在 cards 里写 say 和 never", "add card: and write say and never under cards"),
        )


def _child_of(pb: Playbook, move: Move, known: Known, report: Report) -> None:
    if move.opens and move.opens not in known.playbooks:
        report.add(
            move.line,
            "playbook.unknown",
            (f"{move.name} 要开的流程“{move.opens}”不存在", f"{move.name} opens no playbook “{move.opens}”"),
            instead(move.opens, known.playbooks),
        )
    _agency_kinds(move.name, move.opens_kind, move.line, known, report)


def _on_behalf(pb: Playbook, move: Move, known: Known, report: Report) -> None:
    if move.on_behalf or not outside(pb, move, known):
        return
    report.add(
        move.line,
        "move.on-behalf",
        (
            f"{move.name} 由外单位办理，却不能代录：对方不登录就卡住了",
            f"{move.name} is made by an outside agency and cannot be recorded on its behalf",
        ),
        ("删去 on_behalf: false", "delete on_behalf: false"),
    )


def outside(pb: Playbook, move: Move, known: Known) -> bool:
    """Whether an agency outside the federation's line may make the move."""
    roles = [pb.roles[name] for name in move.by if name in pb.roles]
    return any(
        not role.holder_of_parent and (not role.kind or not set(role.kind) <= known.federation_kinds)
        for role in roles
    )


def _on_child(pb: Playbook, known: Known, report: Report, builtin: Mapping[str, Move]) -> None:
    line = pb.lines.get("on_child", 1)
    for child, mapping in pb.on_child.items():
        if child not in known.playbooks:
            report.add(
                line,
                "playbook.unknown",
                (f"on_child 提到的流程“{child}”不存在", f"on_child names no playbook “{child}”"),
                instead(child, known.playbooks),
            )
            continue
        for result, move in mapping.items():
            if move not in pb.moves and move not in builtin:
                report.add(
                    line,
                    "on-child.move",
                    (
                        f"on_child.{child}.{result} 指向的“{move}”不存在",
                        f"on_child.{child}.{result}: no move “{move}”",
                    ),
                    instead(move, pb.moves),
                )
        _results(child, mapping, known, report, line)
    for opened in {m.opens for m in pb.moves.values() if m.opens} - set(pb.on_child):
        report.add(
            line,
            "on-child.unheard",
            (f"开了子流程“{opened}”，却没有写怎样听回音", f"child “{opened}” is opened but never heard of"),
            (f"在 on_child 里写 {opened}: {{结果: 步骤}}", f"add {opened}: {{result: move}} under on_child"),
        )


def _results(child: str, mapping: Mapping[str, str], known: Known, report: Report, line: int) -> None:
    can = known.results.get(child)
    if can is None:
        return
    for result in sorted(set(mapping) ^ can):
        said = ("没有对应的步骤", "has no move") if result in can else ("不会出现", "never happens")
        report.add(
            line,
            "on-child.result",
            (f"子流程 {child} 的结果“{result}”{said[0]}", f"result “{result}” of {child} {said[1]}"),
            instead(result, can) if result not in can else ("给它写一个步骤", "give it a move"),
        )


def _call(
    pb: Playbook,
    move: Move,
    call: Guard | Effect,
    registry: Mapping[str, Mapping[str, str]],
    kind: str,
    known: Known,
    report: Report,
) -> None:
    zh = "条件" if kind == "guard" else "效果"
    if call.name not in registry:
        report.add(
            call.line or move.line,
            f"{kind}.unknown",
            (f"{move.name} 的{zh}“{call.name}”不存在", f"{move.name}: no {kind} “{call.name}”"),
            instead(call.name, registry),
        )
        return
    wanted = registry[call.name]
    for name in sorted(set(call.params) - set(wanted)):
        report.add(
            call.line or move.line,
            f"{kind}.param",
            (f"{zh} {call.name} 没有参数“{name}”", f"{kind} {call.name} has no parameter “{name}”"),
            instead(name, wanted),
        )
    for name, type_ in wanted.items():
        if name in call.params:
            _param(pb, move, call, name, type_.rstrip("?"), kind, known, report)
        elif not type_.endswith("?"):
            report.add(
                call.line or move.line,
                f"{kind}.param",
                (f"{zh} {call.name} 缺参数“{name}”", f"{kind} {call.name} lacks parameter “{name}”"),
                (f"补上 {name}:", f"add {name}:"),
            )


def _param(
    pb: Playbook,
    move: Move,
    call: Guard | Effect,
    name: str,
    type_: str,
    kind: str,
    known: Known,
    report: Report,
) -> None:
    value: Any = call.params[name]
    choices: dict[str, Callable[[], Iterable[str]]] = {
        "field": lambda: [f.name for f in move.asks],
        "role": lambda: pb.roles,
        "party": lambda: pb.parties,
        "grade": lambda: GRADES,
        "instrument": lambda: known.instruments,
    }
    if type_ in choices and value not in choices[type_]():
        report.add(
            call.line or move.line,
            f"{kind}.param",
            (
                f"{call.name} 的参数 {name}“{value}”不是这一步可用的 {type_}",
                f"{call.name}: {name} “{value}” is no {type_} of this move",
            ),
            instead(str(value), choices[type_]()),
        )
    elif type_ == "instrument":
        _items(move, call, known, report)


def _items(move: Move, call: Guard | Effect, known: Known, report: Report) -> None:
    prefix, asked = str(call.params.get("prefix", "")), {f.name for f in move.asks}
    for item in sorted(known.instruments[call.params["instrument"]]):
        if prefix + item not in asked:
            report.add(
                call.line or move.line,
                "instrument.item",
                (
                    f"量表的题“{item}”没有问({prefix}{item})",
                    f"item “{item}” of the scale is not asked ({prefix}{item})",
                ),
                (f"加一个字段 {prefix}{item}", f"add a field {prefix}{item}"),
            )


def check_duty_names(pb: Playbook, known: Known, report: Report, builtin: Mapping[str, Move]) -> None:
    """Rules exist, every promised rule has a duty, and duties start and stop by moves that exist."""
    moves, stages = {*pb.moves, *builtin}, {f"stage:{s}" for s in pb.stages}
    fields = (
        {f.name for m in pb.moves.values() for f in m.asks}
        | {f.name for f in pb.opening}
        | {"grade", "urgency"}
    )
    for d in pb.duties.values():
        for rule in d.rules():
            _rule(rule, f"duties.{d.name}", d.line, known, report)
        until = d.repeats.until if d.repeats else ()
        for where, names, allowed in (
            ("starts", d.starts, moves | stages | {OPEN}),
            ("done_by", d.done_by, moves),
            ("void_by", d.void_by, moves | stages),
            ("repeats.until", until, moves | set(pb.stages)),
        ):
            for name in names:
                if name not in allowed:
                    report.add(
                        d.line,
                        "move.unknown",
                        (
                            f"责任 {d.name} 的 {where} 提到的“{name}”不存在",
                            f"duty {d.name}: {where} names no “{name}”",
                        ),
                        instead(name, allowed),
                    )
        for name in (
            *d.variants_from,
            *([d.rule_by[0]] if d.rule_by else []),
            *([d.start_from] if d.start_from else []),
        ):
            if name not in fields:
                report.add(
                    d.line,
                    "field.unknown",
                    (
                        f"责任 {d.name} 用到的字段“{name}”没有人填",
                        f"duty {d.name} reads field “{name}”, which nobody asks",
                    ),
                    instead(name, fields),
                )
    covered = {rule for d in pb.duties.values() for rule in d.rules()} | set(pb.report_up.values())
    for rule in pb.rules:
        if rule not in covered:
            report.add(
                pb.lines.get("rules", 1),
                "clock.no-duty",
                (
                    f"期限“{rule}”没有对应的责任：谁也不会被提醒",
                    f"time limit “{rule}” has no duty: nobody is reminded",
                ),
                (f"加一个 duties 项，rule: {rule}", f"add a duty with rule: {rule}"),
            )
    for rule in (*pb.rules, *pb.report_up.values()):
        _rule(
            rule,
            "report_up" if rule in pb.report_up.values() else "rules",
            pb.lines.get("report_up", 1),
            known,
            report,
        )


def _rule(rule: str, where: str, line: int, known: Known, report: Report) -> None:
    if rule not in known.rules:
        report.add(
            line,
            "rule.unknown",
            (f"{where} 的期限规则“{rule}”不存在", f"{where}: no rule “{rule}”"),
            instead(rule, known.rules),
        )


def binds(move: Move) -> set[str]:
    """Roles that the move binds."""
    return {str(e.params.get("role")) for e in move.effects if e.name == BINDS}
