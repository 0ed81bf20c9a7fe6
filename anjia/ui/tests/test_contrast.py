"""Text reaches 4.5 : 1 against its ground and borders of controls 3 : 1, computed from the style sheet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[1] / "static" / "ui" / "anjia.css"
COLOURS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", CSS.read_text(encoding="utf-8")))
TEXT = [
    ("ink", "paper"), ("ink", "sheet"), ("ink", "sunk"), ("soft", "paper"), ("soft", "sheet"), ("soft", "sunk"),
    ("pine", "paper"), ("pine", "sheet"), ("pine", "pine-tint"), ("pine-deep", "pine-tint"), ("pine-deep", "sheet"),
    ("sheet", "pine"), ("sheet", "pine-deep"), ("sheet", "red"), ("red", "sheet"), ("red", "paper"),
    ("red-deep", "red-tint"), ("pine-deep", "red-tint"), ("ink", "red-tint"), ("ochre", "sheet"),
    ("ochre", "paper"), ("ochre", "ochre-tint"), ("blue", "blue-tint"),
]  # fmt: skip
CONTROLS = [("line-strong", "sheet"), ("line-strong", "paper"), ("ochre", "paper"), ("pine", "sheet")]


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def ratio(one: str, other: str) -> float:
    low, high = sorted((luminance(COLOURS[one]), luminance(COLOURS[other])))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert ratio(text, ground) >= 4.5


@pytest.mark.parametrize(("border", "ground"), CONTROLS)
def test_controls_can_be_seen(border: str, ground: str) -> None:
    assert ratio(border, ground) >= 3
