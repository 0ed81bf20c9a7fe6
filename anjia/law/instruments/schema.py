"""What an instrument is made of. A new one is a file; agencies may load scales under their own licence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from anjia.law.codes.reading import Text

ANSWERS = ("yes", "no", "unknown")


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `override` puts the result into the gravest band on a yes, whatever the sum.

    `asked_when` (item, answer): the question only arises then; otherwise it counts nothing and is not
    unknown.
    """

    id: str
    text: Text
    weight: int = 1
    override: bool = False
    asked_when: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A range of the score from `least` upwards, mildest first; `do` says what has to happen."""

    name: str
    label: Text
    least: int
    do: Text


@dataclass(frozen=True, slots=True)
class Instrument:
    """A scale in one version. `accuracy` says what is published about how well it predicts, or that nothing
    is."""

    name: str
    version: str
    title: Text
    source: Text
    licence: Text
    accuracy: Text
    not_designed: Text
    victim_sex: tuple[str, ...]
    other_sex: tuple[str, ...]
    relations: tuple[str, ...]
    items: tuple[Item, ...]
    bands: tuple[Band, ...]
    file: str = field(default="", compare=False)
    attributes: Mapping[str, str] = field(default_factory=dict)

    def item(self, item_id: str) -> Item:
        """A question by its id. Raises KeyError."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def band(self, name: str) -> Band:
        """A band by its name. Raises KeyError."""
        for band in self.bands:
            if band.name == name:
                return band
        raise KeyError(name)

    def band_of(self, points: int) -> Band:
        """The band a number of points falls into (below the first: the first)."""
        return [b for b in self.bands if b.least <= points or b is self.bands[0]][-1]

    @property
    def gravest(self) -> Band:
        """The band an override leads to."""
        return self.bands[-1]


@dataclass(frozen=True, slots=True)
class Score:
    """What the answers come to: the range [low, high] (unknown may be yes) and the worse band of that range.

    `overridden`: an overriding question was answered yes. `override_open`: one is still unknown, which for
    safety counts as the gravest band until it is asked. `by_points` is the band of the points alone.
    `reasons` say why.
    """

    low: int
    high: int
    band: str
    overridden: bool
    override_open: bool
    by_points: str
    unknown: tuple[str, ...]
    reasons: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether the scale was made for these two people; if not, judgement has to be given and `note` is
    shown."""

    designed: bool
    note: Text | None
