"""Which version holds where and when, how overdue duties climb, what explanations say, planted faults."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from anjia.law import rules
from anjia.law.calendar import SHANGHAI

INTERFACE = [
    "triage.same-day",
    "contact.safe-hour",
    "assess.after-contact",
    "plan.safety",
    "visit.grade-1",
    "visit.grade-2",
    "visit.grade-3",
    "waiting.check-in",
    "same-case.decide",
    "tray.assign",
    "referral.accept",
    "referral.reply",
    "referral.resend",
    "reply.to-opener",
    "report.up",
    "report.up-urgent",
    "report.serious-first",
    "order.accept",
    "order.decide",
    "order.serve",
    "order.reconsider",
    "order.visit",
    "order.expiry",
    "order.feedback",
    "warning.decide",
    "warning.first-visit",
    "warning.visit",
    "warning.notify",
    "report.feedback",
    "report.mandatory",
    "petition.notice",
    "petition.object",
    "petition.complete",
    "petition.review",
    "petition.re-review",
    "mediation.finish",
    "mediation.confirm",
    "aid.review",
    "aid.appoint",
    "aid.object",
    "shelter.stay",
    "appraisal.entrust",
    "appraisal.complete",
    "cooling.withdraw",
    "cooling.attend",
    "police.case",
]

NATION = """level: nation
jurisdiction: "000000"
ladders:
  ordinary: {name: {zh: 一般, en: Ordinary}, rungs: [{after: 1, unit: working_day, tier: county, clock:
  working}]}
laws:
  dv: {name: {zh: 某法, en: A law}, from: 2016-03-01, kind: statutory}
rules:
"""
RULE = """  - rule_id: order.decide
    name: {zh: 裁定, en: Decide}
    legal_basis: {law: dv, article: "28", summary: {zh: 七十二小时。, en: 72 hours.}}
    trigger_event: {zh: 受理, en: Accepted}
    amount: 72
    unit: hour
    roll_over: false
    responsible_role: court
