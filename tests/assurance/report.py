"""A proof says what it counted: `row(13, "bits flipped", counted=10000, wrong=0)`.

One JSON line per row under var/test/assurance; `make assurance` gathers them into docs/ASSURANCE.md.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "var" / "test" / "assurance"


def row(number: int | str, title: str, counted: int, wrong: int, note: str = "") -> None:
    """Report one property: how many cases were tried and in how many it did not hold. A rerun replaces it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    line = {"number": str(number), "title": title, "counted": counted, "wrong": wrong, "note": note}
    name = hashlib.sha256(f"{number} {title}".encode()).hexdigest()[:16]
    (FOLDER / f"{name}.json").write_text(json.dumps(line, ensure_ascii=False) + "\n")
