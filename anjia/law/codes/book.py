"""The code lists as values: closed sets of answers, each with its words in both languages and its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from anjia.law.codes.reading import Finding, LawFileError, Lined, Reader, Text, read

DATA = Path(__file__).parent / "data"
LIST_COLUMNS = ("name", "source", "codes", "max_length")
RESERVED = frozenset({"zh", "en", "retired"})
LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class Code:
    """One answer. `attributes` are columns only some lists have (an agency kind's line, a ground's statute).

    A `retired` code can still be read on old matters but is not offered any more.
    """

    code: str
    label: Text
    attributes: Mapping[str, Any] = field(default_factory=dict)
    retired: bool = False


@dataclass(frozen=True, slots=True)
class CodeList:
    """A closed list of answers. `codes` gives the words of each, `items` everything known about each."""

    name: str
    title: Text
    source: str
    items: Mapping[str, Code]
    line: int = 0

    @property
    def codes(self) -> dict[str, Text]:
        """Code → {"zh": …, "en": …}, retired codes included, in the order of the file."""
        return {code: item.label for code, item in self.items.items()}

    def label(self, code: str, lang: str = "zh") -> str:
        """The words for a code. Raises KeyError for a code the list does not have."""
        return self.items[code].label[lang]

    def choices(self, lang: str = "zh") -> list[tuple[str, str]]:
        """What a form offers: (code, words), without retired codes."""
        return [(c.code, c.label[lang]) for c in self.items.values() if not c.retired]

    def having(self, **attributes: Any) -> tuple[str, ...]:
        """Codes whose attributes are exactly these, or, where an attribute is a list, contain it."""

        def fits(item: Code, key: str, wanted: Any) -> bool:
            value = item.attributes.get(key)
            return wanted in value if isinstance(value, list | tuple) else value == wanted

        return tuple(c for c, i in self.items.items() if all(fits(i, k, v) for k, v in attributes.items()))

    def __contains__(self, code: object) -> bool:
        return code in self.items

    def __iter__(self) -> Iterator[str]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


class CodeBook(Mapping[str, CodeList]):
    """All code lists by name."""

    def __init__(self, lists: Mapping[str, CodeList]) -> None:
        self._lists = dict(lists)

    def __getitem__(self, name: str) -> CodeList:
        return self._lists[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lists)

    def __len__(self) -> int:
        return len(self._lists)


def _code(reader: Reader, name: str, code: str, node: Any, line: int, longest: int) -> Code | None:
    what = f"{name}.{code}"
    if len(code) > longest:
        reader.report(
            line,
            "code_too_long",
            {
                "zh": f"代码“{code}”超过{longest}个字符",
                "en": f"code “{code}” is longer than {longest} characters",
            },
            {"zh": "换一个短些的代码", "en": "choose a shorter code"},
        )
    if not isinstance(node, Lined):
        reader.report(
            line,
            "not_bilingual",
            {"zh": f"代码“{what}”没有中英文名称", "en": f"code “{what}” has no words"},
            {"zh": "写成 {zh: …, en: …}", "en": "write {zh: …, en: …}"},
        )
        return None
    words = Lined()
    words.line = node.line
    words["label"] = {"zh": node.get("zh"), "en": node.get("en")}
    words.lines["label"] = node.line
    label = reader.text(words, "label", what) or {}
    rest = {k: v for k, v in node.items() if k not in RESERVED}
    return Code(code, label, rest, reader.flag(node, "retired", what, False))


def _list(reader: Reader, name: str, node: Lined) -> CodeList:
    reader.known_keys(node, LIST_COLUMNS, name)
    longest = reader.integer(node, "max_length", name, 1) if "max_length" in node else LONGEST_CODE
    codes = reader.mapping(node, "codes", name)
    if not codes:
        reader.missing(node, "codes", name)
    items = {c: _code(reader, name, c, v, codes.at(c), longest) for c, v in codes.items()}
    return CodeList(
        name=name,
        title=reader.text(node, "name", name) or {},
        source=reader.string(node, "source", name),
        items={c: item for c, item in items.items() if item},
        line=node.line,
    )


def _gather(folder: Path) -> tuple[CodeBook, list[Finding]]:
    lists: dict[str, CodeList] = {}
    findings: list[Finding] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            document = read(path)
        except LawFileError as error:
            findings.extend(error.findings)
            continue
        reader = Reader(path)
        for name, node in document.items():
            if name in lists:
                reader.report(
                    document.at(name),
                    "list_twice",
                    {
                        "zh": f"代码表“{name}”在另一个文件里已有",
                        "en": f"code list “{name}” stands in another file",
                    },
                    {"zh": "两处合成一处", "en": "merge the two"},
                )
            if isinstance(node, Lined):
                lists[name] = _list(reader, name, node)
            else:
                reader.mapping(document, name, path.name)
        findings.extend(reader.findings)
    return CodeBook(lists), findings


def load(folder: Path = DATA) -> CodeBook:
    """Read all code lists of a folder. Raises LawFileError (file, line, remedy) when one cannot be
    trusted."""
    lists, findings = _gather(folder)
    if findings:
        raise LawFileError(findings)
    return lists


def check(folder: Path = DATA) -> list[Finding]:
    """Everything wrong in the code lists of a folder; empty when they may be used."""
    return _gather(folder)[1]


@cache
def book() -> CodeBook:
    """The code lists this installation ships, read once."""
    return load()
