"""The shipped code lists can be trusted, and a bad one is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from anjia.law import codes


def test_the_shipped_lists_are_sound() -> None:
    assert codes.check() == []


def test_labels_and_choices_in_both_languages() -> None:
    relation = codes.book()["relation"]
    assert relation.label("spouse", "zh") == "配偶"
    assert relation.label("spouse", "en") == "Spouse"
    assert relation.codes["ex_spouse"] == {"zh": "前配偶", "en": "Former spouse"}
    assert ("spouse", "配偶") in relation.choices("zh")


@pytest.mark.parametrize("code", ["yes", "no", "unknown"])
def test_yes_and_no_stay_words(code: str) -> None:
    assert code in codes.book()["yes-no-unknown"]


@pytest.mark.parametrize(
    ("name", "width"),
    [("sex", 8), ("age-band", 12), ("relation", 24), ("channel", 16), ("urgency", 16), ("risk-band", 16)],
)
def test_codes_fit_the_columns_that_hold_them(name: str, width: int) -> None:
    assert max(len(code) for code in codes.book()[name]) <= width


def test_every_kind_of_agency_has_a_line_and_tiers() -> None:
    for kind in codes.book()["agency-kind"].items.values():
        assert 0 < len(kind.attributes["line"]) <= 16
        assert set(kind.attributes["tiers"]) <= {"province", "city", "county", "township", "village"}


def test_only_the_law_discloses_without_her_word() -> None:
    for ground in codes.book()["disclosure-ground"].items.values():
        assert ground.attributes["law"]
        assert ground.attributes["to"]
    assert codes.book()["disclosure-ground"].having(to="door") == (
        "her_consent",
        "danger_to_life",
        "police_visit",
    )


def test_outcomes_name_agencies_that_exist() -> None:
    kinds = codes.book()["agency-kind"]
    for outcome in codes.book()["referral-outcome"].items.values():
        assert all(kind in kinds for kind in outcome.attributes.get("kinds", ()))


def test_police_outcomes_are_the_four_of_the_statistics_duty() -> None:
    listed = codes.book()["police-outcome"].having(law="反家庭暴力法第33条")
    assert listed == ("punishment", "criminal")
    assert {"reprimand", "warning_letter"} <= set(codes.book()["police-outcome"])


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        ("a:\n  name: {zh: 甲, en: A}\n  source: x\n  codes:\n    one: {zh: 一}\n", "not_bilingual", 5),
        (
            "a:\n  name: {zh: 甲, en: A}\n  source: x\n  codes:\n    one: {zh: 一,二, en: One}\n",
            "comma_in_text",
            5,
        ),
        ("a:\n  name: {zh: 甲, en: A}\n  codes:\n    one: {zh: 一, en: One}\n", "missing_column", 2),
        ("a:\n  name: {zh: 甲, en: A}\n  source: x\n", "missing_column", 2),
        (
            "a:\n  name: {zh: 甲, en: A}\n  source: x\n  max_length: 2\n  codes:\n    one: {zh: 一, en: I}\n",
            "code_too_long",
            6,
        ),
        (
            "a:\n  name: {zh: 甲, en: A}\n  source: x\n  codes:\n"
            "    x: {zh: 一, en: I}\n    x: {zh: 二, en: II}\n",
            "duplicate_key",
            6,
        ),
        ("- a\n", "syntax", 1),
    ],
)
def test_a_planted_fault_is_found_with_its_line(tmp_path: Path, body: str, code: str, line: int) -> None:
    (tmp_path / "a.yaml").write_text(body)
    found = codes.check(tmp_path)
    assert (code, line) in [(f.code, f.line) for f in found]
    with pytest.raises(codes.LawFileError):
        codes.load(tmp_path)


def test_one_list_in_two_files_is_refused(tmp_path: Path) -> None:
    body = "a:\n  name: {zh: 甲, en: A}\n  source: x\n  codes: {x: {zh: 一, en: I}}\n"
    (tmp_path / "a.yaml").write_text(body)
    (tmp_path / "b.yaml").write_text(body)
    assert [f.code for f in codes.check(tmp_path)] == ["list_twice"]


def test_a_retired_code_is_readable_but_not_offered(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "a:\n  name: {zh: 甲, en: A}\n  source: x\n  codes:\n    x: {zh: 一, en: I, retired: true}\n"
        "    y: {zh: 二, en: II}\n"
    )
    listed = codes.load(tmp_path)["a"]
    assert listed.label("x", "en") == "I"
    assert listed.choices("en") == [("y", "II")]
