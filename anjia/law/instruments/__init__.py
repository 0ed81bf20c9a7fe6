"""Risk instruments (量表): questions that help to see danger. A score is an aid; it never replaces judgement.

>>> from anjia.law import instruments
>>> scale = instruments.get("acwf-danger")
>>> instruments.score(scale, {"1": "yes"}).band      # ten answers missing: none of them is a no
'high'
"""

from anjia.law.instruments.library import check, get, load, names
from anjia.law.instruments.schema import Band, Fit, Instrument, Item, Score
from anjia.law.instruments.scoring import fit, score, worst

__all__ = [
    "Band",
    "Fit",
    "Instrument",
    "Item",
    "Score",
    "check",
    "fit",
    "get",
    "load",
    "names",
    "score",
    "worst",
]
