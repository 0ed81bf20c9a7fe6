"""Which Chinese is the product's own, and so has an English: message ids of all rooms, labels of all law files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from babel.messages.pofile import read_po

from anjia.law.playbooks.library import catalogue
from anjia.law.playbooks.located import LOADER

PACKAGE = Path(__file__).resolve().parents[2] / "anjia"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: The gallery's samples are called like offices and places of the demo city.
OFFICES = ("邗江区妇联", "柳浦派出所", "邗江区 · 柳浦街道 · 杨林社区")


class Words:
    """Asked of every text on an English page."""

    def __init__(self) -> None:
        said = {s for s in (*message_ids(), *law_labels()) if CHINESE.search(s)}
        self.theirs = {*demo_words(), *sources(), *OFFICES}
        self.plain = {s.strip() for s in said if not PLACEHOLDER.search(s)} - self.theirs
        self.patterns = [
            re.compile(".+?".join(map(re.escape, PLACEHOLDER.split(s))))
            for s in said
            if PLACEHOLDER.search(s)
        ]

    def is_ours(self, text: str) -> bool:
        """Whether the text is, or begins a list with, a sentence that has an English."""
        parts = [text, *re.split(r"\s*[·:：、;,]\s*", text)]
        if text in self.theirs:  # "工作日白天" is an answer, not so many days
            return False
        return any(p.strip() in self.plain for p in parts) or any(p.fullmatch(text) for p in self.patterns)


def message_ids() -> Iterator[str]:
    """Everything the rooms say."""
    for path in PACKAGE.rglob("locale/en/LC_MESSAGES/django.po"):
        with path.open("rb") as source:
            for message in read_po(source, locale="en"):
                yield from (message.id if isinstance(message.id, tuple) else (message.id,))


def demo_words() -> Iterator[str]:
    """What the demo's people and offices are called, and what they wrote: it stays as it is."""
    for path in (PACKAGE / "demo").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield from (
            n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
        )


def law_labels() -> Iterator[str]:
    """Every {zh, en} pair in the law's files."""
    for path in (PACKAGE / "law").rglob("*.yaml"):
        if "tests" not in path.parts:
            document = yaml.load(path.read_text("utf-8"), Loader=LOADER)  # noqa: S506 - a safe loader
            yield from (pair["zh"] for _where, pair in pairs(document, path.name))


def sources() -> Iterator[str]:
    """What procedures rest on: titles of statutes and documents, which stay as they are."""
    yield from (source for playbook in catalogue().values() for source in playbook.source)


def pairs(node: Any, where: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each mapping that has a Chinese text, with the place where it stands."""
    if isinstance(node, dict):
        if isinstance(node.get("zh"), str):
            yield where, node
        for key, value in node.items():
            yield from pairs(value, f"{where}: {key}")
    elif isinstance(node, list):
        for value in node:
            yield from pairs(value, where)