"""
PROVINCE = """level: province
jurisdiction: "440000"
laws:
  local: {name: {zh: 某省条例, en: A province's rules}, from: 2020-10-01, kind: local}
rules:
  - rule_id: order.decide
    name: {zh: 裁定, en: Decide}
    legal_basis: {law: local, article: "9", summary: {zh: 二十四小时。, en: 24 hours.}}
    trigger_event: {zh: 受理, en: Accepted}
    amount: 24
    unit: hour
    roll_over: false
    responsible_role: court
"""


def at(*parts: int) -> datetime:
    """A moment in Beijing."""
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc, arg-type]


def write(folder: Path, nation: str = RULE, **files: str) -> Path:
    (folder / "nation.yaml").write_text(NATION + nation)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


def test_the_shipped_rules_are_sound() -> None:
    assert rules.check() == []


@pytest.mark.parametrize("rule_id", INTERFACE)
def test_public_rule_ids_exist_with_a_source_in_both_languages(rule_id: str) -> None:
    rule = rules.book().get(rule_id, date(2026, 3, 2), "321003008012")
    assert rule.law
    assert all(text["zh"] and text["en"] for text in (rule.name, rule.summary, rule.trigger, rule.law_name))
    assert rules.book().version(rule.id, rule.version) is rule
    assert len(rule.version) <= 40  # what a duty row can hold


def test_the_version_string_names_place_source_and_date() -> None:
    assert rules.book().get("order.decide", date(2026, 1, 1)).version == "nation:反家庭暴力法@2016-03-01"


def test_a_province_takes_precedence_in_its_own_places_from_its_own_date(tmp_path: Path) -> None:
    book = rules.load(write(tmp_path, province=PROVINCE))
    assert book.get("order.decide", date(2026, 1, 1), "440305001002").amount == 24
    assert book.get("order.decide", date(2026, 1, 1), "321003").amount == 72
    assert book.get("order.decide", date(2019, 1, 1), "440305").amount == 72
    assert book.get("order.decide", date(2026, 1, 1), "").amount == 72


def test_a_city_takes_precedence_over_its_province(tmp_path: Path) -> None:
    city = PROVINCE.replace("level: province", "level: city").replace("440000", "440300").replace("24", "12")
    book = rules.load(write(tmp_path, province=PROVINCE, city=city))
    assert book.get("order.decide", date(2026, 1, 1), "440305").amount == 12
    assert book.get("order.decide", date(2026, 1, 1), "440100").amount == 24


def test_the_law_of_2026_does_not_reach_a_case_of_2025() -> None:
    old, new = (rules.book().get("police.case", date(y, 6, 1)) for y in (2025, 2026))
    assert (old.article, new.article) == ("99", "118")
    assert (old.extension.max_times, new.extension.max_times) == (1, 2)  # type: ignore[union-attr]


def test_before_a_rule_took_effect_there_is_none() -> None:
    with pytest.raises(rules.RuleError, match="2024-12-06"):
        rules.book().get("warning.decide", date(2024, 12, 5))
    with pytest.raises(rules.RuleError):
        rules.book().get("no.such-rule", date(2026, 1, 1))


def test_a_running_clock_keeps_its_version_unless_the_change_says_otherwise(tmp_path: Path) -> None:
    old = RULE + "    effective_to: 2026-06-30\n"
    new = RULE.replace("amount: 72", "amount: 48") + "    effective_from: 2026-07-01\n"
    keep = rules.load(write(tmp_path, old + new))
    frozen = keep.get("order.decide", date(2026, 6, 1))
    assert keep.running(frozen, date(2026, 8, 1)).amount == 72
    switching = new + "    running: switch_from\n    switch_from: 2026-07-15\n"
    book = rules.load(write(tmp_path, old + switching))
    assert book.running(frozen, date(2026, 7, 10)).amount == 72
    assert book.running(frozen, date(2026, 7, 15)).amount == 48


# ---- ladders


def test_the_emergency_ladder_runs_day_and_night_and_then_alarms_daily() -> None:
    ladder = rules.book().ladders["emergency"]
    due = datetime.fromisoformat("2026-02-16T23:50:00+08:00")  # New Year's Eve
    said = [rules.climbs(ladder, due, step).isoformat() for step in range(5)]  # type: ignore[union-attr]
    assert said == [
        "2026-02-17T00:20:00+08:00",
        "2026-02-17T01:50:00+08:00",
        "2026-02-17T03:50:00+08:00",
        "2026-02-18T03:50:00+08:00",
        "2026-02-19T03:50:00+08:00",
    ]
    assert [ladder.rung(step).tier for step in range(4)] == ["county", "city", "roster", "roster"]
    assert [ladder.rung(step).alarm for step in range(4)] == [False, False, False, True]


def test_the_ordinary_ladder_counts_working_days_over_the_festival() -> None:
    rule = rules.book().get("petition.notice", date(2026, 2, 1))
    due = datetime.fromisoformat("2026-02-13T23:59:59+08:00")  # Friday; Sat 14 works, then nine days of rest
    days = [rules.climbs(rule, due, step).date().isoformat() for step in range(4)]  # type: ignore[union-attr]
    assert days == ["2026-02-14", "2026-02-24", "2026-02-25", "2026-02-26"]


def test_a_right_of_a_citizen_climbs_nowhere() -> None:
    rule = rules.book().get("mediation.confirm", date(2026, 4, 24))
    assert rules.climbs(rule, at(2026, 5, 25), 0) is None


def test_warnings_come_before_the_end_earliest_first() -> None:
    rule = rules.book().get("order.expiry", date(2026, 3, 19))
    due = rules.due(rule, at(2026, 3, 19, 9, 30)).due
    # The story: reminded 30, 14 and 7 days ahead of 19 September.
    assert [w.date().isoformat() for w in rules.warnings(rule, due)] == [
        "2026-08-20",
        "2026-09-05",
        "2026-09-12",
    ]


# ---- explanations


def test_an_explanation_names_law_article_and_each_skipped_day() -> None:
    said = rules.explain("petition.complete", at(2026, 4, 21, 9), "321012")
    assert (said["rule"], said["law"], said["article"]) == ("petition.complete", "信访工作条例", "34")
    assert said["due"] == "2026-06-22T23:59:59+08:00"
    assert said["last_day"] == "2026-06-20"
    assert said["steps"][0] == "起算日不计入：2026-04-21"
    assert any("2026-06-20" in s and "端午节" in s for s in said["steps"])
    assert "第34条" in said["text"]


def test_an_explanation_in_english_has_no_chinese_in_its_steps() -> None:
    said = rules.explain("warning.first-visit", at(2026, 2, 13, 18), "321003", lang="en")
    assert all(ord(c) < 0x2E80 for step in said["steps"] for c in step)
    assert "Spring Festival" in " ".join(said["steps"])


def test_a_typed_pause_is_tried_on_the_rules_first_ground() -> None:
    said = rules.explain("petition.re-review", at(2026, 3, 2), pauses=["2026-03-09..2026-03-15"])
    assert said["due"] == "2026-04-07T23:59:59+08:00"
    with pytest.raises(rules.RuleError):
        rules.explain("order.decide", at(2026, 3, 2), pauses=["2026-03-02..2026-03-03"])
    with pytest.raises(rules.RuleError):
        rules.explain("petition.re-review", at(2026, 3, 2), pauses=["next week"])


def test_an_unknown_variant_is_refused() -> None:
    with pytest.raises(rules.RuleError):
        rules.explain("order.serve", at(2026, 3, 2), variants=["urgent"])


# ---- planted faults


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("unit: hour", "unit: hours"), "unknown_value"),
        (("amount: 72", "amount: many"), "not_a_number"),
        (("en: Decide", "de: Entscheiden"), "not_bilingual"),
        (("七十二小时。", "七十二小时,紧急的二十四小时。"), "comma_in_text"),
        (("law: dv", "law: nowhere"), "no_source"),
        (('article: "28", ', ""), "no_article"),
        (("    roll_over: false\n", ""), "missing_column"),
        (("roll_over: false", "roll_over: true"), "hours_roll"),
        (("responsible_role: court", "responsible_role: nobody"), "unknown_role"),
        (("responsible_role", "responsable_role"), "unknown_column"),
        (("    roll_over: false\n", "    roll_over: false\n    pause_grounds: any\n"), "pause_any"),
        (
            ("    roll_over: false\n", "    roll_over: false\n    pause_grounds: [holiday]\n"),
            "unknown_ground",
        ),
        (("    roll_over: false\n", "    roll_over: false\n    ladder: up\n"), "unknown_value"),
        (("    roll_over: false\n", "    roll_over: false\n    warn: [soon]\n"), "bad_warning"),
        (
            ("    roll_over: false\n", "    roll_over: false\n    effective_to: 2015-01-01\n"),
            "ends_before_start",
        ),
        (("    roll_over: false\n", "    roll_over: false\n    running: switch_from\n"), "switch_date"),
        (("    unit: hour\n", "    unit: hour\n    unit: month\n"), "duplicate_key"),
    ],
)
def test_a_planted_fault_is_found_with_file_line_and_remedy(
    tmp_path: Path, change: tuple[str, str], code: str
) -> None:
    assert change[0] in RULE
    found = rules.check(write(tmp_path, RULE.replace(*change)))
    assert code in [f.code for f in found]
    finding = next(f for f in found if f.code == code)
    assert finding.file == "nation.yaml"
    assert finding.line > NATION.count("\n")
    assert finding.remedy["zh"]
    assert finding.remedy["en"]
    with pytest.raises(rules.LawFileError):
        rules.load(tmp_path)


def test_two_versions_at_once_are_refused(tmp_path: Path) -> None:
    found = rules.check(write(tmp_path, RULE + RULE))
    assert [f.code for f in found] == ["two_at_once"]
    assert found[0].line == NATION.count("\n") + RULE.count("\n") + 1


def test_a_house_cannot_call_its_limits_statutory(tmp_path: Path) -> None:
    house = PROVINCE.replace("level: province", "level: house").replace("440000", "000000")
    found = rules.check(write(tmp_path, "", house=house.replace("order.decide", "order.own")))
    assert "house_only" in [f.code for f in found]
