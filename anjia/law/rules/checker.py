"""What makes a rule file untrustworthy although it can be read: the law's own consistency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from anjia.law.codes.book import book as code_book
from anjia.law.codes.reading import Finding, Text
from anjia.law.rules.reading import Read
from anjia.law.rules.schema import Rule

ID = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*$")
WARN = re.compile(r"^[1-9]\d*[dh]$")
LONGEST = 40  # what a duty stores of id and version
ANYBODY = frozenset({"any", "holder", "party"})  # roles that are no kind of agency
JURISDICTION = {
    "nation": re.compile(r"^000000$"),
    "house": re.compile(r"^000000$"),
    "province": re.compile(r"^\d\d0000$"),
    "city": re.compile(r"^\d{4}00$"),
    "county": re.compile(r"^\d{6}$"),
}


def faults(read: Read) -> list[Finding]:
    """Every inconsistency of the rules that were read."""
    result = [finding for rule in read.rules for finding in _rule(rule)]
    result.extend(_overlaps(read.rules))
    return result


def _found(rule: Rule, code: str, problem: Text, remedy: Text) -> Finding:
    return Finding(rule.file, rule.line, code, problem, remedy)


def _rule(rule: Rule) -> Iterator[Finding]:
    yield from _names(rule)
    yield from _counting(rule)
    yield from _pausing(rule)
    yield from _dates(rule)


def _names(rule: Rule) -> Iterator[Finding]:
    if not ID.match(rule.id) or len(rule.id) > LONGEST or len(rule.version) > LONGEST:
        yield _found(
            rule,
            "bad_id",
            {
                "zh": f"规则编号或版本不合规范：{rule.id} / {rule.version}",
                "en": f"bad id or version: {rule.id} / {rule.version}",
            },
            {
                "zh": f"编号写成 order.decide 这样，编号和版本都不超过{LONGEST}个字符",
                "en": f"write it like order.decide; id and version ≤ {LONGEST} characters",
            },
        )
    if rule.role not in ANYBODY and rule.role not in code_book()["agency-kind"]:
        yield _found(
            rule,
            "unknown_role",
            {
                "zh": f"{rule.id} 的责任单位“{rule.role}”不在单位类型里",
                "en": f"{rule.id}: “{rule.role}” is no kind of agency",
            },
            {
                "zh": "用代码表 agency-kind 的代码，或 any、holder、party",
                "en": "use a code of agency-kind, or any, holder, party",
            },
        )
    if rule.kind in ("statutory", "local") and not rule.article:
        yield _found(
            rule,
            "no_article",
            {"zh": f"{rule.id} 是法定期限却没有条号", "en": f"{rule.id} is statutory but names no article"},
            {"zh": "在 legal_basis 写 article", "en": "write article under legal_basis"},
        )
    if rule.level == "house" and rule.kind != "house":
        yield _found(
            rule,
            "house_only",
            {
                "zh": f"{rule.id}：本机构自定的期限不能标成法定",
                "en": f"{rule.id}: a house limit cannot call itself statutory",
            },
            {
                "zh": "把 kind 改为 house，或移到法律法规的文件",
                "en": "set kind: house, or move it to a file of the law",
            },
        )
    if not JURISDICTION[rule.level].match(rule.jurisdiction):
        yield _found(
            rule,
            "jurisdiction",
            {
                "zh": f"{rule.file} 的 jurisdiction 与 level 不符",
                "en": f"jurisdiction of {rule.file} does not fit its level",
            },
            {
                "zh": '写六位行政区划代码，如省 "320000"、市 "321000"',
                "en": 'write the six-digit code, e.g. province "320000"',
            },
        )


def _counting(rule: Rule) -> Iterator[Finding]:
    units = {rule.unit, *(v.span.unit for v in rule.variants.values())}
    if rule.roll_over and units == {"hour"}:
        yield _found(
            rule,
            "hours_roll",
            {"zh": f"{rule.id} 按小时计算，不能顺延", "en": f"{rule.id} counts hours, which never roll over"},
            {"zh": "把 roll_over 改为 false", "en": "set roll_over: false"},
        )
    if rule.duration and rule.roll_over:
        yield _found(
            rule,
            "duration_rolls",
            {
                "zh": f"{rule.id} 是有效期，不能因节假日顺延",
                "en": f"{rule.id} is a validity; it never rolls over a holiday",
            },
            {"zh": "把 roll_over 改为 false", "en": "set roll_over: false"},
        )
    if rule.amount == 0 and rule.unit not in ("calendar_day", "working_day"):
        yield _found(
            rule,
            "no_time",
            {"zh": f"{rule.id} 没有给任何时间", "en": f"{rule.id} leaves no time at all"},
            {
                "zh": "amount 写大于 0 的数；当日办结写 0 calendar_day",
                "en": "amount > 0; the same day is 0 calendar_day",
            },
        )
    for warning in rule.warn:
        if not WARN.match(warning):
            yield _found(
                rule,
                "bad_warning",
                {
                    "zh": f"{rule.id} 的提醒“{warning}”看不懂",
                    "en": f"{rule.id}: cannot read the warning “{warning}”",
                },
                {"zh": "写成 30d 或 12h", "en": "write 30d or 12h"},
            )


def _pausing(rule: Rule) -> Iterator[Finding]:
    if rule.pause_grounds is None and rule.kind != "house":
        yield _found(
            rule,
            "pause_any",
            {
                "zh": f"{rule.id} 不是本机构自定的期限，不能随意中止",
                "en": f"{rule.id} is not a house limit and cannot be paused at will",
            },
            {"zh": "只列法律写明的情形，没有就写 []", "en": "list only the grounds the law names, else []"},
        )
    for name, used in (
        ("pause-ground", rule.pause_grounds or ()),
        ("extension-ground", rule.extension_grounds),
    ):
        for ground in used:
            if ground not in code_book()[name]:
                yield _found(
                    rule,
                    "unknown_ground",
                    {
                        "zh": f"{rule.id} 的“{ground}”不在代码表 {name} 里",
                        "en": f"{rule.id}: “{ground}” is not in {name}",
                    },
                    {
                        "zh": f"先在代码表 {name} 里加上，或改用已有代码",
                        "en": f"add it to {name}, or use one that is there",
                    },
                )
    if rule.extension is None:
        return
    if not rule.extension.grounds:
        yield _found(
            rule,
            "extension_without_ground",
            {"zh": f"{rule.id} 可以延长却没有写情形", "en": f"{rule.id} can be extended on no ground"},
            {"zh": "写明 grounds", "en": "list its grounds"},
        )
    if (rule.extension.unit == "hour") != (rule.unit == "hour"):
        yield _found(
            rule,
            "extension_unit",
            {
                "zh": f"{rule.id} 的延长与期限不是同一种单位",
                "en": f"{rule.id}: hours and days cannot be mixed in an extension",
            },
            {"zh": "小时期限用小时延长，其余用日、月", "en": "extend hours by hours, days by days"},
        )


def _dates(rule: Rule) -> Iterator[Finding]:
    if rule.effective_to is not None and rule.effective_to < rule.effective_from:
        yield _found(
            rule,
            "ends_before_start",
            {"zh": f"{rule.id} 失效早于生效", "en": f"{rule.id} ends before it begins"},
            {"zh": "核对 effective_from 和 effective_to", "en": "check effective_from and effective_to"},
        )
    if (rule.running == "switch_from") != (rule.switch_from is not None):
        yield _found(
            rule,
            "switch_date",
            {
                "zh": f"{rule.id}:running 与 switch_from 要一起写",
                "en": f"{rule.id}: running: switch_from needs a date",
            },
            {"zh": "补上 switch_from 日期，或写 running: keep", "en": "add the date, or write running: keep"},
        )


def _overlaps(rules: list[Rule]) -> Iterator[Finding]:
    """Two versions at one place on one day: nobody could say which holds."""
    groups: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        where = "" if rule.level in ("nation", "house") else rule.jurisdiction
        groups.setdefault((rule.id, where), []).append(rule)
    for group in groups.values():
        for one, other in combinations(group, 2):
            ends = min(one.effective_to or date.max, other.effective_to or date.max)
            if max(one.effective_from, other.effective_from) <= ends:
                yield _found(
                    other,
                    "two_at_once",
                    {
                        "zh": f"{other.id} 有两个版本同时有效（另一个在 {one.file} 第{one.line}行）",
                        "en": f"two versions of {other.id} hold at once (the other: {one.file}:{one.line})",
                    },
                    {"zh": "给旧版本写 effective_to", "en": "give the older one an effective_to"},
                )
