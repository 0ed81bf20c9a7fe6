"""The danger scale: boundaries, unknowns, overrides, whom it was made for. A missing answer is not a no."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anjia.law import instruments

SCALE = instruments.get("acwf-danger")
COUNTED = [str(n) for n in range(1, 10)]


def answers(yes: int, unknown: int = 0, a: str = "no", b: str = "no") -> dict[str, str]:
    """So many yes, so many unknown, the rest no."""
    said = ["yes"] * yes + ["unknown"] * unknown + ["no"] * (9 - yes - unknown)
    return dict(zip(COUNTED, said, strict=True)) | {"a": a, "b": b}


def test_the_shipped_files_are_sound() -> None:
    assert instruments.check() == []
    assert len(SCALE.items) == 11
    assert [i.id for i in SCALE.items if i.override] == ["a", "b"]


@pytest.mark.parametrize(
    ("yes", "band"), [(0, "low"), (3, "low"), (4, "medium"), (5, "medium"), (6, "high"), (9, "high")]
)
def test_boundaries(yes: int, band: str) -> None:
    found = instruments.score(SCALE, answers(yes))
    assert (found.low, found.high, found.band, found.overridden) == (yes, yes, band, False)


@pytest.mark.parametrize("override", [{"a": "yes"}, {"b": "yes"}])
def test_no_point_and_one_override_is_the_gravest_band(override: dict[str, str]) -> None:
    found = instruments.score(SCALE, answers(0) | override)
    assert (found.high, found.by_points, found.band, found.overridden) == (0, "low", "high", True)


@pytest.mark.parametrize(
    ("yes", "unknown", "low", "high", "band"),
    [(4, 2, 4, 6, "high"), (3, 1, 3, 4, "medium"), (2, 1, 2, 3, "low"), (5, 1, 5, 6, "high")],
)
def test_unknowns_give_a_range_and_the_worse_band(
    yes: int, unknown: int, low: int, high: int, band: str
) -> None:
    found = instruments.score(SCALE, answers(yes, unknown))
    assert (found.low, found.high, found.band) == (low, high, band)
    assert len(found.unknown) == unknown


def test_a_missing_answer_is_unknown_and_no_answer_at_all_is_grave() -> None:
    found = instruments.score(SCALE, {})
    assert (found.low, found.high, found.band) == (0, 9, "high")
    assert len(found.unknown) == 11


def test_an_override_that_was_not_asked_counts_as_grave_until_it_is() -> None:
    found = instruments.score(SCALE, answers(0, a="unknown"))
    assert (found.band, found.by_points, found.overridden, found.override_open) == (
        "high",
        "low",
        False,
        True,
    )
    assert any("还没问清" in reason["zh"] for reason in found.reasons)


def test_what_is_no_item_or_no_answer_is_refused() -> None:
    for wrong in ({"10": "yes"}, {"1": "maybe"}):
        with pytest.raises(ValueError, match="no such item or answer"):
            instruments.score(SCALE, wrong)


def test_judgement_may_raise_and_nothing_lowers() -> None:
    assert instruments.worst(SCALE, "low", "high") == "high"
    assert instruments.worst(SCALE, "high", "low", "medium") == "high"


@pytest.mark.parametrize(
    ("victim", "other", "relation", "designed"),
    [
        ("female", "male", "spouse", True),
        ("female", "male", "ex_partner", True),
        ("male", "female", "spouse", False),
        ("female", "male", "parent_child", False),
        ("female", "female", "cohabitant", False),
        ("female", "male", "", False),
    ],
)
def test_it_was_made_for_a_woman_and_a_male_partner(
    victim: str, other: str, relation: str, designed: bool
) -> None:
    found = instruments.fit(SCALE, victim, other, relation)
    assert found.designed is designed
    assert (found.note is None) is designed


REPLIES = st.fixed_dictionaries({i.id: st.sampled_from(["yes", "no", "unknown"]) for i in SCALE.items})
ORDER = [band.name for band in SCALE.bands]


@given(REPLIES, st.sampled_from([i.id for i in SCALE.items]))
def test_a_yes_instead_of_a_no_never_lowers_the_band(replies: dict[str, str], item: str) -> None:
    bands = [instruments.score(SCALE, replies | {item: said}).band for said in ("no", "unknown", "yes")]
    assert [ORDER.index(b) for b in bands] == sorted(ORDER.index(b) for b in bands)


OWN = """instrument: own
version: "1.0"
name: {zh: 某量表, en: A scale}
source: {zh: 甲, en: A}
licence: {zh: 乙, en: B}
accuracy: {zh: 丙, en: C}
applies_to: {victim_sex: [female], other_sex: [male], relations: [spouse], else: {zh: 丁, en: D}}
items:
  x: {weight: 4, text: {zh: 一, en: One}}
  y: {weight: -3, text: {zh: 二, en: Two}}
  z: {weight: 2, asked_when: {x: yes}, text: {zh: 三, en: Three}}
bands:
  low: {least: 0, name: {zh: 低, en: Low}, do: {zh: 看, en: Look}}
  high: {least: 4, name: {zh: 高, en: High}, do: {zh: 办, en: Act}}
"""


def test_weights_skips_and_a_lowering_item_keep_the_range_honest(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    scale = instruments.load(tmp_path)[0]
    unknown = instruments.score(scale, {})
    assert (unknown.low, unknown.high) == (-3, 6)
    skipped = instruments.score(scale, {"x": "no", "y": "unknown"})  # z does not arise
    assert (skipped.low, skipped.high, skipped.unknown) == (-3, 0, ("y",))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("least: 4", "least: 0"), "band_order"),
        (("relations: [spouse]", "relations: [friend]"), "unknown_code"),
        (("weight: 2", "wait: 2"), "unknown_column"),
        (("asked_when: {x: yes}", "asked_when: {q: yes}"), "unknown_value"),
        (("en: Two", "fr: Deux"), "not_bilingual"),
    ],
)
def test_a_planted_fault_is_found(tmp_path: Path, change: tuple[str, str], code: str) -> None:
    assert change[0] in OWN
    (tmp_path / "own.yaml").write_text(OWN.replace(*change))
    assert code in [f.code for f in instruments.check(tmp_path)]
