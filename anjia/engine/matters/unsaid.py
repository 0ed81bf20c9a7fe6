"""What must not stand in words that leave: where she is, how to reach her, the shelter, the child's school.

Whoever writes down what happened easily writes an address into it. Before words leave, they are compared with
everything recorded in the sealed compartments of the case: full and half width, spaces, dashes and figures in
Chinese make no difference. What is recorded is opened for comparing only; nothing of it is returned.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from anjia.engine.matters.persons import bare
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import Compartment, Sealed
from anjia.registry.posts.models import Agency

WHERE, PHONE, SHELTER, SCHOOL = "where", "phone", "shelter", "school"
#: What the person complained of is not told besides: who else is in it, and what was told.
NAME, TOLD = "name", "told"
OF_OTHERS = frozenset({NAME, TOLD})
#: The compartments that hold what must not be said.
HELD = (Compartment.WHEREABOUTS, Compartment.CONTACT, Compartment.REPORTER, Compartment.IDENTITY)
#: Values of the whereabouts that name nobody's place.
NO_PLACE = frozenset({"who_may_know"})
SHORTEST = 3
SHORTEST_NAME, SHORTEST_CLAUSE = 2, 6
CLAUSES = re.compile(r"[,，。;；!！?？、:：\s]+")
NAMES_APART = re.compile(r"[、,，·\s]+")
HIM = "complained"
SHORTEST_NUMBER = 6
WRITTEN = ("零〇", "一幺壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
FIGURES = {char: str(n) for n, chars in enumerate(WRITTEN) for char in chars}
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100}
#: The part of an address that everybody may know: province to township.
PUBLIC = re.compile(
    r"^(?:[\u4e00-\u9fff]{1,7}?(?:省|自治区|市|州|盟|县|旗|(?<![小社园校库厂城景])区|镇|乡|街道))+"
)
#: As far as the name of an estate or street, which alone finds somebody.
ESTATE = re.compile(r"^.{2,}?(?:小区|花园|花苑|家园|公寓|大厦|宾馆|酒店|新村|村|苑|路|街|巷|弄|号)")
PARTS = re.compile(r"[,,。;;、()()/]+")
#: Words that look like an address or a telephone nobody has recorded: whoever sends them must say it is meant.
LIKE_ADDRESS = re.compile(r"\d+(?:号楼|幢|栋|单元|室|号院)")
LIKE_PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")


@dataclass(frozen=True, slots=True)
class Secret:
    """One thing that must not be said, folded for comparing."""

    kind: str
    needle: str


@dataclass(frozen=True, slots=True)
class Found:
    """Where in a text one of them stands."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared, with the place each character came from."""

    text: str
    spans: tuple[tuple[int, int], ...]


def fold(text: str) -> Folded:
    """Letters and figures only, half width, Chinese figures as digits."""
    plain = [
        (small, at)
        for at, char in enumerate(text)
        for small in unicodedata.normalize("NFKC", "〇" if char == "○" else char).casefold()
        if small.isalnum()
    ]
    out: list[tuple[str, int, int]] = []
    n = 0
    while n < len(plain):
        end = n
        while end < len(plain) and (plain[end][0] in FIGURES or plain[end][0] in TENS):
            end += 1
        if end == n:
            out.append((plain[n][0], plain[n][1], plain[n][1] + 1))
            n += 1
            continue
        first, last = plain[n][1], plain[end - 1][1] + 1
        out += [(digit, first, last) for digit in number("".join(c for c, _at in plain[n:end]))]
        n = end
    return Folded("".join(c for c, _a, _b in out), tuple((a, b) for _c, a, b in out))


def number(figures: str) -> str:
    """十二 as 12, 二〇三 as 203."""
    if not any(c in TENS for c in figures):
        return "".join(FIGURES[c] for c in figures)
    total = ahead = 0
    for c in figures:
        if c in TENS:
            total, ahead = total + (ahead or 1) * TENS[c], 0
        else:
            ahead = int(FIGURES[c])
    return str(total + ahead)


