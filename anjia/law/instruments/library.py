"""The instruments this installation has, read from files with line numbers in every complaint."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from anjia.law.codes.book import book as code_book
from anjia.law.codes.reading import Finding, LawFileError, Lined, Reader, Text, read
from anjia.law.instruments.schema import Band, Instrument, Item

DATA = Path(__file__).parent / "data"
COLUMNS = ["instrument", "version", "name", "source", "licence", "accuracy", "applies_to", "items", "bands"]
FIT_COLUMNS = ("victim_sex", "other_sex", "relations", "else")
ITEM_COLUMNS = ("text", "weight", "override", "asked_when")


def _item(reader: Reader, items: Lined, item_id: str) -> Item:
    what = f"item {item_id}"
    node = reader.mapping(items, item_id, what)
    reader.known_keys(node, ITEM_COLUMNS, what)
    when = reader.mapping(node, "asked_when", what)
    weight = node.get("weight", 1)
    if not isinstance(weight, int):
        reader.integer(node, "weight", what)
        weight = 1
    if when and next(iter(when)) not in items:
        reader.one_of(when, next(iter(when)), items, what)
    return Item(
        id=item_id,
        text=reader.text(node, "text", what) or {},
        weight=weight,
        override=reader.flag(node, "override", what, False),
        asked_when=next(((k, str(v)) for k, v in when.items()), None),
    )


def _bands(reader: Reader, document: Lined) -> tuple[Band, ...]:
    node = reader.mapping(document, "bands", "bands")
    bands: list[Band] = []
    for name in node:
        entry = reader.mapping(node, name, name)
        reader.known_keys(entry, ("name", "least", "do"), name)
        least = reader.integer(entry, "least", name)
        bands.append(Band(name, _text(reader, entry, "name", name), least, _text(reader, entry, "do", name)))
        if len(bands) > 1 and bands[-2].least >= least:
            reader.report(
                node.at(name),
                "band_order",
                {"zh": f"“{name}”的起点不高于前一级", "en": f"“{name}” does not begin above the band before"},
                {"zh": "从轻到重排列，least 递增", "en": "mildest first, least rising"},
            )
    if not bands:
        reader.missing(document, "bands", reader.path.name)
        bands.append(Band("low", {"zh": "低", "en": "low"}, 0, {"zh": "", "en": ""}))
    return tuple(bands)


def _text(reader: Reader, node: Lined, key: str, what: str) -> Text:
    return reader.text(node, key, what) or {}


def _codes(reader: Reader, node: Lined, key: str, list_name: str) -> tuple[str, ...]:
    values = reader.words(node, key, "applies_to")
    for value in values:
        if value not in code_book()[list_name]:
            reader.report(
                node.at(key),
                "unknown_code",
                {"zh": f"“{value}”不在代码表 {list_name} 里", "en": f"“{value}” is not in {list_name}"},
                {"zh": "改用该代码表里的代码", "en": "use a code of that list"},
            )
    return values


def _instrument(reader: Reader, document: Lined) -> Instrument:
    name = reader.string(document, "instrument", reader.path.name)
    reader.known_keys(document, COLUMNS, name)
    fits = reader.mapping(document, "applies_to", name)
    reader.known_keys(fits, FIT_COLUMNS, name)
    items = reader.mapping(document, "items", name)
    if not items:
        reader.missing(document, "items", name)
    return Instrument(
        name=name,
        version=reader.string(document, "version", name),
        title=_text(reader, document, "name", name),
        source=_text(reader, document, "source", name),
        licence=_text(reader, document, "licence", name),
        accuracy=_text(reader, document, "accuracy", name),
        not_designed=_text(reader, fits, "else", name),
        victim_sex=_codes(reader, fits, "victim_sex", "sex"),
        other_sex=_codes(reader, fits, "other_sex", "sex"),
        relations=_codes(reader, fits, "relations", "relation"),
        items=tuple(_item(reader, items, item_id) for item_id in items),
        bands=_bands(reader, document),
        file=reader.path.name,
    )


def _gather(folder: Path) -> tuple[list[Instrument], list[Finding]]:
    found: list[Instrument] = []
    findings: list[Finding] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            document = read(path)
        except LawFileError as error:
            findings.extend(error.findings)
            continue
        reader = Reader(path)
        instrument = _instrument(reader, document)
        if any((i.name, i.version) == (instrument.name, instrument.version) for i in found):
            reader.report(
                1,
                "version_twice",
                {
                    "zh": f"{instrument.name} {instrument.version} 已有",
                    "en": f"{instrument.name} {instrument.version} is there already",
                },
                {"zh": "换一个版本号", "en": "give it another version"},
            )
        found.append(instrument)
        findings.extend(reader.findings)
    return found, findings


def load(folder: Path = DATA) -> list[Instrument]:
    """Every instrument of a folder. Raises LawFileError (file, line, remedy) when one cannot be trusted."""
    found, findings = _gather(folder)
    if findings:
        raise LawFileError(findings)
    return found


def check(folder: Path = DATA) -> list[Finding]:
    """What is wrong in the instrument files; empty when they may be used."""
    return _gather(folder)[1]


@cache
def _shipped() -> tuple[Instrument, ...]:
    return tuple(load())


def names() -> tuple[str, ...]:
    """The names of the instruments there are."""
    return tuple(dict.fromkeys(i.name for i in _shipped()))


def get(name: str, version: str | None = None) -> Instrument:
    """An instrument by name: the given version, else the newest. Old scores keep the version they were made
    with.

    Raises KeyError.
    """
    found = [i for i in _shipped() if i.name == name and version in (None, i.version)]
    if not found:
        raise KeyError(name)
    return max(found, key=lambda i: [int(part) if part.isdigit() else 0 for part in i.version.split(".")])
