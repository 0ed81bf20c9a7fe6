"""YAML that remembers where it stood: every mapping, list and key keeps its line, so errors can name it.

Only `true` and `false` are booleans (no `yes`, `on`), numbers with a point stay text, keys may not repeat.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from anjia.law.playbooks.schema import Text

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, read five times as fast


class PlaybookError(Exception):
    """A playbook file that cannot be read. Names file, line, problem and remedy, in both languages."""

    def __init__(self, file: str, line: int, problem: Text, remedy: Text, code: str = "load") -> None:
        self.file, self.line, self.problem, self.remedy, self.code = file, line, problem, remedy, code
        super().__init__(self.said("zh"))

    def said(self, language: str) -> str:
        """One line for a terminal: file:line, what is wrong, what to do."""
        return f"{self.file}:{self.line}: {self.problem[language]} → {self.remedy[language]}"


class Mapping(dict[Any, Any]):
    """A YAML mapping with the line of itself and of each key."""

    line: int = 0
    lines: dict[Any, int]


class Sequence_(list[Any]):
    """A YAML list with the line of itself and of each item."""

    line: int = 0
    lines: list[int]


class Said(dict[str, str]):
    """A bilingual text that knows its line."""

    line: int = 0


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    hits = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return hits[0] if hits else None


def suggest(word: str, known: Iterable[str], zh: str, en: str) -> Text:
    """A remedy that names the nearest known word, else the whole list."""
    known = sorted(known)
    hit = nearest(word, known)
    if hit:
        return {"zh": f"是否想写“{hit}”？", "en": f"did you mean “{hit}”？"}
    shown = "、".join(known[:24]) or "—"
    return {"zh": f"{zh}:{shown}", "en": f"{en}: {shown.replace('、', ', ')}"}


def read(path: Path) -> Mapping:
    """The file's top mapping. PlaybookError for broken YAML, a repeated key or an empty file."""
    name = path.name
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "invalid YAML"
        raise PlaybookError(
            name,
            mark.line + 1 if mark else 1,
            {"zh": f"不是有效的 YAML({problem})", "en": f"not valid YAML ({problem})"},
            {
                "zh": "检查缩进、引号和冒号后的空格",
                "en": "check indentation, quotes and the space after a colon",
            },
            "yaml",
        ) from None
    value = _value(node, name) if node is not None else None
    if not isinstance(value, Mapping):
        raise PlaybookError(
            name,
            1,
            {"zh": "文件应为键值结构", "en": "the file must be a mapping"},
            {"zh": "第一行写 playbook: 名称", "en": "start with playbook: name"},
            "yaml",
        )
    return value


def _value(node: Any, file: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, file)
    if isinstance(node, yaml.SequenceNode):
        items = Sequence_(_value(item, file) for item in node.value)
        items.line = node.start_mark.line + 1
        items.lines = [item.start_mark.line + 1 for item in node.value]
        return items
    return _scalar(node)


def _mapping(node: yaml.MappingNode, file: str) -> Mapping:
    out = Mapping()
    out.line = node.start_mark.line + 1
    out.lines = {}
    for key_node, value_node in node.value:
        key, line = _scalar(key_node), key_node.start_mark.line + 1
        if key in out:
            raise PlaybookError(
                file,
                line,
                {"zh": f"“{key}”写了两次", "en": f"“{key}” stands twice"},
                {"zh": "合并或删去一处", "en": "merge them or delete one"},
                "key.twice",
            )
        out[key] = _value(value_node, file)
        out.lines[key] = line
    return out


def _scalar(node: Any) -> Any:
    raw: str = node.value
    if node.style in ("'", '"', "|", ">"):
        return raw
    if raw in ("true", "false"):
        return raw == "true"
    if raw in ("", "~", "null"):
        return None
    if raw.isascii() and raw.lstrip("-").isdigit():
        return int(raw)
    return raw


