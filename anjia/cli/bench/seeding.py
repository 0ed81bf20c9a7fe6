"""Many matters fast: real ones, cloned row by row with keys, words, tokens and chains of their own.

A clone has exactly the columns its original has, because it is made of the original's rows: every id of the
matter is new, every time is moved by the same span, every word is sealed afresh under a new key with an
invented name, every token and every sum of the ledger is computed as the actions compute them. `checked`
(in `filling`) proves it on a sample: the ledger verifies, the name opens, and the name finds the matter.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from anjia.cli.bench import town as samples
from anjia.demo.people import id_number
from anjia.engine.matters import persons
from anjia.engine.matters.models import Duty, Matter, Party, Seat
from anjia.engine.matters.numbers import check_digit
from anjia.foundation.core.clock import NEVER, SHANGHAI
from anjia.foundation.core.ids import uuid7
from anjia.foundation.events import chain
from anjia.foundation.events.models import Event
from anjia.foundation.vault import vault
from anjia.foundation.vault.models import DataKey, Sealed, Token

#: Everything one matter consists of, in an order in which rows may be written.
MODELS: tuple[type[Model], ...] = (Matter, DataKey, Party, Token, Sealed, Duty, Seat, Event)
SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "秀春玉晓丽文雪桂海婷凤慧小素月欣建志永大立明国学长卫家振德云伟芳娜静敏强磊军洋勇艳杰娟涛霞平刚英华"
Rows = dict[type[Model], list[list[Any]]]


@dataclass
class Original:
    """The rows of one real matter, read once: what is copied, what is made new."""

    kind: str
    county: str
    rows: dict[type[Model], list[Model]]
    ids: tuple[UUID, ...]
    documents: dict[UUID, dict[str, Any]] = field(default_factory=dict)  # sealed row → what it says
    known: dict[UUID, dict[str, Any]] = field(default_factory=dict)  # party → what she may be found by


@dataclass(frozen=True)
class Person:
    """Invented names and numbers of one clone."""

    hers: str
    his: str
    phone: str
    his_phone: str
    id_number: str

    def swapped(self, document: dict[str, Any]) -> dict[str, Any]:
        """A sealed document that speaks of these people."""
        by = {
            samples.NAME: self.hers,
            samples.HIS_NAME: self.his,
            samples.PHONE: self.phone,
            samples.HIS_PHONE: self.his_phone,
            samples.ID_NUMBER: self.id_number,
        }
        return {k: by.get(v, v) if isinstance(v, str) else v for k, v in document.items()}


def person(rng: random.Random) -> Person:
    """Two people who do not exist; about 100,000 different names."""
    hers, his = (rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN) for _ in "ab")
    born = rng.randint(1960, 2002), rng.randint(1, 12), rng.randint(1, 28), rng.randrange(1000)
    phone, his_phone = (f"100{rng.randrange(10**8):08d}" for _ in "ab")
    return Person(hers, his, phone, his_phone, id_number(*born))


def read(sample: samples.Sample) -> Original:
    """A real matter and all that belongs to it."""
    matter = Matter.objects.get(pk=sample.matter)
    rows: dict[type[Model], list[Model]] = {
        Matter: [matter],
        DataKey: list(DataKey.objects.filter(root=matter.root)),
        Party: list(Party.objects.filter(matter=matter)),
        Token: [],  # made anew from the names
        Sealed: list(Sealed.objects.filter(root=matter.root)),
        Duty: list(Duty.objects.filter(matter=matter)),
        Seat: list(Seat.objects.filter(matter=matter)),
        Event: list(Event.objects.filter(matter=matter.id).order_by("seq")),
    }
    ids = {row.pk for model, found in rows.items() if model is not DataKey for row in found}
    ids |= {row.owner for row in rows[Sealed]}  # type: ignore[attr-defined]
    key = vault.key(matter.root)
    original = Original(sample.kind, sample.county, rows, tuple(sorted(ids)))
    original.documents = {row.pk: vault.open_sealed(row, key) for row in rows[Sealed]}  # type: ignore[arg-type]
    roles = {row.role: row.pk for row in rows[Party]}  # type: ignore[attr-defined]
    hers = {"name": samples.NAME, "phone": samples.PHONE, "id_number": samples.ID_NUMBER}
    original.known = {
        roles["asking"]: hers,
        roles["complained"]: {"name": samples.HIS_NAME, "phone": samples.HIS_PHONE},
    }
    there = {(t.owner, t.kind, bytes(t.token)) for t in Token.objects.filter(root=matter.root)}
    ours = {(p, kind, vault.token(kind, v)) for p, doc in original.known.items() for kind, v in found_by(doc)}
    if there != ours:
        raise NotAlike("the actions leave other tokens than the clones would have")
    return original


class NotAlike(RuntimeError):
    """A clone is not what the real actions would have written."""


def found_by(known: dict[str, Any]) -> list[tuple[str, str]]:
    """(kind, value) of every token that the actions write for somebody."""
    born = persons.birth_date(known)
    both = {("name_birth", f"{known['name']}|{born}")} if born else set()
    return sorted(persons.tokens_of(known) | both)


class Caught:
    """Takes the rows that the vault would put into a batch."""

    def __init__(self) -> None:
        self.row: Any = None

    def insert(self, row: Any) -> None:
        self.row = row


Made = dict[tuple[type[Model], UUID], dict[str, Any]]  # what a clone has of its own, by its original's row


@dataclass
class Recipe:
    """One row of an original: the values that every clone shares, and the places that differ."""

    base: list[Any]
    ids: list[tuple[int, UUID]] = field(default_factory=list)
    times: list[tuple[int, datetime]] = field(default_factory=list)


class Cloner:
    """Makes clones of originals as rows ready for the driver."""

    def __init__(self, originals: Sequence[Original], rng: random.Random) -> None:
        self.rng, self.connection = rng, connections[DEFAULT_DB_ALIAS]
        self.by_kind: dict[str, list[Original]] = {}
        self.fields = {m: list(m._meta.concrete_fields) for m in MODELS}
        self.places = {m: {f.attname: n for n, f in enumerate(fields)} for m, fields in self.fields.items()}
        self.recipes: dict[tuple[type[Model], UUID], Recipe] = {}
        self.is_sqlite = self.connection.vendor == "sqlite"
        for original in originals:
            self.by_kind.setdefault(original.kind, []).append(original)
            for model, rows in original.rows.items():
                for row in rows:
                    self.recipes[model, row.pk] = self.recipe(model, row, frozenset(original.ids))

    def recipe(self, model: type[Model], row: Model, ids: frozenset[UUID]) -> Recipe:
        """Which values of a row are the matter's own ids and times."""
        made = Recipe([])
        for place, f in enumerate(self.fields[model]):
            value = getattr(row, f.attname)
            made.base.append(f.get_db_prep_save(value, self.connection))
            if isinstance(value, UUID) and value in ids:
                made.ids.append((place, value))
            elif isinstance(value, datetime) and value != NEVER:
                made.times.append((place, value))
        return made

    def clone(self, original: Original, number: int) -> Rows:
        """One more matter like this one."""
        matter: Any = original.rows[Matter][0]
        # Closed ones lie up to eight years back; open ones came in within the last two hours, none overdue.
        span = timedelta(weeks=self.rng.randrange(417)) if matter.closed_at else timedelta(0)
        span += timedelta(seconds=self.rng.randrange(7200))
        opened = matter.opened_at - span
        ms = int(opened.timestamp() * 1000)
        new = {old: uuid7(ms) for old in original.ids}
        who = person(self.rng)
        made = self.sealed(original, new, who)
        mac = self.chained(original, new, span, made)
        made[Matter, matter.id] = {"number": numbered(original.county, opened, number), "chain_mac": mac}
        times: dict[datetime, Any] = {}
        rows = {
            m: [self.row(m, row, new, span, made, times) for row in original.rows[m]]
            for m in MODELS
            if m is not Token
        }
        return rows | {Token: list(self.tokens(original, new, who, ms))}

    def tokens(self, original: Original, new: dict[UUID, UUID], who: Person, ms: int) -> Iterator[list[Any]]:
        """What the new people are found by: as many as their names have spellings."""
        root = new[original.rows[Matter][0].pk]
        for party, known in original.known.items():
            for kind, value in found_by(who.swapped(known)):
                row = Token(
                    id=uuid7(ms), kind=kind, token=vault.token(kind, value), root=root, owner=new[party]
                )
                yield [
                    f.get_db_prep_save(getattr(row, f.attname), self.connection) for f in self.fields[Token]
                ]

    def sealed(self, original: Original, new: dict[UUID, UUID], who: Person) -> Made:
        """A key of its own, and every word sealed under it."""
        caught = Caught()
        batch: Any = caught
        root = original.rows[DataKey][0].pk
        key = vault.new_root(batch, new[root])
        made: Made = {(DataKey, root): {"wrapped": caught.row.wrapped}}
        row: Any
        for row in original.rows[Sealed]:
            value = who.swapped(original.documents[row.pk])
            vault.seal(
                batch,
                key,
                owner=new[row.owner],
                compartment=row.compartment,
                value=value,
                version=row.version,
            )
            made[Sealed, row.pk] = {"body": caught.row.body}
        return made

    def chained(self, original: Original, new: dict[UUID, UUID], span: timedelta, made: Made) -> bytes:
        """The ledger of the clone; returns the sum at its head."""
        mac = b""
        for row in original.rows[Event]:
            event: Any = SimpleNamespace(**{f.attname: getattr(row, f.attname) for f in self.fields[Event]})
            event.id, event.matter, event.at = new[event.id], new[event.matter], event.at - span
            event.sealed = new[event.sealed] if event.sealed else None
            event.codes = shifted(event.codes, span)
            event.prev_mac = mac
            mac = event.mac = chain.event_mac(event)
            made[Event, row.pk] = {"codes": event.codes, "prev_mac": event.prev_mac, "mac": mac}
        return mac

    def row(
        self,
        model: type[Model],
        row: Model,
        new: dict[UUID, UUID],
        span: timedelta,
        made: Made,
        times: dict[datetime, Any],
    ) -> list[Any]:
        """The values of one row as the database takes them."""
        recipe = self.recipes[model, row.pk]
        values = recipe.base.copy()
        for place, old in recipe.ids:
            values[place] = new[old].hex if self.is_sqlite else new[old]
        for place, at in recipe.times:
            if at not in times:
                times[at] = self.fields[model][place].get_db_prep_save(at - span, self.connection)
            values[place] = times[at]
        for attname, value in made.get((model, row.pk), {}).items():
            place = self.places[model][attname]
            values[place] = self.fields[model][place].get_db_prep_save(value, self.connection)
        return values


def spread(number: int) -> str:
    """The six digits of a clone: those of another `number` below a million differ."""
    return f"{number * 387_420_489 % 10**6:06d}"


def numbered(county: str, opened: datetime, number: int) -> str:
    """A matter's number that no other clone has."""
    year, middle = opened.astimezone(SHANGHAI).year, spread(number)
    return f"{county}-{year}-{middle}-{check_digit(county + str(year) + middle)}"


def shifted(codes: dict[str, Any], span: timedelta) -> dict[str, Any]:
    """An event's codes with their dates moved along."""
    owes = [
        {**o, "due": (datetime.fromisoformat(o["due"]) - span).astimezone(SHANGHAI).isoformat()}
        for o in codes.get("owes", [])
    ]
    return {**codes, "owes": owes} if owes else codes