def secrets_of(root: UUID, key: vault.RootKey) -> list[Secret]:
    """Everything recorded in a case, in every version, that must not stand in words that leave."""
    found: set[Secret] = set()
    offices: set[UUID] = set()
    for row in Sealed.objects.filter(root=root, compartment__in=HELD):
        for name, value in vault.open_sealed(row, key).items():
            if name == "shelter_agency":
                offices |= as_id(value)
            elif isinstance(value, str):
                found.update(of_value(row.compartment, name, value))
    for name in Agency.objects.filter(pk__in=offices).values_list("name", flat=True) if offices else ():
        found.add(Secret(SHELTER, fold(name).text))
    return sorted(found, key=lambda s: (-len(s.needle), s.needle))


def of_others(root: UUID, key: vault.RootKey) -> list[Secret]:
    """Names of everybody but the person complained of, and every clause of what was told in the case: an answer to
    him must let nobody read off who reported or what she said.
    """
    found: set[Secret] = set()
    for row in Sealed.objects.filter(root=root, compartment__in=(Compartment.LABEL, Compartment.NARRATIVE)):
        for name, value in vault.open_sealed(row, key).items():
            if row.compartment == Compartment.LABEL:
                parts = NAMES_APART.split(str(value)) if name != HIM else []
                found |= {Secret(NAME, n) for p in parts if len(n := fold(p).text) >= SHORTEST_NAME}
            elif isinstance(value, str):
                clauses = (fold(part).text for part in CLAUSES.split(value))
                found |= {Secret(TOLD, c) for c in clauses if len(c) >= SHORTEST_CLAUSE}
    return sorted(found, key=lambda s: (-len(s.needle), s.needle))


def as_id(value: object) -> set[UUID]:
    """The office's id, or nothing."""
    try:
        return {UUID(str(value))}
    except ValueError:
        return set()


def of_value(compartment: str, name: str, value: str) -> Iterator[Secret]:
    """What one recorded value forbids to say."""
    if bare(name) == "phone" and not name.startswith("their_"):
        yield from numbers(value)
    elif bare(name) == "school":
        yield from (Secret(SCHOOL, needle) for needle in needles(value))
    elif compartment == Compartment.WHEREABOUTS and name not in NO_PLACE:
        kind = SHELTER if name == "shelter_place" else WHERE
        yield from (Secret(kind, needle) for needle in needles(value))
    elif compartment == Compartment.REPORTER and name.endswith("name"):
        if len(whole := fold(value).text) >= SHORTEST_NAME:
            yield Secret(NAME, whole)
    elif compartment == Compartment.REPORTER:
        yield from (Secret(WHERE, needle) for needle in needles(value))


def numbers(value: str) -> Iterator[Secret]:
    """The digits of a telephone number."""
    digits = "".join(c for c in fold(value).text if c.isdigit())
    if len(digits) >= SHORTEST_NUMBER:
        yield Secret(PHONE, digits)


def needles(value: str) -> set[str]:
    """A place whole, without what everybody may know, and as far as the name of its estate or street."""
    out = set()
    for part in (value, *PARTS.split(value)):
        whole = fold(part).text
        own = PUBLIC.sub("", whole)
        if len(own) < SHORTEST or own.isdigit():
            continue
        out |= {whole, own}
        estate = ESTATE.match(own)
        if estate and len(estate[0]) > SHORTEST:
            out.add(estate[0])
    return out


def find(text: str, secrets: Iterable[Secret]) -> list[Found]:
    """Where they stand in a text, each place once, the longest reading of it."""
    folded = fold(text)
    out: list[Found] = []
    taken: set[int] = set()
    for secret in secrets:
        at = folded.text.find(secret.needle)
        while at >= 0:
            cells = range(at, at + len(secret.needle))
            if not taken.issuperset(cells):
                out.append(Found(secret.kind, folded.spans[at][0], folded.spans[cells[-1]][1]))
                taken.update(cells)
            at = folded.text.find(secret.needle, at + 1)
    return sorted(out, key=lambda f: f.start)


def struck(text: str, found: Iterable[Found], instead: str) -> str:
    """The text with each of these places taken out."""
    for one in sorted(found, key=lambda f: -f.start):
        text = text[: one.start] + instead + text[one.end :]
    return text


def looks_like(text: str) -> bool:
    """Whether something in it looks like a house number or a mobile telephone, whosever it may be."""
    folded = fold(text).text
    return bool(LIKE_ADDRESS.search(folded) or LIKE_PHONE.search(folded))