class Part:
    """Typed access to one mapping of a file; every mistake raises PlaybookError with its line."""

    def __init__(self, value: Any, file: str, line: int, where: str) -> None:
        self.file, self.line, self.where = file, line, where
        if value is None:
            value = Mapping()
            value.line, value.lines = line, {}
        if not isinstance(value, Mapping):
            raise self.wrong(
                {"zh": f"{where} 应为键值结构", "en": f"{where} must be a mapping"},
                {"zh": "写成 {键: 值}", "en": "write {key: value}"},
                "type",
            )
        self.data = value

    def wrong(self, problem: Text, remedy: Text, code: str, key: Any = None) -> PlaybookError:
        """The error for this part, at the line of `key` when given."""
        line = self.data.lines.get(key, self.line) if hasattr(self, "data") and key is not None else self.line
        return PlaybookError(self.file, line, problem, remedy, code)

    def only(self, *keys: str) -> None:
        """Refuse keys outside the list (words, by spaces), suggesting the one that was probably meant."""
        keys = tuple(word for group in keys for word in group.split())
        for key in self.data:
            if key not in keys:
                raise self.wrong(
                    {"zh": f"{self.where} 里不认识“{key}”", "en": f"unknown key “{key}” in {self.where}"},
                    suggest(str(key), keys, "可用的键", "known keys"),
                    "key.unknown",
                    key,
                )

    def need(self, key: str) -> Any:
        """The value of a key that must be there."""
        if self.data.get(key) is None:
            raise self.wrong(
                {"zh": f"{self.where} 缺少“{key}”", "en": f"{self.where} lacks “{key}”"},
                {"zh": f"补上 {key}:", "en": f"add {key}:"},
                "key.missing",
                key,
            )
        return self.data[key]

    def line_of(self, key: Any) -> int:
        """The line of a key, else of the part."""
        return self.data.lines.get(key, self.line)

    def word(self, key: str, default: str | None = None) -> str | None:
        """A single name or number, as text."""
        value = self.data.get(key)
        if value is None:
            return default
        if isinstance(value, dict | list | bool):
            raise self._type(key, "一个词", "a single word")
        return str(value)

    def words(self, key: str) -> tuple[str, ...]:
        """One name or a list of names."""
        value = self.data.get(key)
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        if any(isinstance(item, dict | list | bool) or item is None for item in items):
            raise self._type(key, "一个词或词的列表", "a word or a list of words")
        return tuple(str(item) for item in items)

    def flag(self, key: str, default: bool = False) -> bool:
        """true or false."""
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self._type(key, "true 或 false", "true or false")
        return value

    def number(self, key: str) -> int | None:
        """A whole number."""
        value = self.data.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise self._type(key, "整数", "a whole number")
        return value

    def choice(self, key: str, allowed: Iterable[str], default: str) -> str:
        """One of the allowed words."""
        value = self.word(key, default) or default
        if value not in set(allowed):
            raise self.wrong(
                {
                    "zh": f"{self.where} 的 {key} 不能是“{value}”",
                    "en": f"{self.where}: {key} cannot be “{value}”",
                },
                suggest(value, allowed, "可用的值", "allowed values"),
                "value.unknown",
                key,
            )
        return value

    def text(self, key: str) -> Text | None:
        """A bilingual text. A bare word counts as Chinese only; the checker then asks for the English."""
        value = self.data.get(key)
        return None if value is None else said(value, self.file, self.line_of(key), f"{self.where}.{key}")

    def label(self, key: str = "label") -> Text:
        """A bilingual text that must be there."""
        self.need(key)
        return self.text(key) or {}

    def part(self, key: str) -> Part:
        """A nested mapping, empty when absent."""
        return Part(self.data.get(key), self.file, self.line_of(key), f"{self.where}.{key}")

    def parts(self, key: str) -> dict[str, Part]:
        """A mapping of named mappings."""
        outer = self.part(key)
        return {
            str(name): Part(value, self.file, outer.line_of(name), f"{key}.{name}")
            for name, value in outer.data.items()
        }

    def _type(self, key: str, zh: str, en: str) -> PlaybookError:
        return self.wrong(
            {"zh": f"{self.where} 的 {key} 写法不对", "en": f"{self.where}: {key} has the wrong shape"},
            {"zh": f"这里应写{zh}", "en": f"write {en} here"},
            "type",
            key,
        )


def said(value: Any, file: str, line: int, where: str) -> Text:
    """A bilingual text from {zh, en} or from a bare word."""
    text = Said()
    text.line = line
    if isinstance(value, dict):
        Part(value, file, line, where).only("zh", "en")
        text.update(zh=str(value.get("zh") or ""), en=str(value.get("en") or ""))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        raise PlaybookError(
            file,
            line,
            {"zh": f"{where} 应为双语文字", "en": f"{where} must be a bilingual text"},
            {"zh": "写成 {zh: …, en: …}", "en": "write {zh: …, en: …}"},
            "type",
        )
    else:
        text.update(zh=str(value), en="")
    return text
