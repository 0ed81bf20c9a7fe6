"""Texts, fields and roles of a playbook: both languages, one mark each, somebody for every part."""

from __future__ import annotations

from collections.abc import Iterator

from anjia.law.playbooks.check_shared import agency_kinds, instead
from anjia.law.playbooks.findings import Report
from anjia.law.playbooks.known import Known
from anjia.law.playbooks.schema import ACTORS, SEALED_TYPES, TIERS, Field, Playbook, Text


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
        agency_kinds(f.name, (*f.kinds, *f.asked_of), f.line, known, report)
    _unused_fields(pb, report)


def _marks(f: Field, report: Report) -> None:
    if f.counts and f.compartment:
        report.add(
            f.line,
            "sealed.counts",
            (f"字段 {f.name} 既密封又计入统计", f"field {f.name} is sealed and counted at once"),
            ("两个只能留一个：密封的不能统计", "keep one of them: what is sealed can never be counted"),
        )
    if f.type in SEALED_TYPES and not f.compartment:
        report.add(
            f.line,
            "sealed.text-open",
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


def check_unused(pb: Playbook, report: Report) -> None:
    """Nothing stands in the file that no move, duty or stage ever uses."""
    cards = {m.card for m in pb.moves.values()}
    roles = {s.holder for s in pb.stages.values()} | {d.of for d in pb.duties.values()}
    roles |= {r for m in pb.moves.values() for r in (*m.by, *m.tells)}
    for role in pb.roles.values():
        if role.name not in roles:
            report.add(
                role.line,
                "role.unused",
                (
                    f"角色“{role.name}”什么也不办，却看得到事项",
                    f"role “{role.name}” sees the matter but has no part in it",
                ),
                (
                    "给它要办的事、要告诉它的一步，或删掉",
                    "give it a duty, a move or word of one, or delete it",
                ),
            )
    for card in pb.cards.values():
        if card.id not in cards:
            report.add(
                card.line,
                "card.unused",
                (f"话术卡“{card.id}”没有一步用到", f"no move shows card “{card.id}”"),
                ("写进某一步的 card，或删掉", "name it as a move's card, or delete it"),
            )
    if not pb.source:
        report.add(
            pb.lines.get("source", 1),
            "source.missing",
            ("没有写依据哪部法、哪个规程", "no law or procedure is named as its source"),
            ("写 source: [法律名称 条款]", "write source: [law article]"),
        )


def check_roles(pb: Playbook, known: Known, report: Report) -> None:
    """Every role can be bound to an agency, and names that stand for roles are roles."""
    for role in pb.roles.values():
        agency_kinds(role.name, role.kind, role.line, known, report)
        if role.tier and role.tier not in TIERS:
            report.add(
                role.line,
                "tier.unknown",
                (f"角色 {role.name} 的层级“{role.tier}”不存在", f"role {role.name}: no tier “{role.tier}”"),
                instead(role.tier, TIERS),
            )
        if not (role.holder_of_parent or role.above_parent or role.by_field or role.at or role.choose_from):
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
