"""Scores answers. A missing answer is not a no; an override is an override; nothing here ever lowers a
band."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from anjia.law.codes.reading import Text
from anjia.law.instruments.schema import ANSWERS, Fit, Instrument, Item, Score


def score(instrument: Instrument, answers: Mapping[str, str]) -> Score:
    """The range and the worse band. Missing answers are unknown. Raises ValueError for an unknown item or
    answer."""
    known = {item.id for item in instrument.items}
    for item_id, answer in answers.items():
        if item_id not in known or answer not in ANSWERS:
            raise ValueError(f"{instrument.name}: no such item or answer ({item_id})")
    asked = [i for i in instrument.items if _arises(i, answers)]
    counted = [i for i in asked if not i.override]
    low = sum(_least(i, answers.get(i.id, "unknown")) for i in counted)
    high = sum(_most(i, answers.get(i.id, "unknown")) for i in counted)
    unknown = tuple(i.id for i in asked if answers.get(i.id, "unknown") == "unknown")
    overriding = [answers.get(i.id, "unknown") for i in asked if i.override]
    overridden, still_open = "yes" in overriding, "unknown" in overriding
    points = instrument.band_of(high)
    band = instrument.gravest if overridden or still_open else points
    return Score(
        low=low,
        high=high,
        band=band.name,
        overridden=overridden,
        override_open=still_open and not overridden,
        by_points=points.name,
        unknown=unknown,
        reasons=tuple(_reasons(instrument, low, high, overridden, still_open)),
    )


def worst(instrument: Instrument, *bands: str) -> str:
    """The gravest of several bands (score, earlier band, judgement): judgement may raise, nothing lowers."""
    order = [band.name for band in instrument.bands]
    return max(bands, key=order.index)


def fit(instrument: Instrument, victim_sex: str = "", other_sex: str = "", relation: str = "") -> Fit:
    """Whether the scale was designed for this relation. What is not known yet counts as not designed for."""
    designed = (
        victim_sex in instrument.victim_sex
        and other_sex in instrument.other_sex
        and relation in instrument.relations
    )
    return Fit(designed, None if designed else instrument.not_designed)


def _arises(item: Item, answers: Mapping[str, str]) -> bool:
    if item.asked_when is None:
        return True
    other, wanted = item.asked_when
    return answers.get(other, "unknown") in (wanted, "unknown")


def _least(item: Item, answer: str) -> int:
    return {"yes": item.weight, "no": 0, "unknown": min(0, item.weight)}[answer]


def _most(item: Item, answer: str) -> int:
    return {"yes": item.weight, "no": 0, "unknown": max(0, item.weight)}[answer]


def _reasons(
    instrument: Instrument, low: int, high: int, overridden: bool, still_open: bool
) -> Iterable[Text]:
    if overridden:
        yield {
            "zh": "有直接判为最高一级的情形，不看得分",
            "en": "an overriding answer: the gravest band, whatever the sum",
        }
    elif still_open:
        yield {
            "zh": "直接判高的问题还没问清，先按最高一级办",
            "en": "an overriding question is still open: the gravest band until it is asked",
        }
    if low == high:
        yield {"zh": f"得分 {low}", "en": f"score {low}"}
        return
    yield {
        "zh": f"得分 {low}–{high}（有不清楚的），按高的办",
        "en": f"score {low} to {high} (some unknown): the worse counts",
    }
    if instrument.band_of(low).name != instrument.band_of(high).name:
        yield {
            "zh": f"问清以后可能是“{instrument.band_of(low).label['zh']}”",
            "en": f"once known it may be “{instrument.band_of(low).label['en']}”",
        }
