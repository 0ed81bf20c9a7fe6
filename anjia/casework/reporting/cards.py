"""The sheets of cards.yaml, read once: what to write, how to photograph, what to bring."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from anjia.engine.letters.rendering import pdf

FILE = Path(__file__).with_name("cards.yaml")


@cache
def whole() -> Mapping[str, Any]:
    """The file as it stands."""
    read: Mapping[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return read


def book() -> Mapping[str, Any]:
    """Every sheet by name."""
    found: Mapping[str, Any] = whole()["cards"]
    return found


def poster() -> Any:
    """What stands on the wall beside a department's square, in Chinese."""
    return in_chinese(whole()["poster"])


@cache
def as_pdf(name: str) -> bytes:
    """One sheet on A4, in Chinese. It says nothing of anybody; drawn once, because anybody may ask for it and letters
    wait for the same pen.
    """
    return pdf.drawn("card", {"card": in_chinese(book()[name])})


def in_chinese(value: Any) -> Any:
    """The same with every text in Chinese."""
    if isinstance(value, dict):
        return value["zh"] if set(value) == {"zh", "en"} else {k: in_chinese(v) for k, v in value.items()}
    return [in_chinese(v) for v in value] if isinstance(value, list) else value
