"""The sentences that leave as messages (messages.yaml). A file that would let one tell more is not loaded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("messages.yaml")
STAFF, RESIDENT = "staff", "resident"
#: A number there is in no class of recipient's sentences; the one slot says how many.
SLOT = "{count}"
NUMBER = re.compile(r"\d")
ADDRESS = re.compile(r"https?:|www\.|://|\.cn|\.com", re.IGNORECASE)
CAN_BE_SHOWN = re.compile(r"[{}%<>]")


@dataclass(frozen=True)
class Wording:
    """One sentence, to one class of recipient."""

    name: str
    to: str
    text: Mapping[str, str]

    def says(self, language: str, count: int) -> str:
        """As it leaves."""
        return self.text["en" if language.startswith("en") else "zh"].replace(SLOT, str(count))


@cache
def book() -> dict[str, Wording]:
    """Every message there is, by name."""
    return parse(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def parse(raw: Mapping[str, Any]) -> dict[str, Wording]:
    """The messages of a file. ValueError names the first that would tell more than it may."""
    telling = [str(w).lower() for w in raw["telling"]]
    found = {}
    for name, said in raw["messages"].items():
        one = Wording(name, said["to"], {"zh": said["zh"], "en": said["en"]})
        if why := fault(one, telling):
            raise ValueError(f"message {name} {why}")
        found[name] = one
    return found


def fault(one: Wording, telling: list[str]) -> str:
    """Why a sentence may not leave; "" where it may."""
    if one.to not in (STAFF, RESIDENT):
        return "goes to nobody known"
    for text in one.text.values():
        bare = text.replace(SLOT, "")
        if one.to == RESIDENT and bare != text:
            return "tells a resident a number"
        if NUMBER.search(bare) or ADDRESS.search(bare) or CAN_BE_SHOWN.search(bare):
            return "holds a number, an address or a second slot"
        if any(
            re.search(rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w), bare.lower()) for w in telling
        ):
            return "gives away what it is about"
    return ""
