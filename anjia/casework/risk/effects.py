"""What a risk assessment does to a matter: its band, from the answers and from the professional's view."""

from __future__ import annotations

from anjia.engine.matters.moving import Moving
from anjia.engine.matters.registry import effect
from anjia.law import instruments

ORDER = ("low", "medium", "high")


def graver(first: str, second: str) -> str:
    """The graver of two bands; a judgement may raise the score's band and never lowers it."""
    return max(first, second, key=ORDER.index)


@effect("risk.record")
def record_risk(moving: Moving, *, instrument: str, prefix: str, judgement: str) -> None:
    """Score the answers; keep score, override and judgement as three facts; the matter takes the graver band.

    A missing or unknown answer is not a no: the score is a range and its worse end decides.
    """
    scale = instruments.get(instrument)
    answers = {
        name.removeprefix(prefix): str(value)
        for name, value in moving.values.items()
        if name.startswith(prefix)
    }
    score = instruments.score(scale, answers)
    judged = str(moving.values.get(judgement) or score.band)
    band = graver(score.band, judged)
    facts = moving.codes.setdefault("facts", {})
    facts["risk"] = {
        "instrument": scale.name,
        "version": scale.version,
        "low": score.low,
        "high": score.high,
        "override": score.overridden,
        "scored": score.band,
        "judged": judged,
        "band": band,
    }
    moving.matter.risk_band = band
    for duty in moving.duties:
        moving.change_duty(duty, risk_band=band)
